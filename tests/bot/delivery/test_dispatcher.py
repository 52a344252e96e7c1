"""What is owed is sent: in order, within the limits, again where it failed, whatever else goes wrong."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from markupsafe import Markup

from bot.channel import Delivered, Failed, Migrated, Outcome, Refused, SlowDown, Unreachable
from bot.context import AppContext
from bot.delivery.render import NoticeRenderer
from conversations.engine.messages import Outgoing, TapAnswer
from conversations.engine.step import Responder
from services.actors import booking_subject
from services.notify.notices import Notice
from services.notify.notices.bookings import OfferLapsed
from storage import lost_chats, outbox, staff
from storage.database import Conflict, Database
from storage.ids import BookingId, ChatId, MessageId, OfficeId
from storage.open import open_database
from storage.records.outbox import OutboxKind
from storage.records.residents import Resident
from storage.records.staff import StaffChat
from tests.bot.counter import Post, limits
from tests.databases import fresh_sqlite

GROUP = "-1001"
DAY = timedelta(days=1)
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def post(database: Database) -> Post:
    return Post(database)


def _tried(post: Post, times: int) -> bool:
    return len(post.channel.tried) >= times


# ---------------------------------------------------------------------------- order


async def test_a_chat_gets_its_messages_in_order_one_at_a_time(post: Post) -> None:
    async with post:
        for chat in ("1", "2", "3"):
            await post.enqueue(*(f"{n}" for n in range(30)), chat=chat)
        await post.until(lambda: len(post.channel.sent) == 90)
    for chat in ("1", "2", "3"):
        assert post.channel.texts(chat) == [f"{n}" for n in range(30)]
    assert set(post.channel.most_on_its_way.values()) == {1}
    assert set(await post.statuses()) == {"sent"}


async def test_replies_go_before_notices_and_these_before_broadcasts(database: Database) -> None:
    post = Post(database, limits=limits(overall=(10, 0.2), chat=(100, 1), group=(100, 1)))
    for n in range(15):
        await post.enqueue(f"broadcast {n}", chat=f"1{n}", urgency=2)
    for n in range(15):
        await post.enqueue(f"notice {n}", chat=f"2{n}", urgency=1)
    for n in range(15):
        await post.enqueue(f"reply {n}", chat=f"3{n}", urgency=0)
    async with post:
        await post.until(lambda: len(post.channel.sent) == 45)
    kinds = [text.split()[0] for text in post.channel.texts()]
    assert kinds == ["reply"] * 15 + ["notice"] * 15 + ["broadcast"] * 15


async def test_a_reply_overtakes_a_broadcast_that_waits_for_the_same_chat(database: Database) -> None:
    clock = {"now": 0.0}
    overall = limits(overall=(4, 1), chat=(100, 1), group=(100, 1))
    post = Post(database, limits=overall, monotonic=lambda: clock["now"])
    async with post:
        for n in range(12):
            await post.enqueue(f"broadcast {n}", chat=ChatId(f"{n}"), urgency=2)
        await post.until(lambda: len(post.channel.sent) == 4)
        await post.enqueue("reply", chat="11", urgency=0)
        await post.until(lambda: len(post.channel.sent) == 5)
        for second in (1.02, 2.04):
            clock["now"] = second
            post.dispatcher.wake()
            await post.until(lambda: len(post.channel.sent) == 5 + 4 * int(clock["now"]))
    assert post.channel.texts()[4] == "reply"
    assert post.channel.texts("11") == ["reply", "broadcast 11"]


async def test_a_reply_does_not_wait_for_a_flood_of_broadcasts_nor_for_a_slow_group(database: Database) -> None:
    clock = {"now": 0.0}
    slow = limits(overall=(40, 1), chat=(100, 1), group=(1, 60))
    post = Post(database, limits=slow, monotonic=lambda: clock["now"])
    await post.enqueue(*(f"card {n}" for n in range(1200)), chat=GROUP, urgency=1)
    async with database.transaction() as tx:
        for n in range(3000):
            outbox.add(
                tx,
                channel="telegram",
                chat=ChatId(f"{n}"),
                kind=OutboxKind.MESSAGE,
                payload='{"text":"b"}',
                urgency=2,
                at=post.now,
            )
    async with post:
        await post.until(lambda: len(post.channel.sent) == 40)
        await post.enqueue("notice", chat="other", urgency=1)
        await post.enqueue("reply", chat="one", urgency=0)
        await post.until(lambda: len(post.channel.sent) == 41)
        assert post.channel.texts()[40] == "reply"
        clock["now"] = 1.02
        post.dispatcher.wake()
        await post.until(lambda: "notice" in post.channel.texts())
        assert len(post.channel.sent) <= 81  # of the 4199 that were owed before
        assert len(post.dispatcher._backlog.taken) <= 1500
        assert sum(1 for row in post.dispatcher._backlog.taken.values() if row == 1) <= 6
    assert post.channel.texts(GROUP) == ["card 0"]


async def test_thousands_are_all_sent_once_with_little_in_memory(post: Post) -> None:
    most = 0
    async with post.database.transaction() as tx:
        for n in range(4000):
            outbox.add(
                tx,
                channel="telegram",
                chat=ChatId(f"{n % 700}"),
                kind=OutboxKind.MESSAGE,
                payload=f'{{"text":"{n}"}}',
                urgency=2,
                at=post.now,
            )
    async with post:
        while len(post.channel.sent) < 4000:
            await asyncio.sleep(0.002)
            most = max(most, len(post.dispatcher._backlog.taken))
    assert 0 < most <= 500
    assert sorted(int(text) for text in post.channel.texts()) == list(range(4000))
    for chat in ("0", "699"):
        assert post.channel.texts(chat) == sorted(post.channel.texts(chat), key=int)
    assert set(await post.statuses()) == {"sent"}
    assert post.dispatcher._backlog.lines == {}


async def test_one_chat_that_hangs_keeps_nobody_else_waiting(post: Post) -> None:
    post.channel.open.clear()
    async with post:
        await post.enqueue("hangs", "and what follows", chat="1")
        await post.until(lambda: len(post.channel.tried) == 1)
        hanging, post.channel.open = post.channel.open, asyncio.Event()
        post.channel.open.set()
        await post.enqueue("goes", chat="2")
        await post.until(lambda: post.channel.texts() == ["goes"])
        assert post.channel.texts("1") == []
        hanging.set()


# ---------------------------------------------------------------------------- how it went


async def test_what_was_sent_is_noted_with_its_number_and_subject(post: Post) -> None:
    post.channel.will("1001", Delivered((MessageId("m77"), MessageId("m78"))))
    async with post:
        await post.enqueue("a case", subject="case:12")
        await post.until_statuses("sent", "sent")  # an album: each of its messages has a row
    async with post.database.transaction() as tx:
        assert [await outbox.subject_of(tx, "telegram", ChatId("1001"), MessageId(m)) for m in ("m77", "m78")] == [
            "case:12"
        ] * 2


async def test_told_to_slow_down_it_waits_and_loses_nothing(post: Post) -> None:
    post.channel.will("1", SlowDown(0.15), SlowDown(0.1))
    async with post:
        await post.enqueue("a", "b", "c", chat="1")
        await post.enqueue("elsewhere", chat="2")
        await post.until(lambda: post.channel.texts("2") == ["elsewhere"])
        assert post.channel.texts("1") == []  # the other chat did not wait
        await post.until_statuses("sent", "sent", "sent", "sent")
    assert post.channel.texts("1") == ["a", "b", "c"]
    assert b'customer_day_slowdowns_total{channel="telegram"} 2.0' in post.metrics.page()


async def test_a_network_that_fails_is_tried_again_in_order_with_growing_pauses(post: Post) -> None:
    failures = 6
    post.channel.will("1", *[Failed("timeout")] * failures)
    pauses = []
    async with post:
        await post.enqueue("first", "second", chat="1")
        for attempt in range(1, failures + 1):
            await post.until(partial(_tried, post, attempt))
            row = await post.row()
            while row["attempts"] != attempt:
                await asyncio.sleep(0.005)
                row = await post.row()
            until = row["not_before"]
            until = until if not isinstance(until, str) else type(post.now).fromisoformat(until)
            pauses.append((until - post.now).total_seconds())  # type: ignore[operator]
            await post.wait(until - post.now)  # type: ignore[operator]
        await post.until_statuses("sent", "sent")
    assert [text for _, text in post.channel.tried] == ["first"] * (failures + 1) + ["second"]
    for attempt, pause in enumerate(pauses):
        assert 0.5 * 2**attempt <= pause <= 1.5 * 2**attempt


async def test_a_message_that_alone_keeps_failing_ends_up_keeping_nobody_back(post: Post) -> None:
    post.channel.will("1", *[Failed("too slow for this file")] * 6)
    async with post:
        await post.enqueue("poison", "reply", chat="1")
        async with asyncio.timeout(60):
            while "reply" not in post.channel.texts("1"):
                await post.enqueue("elsewhere", chat="2")
                await post.wait(timedelta(seconds=5))
                await asyncio.sleep(0.005)
        assert (await post.statuses())[:2] == ["pending", "sent"] or post.channel.texts("1")[0] == "reply"
        await post.wait(timedelta(hours=1))
        await post.until(lambda: "poison" in post.channel.texts("1"))


async def test_it_is_not_given_up_within_a_day_and_given_up_after(post: Post) -> None:
    post.channel.will("1", *[Failed("down")] * 10_000)
    async with post:
        await post.enqueue("a", chat="1")
        await post.until(lambda: len(post.channel.tried) == 1)
        failing = post.now
        while post.now - failing < timedelta(hours=23, minutes=50):
            tries = len(post.channel.tried)
            await post.wait(timedelta(minutes=11))
            await post.until(partial(_tried, post, tries + 1))
            assert await post.statuses() == ["pending"]
        await post.wait(timedelta(minutes=30))
        await post.until_statuses("failed")
    assert (await post.row())["error"] == "down"


async def test_one_that_lay_long_before_its_time_has_its_day_too(post: Post) -> None:
    post.channel.will("1", Failed("down"), Failed("down"))
    async with post:
        await post.enqueue("scheduled", chat="1", not_before=post.now + 30 * DAY)
        await post.wait(31 * DAY)
        await post.until(lambda: len(post.channel.tried) == 1)
        await post.wait(timedelta(minutes=10))
        await post.until(lambda: len(post.channel.tried) == 2)
        await post.wait(timedelta(minutes=10))
        await post.until_statuses("sent")


async def test_a_refused_message_is_set_aside_and_the_next_goes(post: Post) -> None:
    post.channel.will("1", Refused("can't parse entities \0 " + "x" * 2000), ValueError("a defect of ours"))
    async with post:
        await post.enqueue("bad", "worse", "good", chat="1")
        await post.until_statuses("failed", "failed", "sent")
    assert post.channel.texts() == ["good"]
    assert str((await post.row())["error"]).startswith("can't parse entities \ufffd x")
    assert (await post.row(1))["error"] == "ValueError: a defect of ours"
    assert b'status="refused"} 2.0' in post.metrics.page()


async def test_a_payload_no_release_can_read_is_set_aside(post: Post) -> None:
    async with post:
        await post.enqueue("x", payload='{"nonsense": 1}')
        await post.enqueue("good")
        await post.until_statuses("failed", "sent")


async def test_a_channel_that_is_not_there_blocks_nobody(post: Post) -> None:
    async with post.database.transaction() as tx:
        outbox.add(tx, channel="whatsapp", chat=ChatId("1"), kind=OutboxKind.MESSAGE, payload="{}", at=post.now)
    async with post:
        await post.enqueue("good")
        await post.until_statuses("failed", "sent")


async def test_one_who_blocked_the_bot_is_marked_and_owed_nothing_more(post: Post) -> None:
    resident = await post.resident()
    post.channel.will("1001", Unreachable("bot was blocked"))
    # All is owed before the first is refused: what is owed to them after that is tried anew when it is due.
    await post.enqueue("a", "b", "c", resident=resident)
    await post.enqueue("later", resident=resident, not_before=post.now + DAY)
    await post.enqueue("other", chat="2")
    async with post:
        await post.until_statuses("unreachable", "unreachable", "unreachable", "unreachable", "sent")
    assert [text for chat, text in post.channel.tried if chat == "1001"] == ["a"]
    async with post.database.transaction() as tx:
        row = await tx.one("SELECT reachable FROM residents")
    assert row is not None
    assert not row["reachable"]


async def test_a_group_that_removed_the_bot_is_owed_nothing_more(post: Post) -> None:
    post.channel.will(GROUP, Unreachable("bot was kicked"))
    async with post:
        await post.enqueue("a", "b", chat=GROUP, urgency=1)
        await post.until_statuses("unreachable", "unreachable")
    assert len(post.channel.tried) == 1


async def test_what_is_owed_to_an_offices_group_waits_until_the_bot_can_write_there(post: Post) -> None:
    async with post.database.transaction() as tx:
        linked = StaffChat(office=OfficeId("capital"), channel="telegram", chat=ChatId(GROUP), topic=None)
        staff.link_chat(tx, linked, "9", post.now)
    post.channel.will(GROUP, Unreachable("not enough rights to send text messages"))
    async with post:
        await post.enqueue("a", "b", chat=GROUP, urgency=1)
        await post.until(lambda: _tried(post, 1))
        await post.enqueue("other", chat="2")
        await post.until_statuses("pending", "pending", "sent")
        async with post.database.transaction() as tx:
            (lost,) = await lost_chats.every(tx)
        assert (lost.chat, lost.reason) == (GROUP, "not enough rights to send text messages")
    later = Post(post.database)
    later.now = post.now + timedelta(hours=2)
    async with later:
        await later.until_statuses("sent", "sent", "sent")
        async with post.database.transaction() as tx:
            assert await lost_chats.every(tx) == []
    assert later.channel.texts(GROUP) == ["a", "b"]


async def test_a_group_that_moved_is_followed_now_later_and_after_a_restart(post: Post) -> None:
    post.channel.will(GROUP, Migrated(ChatId("-1009")))
    async with post:
        await post.enqueue("a", "b", chat=GROUP)
        await post.until_statuses("sent", "sent")
        await post.enqueue("c", chat=GROUP)
        await post.until_statuses("sent", "sent", "sent")
    again = Post(post.database)
    again.channel.will("-1009", Migrated(ChatId("-1010")))
    async with again:
        await again.enqueue("d", chat=GROUP)
        await again.enqueue("e", chat="-1009")
        await again.until_statuses(*["sent"] * 5)
    assert post.channel.texts("-1009") == ["a", "b", "c"]
    assert again.channel.texts("-1010") == ["d", "e"]


async def test_a_group_that_moves_to_itself_is_a_defect_and_no_endless_loop(post: Post) -> None:
    post.channel.will(GROUP, Migrated(ChatId(GROUP)))
    async with post:
        await post.enqueue("a", chat=GROUP)
        await post.until_statuses("failed")


async def test_taps_are_answered_once_and_a_failing_answer_harms_nobody(post: Post) -> None:
    async with post:
        post.dispatcher.answer("telegram", TapAnswer(tap="1"))
        post.dispatcher.answer("nowhere", TapAnswer(tap="2"))
        await post.until(lambda: post.channel.answers == ["1"])
        await post.enqueue("goes")
        await post.until_statuses("sent")


# ---------------------------------------------------------------------------- no longer owed


async def test_one_superseded_while_it_waited_is_not_sent(database: Database) -> None:
    clock = {"now": 0.0}
    post = Post(database, limits=limits(overall=(100, 1), chat=(1, 6), group=(1, 6)), monotonic=lambda: clock["now"])
    async with post:
        await post.enqueue("first", "old", chat=GROUP, group="card:1")
        await post.until_statuses("sent", "pending")
        await post.enqueue("new", chat=GROUP, supersedes="card:1")
        clock["now"] = 7.0
        post.dispatcher._send_on()
        await post.until(lambda: post.dispatcher._backlog.taken.keys() == {3} or len(post.channel.sent) == 2)
        clock["now"] = 14.0
        post.dispatcher._send_on()
        await post.until_statuses("sent", "superseded", "sent")
    assert post.channel.texts() == ["first", "new"]


async def test_one_whose_time_has_passed_is_dropped_and_the_next_goes(post: Post) -> None:
    await post.enqueue("late", expires_at=post.now + timedelta(minutes=5))
    await post.enqueue("in time", expires_at=post.now + timedelta(hours=5))
    post.now += timedelta(hours=1)
    async with post:
        await post.until_statuses("dropped", "sent")
    assert post.channel.texts() == ["in time"]
    assert b'status="lapsed"} 1.0' in post.metrics.page()


async def test_what_is_not_due_waits(post: Post) -> None:
    async with post:
        await post.enqueue("tomorrow", not_before=post.now + DAY)
        await post.enqueue("today")
        await post.until_statuses("pending", "sent")
        await post.wait(DAY)
        await post.until_statuses("sent", "sent")


async def test_the_same_key_is_owed_once_and_a_prefix_withdraws_exactly_its_own(post: Post) -> None:
    tomorrow = post.now + DAY
    await post.enqueue("a", key="reminder:1:3d", not_before=tomorrow)
    await post.enqueue("again", key="reminder:1:3d", not_before=tomorrow)
    await post.enqueue("b", key="reminder:12:3d", not_before=tomorrow)
    await post.enqueue("c", key="REMINDER:1:3d", not_before=tomorrow)
    await post.enqueue("d", key="reminder_1:3d", not_before=tomorrow)
    async with post.database.transaction() as tx:
        outbox.withdraw(tx, "reminder:1:")
    assert await post.statuses() == ["dropped", "pending", "pending", "pending"]
    async with post.database.transaction() as tx:
        outbox.withdraw(tx, "reminder_")
    assert await post.statuses() == ["dropped", "pending", "pending", "dropped"]


# ---------------------------------------------------------------------------- notices


def words(desk: AppContext) -> NoticeRenderer:
    """Notices of odd bookings are true; number 666 is a defect; 444 loses a race, once for each time of the desk."""

    async def say(responder: Responder, notice: Notice, resident: Resident | None) -> None:
        assert isinstance(notice, OfferLapsed)
        if notice.booking == 666:
            responder.say(Markup("never seen"))
            raise RuntimeError("cannot be said")
        if notice.booking == 444:
            raise Conflict
        if notice.booking % 2:
            responder.say(Markup("{} {}").format(notice.booking, "staff" if resident is None else resident.name))
            responder.say(Markup("more"), subject=booking_subject(notice.booking))

    return NoticeRenderer(desk, say)


async def note(post: Post, booking: int, chat: str = "1001", **more: object) -> None:
    payload = OfferLapsed(booking=BookingId(booking)).model_dump_json()
    await post.enqueue("", chat=chat, urgency=1, kind=OutboxKind.NOTICE, payload=payload, **more)


async def test_a_notice_becomes_its_words_and_one_no_longer_true_is_dropped(database: Database) -> None:
    post = Post(database, wording=words)
    async with post:
        await note(post, 2)
        await note(post, 1, subject="booking:1")
        await post.until_statuses("dropped", "sent", "sent", "sent")
    assert post.channel.texts() == ["1 staff", "more"]
    assert (await post.row(2))["urgency"] == 1
    assert (await post.row(2))["subject"] == "booking:1"


async def test_a_notice_that_cannot_be_said_fails_after_a_few_tries_and_blocks_nobody(database: Database) -> None:
    post = Post(database, wording=words)
    async with post:
        await note(post, 666)
        await note(post, 1)
        await post.until_statuses("pending", "sent", "sent", "sent")
        async with asyncio.timeout(60):
            while (await post.statuses())[0] != "failed":
                await post.wait(timedelta(minutes=1))
                await asyncio.sleep(0.02)
        await post.until_statuses("failed", "sent", "sent", "sent")
    assert "never seen" not in post.channel.texts()
    assert (await post.row())["error"] == "RuntimeError: cannot be said"


async def test_a_notice_that_only_lost_a_race_stays_owed(database: Database) -> None:
    post = Post(database, wording=words)
    async with post:
        await note(post, 444)
        await note(post, 3)
        await post.until_statuses("pending", "sent", "sent", "sent")
    assert (await post.row())["attempts"] == 0


async def test_a_notice_to_one_who_cannot_be_reached_or_out_of_time_is_dropped(database: Database) -> None:
    post = Post(database, wording=words)
    resident = await post.resident()
    async with database.transaction() as tx:
        tx.later("UPDATE residents SET reachable = :no", no=False)
    async with post:
        await note(post, 1, resident=resident)
        await note(post, 3, chat="2", expires_at=post.now - DAY)
        await post.until_statuses("dropped", "dropped")
    assert post.channel.tried == []


async def test_a_flood_of_notices_keeps_no_reply_waiting(database: Database) -> None:
    post = Post(database, wording=words)
    async with post:
        for n in range(300):
            await note(post, 2 * n + 1, chat=ChatId(f"{n}"))
        await post.enqueue("reply", chat="one")
        await post.until(lambda: "reply" in post.channel.texts())
        assert len(post.channel.sent) < 600
        await post.until(lambda: len(post.channel.sent) == 601)


# ---------------------------------------------------------------------------- stopping, dying, taking over


async def test_a_stop_lets_what_is_on_its_way_finish_and_notes_it(post: Post) -> None:
    post.channel.open.clear()
    async with post:
        await post.enqueue("on its way", "behind it")
        await post.until(lambda: len(post.channel.tried) == 1)
        post.stop.set()
        await post.until(lambda: post.dispatcher._stopped)
        post.channel.open.set()
    assert await post.statuses() == ["sent", "pending"]
    async with Post(post.database) as again:
        await again.until_statuses("sent", "sent")
        assert again.channel.texts() == ["behind it"]


async def test_a_second_dispatcher_sends_nothing_while_the_first_leads_and_takes_over_after(database: Database) -> None:
    first, second = Post(database), Post(database)
    first.channel.open.clear()  # halted, with a message on its way
    async with first:
        await first.enqueue("a", chat="1")
        await first.until(lambda: len(first.channel.tried) == 1)
        async with second:
            for n in range(5):
                await second.enqueue(f"{n}", chat="2")
                await asyncio.sleep(0.01)
            assert second.channel.tried == []
            async with database.transaction() as tx:  # as if its time had passed
                await tx.run("UPDATE leases SET until = :past", past=first.now - 365 * DAY)
            await second.until(lambda: len(second.channel.sent) >= 1)
            await second.until(lambda: second.channel.texts("2") == [f"{n}" for n in range(5)])


async def test_one_that_lost_the_lease_lets_go_of_what_it_holds(database: Database) -> None:
    clock = {"now": 0.0}
    first = Post(database, limits=limits(overall=(1, 5), chat=(1, 5), group=(1, 5)), monotonic=lambda: clock["now"])
    async with first:
        await first.enqueue("a", "b", "c", chat="1")
        await first.until_statuses("sent", "pending", "pending")
        async with database.transaction() as tx:  # another took over while this process was halted
            await tx.run("UPDATE leases SET holder = 'another', until = :far", far=first.now + 36500 * DAY)
        clock["now"] = 60.0
        first.dispatcher._send_on()
        first.dispatcher.wake()
        await first.until(lambda: not first.dispatcher._backlog.lines and not first.dispatcher._backlog.taken)
        assert first.channel.texts() == ["a"]
        async with database.transaction() as tx:
            await tx.run("DELETE FROM leases")
        clock["now"] = 120.0
        await first.until(lambda: len(first.channel.sent) >= 2)


async def test_a_clock_moved_on_by_a_week_loses_neither_lease_nor_messages(database: Database) -> None:
    first, second = Post(database), Post(database)
    async with first:
        await first.enqueue("before")
        await first.until_statuses("sent")
        await first.wait(7 * DAY)
        second.now = first.now
        async with second:
            await first.enqueue("after")
            await first.until_statuses("sent", "sent")
            await asyncio.sleep(0.02)
        assert second.channel.tried == []
    assert first.channel.texts() == ["before", "after"]


class Flaky:
    """A database that is away for a while."""

    def __init__(self, database: Database) -> None:
        self.dialect = database.dialect
        self.away = False
        self._database = database

    def transaction(self):
        if self.away:
            raise OSError("the database is away")
        return self._database.transaction()

    def read(self):
        return self._database.read()

    async def close(self) -> None:
        await self._database.close()


async def test_a_database_that_is_away_for_a_while_costs_neither_messages_nor_notes(database: Database) -> None:
    flaky = Flaky(database)
    post = Post(flaky)
    async with post:
        await post.enqueue("a", "b")
        await post.until(lambda: len(post.channel.tried) >= 1)
        flaky.away = True
        await asyncio.sleep(0.05)
        flaky.away = False
        await post.until_statuses("sent", "sent")
    assert post.channel.texts() == ["a", "b"]


SENDER = """
import asyncio, os, signal, sys
from bot.channel import Delivered
from storage.open import open_database
from tests.bot.counter import Post, ToldChannel

class Fatal(ToldChannel):
    async def send(self, chat, message):
        await asyncio.sleep(0.001)
        os.write(1, f"{chat} {message.text}\\n".encode())
        self.sent.append((chat, message.text))
        if len(self.sent) == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return Delivered((f"m{len(self.sent)}",))

async def main():
    database = await open_database(sys.argv[1])
    async with database.transaction() as tx:
        await tx.run("DELETE FROM leases")  # as if that of the killed one had lapsed
    async with Post(database, Fatal()) as post:
        while set(await post.statuses()) != {"sent"}:
            await asyncio.sleep(0.02)
    await database.close()

asyncio.run(main())
"""


async def test_what_a_killed_dispatcher_had_not_noted_is_sent_again_and_nothing_is_lost(tmp_path: Path) -> None:
    url = await fresh_sqlite(tmp_path / "killed.db")
    database = await open_database(url)
    post = Post(database)
    for chat in ("1", "2", "3"):
        await post.enqueue(*(f"{n}" for n in range(20)), chat=chat)
    came: list[str] = []
    runs = 0
    for last_words in (17, 23, 0):
        arguments = [sys.executable, "-c", SENDER, url, str(last_words)]
        done = await asyncio.to_thread(subprocess.run, arguments, capture_output=True, text=True, cwd=ROOT, check=False)
        came += done.stdout.splitlines()
        runs += 1
        assert done.returncode == (-signal.SIGKILL if last_words else 0), done.stderr
    assert await post.statuses() == ["sent"] * 60
    await database.close()
    assert set(came) == {f"{chat} {n}" for chat in "123" for n in range(20)}
    assert len(came) - len(set(came)) <= (runs - 1) * 3 * 5  # what was not noted yet when it was killed
    assert max(Counter(came).values()) <= runs
    for chat in "123":
        mine = [int(line.split()[1]) for line in came if line.startswith(chat)]
        assert list(dict.fromkeys(mine)) == list(range(20))


async def test_whatever_the_network_does_each_message_ends_once_and_in_order(database: Database) -> None:
    chance = random.Random(42)
    post = Post(database)
    chats = [f"{n}" for n in range(6)]
    troubles: list[Outcome] = [SlowDown(0.003), Failed("reset"), Failed("timeout"), Refused("bad")]
    for chat in chats:
        outcomes: list[Outcome] = []
        while len(outcomes) < 60:
            bad = chance.choice(troubles)
            outcomes += [bad] * (1 if isinstance(bad, Refused) else chance.randrange(1, 4))
            outcomes += [Delivered((MessageId(f"m{len(outcomes) + 1}"),))] * chance.randrange(1, 4)
        post.channel.will(chat, *outcomes)
    async with post:
        for n in range(20):
            for chat in chats:
                await post.enqueue(f"{n}", chat=chat)
            await post.wait(timedelta(seconds=chance.randrange(4)))
        for _ in range(20_000):  # a busy machine needs more of them
            await post.wait(timedelta(seconds=2))
            await asyncio.sleep(0.002)
            if "pending" not in await post.statuses():
                break
    assert set(await post.statuses()) == {"sent", "failed"}
    async with database.transaction() as tx:
        failed = await tx.all("SELECT chat, payload FROM outbox WHERE status = 'failed'")
    for chat in chats:
        refused = [int(Outgoing.model_validate_json(str(row["payload"])).text) for row in failed if row["chat"] == chat]
        assert [int(text) for text in post.channel.texts(chat)] == [n for n in range(20) if n not in refused]


async def test_what_the_channel_would_not_do_is_kept_with_the_message(database: Database) -> None:
    post = Post(database)
    post.channel.will("1", Delivered(undone="the message can't be deleted"))
    await post.enqueue("gone", chat="1")
    async with post:
        await post.until(lambda: len(post.channel.tried) == 1)
    async with database.transaction() as tx:
        row = await tx.one("SELECT status, error FROM outbox")
    assert row == {"status": "sent", "error": "the message can't be deleted"}
