"""Whoever is forgotten is forgotten in the offices' chats as well."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind
from locales import without_marks
from services.bookings.schedule import plan_sessions
from services.cases import duplicates, resident_actions
from services.unit_of_work import Work
from storage import outbox
from storage.database import Database
from storage.records.cases import Case
from storage.records.outbox import OutboxKind
from storage.records.residents import Resident
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person, Shown
from tests.conversations.whole_town import booked
from tests.known import by_address
from tests.services import by_staff

GROUP = "-1001"
ERASED = "🗑 تم المحو بناءً على طلب صاحب البيانات."  # in the office's language
SECRETS = ("Zahra", "33123456", "3312 3456", "green bin", "blue bin", "lamp")


class Street(DeskTown):
    """With what `booked` asks of a town, and a dispatcher that can be halted."""

    halted = False

    async def deliver(self) -> None:
        if not self.halted:
            await super().deliver()

    async def row(self, person: Person) -> Resident:
        async with self.database.transaction() as tx:
            found = await by_address(tx, "telegram", person.address)
        assert found is not None
        return found

    async def adds(self, person: Person, case: Case, words: str) -> None:
        """What somebody says of a case of theirs, or of one they joined."""
        resident = await self.row(person)
        await self.work(lambda work: resident_actions.add_information(work, case.reference, resident, words))

    async def joins_case(self, person: Person, case: Case) -> None:
        resident = await self.row(person)
        await self.work(lambda work: duplicates.join(work, case.id, resident))

    async def withdraws(self, person: Person, case: Case) -> None:
        resident = await self.row(person)
        await self.work(lambda work: resident_actions.withdraw(work, case.reference, resident))

    async def word_notices(self) -> None:
        """Put what is owed into words, and send none of it."""
        async with self.database.transaction() as tx:
            rows = await outbox.due(tx, self.now, 200)
        for row in rows:
            if row.kind is OutboxKind.NOTICE:
                await self.wording.word(row, lambda message: (message,))


@pytest.fixture
async def town(database: Database) -> Street:
    street = Street(database)
    await street.opens()
    return street


@pytest.fixture
async def zahra(town: Street) -> Person:
    return await town.living("1001", "Zahra Hasan")


async def complained(town: Street, zahra: Person, words: str = "The green bin of Zahra overflows") -> Case:
    case = await town.case_of(zahra, words)
    await town.work(lambda work: work.tx.run("UPDATE cases SET phone = '+97333123456' WHERE id = :id", id=case.id))
    return await town.again(case)


async def talked_about(town: Street, zahra: Person) -> Case:
    """A case with all that is said of one in the group: a question, its answer, photos, news, the contact, history."""
    case = await complained(town, zahra)
    await presses(town, case, "claim")
    await town.huda.replies(await town.card(case), "?Dear Zahra, which one?")
    await town.huda.taps("Send")
    await zahra.says("The blue bin, call 33123456", reply_to=zahra.last.number)
    await zahra.sends(FileKind.PHOTO, caption="The blue bin", reply_to=zahra.last.number)
    await town.settle_files()
    await town.wait(timedelta(seconds=5))
    await town.huda.replies(await town.card(case), "For Zahra: tomorrow")  # what it is was not chosen yet
    await presses(town, case, "history")
    await presses(town, case, "contact")
    return case


async def forgets(zahra: Person) -> None:
    await zahra.says("/forget")
    await zahra.taps("Yes, erase everything")
    await zahra.town.wait(timedelta(minutes=2))


def holding(messages: list[Shown]) -> list[str]:
    """What of it all still tells something of her."""
    texts = [without_marks(shown.text) for shown in messages]
    return [text for text in texts if any(secret in text for secret in SECRETS)]


async def presses(town: Street, case: Case, verb: str) -> None:
    """Huda presses a button of the card, or one that was there before."""
    await town.huda.taps_data(f"desk:{verb}:{case.id}:{case.version}:", (await town.card(case)).number)


async def erases(town: Street, zahra: Person) -> None:
    """She presses the button that was not delivered yet."""
    (row,) = await town.rows("SELECT turn FROM conversations")
    await zahra.taps_data(f"privacy:forget:yes:{row['turn']}")


async def owed(town: Street) -> str:
    return without_marks(
        str(await town.rows("SELECT payload FROM outbox WHERE status = 'pending' AND resident_id IS NULL"))
    )


async def test_the_group_holds_nothing_of_an_ended_case(town: Street, zahra: Person) -> None:
    case = await talked_about(town, zahra)
    assert len(holding(town.chats[GROUP])) > 4
    assert any(shown.message.files for shown in town.chats[GROUP])
    await town.withdraws(zahra, case)
    await forgets(zahra)
    assert holding(town.chats[GROUP]) == []
    assert not any(shown.message.files for shown in town.chats[GROUP])
    erased = [shown for shown in town.chats[GROUP] if without_marks(shown.text) == ERASED]
    assert len(erased) > 4
    assert not any(shown.buttons for shown in erased)
    assert (await town.card(case)) not in erased


async def test_of_an_open_case_the_card_alone_says_the_matter(town: Street, zahra: Person) -> None:
    case = await talked_about(town, zahra)
    await forgets(zahra)
    assert holding(town.chats[GROUP]) == [without_marks((await town.card(case)).text)]
    assert "Zahra" not in (await town.card(case)).text


async def test_a_contact_on_show_goes_at_once(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra)
    await presses(town, case, "contact")
    shown = town.chats[GROUP][-1].number
    assert "3312 3456" in without_marks(town.chats[GROUP][-1].text)
    await forgets(zahra)
    assert shown not in {one.number for one in town.chats[GROUP]}


async def test_what_is_gone_by_itself_is_not_said_anew(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra)
    await presses(town, case, "contact")
    await town.wait(timedelta(minutes=20))
    await town.withdraws(zahra, case)
    before = len(town.chats[GROUP])
    await forgets(zahra)
    assert len(town.chats[GROUP]) == before


async def test_nothing_that_is_still_owed_tells_of_them(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra)
    town.halted = True
    await presses(town, case, "contact")
    await town.adds(zahra, case, "The blue bin, Zahra")
    await town.word_notices()
    await town.adds(zahra, case, "The blue bin again")
    assert {"3312", "blue"} <= set(re.findall("3312|blue", await owed(town)))
    await zahra.says("/forget")
    await erases(town, zahra)
    assert re.findall("3312|Zahra|blue", await owed(town)) == []
    town.halted = False
    await town.wait(timedelta(minutes=2))
    assert holding(town.chats[GROUP]) == [without_marks((await town.card(case)).text)]


async def test_an_edit_of_the_card_that_was_owed_is_not_lost(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra, "The green bin overflows")
    town.halted = True
    await presses(town, case, "claim")
    await town.word_notices()
    await zahra.says("/forget")
    await erases(town, zahra)
    town.halted = False
    await town.wait(timedelta(minutes=2))
    assert "Huda" in (await town.card(case)).text


async def test_what_a_member_was_about_to_say_is_dropped_and_of_others_kept(town: Street, zahra: Person) -> None:
    case = await talked_about(town, zahra)
    other = await town.case_of(await town.living("1002", "Ali"), "A tree")
    await town.huda.replies(await town.card(other), "For Ali: tomorrow")
    await town.yusuf.replies(await town.card(case), "?Zahra?")
    await forgets(zahra)
    (turn,) = await town.rows("SELECT * FROM staff_conversations WHERE state LIKE '%\"case\":%'")
    assert "For Ali" in str(turn["state"])
    assert "Zahra" not in str(await town.rows("SELECT * FROM staff_conversations"))


async def test_appointments_are_erased_too(town: Street, zahra: Person) -> None:
    await town.work(plan_sessions)
    await booked(town, zahra)  # type: ignore[arg-type]
    assert "The market" in town.chats[GROUP][-1].text
    await forgets(zahra)
    assert not any("The market" in shown.text for shown in town.chats[GROUP])


async def test_what_they_added_to_anothers_case_goes_where_it_names_them(town: Street, zahra: Person) -> None:
    ali = await town.living("1002", "Ali")
    case = await town.case_of(ali, "The lamp is broken")
    await town.adds(ali, case, "Since Monday")
    town.now += timedelta(seconds=1)
    await town.joins_case(zahra, case)
    town.now += timedelta(seconds=1)
    await town.adds(zahra, case, "Zahra here too, 33123456")
    town.now += timedelta(seconds=1)
    await town.adds(zahra, case, "And on Tuesday")
    await forgets(zahra)
    texts = without_marks("\n".join(shown.text for shown in town.chats[GROUP]))
    assert ("Zahra" in texts, "33123456" in texts) == (False, False)
    for kept in ("The lamp is broken", "Since Monday", "And on Tuesday"):
        assert kept in texts


async def test_messages_to_others_who_joined_stay(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra)
    ali = await town.living("1002", "Ali")
    await town.joins_case(ali, case)
    await town.work(lambda work: by_staff.reply(work, case.id, "staff:9001", "It is emptied tomorrow"))
    await forgets(zahra)
    assert "It is emptied tomorrow" in ali.last.text


async def test_a_group_is_not_flooded(town: Street, zahra: Person) -> None:
    case = await complained(town, zahra)
    for number in range(12):
        await town.adds(zahra, case, f"The blue bin {number}")
    await zahra.says("/forget")
    await zahra.taps("Yes, erase everything")
    left = [shown for shown in town.chats[GROUP] if "blue bin" in shown.text and shown is not await town.card(case)]
    assert 0 < len(left) < 12
    new = await town.case_of(await town.living("1002", "Ali"), "A tree")
    assert "A tree" in (await town.card(new)).text
    await town.wait(timedelta(minutes=2))
    assert len([shown for shown in town.chats[GROUP] if "blue bin" in shown.text]) <= 1


async def test_a_group_that_moved_is_left_alone(town: Street, zahra: Person) -> None:
    """Its messages have other numbers now: an edit would hit a stranger's."""
    case = await complained(town, zahra)
    await town.adds(zahra, case, "The blue bin")

    async def move(work: Work) -> None:
        await work.tx.run(
            "INSERT INTO moved_chats (channel, old, new, at) VALUES ('telegram', :old, '-100999', :at)",
            old=GROUP,
            at=town.now,
        )

    await town.work(move)
    await forgets(zahra)
    assert await town.rows("SELECT * FROM outbox WHERE key LIKE 'erased:%'") == []
