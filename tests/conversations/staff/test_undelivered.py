"""Of what failed for good the team is told, and administrators of what a group does not let the bot send: once each."""

from __future__ import annotations

from datetime import timedelta

from services.actors import NO_SUBJECT, Subject, case_subject
from services.casework import undelivered
from services.unit_of_work import Work
from storage import outbox
from storage.ids import ChatId, ResidentId
from storage.outbox import BARRED
from storage.records.outbox import OutboxKind, OutboxStatus
from tests.conversations.staff_town import CAPITAL, DeskTown
from tests.conversations.town import STAFF_CHATS
from tests.known import by_address

CHAT = STAFF_CHATS[CAPITAL]


async def fails(
    town: DeskTown, chat: ChatId, error: str, *, subject: Subject = NO_SUBJECT, resident: ResidentId | None = None
) -> None:
    async def owed(work: Work) -> None:
        outbox.add(
            work.tx,
            channel="telegram",
            chat=chat,
            kind=OutboxKind.MESSAGE,
            payload="{}",
            at=town.now,
            not_before=town.now + timedelta(days=1),  # nobody sends it: it has failed
            key="it fails",
            subject=subject,
            resident=resident,
        )

    async def failed(work: Work) -> None:
        (row,) = await work.tx.all("SELECT id FROM outbox WHERE key = 'it fails'")
        outbox.settle(work.tx, int(str(row["id"])), OutboxStatus.FAILED, town.now, error=error, holds="voice")

    await town.work(owed)
    await town.work(failed)
    for _ in range(2):
        await town.work(lambda work: undelivered.run_due(work, 10))
        await town.deliver()


async def test_the_team_hears_of_a_part_below_the_card(town: DeskTown) -> None:
    case = await town.case_of(await town.living())
    await town.deliver()
    card = await town.card(case)
    async with town.database.transaction() as tx:
        fatima = await by_address(tx, "telegram", "1001")
    assert fatima is not None
    await fails(town, ChatId("1001"), "a stored file is gone", subject=case_subject(case.id), resident=fatima.id)
    told = [shown for shown in town.chats[CHAT] if "لم تصل رسالة صوتية" in shown.text]
    assert [shown.message.reply_to for shown in told] == [card.number]
    assert await town.work(lambda work: outbox.count_failed(work.tx)) == 1


async def test_administrators_hear_of_what_a_group_forbids_and_it_is_no_defect(town: DeskTown) -> None:
    async def known(work: Work) -> None:
        await work.tx.run(
            """
            INSERT INTO residents (channel, address, name, language, created_at, seen_at)
            VALUES ('telegram', '9000', 'Noora', 'en', :at, :at)
            """,
            at=town.now,
        )

    await town.work(known)
    await fails(town, CHAT, f"{BARRED}Not enough rights to send photos to the chat")
    told = [shown.text for shown in town.chats[ChatId("9000")]]
    assert len(told) == 1
    assert "Not enough rights to send photos" in told[0]
    assert await town.work(lambda work: outbox.count_failed(work.tx)) == 0
    assert await town.work(lambda work: outbox.count_barred(work.tx)) == 1
