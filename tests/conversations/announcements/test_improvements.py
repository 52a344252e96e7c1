"""What was improved because residents asked: linked requests, who is told first, what is announced."""

from __future__ import annotations

from datetime import timedelta

from locales import without_marks
from services.cases.resident_actions import Case
from services.improvements import improvements
from services.improvements.improvements import Figures
from services.unit_of_work import Work
from storage.ids import OfficeId
from tests.conversations.announcements.news_town import Administrator, NewsTown
from tests.conversations.announcements.test_composing import ARABIC, ENGLISH, sends
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person
from tests.conversations.whole_town import submitted

CAPITAL = OfficeId("capital")


async def asked(town: NewsTown, *addresses: str) -> list[tuple[Person, Case]]:
    """Residents who each made a request, with it."""
    found = []
    for address in addresses:
        person = await town.living(address, f"R{address}")
        found.append((person, await submitted(town, person)))
    return found


async def starts(amal: Administrator) -> None:
    await amal.says("/improvement")
    await amal.touches(amal.town.offices.offices_by_id[CAPITAL].short_name.get(amal.t.language.value))
    amal.reads(
        "Send the references of the requests and suggestions that asked for this. You can send several at once, "
        "for example {example}."
    )


async def writes(amal: Administrator) -> None:
    """From the linked requests to the card."""
    await amal.presses("Continue")
    await amal.says(ARABIC)
    await amal.presses("Continue")
    await amal.says(ENGLISH)
    await amal.presses("Continue")


async def test_those_who_asked_are_told_first_each_with_their_reference(town: NewsTown, amal: Administrator) -> None:
    (one, first), (two, second) = await asked(town, "1001", "1002")
    other = await town.living("1003")
    await starts(amal)
    await amal.says(f"{first.reference.lower()}, {second.reference} and C-AAAA-AAA")
    assert first.reference in amal.card
    await writes(amal)
    await sends(amal, 3)
    await town.sends_what_is_due()
    assert await town.statuses() == ["scheduled"]
    other.does_not_see(ENGLISH)
    await town.work(improvements.tell_due)
    for person, case in ((one, first), (two, second)):
        told = person.sees("You said, we did")
        assert case.reference in told.text
        assert ENGLISH in told.text
    other.does_not_see(ENGLISH)
    await town.passes()
    other.sees(ENGLISH)
    [row] = await town.rows("SELECT told, told_at FROM improvements")
    assert row["told"] == 2
    assert row["told_at"]
    await amal.presses("Open announcement")
    assert without_marks(amal.t("👤 Told personally: {n}", n=2)) in amal.card


async def test_who_asked_twice_is_told_once_of_both(town: NewsTown, amal: Administrator) -> None:
    [(fatima, first)] = await asked(town, "1001")
    second = await submitted(town, fatima, "Still full")
    await starts(amal)
    await amal.says(f"{first.reference} {second.reference}")
    await writes(amal)
    await sends(amal, 1)
    await town.passes()
    told = [shown.text for shown in fatima.messages if "You said, we did" in shown.text]
    assert len(told) == 1
    assert first.reference in told[0]
    assert second.reference in told[0]


async def test_an_unknown_reference_and_another_offices_request_are_refused(town: NewsTown, language: str) -> None:
    huda = await town.administrator("9100", "Huda", language)
    await town.hires(huda, "northern")
    [(_, case)] = await asked(town, "1001")
    await huda.says("/improvement")
    await huda.says("hello")
    huda.reads("We found no reference of a request in your message. Check it and send it again.")
    await huda.says(case.reference)
    huda.reads("Not found, or not one of your offices' requests: {references}")
    assert await town.rows("SELECT * FROM improvement_cases") == []


async def test_a_linked_request_can_be_taken_off(town: NewsTown, amal: Administrator) -> None:
    [(_, case)] = await asked(town, "1001")
    await starts(amal)
    await amal.says(case.reference)
    await amal.says(case.reference)
    amal.reads("Linked before: {references}")
    await amal.touches(case.reference)
    assert await town.rows("SELECT * FROM improvement_cases") == []


async def test_a_reply_to_a_card_in_the_group_brings_its_reference_along(town: NewsTown, amal: Administrator) -> None:
    [(_, case)] = await asked(town, "1001")
    await town.deliver()
    there = Colleague(town, amal.address, "Amal", amal.t.language.value, "-1001")  # type: ignore[arg-type]
    card = next(shown for shown in there.messages if case.reference in shown.text)
    await there.says("/improvement", reply_to=card.number)
    link = there.last.message.rows[0][0].url
    assert link.endswith(f"improve_{case.reference}")
    await amal.says(f"/start improve_{case.reference}")
    assert case.reference in amal.card
    [row] = await town.rows("SELECT case_id FROM improvement_cases")
    assert row["case_id"] == case.id


async def test_a_reply_to_a_card_in_private_names_its_request(town: NewsTown, amal: Administrator) -> None:
    [(_, case)] = await asked(town, "1001")
    await town.deliver()
    await amal.says(f"/case {case.reference}")
    card = next(shown for shown in reversed(amal.messages) if case.reference in shown.text)
    await amal.says("/improvement", reply_to=card.number)
    [row] = await town.rows("SELECT case_id FROM improvement_cases")
    assert row["case_id"] == case.id


async def test_a_second_request_joins_the_improvement_that_is_being_written(
    town: NewsTown, amal: Administrator
) -> None:
    (_, first), (_, second) = await asked(town, "1001", "1002")
    await amal.says(f"/improvement {first.reference}")
    await amal.says(f"/improvement {second.reference}")
    await amal.touches(amal.labels[0])
    assert len(await town.rows("SELECT * FROM improvement_cases")) == 2
    assert len(await town.rows("SELECT * FROM improvements")) == 1


async def test_announce_in_a_group_leads_to_the_private_chat(town: NewsTown, amal: Administrator) -> None:
    there = Colleague(town, amal.address, "Amal", amal.t.language.value, "-1001")  # type: ignore[arg-type]
    await there.says("/announce")
    link = there.last.message.rows[0][0].url
    assert "start=announce_" in link
    await amal.says(f"/start {link.rpartition('=')[2]}")
    amal.reads("📣 <b>Announcements</b>")
    fatima = town.resident("1001")
    await fatima.says(f"/start {link.rpartition('=')[2]}")
    fatima.sees("This link is not valid or is no longer in use.")


async def test_reports_count_improvements_requests_and_people(town: NewsTown, amal: Administrator) -> None:
    (_, first), (_, second) = await asked(town, "1001", "1002")
    since = town.now
    await starts(amal)
    await amal.says(f"{first.reference} {second.reference}")
    await writes(amal)
    await sends(amal, 2)
    await town.passes()

    async def figures(work: Work) -> Figures:
        return await improvements.figures(work, (CAPITAL,), since, town.now + timedelta(days=1))

    found = await town.work(figures)
    assert (found.improvements, found.cases, found.people) == (1, 2, 2)


async def test_someone_who_joined_a_request_hears_of_it_too(town: NewsTown, amal: Administrator) -> None:
    [(_, case)] = await asked(town, "1001")
    joiner = await town.living("1002")
    row = await town.row(joiner)
    async with town.database.transaction() as tx:
        await tx.run(
            "INSERT INTO case_followers (case_id, resident_id, joined_at) VALUES (:id, :who, :at)",
            id=case.id,
            who=row.id,
            at=town.now,
        )
    await starts(amal)
    await amal.says(case.reference)
    assert "2" in without_marks(
        amal.reads(
            "Send the references of the requests and suggestions that asked for this. You can send several at once, "
            "for example {example}."
        ).text
    )
    await writes(amal)
    await sends(amal, 2)
    await town.passes()
    joiner.sees(case.reference)
