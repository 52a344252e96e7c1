"""An office's team at work in its group, with the real process: claims, questions, answers, transfers, who may."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app import offices_of
from bot.sandbox import ADMIN, JOHN, MOHAMMED, STAFF_AR, STAFF_EN, Account, samples
from locales import Language
from storage.ids import OfficeId
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident, words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(2, together=True)]

#: Places of Manama, each far enough from the others that nothing there is taken for the same.
PLACES = [(26.2130 + 0.004 * row, 50.5700 + 0.004 * column) for row in range(4) for column in range(5)]
RIFFA = ((26.1300, 50.5550), (26.1350, 50.5610))
BUSY, ANOTHER = (
    Account(one, name, "Resident", "", "en", f"+9733900{one}") for one, name in ((1201, "Busy"), (1202, "Another"))
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    people = (BUSY, ANOTHER)
    async with municipality(tmp_path_factory.mktemp("desk"), hired=True, people=people) as started:
        yield started


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(town: Municipality) -> None:
    resident = Resident.of(town, Language.EN)
    maryam, ahmed = Member(town, STAFF_AR), Member(town, STAFF_EN)
    reference = await resident.complains(at=PLACES[0])
    card = await maryam.card(reference)
    assert resident.person.account.first_name not in card.text

    claim = maryam.office_t.plain("✋ Claim")
    await asyncio.gather(maryam.person.taps(claim, on=card.id), ahmed.person.taps(claim, on=card.id))

    await maryam.hears("This request is now assigned to you")
    late = await ahmed.hears("{name} has already taken this request. See the card.")
    assert maryam.person.account.name in late.text
    shown = await maryam.card(reference)
    assert (shown.id, shown.edited) == (card.id, True)
    assert maryam.person.account.name in shown.text
    assert await town.rows("SELECT owner FROM cases WHERE reference = :ref", ref=reference) == [
        {"owner": f"staff:{STAFF_AR}"}
    ]
    assert town.sandbox.violations == []


@pytest.mark.parametrize("who", [STAFF_AR, STAFF_EN])
async def test_the_app_opens_the_reply_and_what_is_typed_past_it_is_one_tap_away(town: Municipality, who: int) -> None:
    resident, member = Resident.of(town, Language.EN), Member(town, who)
    reference = await resident.complains(at=PLACES[-1 if who == STAFF_AR else -2])
    await member.presses(reference, "📝 Note")
    forced = member.person.forced
    assert forced is not None
    assert forced.placeholder == member.t.plain("Note that only staff see")
    await member.person.writes("In reply")
    await member.sees("📝 We have added your note to {reference}. The applicant will not see it.")
    await member.presses(reference, "📝 Note")
    await member.says("Typed past it")  # as after the reply was closed
    await member.sees("{name}, is this what you want to write about {reference}?")
    await member.taps("✅ Use these words")
    await member.sees("📝 We have added your note to {reference}. The applicant will not see it.")
    await town.all_sent()
    sql = """SELECT e.words FROM case_events e JOIN cases c ON c.id = e.case_id
             WHERE c.reference = :ref AND e.what = 'noted' ORDER BY e.id"""
    assert [row["words"] for row in await town.rows(sql, ref=reference)] == ["In reply", "Typed past it"]
    assert not await town.rows("SELECT mark FROM staff_prompts")
    assert town.sandbox.violations == []


async def test_a_question_goes_round_trip_with_photos(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.AR), Member(town, STAFF_EN)
    reference = await resident.complains("الحاوية ممتلئة", photos=2, at=PLACES[1])
    card = await ahmed.card(reference)
    assert sum(one.photo is not None for one in ahmed.below(card)) == 2

    told = len(resident.person.messages)
    await ahmed.person.sends_photo(caption="? Which of these bins is it", reply_to=card.id)
    await ahmed.sends()
    asked = await resident.sees("❓ The municipality asks:")
    await town.all_sent()
    assert "Which of these bins is it" in asked.text
    assert any(one.photo for one in resident.person.messages[told:])

    before = len(ahmed.below(card))
    await resident.person.sends_photo(samples.photo(number=9), caption="التي بجانب المسجد", reply_to=asked.id)
    news = await ahmed.person.sees("التي بجانب المسجد")
    shown = await ahmed.card(reference)
    below = ahmed.below(card)[before:]
    assert any("التي بجانب المسجد" in one.text for one in below), (news, below)
    assert any(one.photo for one in below), below
    assert "التي بجانب المسجد" in shown.text
    assert town.sandbox.violations == []


async def test_who_has_three_requests_answers_the_right_one_and_is_asked_which_where_it_is_unclear(
    town: Municipality,
) -> None:
    resident, ahmed = Resident.of(town, Language.EN, BUSY.id), Member(town, STAFF_EN)
    places = PLACES[2:5]
    first, second, third = [
        await resident.complains(f"Problem number {number}", photos=0, at=place)
        for number, place in enumerate(places, 1)
    ]
    cards = {reference: await ahmed.card(reference) for reference in (first, second, third)}
    await ahmed.asks("Since when", cards[second].id)
    asked = await resident.sees("❓ The municipality asks:")
    await town.all_sent()
    await ahmed.replies("A truck is on its way", cards[first].id)
    ahmed_said = await resident.person.sees("A truck is on its way")
    await town.all_sent()

    await resident.says("Since Sunday", reply_to=asked.id)
    await ahmed.person.sees("Since Sunday")
    await resident.says("Thank you, it has come", reply_to=ahmed_said.id)
    await resident.is_answered()
    await town.all_sent()
    if "Thank you, it has come" not in (await ahmed.card(first)).text:
        await resident.person.taps(first)
        await ahmed.person.sees("Thank you, it has come")

    await resident.says("It smells terrible by now, please have a look")
    await resident.sees("What do you want to do with it?")
    await resident.taps("➕ Add to an open request")
    await resident.sees("Which request do you want to add it to?")
    await resident.person.taps(third)
    await resident.sees("✅ We have added this to request {ref}. The office dealing with it can see it now.")

    said = {first: "Thank you, it has come", second: "Since Sunday", third: "It smells terrible by now"}
    for reference, mine in said.items():
        shown = await ahmed.card(reference)
        below = "\n".join(one.text for one in ahmed.below(shown))
        assert mine in shown.text, shown
        assert mine in below
        assert not any(other in below for other in said.values() if other != mine)
    assert town.sandbox.violations == []


async def test_a_transfer_takes_the_history_along_and_the_new_office_has_the_card(town: Municipality) -> None:
    resident, maryam = Resident.of(town, Language.EN, ANOTHER.id), Member(town, STAFF_AR)
    reference = await resident.complains("Rubble beside the road", photos=1, at=PLACES[5])
    await maryam.presses(reference, "✋ Claim")
    card = await maryam.card(reference)
    await maryam.says("# خارج حدود الأمانة", card.id)
    await maryam.sees("📝 We have added your note to {reference}. The applicant will not see it.")
    there = maryam.office_t.pick_plain(offices_of(town.settings).offices_by_id[OfficeId("muharraq")].short_name)

    await maryam.presses(reference, "⋯ More", "➡️ Transfer")
    await maryam.person.taps(there, on=card.id)
    await maryam.sees("👁 <b>Transfer {reference} to {to}</b> with its full history. The applicant will see:")
    await maryam.taps("✅ Transfer it")
    await maryam.sees("➡️ {name} transferred {reference} to {to}.")
    await town.all_sent()

    new = Member(town, STAFF_AR, "muharraq")
    shown = await new.card(reference)
    assert "Rubble beside the road" in shown.text
    assert any(one.photo for one in new.below(shown))
    old = next(one for one in maryam.person.messages if one.id == card.id)
    assert words(maryam.office_t, "Transferred to {office}") in old.text
    assert old.buttons == []
    await new.presses(reference, "⋯ More", "🕘 View history")
    history = await new.person.sees("خارج حدود الأمانة")
    assert maryam.person.account.name in history.text
    await new.presses(reference, "⬅️ Back", "✋ Claim")
    await town.all_sent()
    assert town.sandbox.violations == []


async def test_a_forged_tap_from_outside_does_nothing_and_is_written_down(town: Municipality) -> None:
    resident, maryam = Resident.of(town, Language.AR, MOHAMMED), Member(town, STAFF_AR)
    reference = await resident.complains("حفرة", photos=0, at=PLACES[6])
    card = await maryam.card(reference)
    outsider = Member(town, JOHN)
    number = await town.count("SELECT id FROM cases WHERE reference = :ref", ref=reference)
    told = len(maryam.person.messages)

    for verb in ("claim", "contact", "escalate", "abuse", "transfer", "resolve", "history", "say", "nonsense"):
        await outsider.person.taps_data(f"desk:{verb}:{number}:1:muharraq", card.id)
        await outsider.hears("You do not have permission to do this"), verb
    await outsider.person.taps_data("do:menu::0", card.id)
    await outsider.hears("You do not have permission to do this")
    await town.all_sent()

    assert (await maryam.card(reference)).text == card.text
    assert len(maryam.person.messages) == told
    denied = await town.rows(
        "SELECT action FROM audit WHERE actor = :actor AND subject = :subject",
        actor=f"staff:{JOHN}",
        subject=f"case:{number}",
    )
    assert {"denied.claim", "denied.see_contact", "denied.transfer"} <= {str(row["action"]) for row in denied}
    assert town.sandbox.violations == []


async def test_who_was_invited_joins_works_and_loses_the_right_by_leaving(town: Municipality) -> None:
    sandbox, group = town.sandbox, town.groups[OfficeId("northern")]
    admin = Member(town, ADMIN, "northern")
    newcomer = Resident.of(town, Language.AR, MOHAMMED)
    await admin.says("/invite northern agent")
    made = await admin.person.sees("staff_")
    found = re.search(r"start=(staff_\w+)", made.text)
    assert found is not None

    await newcomer.says(f"/start {found[1]}")
    await newcomer.sees("👥 <b>Invitation to join the staff</b>")
    await newcomer.taps("✅ Join")
    await newcomer.sees("✅ You have joined the team: {role}, {office}.")
    sandbox.acts.add(ADMIN, group, [MOHAMMED])
    resident = Resident.of(town, Language.EN)
    await resident.complains(photos=0, at=(26.2144, 50.4497), office="northern")
    await newcomer.says(f"/start {found[1]}")
    await newcomer.sees("You have already used this invitation. Use")
    member = Member(town, MOHAMMED, "northern")
    await member.says("/queue")
    await member.person.sees("📋")
    await member.person.leaves()
    await town.sandbox.drained()
    await town.all_sent()
    await member.person.taps_data("desk:queue:1:0:all", made.id)
    await member.hears("You do not have permission to do this")
    assert town.sandbox.violations == []


async def test_a_topic_of_a_forum_can_be_an_offices_desk(town: Municipality) -> None:
    sandbox, group = town.sandbox, town.groups[OfficeId("southern")]
    sandbox.acts.set_forum(group, forum=True)
    topic = sandbox.acts.open_topic(ADMIN, group, "الطلبات")
    admin, ahmed = (Member(town, one, "southern", topic=topic) for one in (ADMIN, STAFF_EN))
    await admin.says("/link southern")
    linked = await admin.sees("This topic is now linked to {office}.")
    assert linked.thread == topic
    resident = Resident.of(town, Language.EN, BUSY.id)
    reference = await resident.complains("A tree fell", photos=1, at=RIFFA[0], office="southern")
    card = await ahmed.card(reference)
    assert card.thread == topic
    await ahmed.presses(reference, "✋ Claim")
    await ahmed.asks("Is the road free", card.id)
    await resident.sees("❓ The municipality asks:")
    await town.all_sent()
    assert {one.thread for one in ahmed.person.messages} == {topic}
    assert town.sandbox.violations == []


async def test_a_group_that_became_a_supergroup_stays_the_offices_desk(town: Municipality) -> None:
    sandbox, group = town.sandbox, town.groups[OfficeId("muharraq")]
    resident, ahmed = Resident.of(town, Language.EN, ANOTHER.id), Member(town, STAFF_EN, "muharraq")
    before = await resident.complains("A lamp is out", photos=0, at=(26.2572, 50.6119), office="muharraq")
    await ahmed.card(before)

    moved = group - 500_000
    sandbox.migrate(group, moved, by=ADMIN)
    await town.sandbox.drained()
    town.groups[OfficeId("muharraq")] = moved
    after = await resident.complains("The next one too", photos=0, at=(26.2622, 50.6169), office="muharraq")
    ahmed = Member(town, STAFF_EN, "muharraq")
    await ahmed.presses(after, "✋ Claim")

    assert ahmed.person.account.name in (await ahmed.card(after)).text
    assert town.sandbox.violations == []
