"""Rain mode: what many report is opened, told of and closed once, and each of them still has their own word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conversations.engine.messages import FileKind
from locales import without_marks
from services.cases import due as case_due
from services.cases.resident_actions import Case, CaseKind, NewCase, submit
from services.incidents import cards, joining, telling
from services.incidents.incidents import UNDO_WITHIN
from services.unit_of_work import Work
from storage import incident_counts
from storage.database import Database
from storage.ids import CategoryId, OfficeId, Reference
from storage.records.cases import CaseStatus
from tests.conversations.staff_town import ADMIN, CAPITAL, DeskTown
from tests.conversations.town import STAFF_CHATS, Person
from tests.known import by_address, known

GROUP = STAFF_CHATS[CAPITAL]
PUMPS = "Pumps are at work in all streets"
RAIN = "rainwater"

pytestmark = pytest.mark.at_some_instants(2)


class RainTown(DeskTown):
    """An administrator in their private chat, and residents who report the rain."""

    amal: Person

    async def begins(self) -> RainTown:
        await self.opens()
        self.amal = await self.living(ADMIN, "Amal")
        return self

    async def open_incident(self, *, blocks: str = "", arabic: str = "", english: str = PUMPS) -> None:
        await self.amal.says("/incident")
        await self.amal.taps("Open a new incident")
        await self.amal.taps("Rainwater pooling")
        await self.amal.taps("Continue")
        await self.amal.taps("Capital")
        await self.amal.taps("Continue")
        if blocks:
            await self.amal.says(blocks)
            await self.amal.taps("Continue with these")
        else:
            await self.amal.taps("Everywhere in these municipalities")
        await self.amal.taps("Continue")
        await self.writes(arabic, english)
        await self.amal.taps("Open the incident now")

    async def writes(self, arabic: str, english: str) -> None:
        for text in (arabic, english):
            await (self.amal.says(text) if text else self.amal.taps("Leave this language out"))

    async def order(self, what: str, english: str, *, send: str) -> None:
        await self.amal.says("/incident")
        await self.amal.taps("🔴 1.")
        await self.amal.taps(what)
        await self.writes("", english)
        await self.amal.taps(send)

    async def told(self) -> None:
        """Let the minute in which it can be undone pass, and all batches go out."""
        await self.wait(UNDO_WITHIN)
        for _ in range(50):
            if not await self.work(lambda work: telling.run_due(work, 2)):
                return
        raise AssertionError("it tells without end")

    async def report(
        self,
        person: Person,
        block: int = 338,
        words: str = "Water stands here",
        pin: tuple[float, float] | None = None,
        office: OfficeId = CAPITAL,
    ) -> Case:
        async def file(work: Work) -> Case:
            resident = known(await by_address(work.tx, "telegram", person.address))
            new = NewCase(
                kind=CaseKind.COMPLAINT,
                category=CategoryId(RAIN),
                office=office,
                words=words,
                block=block,
                name=person.name,
                latitude=None if pin is None else pin[0],
                longitude=None if pin is None else pin[1],
            )
            filed = await submit(work, resident, new)
            assert isinstance(filed, Case)
            return filed

        return await self.work(file)

    def group(self) -> list[str]:
        return [without_marks(shown.text) for shown in self.chats.get(GROUP, [])]


@pytest.fixture
async def town(database: Database) -> RainTown:
    return await RainTown(database).begins()


@pytest.fixture
async def fatima(town: RainTown) -> Person:
    return await town.living()


async def complain(person: Person, words: str = "Water stands in block 338 road 3831") -> None:
    """Say it as a resident does, up to the confirmation."""
    await person.says(words)
    for _ in range(6):
        if person.last.find("Submit"):
            break
        choice = next(label for row in person.buttons for label in row)
        await person.taps("Without my name" if person.last.find("Without my name") else choice)
    await person.taps("Submit")


async def test_what_is_reported_joins_by_itself_and_its_resident_reads_so_at_once(
    town: RainTown, fatima: Person
) -> None:
    await town.open_incident()
    await complain(fatima, "The street is flooded with rain water, block 338 road 3831")

    said = fatima.sees("Many people are reporting the same")
    assert PUMPS in said.text
    assert "C-" in said.text
    [case] = await town.rows("SELECT * FROM cases")
    assert (case["look_at"], case["first_due"]) == (None, None)
    assert not any(str(case["reference"]) in text for text in town.group())  # the incident's card stands for it


async def test_one_tap_makes_it_an_ordinary_request_and_another_takes_that_back(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await complain(fatima, "The street is flooded with rain water, block 338 road 3831")

    await fatima.taps("No, mine is something else")

    assert "looked at on its own now" in fatima.last.text
    [row] = await town.rows("SELECT reference, look_at, first_due FROM cases")
    assert None not in row.values()
    assert any(str(row["reference"]) in text for text in town.group())
    await fatima.taps("It was the same after all")
    assert "part of the incident again" in fatima.last.text
    assert (await town.rows("SELECT state FROM incident_cases")) == [{"state": "joined"}]


async def test_from_when_on_reports_join_and_how_long_are_chosen_apart(town: RainTown) -> None:
    await town.amal.says("/incident")
    for label in ("Open a new incident", "Rainwater pooling", "Continue", "Capital", "Continue", "Everywhere in these"):
        await town.amal.taps(label)
    for data in ("b3", "h48"):
        choice = next(one for row in town.amal.last.message.rows for one in row if f":{data}:" in one.data)
        await town.amal.taps_data(choice.data)
    await town.amal.taps("Continue")
    await town.writes("", PUMPS)
    await town.amal.taps("Open the incident now")
    [row] = await town.rows("SELECT since, opened_at, ends_at FROM incidents")
    since, opened, ends = (datetime.fromisoformat(str(row[name])) for name in ("since", "opened_at", "ends_at"))
    assert (opened - since, ends - opened) == (timedelta(hours=3), timedelta(hours=48))


async def test_only_what_is_where_the_incident_is_joins_it(town: RainTown, fatima: Person) -> None:
    await town.open_incident(blocks="338, 340-342")
    inside, said, outside = (
        await town.report(fatima, 341),
        await town.report(fatima, 338),
        await town.report(fatima, 321),
    )
    found = await town.rows("SELECT case_id FROM incident_cases ORDER BY case_id")
    assert [row["case_id"] for row in found] == [inside.id, said.id]
    assert any(outside.reference in text for text in town.group())


async def test_what_came_before_joins_too_unless_somebody_is_at_work_on_it(town: RainTown, fatima: Person) -> None:
    waiting, taken = await town.report(fatima), await town.report(fatima)
    await town.huda.taps_data(known((await town.card(taken)).find("استلام")).data, (await town.card(taken)).number)
    await town.wait(timedelta(hours=1))

    await town.open_incident()
    while await town.work(lambda work: joining.gather_due(work, 1)):
        pass

    found = await town.rows("SELECT case_id FROM incident_cases")
    assert [row["case_id"] for row in found] == [waiting.id]
    assert waiting.reference in fatima.sees("your request was added to this incident").text


async def test_one_update_reaches_each_who_joined_once_though_batches_begin_again(town: RainTown) -> None:
    await town.open_incident()
    people = [await town.living(f"20{number}", f"Person {number}") for number in range(5)]
    for person in people:
        await town.report(person)
    await town.report(people[0], 340)  # a second one of the same person

    await town.order("Tell everybody who joined", "The water is going down", send="Send it")
    assert not any("The water is going down" in shown.text for shown in people[0].messages)
    await town.wait(UNDO_WITHIN)
    assert await town.work(lambda work: telling.run_due(work, 2)) == 2  # the process is killed here
    await town.told()

    for person in people:
        assert sum("The water is going down" in shown.text for shown in person.messages) == 1


async def test_what_was_ordered_can_be_undone_for_a_minute(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    case = await town.report(fatima)
    await town.order("Close it for all", "All is dry", send="Close the incident")

    await town.amal.taps("Undo the last order")
    await town.told()

    assert "Undone. Nobody is told." in town.amal.sees("Undone").text
    assert (await town.again(case)).closed_at is None
    fatima.does_not_see("All is dry")
    assert (await town.rows("SELECT status FROM incidents")) == [{"status": "open"}]
    assert await town.work(lambda work: joining.join_new(work, case)) is False  # it has joined already


async def test_an_end_can_be_undone_where_another_incident_was_opened_there_meanwhile(
    town: RainTown, fatima: Person
) -> None:
    await town.open_incident()
    case = await town.report(fatima)
    await town.order("Close it for all", "All is dry", send="Close the incident")
    await town.open_incident()

    await town.amal.says("/incident")
    await town.amal.taps("🟡 1.")
    await town.amal.taps("Undo the last order")

    town.amal.sees("Undone. Nobody is told.")
    await town.told()
    assert (await town.again(case)).closed_at is None
    await town.report(await town.living("1002", "Ali"))
    joined = await town.rows("SELECT incident_id FROM incident_cases ORDER BY case_id")
    assert [row["incident_id"] for row in joined] == [1, 2]


async def test_closing_closes_all_and_each_can_say_that_it_is_still_there(town: RainTown, fatima: Person) -> None:
    ali = await town.living("1002", "Ali", "ar")
    await town.open_incident()
    hers, his = await town.report(fatima), await town.report(ali)

    await town.order("Close it for all", "All is dry", send="Close the incident")
    await town.told()

    for case in (hers, his):
        assert (await town.again(case)).status is CaseStatus.CLOSED
    assert sum(hers.reference in shown.text for shown in fatima.messages) == 1
    assert "All is dry" in ali.last.text  # no Arabic was written: he gets the English
    await fatima.taps("Still here")
    again = await town.again(hers)
    assert (again.status, again.priority) == (CaseStatus.REOPENED, 1)
    assert any(hers.reference in text and "بعد الواقعة 1" in text for text in town.group())
    assert not any(his.reference in text for text in town.group())
    await fatima.taps("Still here", repeat=2)  # tapped again: nothing more happens
    assert (await town.again(hers)).priority == 1


async def test_an_incident_that_was_a_mistake_gives_each_request_back(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    case = await town.report(fatima)

    await town.order("It was opened by mistake", "We look at each alone", send="Undo the incident")
    await town.told()

    assert "looked at on its own now" in fatima.last.text
    assert any(case.reference in text for text in town.group())
    assert (await town.rows("SELECT status FROM incidents")) == [{"status": "released"}]


async def test_the_group_has_one_card_with_a_map_and_sees_no_more_than_an_edit_a_minute(
    town: RainTown, fatima: Person
) -> None:
    await town.open_incident()
    await show(town)
    await town.report(fatima, pin=(26.223, 50.586))
    await town.report(fatima, 340)
    assert await show(town) == 0  # a minute has not passed
    await town.wait(cards.EVERY)
    assert await show(town) == 1

    shown = [one for one in town.chats[GROUP] if "الواقعة 1" in without_marks(one.text)]
    assert len(shown) == 1
    assert "بلاغان" in without_marks(shown[0].text)
    [picture] = shown[0].message.files
    assert picture.kind is FileKind.PHOTO
    assert known(picture.content).startswith(b"\x89PNG")


async def show(town: RainTown) -> int:
    """What the clock does with cards; how many incidents had something new."""
    return await town.work(lambda work: cards.show_due(work, 5))


async def test_two_who_open_the_same_get_one_and_two_who_end_it_one_end(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await town.open_incident()
    assert "already join another open incident" in town.amal.last.text
    assert len(await town.rows("SELECT id FROM incidents")) == 1

    await town.amal.says("/incident")
    await town.amal.taps("🔴 1.")
    await town.amal.taps("Close it for all")
    await town.writes("", "Dry")
    async with town.database.transaction() as tx:  # another administrator prolongs it meanwhile
        await tx.run("UPDATE incidents SET version = version + 1")
    await town.amal.taps("Close the incident")
    town.amal.sees("Another administrator was first")
    assert await town.rows("SELECT id FROM incident_news") == []


async def test_its_administrator_is_reminded_and_nothing_joins_after_its_end(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await town.wait(timedelta(hours=11))
    await town.work(lambda work: cards.remind_due(work, 5))
    assert "Incident 1 is still open" in town.amal.last.text
    await town.amal.taps("Open the incident")
    await town.amal.taps("12 hours more")
    await town.wait(timedelta(hours=10))
    await town.report(fatima)
    await town.wait(timedelta(hours=3))
    late = await town.report(fatima)

    assert [row["case_id"] for row in await town.rows("SELECT case_id FROM incident_cases")] == [late.id - 1]
    await town.work(lambda work: cards.remind_due(work, 5))
    assert "no more reports join it" in town.amal.last.text


async def test_who_is_no_administrator_is_turned_away(town: RainTown, fatima: Person) -> None:
    await fatima.says("/incident")
    assert "You do not have permission" in fatima.messages[-2].text or "permission" in fatima.last.text
    await town.open_incident()
    await fatima.taps_data("do:incident:1:0")
    assert all("Joined now" not in shown.text for shown in fatima.messages)
    assert await town.rows("SELECT 1 AS n FROM audit WHERE action = 'denied.incident'")


async def test_what_is_dangerous_keeps_a_card_of_its_own(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await complain(fatima, "Rain water is flooding and there is an open manhole in block 338 road 3831")
    assert await town.rows("SELECT 1 AS n FROM incident_cases") == []


async def test_danger_that_is_told_of_later_takes_a_request_out_of_its_incident(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await complain(fatima, "The street is flooded with rain water, block 338 road 3831")
    [row] = await town.rows("SELECT reference FROM cases")
    reference = Reference(str(row["reference"]))
    await fatima.taps_data(f"do:add:{reference}:0")
    await fatima.says("There is an open manhole here")

    assert await town.rows("SELECT state FROM incident_cases") == [{"state": "left"}]
    assert any(reference in text for text in town.group())
    await fatima.taps_data(f"do:incident_again:{reference}:0")  # nor does an old button put it back
    await town.order("Close it for all", "All is dry", send="Close the incident")
    await town.told()
    [case] = await town.rows("SELECT closed_at, look_at FROM cases")
    assert (case["closed_at"], case["look_at"] is None) == (None, False)


async def test_what_is_added_to_a_request_puts_no_deadline_on_it_while_the_incident_stands_for_it(
    town: RainTown, fatima: Person
) -> None:
    await town.open_incident()
    await complain(fatima, "The street is flooded with rain water, block 338 road 3831")
    [row] = await town.rows("SELECT reference FROM cases")
    await fatima.taps_data(f"do:add:{row['reference']}:0")
    await fatima.says("It is at the school gate too")
    assert "It is at the school gate too" in "\n".join(town.group())

    async def weeks_pass() -> None:
        for _ in range(65):
            await town.wait(timedelta(hours=11))  # now in the office's hours, now at night
            await town.work(case_due.run_due)

    await weeks_pass()
    assert (await town.rows("SELECT look_at, first_due FROM cases")) == [{"look_at": None, "first_due": None}]
    late = "SELECT 1 AS n FROM case_events WHERE what = 'overdue'"
    assert not await town.rows(late)
    await fatima.taps_data(f"do:incident_not:{row['reference']}:0")
    await weeks_pass()
    assert await town.rows(late)


async def test_reports_count_incidents_and_what_joined(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await town.report(fatima)
    async with town.database.transaction() as tx:
        found = await incident_counts.count_of(
            tx, [CAPITAL], town.now - timedelta(days=1), town.now + timedelta(days=1)
        )
    assert found == (1, 1)


async def _changes(town: RainTown, what: str) -> None:
    await town.amal.says("/incident")
    await town.amal.taps("🔴 1.")
    await town.amal.taps(what)


async def _gathered(town: RainTown) -> list[object]:
    while await town.work(lambda work: joining.gather_due(work, 1)):
        pass
    return [row["case_id"] for row in await town.rows("SELECT case_id FROM incident_cases ORDER BY case_id")]


async def test_an_incident_grows_and_only_those_newly_within_join_and_read_of_it(
    town: RainTown, fatima: Person
) -> None:
    ali = await town.living("1002", "Ali")
    before = await town.report(ali, 340)
    await town.open_incident(blocks="338")
    inside, later = await town.report(fatima, 338), await town.report(ali, 341)
    far = await town.report(ali, 321)
    assert await _gathered(town) == [inside.id]
    told = len(fatima.messages)
    await town.wait(timedelta(minutes=1))

    await _changes(town, "Change its area")
    await town.amal.says("340-341")
    await town.amal.taps("Look at the change")
    shown = without_marks(town.amal.last.text)
    assert "2 reports join at once" in shown
    assert "blocks 338, 340 and 341" in shown
    await town.amal.taps("Change where it is")
    await town.wait(timedelta(minutes=1))

    assert await _gathered(town) == [before.id, inside.id, later.id]
    assert sum("your request was added to this incident" in one.text for one in ali.messages) == 2
    assert len(fatima.messages) == told  # who had joined hears nothing
    assert far.id not in await _gathered(town)
    (line,) = await town.rows("SELECT detail FROM audit WHERE action = 'incident.area'")
    assert line["detail"] == "incident 1: capital (338) → capital (338 340 341)"


async def test_a_municipality_is_added_unless_another_incident_is_open_there(town: RainTown, fatima: Person) -> None:
    await town.open_incident()
    await _changes(town, "Change its area")
    await town.amal.taps("Muharraq")
    await town.amal.taps("Look at the change")
    async with town.database.transaction() as tx:  # another one is opened there meanwhile
        await tx.run(
            """
            INSERT INTO incident_areas (incident_id, category, office, opened_at, live)
            SELECT id, 'rainwater', 'muharraq', opened_at, TRUE FROM incidents
            """
        )
    await town.amal.taps("Change where it is")
    assert "already join another open incident" in town.amal.last.text
    async with town.database.transaction() as tx:
        await tx.run("DELETE FROM incident_areas WHERE office = 'muharraq'")
    await town.amal.taps("Look at the change")
    await town.amal.taps("Change where it is")
    assert (await town.rows("SELECT offices FROM incidents")) == [{"offices": '["capital", "muharraq"]'}]
    live = await town.rows("SELECT office FROM incident_areas WHERE live ORDER BY office")
    assert [row["office"] for row in live] == ["capital", "muharraq"]


async def test_other_words_are_told_to_all_and_undone_within_the_minute_while_the_same_ones_are_not(
    town: RainTown, fatima: Person
) -> None:
    await town.open_incident(arabic="المضخات تعمل")
    await town.report(fatima)
    noor = await town.living("1009", "Noor", "ar")
    await town.report(noor, 340)

    await _changes(town, "Change its words")
    await town.amal.taps("Keep these words")
    await town.amal.taps("Keep these words")
    assert "The words are as they were" in town.amal.last.text

    for undone in (True, False):
        await _changes(town, "Change its words")
        await town.amal.taps("Keep these words")
        await town.amal.says("Pumps come at noon")
        assert "المضخات تعمل" in town.amal.last.text
        await town.amal.taps("Change the words and tell all")
        if undone:
            await town.amal.taps("Undo the last order")
        await town.told()
        assert any("Pumps come at noon" in one.text for one in fatima.messages) is not undone
        ali = await town.living(f"100{3 + undone}", "Ali")
        await complain(ali, f"The street is flooded with rain water, block {318 + undone} road 1203")
        assert (PUMPS if undone else "Pumps come at noon") in ali.sees("Many people are reporting the same").text
    assert "was corrected" in fatima.last.text
    assert not any("تصحيح" in one.text for one in noor.messages)  # her words are the same
    acts = await town.rows("SELECT action FROM audit WHERE action LIKE 'incident.%' ORDER BY id")
    assert [row["action"] for row in acts][1:] == ["incident.words", "incident.taken_back", "incident.words"]


async def test_of_two_who_change_it_at_once_the_second_is_shown_how_it_stands(town: RainTown) -> None:
    await town.open_incident(blocks="338")
    await _changes(town, "Change its area")
    await town.amal.says("340")
    await town.amal.taps("Look at the change")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE incidents SET blocks = '[338, 350]', version = version + 1")
    await town.amal.taps("Change where it is")
    town.amal.sees("Another administrator was first")
    assert (await town.rows("SELECT blocks FROM incidents")) == [{"blocks": "[338, 350]"}]
