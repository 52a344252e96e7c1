"""An announcement on its way: to everybody once, held at night, paused, cancelled, corrected and taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from services.announcements import audience, reading, sending, taps
from services.announcements.model import Announcement, Audience, Button, Status
from services.announcements.policy import Policy
from storage.database import Database
from storage.ids import ResidentId
from storage.translations import Translations
from tests.services.announcements.builders import AMAL, BADER
from tests.services.announcements.press import CHANNEL, Press, with_channel
from tests.services.case_builders import CAPITAL, NORTHERN


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


def _counts(one: Announcement) -> tuple[int, int, int, int]:
    return one.total, one.sent, one.unreachable, one.skipped


# ---------------------------------------------------------------------------- to whom


async def test_everybody_gets_it_once_in_their_language(press: Press) -> None:
    arab, english = await press.resident(office=CAPITAL, language="ar"), await press.resident(office=CAPITAL)
    other = await press.resident(office=NORTHERN)
    sent = await press.announce()
    assert sent.status is Status.SENT
    assert _counts(sent) == (2, 2, 0, 0)
    assert "تفتح الحديقة" in press.texts(arab.address)[0]
    assert "The park opens" in press.texts(english.address)[0]
    assert press.texts(other.address) == []
    assert set(Counter(press.deliveries).values()) == {1}


async def test_who_wants_no_news_or_was_forgotten_is_left_out(press: Press) -> None:
    await press.residents(1, wants_news=False)
    await press.residents(1, reachable=False)
    await press.residents(1)
    assert _counts(await press.announce()) == (1, 1, 0, 0)


async def test_a_language_left_out_on_purpose_is_shown_in_the_other(press: Press) -> None:
    arab = await press.resident(office=CAPITAL, language="ar")
    await press.announce(texts=Translations({"en": "Only in English"}), language_left_out="ar")
    assert "Only in English" in press.texts(arab.address)[0]


async def test_what_the_author_wrote_is_no_markup(press: Press) -> None:
    await press.resident(office=CAPITAL)
    await press.announce(texts=Translations({"en": "1 < 2 <b>& more</b>", "ar": "نص"}))
    (chat,) = press.chats
    assert "1 &lt; 2 &lt;b&gt;&amp; more&lt;/b&gt;" in press.texts(chat)[0]


async def test_who_stopped_the_bot_is_counted_and_left_out_the_next_time(press: Press) -> None:
    gone, _ = await press.resident(office=CAPITAL), await press.resident(office=CAPITAL)
    press.stopped.add(gone.address)
    assert _counts(await press.announce()) == (2, 1, 1, 0)
    assert (await press.do(audience.count, Audience(offices=(CAPITAL,)))).total == 1


async def test_who_opts_out_while_it_waits_gets_nothing(press: Press) -> None:
    who = await press.resident(office=CAPITAL)
    sent = await press.sent()
    for _ in range(2):
        await press.round()

    async def stop(work) -> None:
        taps.opt_out(work, who.id)

    await press.do(stop)
    await press.settle()
    press.wait(minutes=2)  # it might have been on its way
    await press.settle()
    assert press.texts(who.address) == []
    assert _counts(await press.now_is(sent.id)) == (1, 0, 0, 1)


async def test_newcomers_are_not_told_and_this_is_said(press: Press) -> None:
    await press.residents(2)
    sent = await press.sent()
    await press.round()
    late = await press.resident(office=CAPITAL)
    await press.settle()
    stands = await press.now_is(sent.id)
    assert (_counts(stands), stands.came_later) == ((2, 2, 0, 0), 1)
    assert press.texts(late.address) == []


async def test_little_is_owed_at_one_time_however_many_there_are(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(300)
    await press.sent()
    most = 0
    for _ in range(30):
        await press.round()
        async with database.transaction() as tx:
            row = await tx.one("SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND urgency = 2")
            assert row is not None
            most = max(most, int(str(row["n"])))
        await press.post(40)
    await press.settle()
    assert most <= 120
    assert len(press.deliveries) == 300


async def test_another_process_goes_on_where_one_ended(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(150)
    sent = await press.sent()
    for _ in range(6):
        await press.round()
        await press.post(10)
        async with database.transaction() as tx:  # as when a process is gone and its lease has run out
            await tx.run("DELETE FROM leases")
        press.anew()
    await press.settle()
    assert _counts(await press.now_is(sent.id)) == (150, 150, 0, 0)
    assert set(Counter(press.deliveries).values()) == {1}


# ---------------------------------------------------------------------------- when


async def test_it_waits_until_it_is_time(press: Press) -> None:
    await press.residents(1)
    made = await press.draft()
    await press.do(sending.send, AMAL, made.id, made.version, press.now + timedelta(hours=2))
    await press.settle()
    assert press.deliveries == []
    press.wait(hours=2)
    await press.settle()
    assert len(press.deliveries) == 1


async def test_what_is_left_in_the_evening_waits_for_the_morning(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(100)
    press.wait(hours=11, minutes=59)  # 20:59 in Bahrain
    await press.sent()
    for _ in range(2):
        await press.round()
    await press.post(20)
    delivered = len(press.deliveries)
    press.wait(minutes=1)
    await press.settle()
    assert len(press.deliveries) == delivered
    press.wait(hours=11)
    await press.settle()
    assert len(press.deliveries) == 100


async def test_an_emergency_that_two_agreed_on_goes_out_at_night(press: Press) -> None:
    await press.residents(2)
    press.wait(hours=14)
    made = await press.draft(emergency=True)
    asked = await press.do(sending.send, AMAL, made.id, made.version)
    assert isinstance(asked, Announcement)
    await press.settle()
    assert press.deliveries == []
    await press.do(sending.approve, BADER, asked.id, asked.version)
    await press.settle()
    assert len(press.deliveries) == 2


async def test_consent_that_is_a_day_old_is_asked_for_again(press: Press) -> None:
    await press.residents(1)
    press.wait(hours=14)
    made = await press.draft(emergency=True)
    asked = await press.do(sending.send, AMAL, made.id, made.version)
    assert isinstance(asked, Announcement)
    await press.do(sending.approve, BADER, asked.id, asked.version)
    press.wait(hours=25)
    await press.settle()
    assert (await press.now_is(made.id)).status is Status.AWAITING_APPROVAL
    assert press.deliveries == []


async def test_what_expires_on_its_way_is_not_sent(press: Press) -> None:
    await press.residents(3)
    sent = await press.sent(expires_at=press.now + timedelta(minutes=10))
    for _ in range(2):
        await press.round()
    press.wait(minutes=10)
    await press.settle()
    assert press.deliveries == []
    assert _counts(await press.now_is(sent.id)) == (3, 0, 0, 3)


# ---------------------------------------------------------------------------- stopped and changed


async def test_paused_and_resumed_everybody_gets_it_once(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(100)
    sent = await press.sent()
    for _ in range(4):
        await press.round()
        await press.post(5)
    await press.act(sending.pause, sent.id)
    delivered = len(press.deliveries)
    await press.settle()
    assert len(press.deliveries) == delivered < 100
    await press.act(sending.resume, sent.id)
    await press.settle()
    assert Counter(press.deliveries).most_common(1)[0][1] == 1
    assert _counts(await press.now_is(sent.id)) == (100, 100, 0, 0)


async def test_cancelled_the_rest_get_nothing(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(100)
    sent = await press.sent()
    for _ in range(4):
        await press.round()
        await press.post(5)
    await press.act(sending.cancel, sent.id)
    delivered = len(press.deliveries)
    await press.settle()
    press.wait(minutes=2)
    await press.settle()
    stands = await press.now_is(sent.id)
    assert len(press.deliveries) == delivered == stands.sent
    assert stands.status is Status.CANCELLED
    assert stands.done == stands.total
    assert stands.finished_at is not None


async def test_a_correction_reaches_who_has_it_and_who_gets_it_later(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(100)
    sent = await press.sent()
    for _ in range(4):
        await press.round()
        await press.post(5)
    await press.act(sending.correct, sent.id, Translations({"en": "On Monday.", "ar": "يوم الاثنين."}))
    await press.settle()
    texts = [press.texts(chat) for chat in press.chats]
    assert len(texts) == 100
    assert all(len(shown) == 1 and "On Monday." in shown[0] for shown in texts)
    assert set(Counter(press.deliveries).values()) == {1}
    assert (await press.now_is(sent.id)).status is Status.SENT


async def test_a_recall_deletes_it(press: Press) -> None:
    await press.residents(5)
    sent = await press.announce()
    await press.act(sending.recall, sent.id)
    await press.settle()
    stands = await press.now_is(sent.id)
    assert (stands.status, stands.recalled, stands.kept) == (Status.RECALLED, 5, 0)
    assert all(press.texts(chat) == [] for chat in press.chats)


async def test_what_is_older_than_two_days_stays_and_is_counted(press: Press) -> None:
    await press.residents(3)
    sent = await press.announce()
    press.wait(hours=49)
    await press.act(sending.recall, sent.id)
    await press.settle()
    stands = await press.now_is(sent.id)
    assert (stands.recalled, stands.kept) == (0, 3)
    assert all(press.texts(chat) for chat in press.chats)


async def test_a_recall_in_the_middle_leaves_nobody_with_it(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    await press.residents(100)
    sent = await press.sent()
    for _ in range(4):
        await press.round()
        await press.post(5)
    await press.act(sending.recall, sent.id)
    await press.settle()
    press.wait(minutes=2)
    await press.settle()
    stands = await press.now_is(sent.id)
    assert stands.status is Status.RECALLED
    assert stands.recalled == stands.sent == len(press.deliveries) < 100
    assert all(press.texts(chat) == [] for chat in press.chats)


# ---------------------------------------------------------------------------- public channels


async def test_it_is_posted_once_in_the_channel_in_both_languages(database: Database) -> None:
    press = Press(database, offices=with_channel("capital"))
    await press.residents(2)
    button = Button(label=Translations({}), link="book", office=CAPITAL)
    sent = await press.announce(buttons=(button,))
    (post,) = press.chats[CHANNEL].values()
    assert "The park opens" in post.text
    assert "تفتح الحديقة" in post.text
    assert post.rows[0][0].url == f"https://t.me/customer_day_bot?start=news_{sent.id}-0"
    await press.act(sending.correct, sent.id, Translations({"en": "On Monday.", "ar": "يوم الاثنين."}))
    await press.settle()
    (post,) = press.chats[CHANNEL].values()
    assert "On Monday." in post.text
    await press.act(sending.recall, sent.id)
    await press.settle()
    assert press.chats[CHANNEL] == {}


async def test_what_only_some_are_told_is_not_posted(database: Database) -> None:
    press = Press(database, offices=with_channel("capital"))
    await press.residents(1)
    await press.announce(audience=Audience(offices=(CAPITAL,), booked="never"))
    assert CHANNEL not in press.chats


# ---------------------------------------------------------------------------- tests, progress, money


async def test_a_test_reaches_those_who_asked_and_nobody_else(press: Press) -> None:
    await press.residents(3)
    me = await press.resident(wants_news=False, office=NORTHERN)
    made = await press.draft()
    await press.do(sending.send_test, AMAL, made.id, made.version, (ResidentId(me.id),))
    await press.settle()
    assert press.deliveries == [me.address]


async def test_the_author_sees_how_far_it_is_in_one_message(database: Database) -> None:
    press = Press(database, Policy(rate=30))
    async with press.work() as work:
        await work.tx.run(
            "INSERT INTO residents (channel, address, language, created_at, seen_at, wants_news)"
            " VALUES ('telegram', :address, 'en', :at, :at, FALSE)",
            address=AMAL.address,
            at=press.now,
        )
    await press.residents(100)
    await press.sent()
    for _ in range(8):
        await press.round()
        await press.post(12)
        press.wait(seconds=5)
    await press.settle()
    assert press.deliveries.count(AMAL.address) == 1
    (shown,) = press.texts(AMAL.address)
    assert "Sent: 100" in shown


async def test_a_paid_emergency_says_so_with_each_message(database: Database) -> None:
    press = Press(database, Policy(paid_broadcast=True))
    who = await press.resident(office=CAPITAL)
    made = await press.draft(emergency=True, paid=True)

    async def act(work):
        return await sending.send(_with(work, press), AMAL, made.id, made.version)

    await press.do(act)
    await press.settle()
    (message,) = press.chats[who.address].values()
    assert message.paid


def _with(work, press: Press):
    return replace(work, announcing=press.context.announcing)


async def test_taps_are_counted_once_and_only_of_those_who_have_it(press: Press) -> None:
    who, other = await press.resident(office=CAPITAL), await press.resident(office=NORTHERN)
    button = Button(label=Translations({}), link="book", office=CAPITAL)
    sent = await press.announce(buttons=(button,))
    for person in (who, who, other):
        assert await press.do(taps.tap, person.id, sent.id, 0) == button
    assert await press.do(taps.tap, who.id, sent.id, 1) is None
    assert await press.do(taps.tap, who.id, type(sent.id)(999), 0) is None
    ((past,), more) = await press.do(reading.past, (CAPITAL,))
    assert (past.announcement.id, past.effect.taps, past.effect.bookings, more) == (sent.id, 1, 0, False)
