"""A team deletes what no bot may: told which messages, once even where two confirm, and checked with the channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.privacy import by_hand, requests
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import outbox
from storage.ids import ChatId, MessageId
from storage.records.outbox import OutboxKind, OutboxStatus
from tests.conversations.staff_town import CAPITAL, DeskTown, is_refusal
from tests.conversations.town import STAFF_CHATS

CHAT = STAFF_CHATS[CAPITAL]
MOVED_FROM = ChatId("-99")


async def left(town: DeskTown, *messages: str) -> None:
    """Somebody had themselves erased, and these messages of the group could not be taken back."""

    async def erased(work: Work) -> None:
        keys = [by_hand.origin("telegram", CHAT, MessageId(one)) for one in messages]
        for key in keys:
            outbox.add(
                work.tx,
                channel="telegram",
                chat=CHAT,
                kind=OutboxKind.MESSAGE,
                payload="{}",
                at=town.now,
                not_before=town.now + timedelta(days=1),
                key=key,
            )
        await requests.erasure(work, keys)

    async def refused(work: Work) -> None:
        for row in await work.tx.all("SELECT id FROM outbox WHERE key LIKE 'erased:%' AND status = 'pending'"):
            outbox.settle(
                work.tx, int(str(row["id"])), OutboxStatus.SENT, town.now, error="the message can't be deleted"
            )

    await town.work(erased)
    await town.work(refused)
    await looks(town)


async def looks(town: DeskTown) -> None:
    await town.work(lambda work: requests.run_due(work, 10))
    await town.deliver()


async def done(town: DeskTown) -> object:
    (row,) = await town.rows("SELECT done_at FROM privacy_requests")
    return row["done_at"]


async def test_where_messages_have_no_links_each_is_replied_to(town: DeskTown) -> None:
    await left(town, "7", "8")
    replied = [shown.message.reply_to for shown in town.chats[CHAT][:-1]]
    assert replied == ["7", "8"]
    assert "https://t.me/c/" not in town.chats[CHAT][-1].text


async def test_of_two_who_confirm_one_does(town: DeskTown) -> None:
    await left(town, "7")
    (button,) = [one for row in town.chats[CHAT][-1].message.rows for one in row]
    number = town.chats[CHAT][-1].number
    await town.huda.taps_data(button.data, number)
    await town.maryam.taps_data(button.data, number)
    assert town.maryam.toast == "This has already been done."
    lines = await town.rows("SELECT actor FROM audit WHERE action = 'privacy.deleted_by_hand'")
    assert len(lines) == 1
    await looks(town)
    assert await done(town) is not None


@pytest.mark.parametrize("who", ["council", "stranger"])
async def test_who_may_not_is_refused(town: DeskTown, who: str) -> None:
    await left(town, "7")
    (button,) = [one for row in town.chats[CHAT][-1].message.rows for one in row]
    person = getattr(town, who)
    await person.taps_data(button.data, town.chats[CHAT][-1].number)
    assert is_refusal(person.toast)
    await looks(town)
    assert await done(town) is None


async def test_the_team_is_reminded_each_day_until_the_desk_says_done(town: DeskTown) -> None:
    def asked() -> int:
        return sum(bool(shown.message.rows) for shown in town.chats[CHAT])

    await left(town, "7")
    for day in range(1, 4):
        town.now += by_hand.REMIND_AFTER
        await looks(town)
        await looks(town)
        assert asked() == 1 + day
    await town.work(lambda work: requests.finish(work, Person("telegram", "9000"), 1))
    town.now += by_hand.REMIND_AFTER
    await looks(town)
    assert asked() == 4


async def test_messages_from_before_a_group_moved_are_named_without_a_link(town: DeskTown) -> None:
    async def moved(work: Work) -> None:
        await work.tx.run(
            "INSERT INTO moved_chats (channel, old, new, at) VALUES ('telegram', :old, :new, :at)",
            old=MOVED_FROM,
            new=CHAT,
            at=town.now,
        )
        request = await requests.erasure(work, [], by_hand=True)
        await by_hand.leave_moved(work, request, "telegram", MOVED_FROM, MessageId("7"), town.now)

    await town.work(moved)
    assert await done(town) is None
    await looks(town)
    text = town.chats[CHAT][-1].text
    assert "قبل ترقية هذه المجموعة" in text
    await town.huda.taps_data(town.chats[CHAT][-1].message.rows[0][0].data, town.chats[CHAT][-1].number)
    await looks(town)
    assert await done(town) is not None
