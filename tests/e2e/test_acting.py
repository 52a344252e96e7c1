"""A resident acts for a parent, told as a story on the real process: asked, agreed, done for them, ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.sandbox import STAFF_AR, BotMessage
from locales import Language
from tests.e2e.customer_day import VARIABLE
from tests.e2e.desk import Member
from tests.e2e.process import Municipality
from tests.e2e.talking import BOTH, STREETS, Resident

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(1, together=True)]


@pytest.mark.parametrize("language", BOTH)
async def test_a_request_for_a_parent_from_their_consent_to_the_end_of_it(
    town: Municipality, language: Language
) -> None:
    other = Language.EN if language is Language.AR else Language.AR
    child, parent = Resident.of(town, language), Resident.of(town, other)
    desk = Member(town, STAFF_AR)
    await _agree(town, child, parent, killed=True)

    # Filed for the parent, who hears of it; the card says that somebody acts for them, and names nobody.
    reference = await _complains_for(child, STREETS[language])
    await parent.sees("👥 {name} submitted request {reference} for you.")
    card = await desk.card(reference)
    assert desk.office_t.plain("👥 Someone acts for this person, with their agreement") in card.text
    assert not {one.person.account.first_name for one in (child, parent)} & set(card.text.split())

    # Both hear of the outcome, each in their language; the child confirms it, and the parent is told.
    await town.moves(reference, "take_up")
    await town.moves(reference, "resolve", "Emptied")
    solved = "🛠 The municipality says this is solved."
    await parent.sees(solved)
    assert child.words("👥 <b>For {name}</b>") in (await child.sees(solved)).text
    await child.taps("✅ Fixed")
    await parent.sees("👥 {name} changed request {reference} for you.")

    # The parent ends it. What was done for them stays, and the child can do nothing more.
    await parent.taps("👥 Who acts for you")
    await parent.sees("🤝 Acts for you: {name}")
    await parent.taps("End the agreement: {name}")
    await parent.sees("<b>End this agreement?</b>")
    await parent.taps("Yes, end it")
    await parent.sees("✅ It has ended, and the other side is told.")
    ended = await child.sees("You no longer act for {name}: the agreement has ended.")
    await child.person.taps_data(f"do:for:{await _number(town)}.case.{reference}:0", ended.id)
    await child.sees("You cannot act for this person. They have not agreed, or it has ended.")
    assert town.sandbox.violations == []


_NOT_TOLD = "SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND key LIKE 'case:%:staff'"


async def test_answers_outlive_kill_9_before_they_are_given_and_before_the_team_has_them(town: Municipality) -> None:
    child, parent = Resident.of(town, Language.EN), Resident.of(town, Language.AR)
    desk = Member(town, STAFF_AR)
    await _agree(town, child, parent)
    answers = {
        await _complains_for(child, STREETS[Language.EN]): (child, "The one by the school"),
        await parent.complains(at=STREETS[Language.AR]): (parent, "The one by the market"),
    }
    for reference, (person, _) in answers.items():
        await town.moves(reference, "ask", "Which bin is it?")
        await person.sees("❓ The municipality asks:")
    await town.all_sent()

    await town.process.kill()  # they answer while nobody hears it
    for person, answer in answers.values():
        await person.person.says(answer)
    await town.process.start()
    for person, _ in answers.values():
        await person.sees("✅ This is your answer about request {ref}.")
    await town.sandbox.drained()
    await town.eventually("SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND chat NOT LIKE 'office:%'")
    await town.eventually(_NOT_TOLD, 2)

    await town.process.kill()  # they were told so, and the team does not know yet
    town.clock.advance(timedelta(minutes=2))
    town.process.environment[VARIABLE] = str(town.clock)
    await town.process.start()
    await town.eventually(_NOT_TOLD, 0)
    await town.all_sent()
    for reference, (person, answer) in answers.items():
        assert len(_given(desk, await desk.card(reference), answer)) == 1
        said = "SELECT count(*) AS n FROM case_events WHERE what = 'information' AND words = :answer"
        assert await town.count(said, answer=answer) == 1
        assert await town.count(
            "SELECT count(*) AS n FROM cases WHERE reference = :ref AND status = 'received'", ref=reference
        )
        taken = person.words("✅ This is your answer about request {ref}.")
        assert sum(taken in shown.text for shown in person.person.messages) == 1
    assert town.sandbox.violations == []


def _given(desk: Member, card: BotMessage, answer: str) -> list[BotMessage]:
    """What tells the team of an answer, below its card."""
    return [one for one in desk.below(card) if answer in one.text]


async def _agree(town: Municipality, child: Resident, parent: Resident, *, killed: bool = False) -> None:
    """Up to the agreement: where the bot is killed after the link was made, the link still works, once."""
    await child.says("/menu")
    await child.sees("<b>Main menu</b>")
    await child.taps("☰ More services")
    await child.is_answered()
    await child.taps("👥 Act for someone else")
    await child.sees("👥 <b>Acting for someone else</b>")
    await child.taps("➕ Ask someone")
    await child.sees("<b>Who do you want to act for?</b>")
    await child.says("Ahmed Yusuf Hasan")
    await child.sees("How can they agree?")
    await child.taps("🔗 They have Telegram: send a link")
    asked = await child.sees("🤝 {name} asks to act for you at the municipality.")
    if killed:
        await town.all_sent()
        await town.process.kill()
        await town.process.start()
    found = re.search(r"start=(for_[a-z0-9]+)", asked.text)
    assert found is not None
    await parent.says(f"/start {found[1]}")
    await parent.sees("Agree only if you know this person and they have told you about it.")
    await parent.taps("✅ I agree")
    await parent.sees("✅ They can act for you now. You can end this here at any time.")
    await child.sees("🤝 {name} agrees that you act for them.")


async def _complains_for(child: Resident, at: tuple[float, float]) -> str:
    """From the notice that they agree to the reference."""
    await child.taps("👤 For {name}")
    await child.sees("Nothing yet.")
    await child.taps("📢 Submit a complaint")
    await child.sees("Which office is it for?")
    await child.taps_first()
    await child.sees("What is it about? Choose")
    await child.taps_first()
    await child.sees("Describe the problem in your own words. A photo")
    await child.says("The bins are full")
    await child.sees("Where is it? Share the location or type")
    await child.person.shares_location(*at)
    await child.sees("Do you want to submit with")
    await child.taps("Without my name")
    await child.sees("Check your")
    await child.taps("✅ Submit")
    await child.sees("We have received your complaint.")
    await child.town.all_sent()
    return child.reference("C")


async def _number(town: Municipality) -> int:
    return await town.count("SELECT max(id) AS n FROM delegations")
