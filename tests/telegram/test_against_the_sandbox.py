"""The channel against the server that enforces what Telegram enforces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.addresses import WEBHOOK_PATH
from bot.channel import Delivered, Refused, Unreachable
from bot.sandbox import FATIMA, NO_LIMITS, STAFF_AR, Sandbox, shipped_world
from bot.telegram.api import Api
from bot.telegram.channel import TelegramChannel
from bot.telegram.ids import chat_id, message_number
from bot.telegram.intake import Intake
from bot.telegram.polling import Polling
from bot.telegram.profile import CommandMenu, Profile
from bot.telegram.webhook import TapAnswers, Webhook, set_webhook
from conversations.engine.messages import (
    Choice,
    FileKind,
    Incoming,
    Kind,
    Outgoing,
    OutgoingFile,
    Place,
    Request,
    TapAnswer,
)
from storage.ids import MessageId, UpdateId

TOKEN = "7000001:sandbox"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
GROUP = -1001000000001


class Desk:
    """Remembers what came, in order."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.taps = TapAnswers(lambda _, answer: None)

    async def receive(self, said: Incoming, raw: bytes) -> None:
        self.heard.append(said)
        if said.tap:
            self.taps.answer(said.channel, TapAnswer(tap=said.tap, text="Noted"))

    async def count_failure(self, update_id: UpdateId, raw: bytes, error: BaseException) -> bool:
        raise error

    def intake(self) -> Intake:
        return Intake(self.receive, self.count_failure, "customer_day_bot", lambda: NOW)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    world = shipped_world([("capital", "أمانة العاصمة", GROUP)])
    async with Sandbox(world, token=TOKEN, limits=NO_LIMITS, clock=lambda: NOW, webhook_pauses=(0.01,)) as started:
        yield started


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with Api(TOKEN, sandbox.url) as opened:
        yield opened


@pytest.fixture
async def desk(api: Api) -> AsyncIterator[Desk]:
    """A desk that polls."""
    desk, stop = Desk(), asyncio.Event()
    polling = asyncio.create_task(Polling(api, desk.intake(), long_poll=1).run(stop))
    yield desk
    stop.set()
    await polling


async def deliver(channel: TelegramChannel, chat: int, message: Outgoing) -> tuple[MessageId, ...]:
    ids: list[MessageId] = []
    for part in channel.split(message):
        outcome = await channel.send(chat_id(chat), part)
        assert isinstance(outcome, Delivered)
        ids += outcome.messages
    return tuple(ids)


async def test_what_a_person_does_is_heard_in_order(sandbox, desk):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start case_1")
    await fatima.says("السلام عليكم")
    await fatima.sends_photo(caption="حفرة")
    await fatima.sends_album(3, "حي")
    await fatima.sends_voice()
    await fatima.sends_video()
    await fatima.sends_document()
    await fatima.sends_sticker()
    await fatima.shares_location()
    await fatima.shares_contact()
    await fatima.shares_contact(own=False)
    await fatima.forwards("seen elsewhere")
    await fatima.blocks()
    await sandbox.drained()
    kinds = [said.kind for said in desk.heard]
    album = [Kind.MEDIA] * 3
    assert kinds == [
        Kind.COMMAND,
        Kind.TEXT,
        Kind.MEDIA,
        *album,
        Kind.MEDIA,
        Kind.MEDIA,
        Kind.MEDIA,
        Kind.STICKER,
        Kind.LOCATION,
        Kind.CONTACT,
        Kind.CONTACT,
        Kind.TEXT,
        Kind.BLOCKED,
    ]
    assert desk.heard[0].argument == "case_1"
    assert len({said.album for said in desk.heard[3:6]}) == 1
    assert [said.contact.own for said in desk.heard if said.contact] == [True, False]
    assert desk.heard[13].forwarded


async def test_a_photo_comes_back_as_it_was_sent(sandbox, desk, channel):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.sends_photo()
    await sandbox.drained()
    content = await channel.fetch(desk.heard[-1].files[0].remote_id, 10_000_000)
    assert content[:2] == b"\xff\xd8"


async def test_every_shape_keeps_telegrams_rules(sandbox, desk, channel, stored):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    rows = ((Choice(label="نعم", data="a:b:c:1"), Choice(label="Map", url="https://example.org")),)
    await fatima.sends_photo()
    await sandbox.drained()
    jpeg = await channel.fetch(desk.heard[-1].files[0].remote_id, 10_000_000)
    photo = OutgoingFile(kind=FileKind.PHOTO, name="1.jpg", content=jpeg)
    calendar = OutgoingFile(kind=FileKind.DOCUMENT, name="موعد.ics", content=b"BEGIN:VCALENDAR")
    pin = Place(latitude=26.2, longitude=50.5)
    long = "<b>" + "سطر من الكلام &amp; غيره\n" * 400 + "</b>"
    ids = [
        await deliver(channel, FATIMA, message)
        for message in (
            Outgoing(text="<b>تم</b>", rows=rows),
            Outgoing(text=long, rows=rows),
            Outgoing(text=long, files=(photo, photo, calendar), rows=rows, silent=True),
            Outgoing(text="تقويم", files=(calendar,), rows=rows),
            Outgoing(text="هنا", place=pin, place_title="أمانة العاصمة", place_address="طريق 383", rows=rows),
            Outgoing(place=pin),
            Outgoing(text="الهاتف؟", ask_for=Request.CONTACT, ask_label="مشاركة", rows=((Choice(label="تخطٍّ"),),)),
            Outgoing(text="شكراً", drop_keyboard=True),
        )
    ]
    assert [len(of_one) for of_one in ids] == [1, 3, 6, 1, 2, 1, 1, 1]
    assert sandbox.violations == []
    assert any(message.document_name == "موعد.ics" for message in fatima.messages)


async def test_an_edit_an_unchanged_edit_and_one_of_a_photo(sandbox, desk, channel):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    (text_id,) = await deliver(channel, FATIMA, Outgoing(text="One"))
    assert await channel.send(chat_id(FATIMA), Outgoing(text="Two", edit=text_id)) == Delivered((text_id,))
    assert await channel.send(chat_id(FATIMA), Outgoing(text="Two", edit=text_id)) == Delivered((text_id,))
    calendar = OutgoingFile(kind=FileKind.DOCUMENT, name="a.ics", content=b"BEGIN:VCALENDAR")
    (file_id,) = await deliver(channel, FATIMA, Outgoing(text="Calendar", files=(calendar,)))
    assert await channel.send(chat_id(FATIMA), Outgoing(text="New words", edit=file_id)) == Delivered((file_id,))
    (pin_id,) = await deliver(channel, FATIMA, Outgoing(place=Place(latitude=26.2, longitude=50.5)))
    for gone in (pin_id, MessageId("99999")):
        outcome = await channel.send(chat_id(FATIMA), Outgoing(text="Again", edit=gone))
        assert isinstance(outcome, Delivered)
        assert message_number(outcome.messages[0]) > message_number(pin_id)
    assert {message.text for message in fatima.messages} >= {"Two", "New words", "Again"}


async def test_an_edit_puts_another_picture_in_the_place_of_one_and_of_a_text(sandbox, desk, channel):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.sends_photo()
    await sandbox.drained()
    jpeg = await channel.fetch(desk.heard[-1].files[0].remote_id, 10_000_000)
    photo = OutgoingFile(kind=FileKind.PHOTO, name="1.jpg", content=jpeg)
    rows = ((Choice(label="Open", data="a:b:c:1"),),)
    (picture_id,) = await deliver(channel, FATIMA, Outgoing(text="One report", files=(photo,)))
    (text_id,) = await deliver(channel, FATIMA, Outgoing(text="No map yet"))
    said = len(fatima.messages)
    for edited in (picture_id, text_id):
        two = Outgoing(text="Two <b>reports</b>", files=(photo,), rows=rows, edit=edited)
        assert await channel.send(chat_id(FATIMA), two) == Delivered((edited,))
    assert len(fatima.messages) == said
    assert sum(message.text == "Two reports" for message in fatima.messages) == 2
    gone = Outgoing(text="Three", files=(photo,), edit=MessageId("99999"))
    assert isinstance(await channel.send(chat_id(FATIMA), gone), Delivered)
    assert len(fatima.messages) == said + 1
    assert sandbox.violations == []


async def test_a_tap_is_heard_and_answered(sandbox, desk, channel):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await deliver(channel, FATIMA, Outgoing(text="Sure?", rows=((Choice(label="Yes", data="a:b:c:1"),),)))
    await fatima.taps("Yes")
    await sandbox.drained()
    said = desk.heard[-1]
    assert (said.kind, said.choice, said.at) == (Kind.CHOICE, "a:b:c:1", NOW)
    assert await channel.answer(TapAnswer(tap=said.tap, text="Confirmed")) == Delivered()
    assert (await fatima.hears("Confirmed")).text == "Confirmed"


async def test_who_blocked_the_bot_or_is_unknown_cannot_be_reached(sandbox, desk, channel):
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.blocks()
    for chat in (str(FATIMA), "123456789"):
        assert isinstance(await channel.send(chat, Outgoing(text="Hello")), Unreachable)


async def test_markup_that_is_wrong_is_refused(sandbox, desk, channel):
    await sandbox.person(FATIMA).says("/start")
    assert isinstance(await channel.send(chat_id(FATIMA), Outgoing(text="<b>open")), Refused)


async def test_a_staff_group_is_heard_and_moves(sandbox, desk, channel):
    staff = sandbox.person(STAFF_AR).in_group(GROUP)
    (card,) = await deliver(channel, GROUP, Outgoing(text="Case", rows=((Choice(label="Claim", data="c:l:1:1"),),)))
    await staff.says("/find@customer_day_bot abc", reply_to=message_number(card))
    await staff.taps("Claim")
    await sandbox.drained()
    tapped = desk.heard[-1]
    assert (tapped.group, tapped.chat, tapped.sender.address) == (True, str(GROUP), str(STAFF_AR))


async def test_the_profile_is_published(sandbox, channel):
    menu = CommandMenu((("start", "القائمة الرئيسية"),), scope="private", language_code="ar")
    assert await channel.publish([menu], [Profile("Long", "Short")]) == Delivered()
    assert sandbox.violations == []
    assert (await channel.describe()).address == TOKEN.partition(":")[0]


async def test_a_webhook_hears_the_same_and_answers_taps(sandbox, api, channel):
    desk = Desk()
    app = web.Application()
    app.add_routes(Webhook(desk.intake(), "s3cret", desk.taps).routes())
    async with TestServer(app) as server:
        await set_webhook(api, str(server.make_url(WEBHOOK_PATH)), "s3cret")
        await sandbox.person(FATIMA).says("/start")
        await sandbox.person(FATIMA).says("hello")
        await deliver(channel, FATIMA, Outgoing(text="Confirm?", rows=((Choice(label="Yes", data="a:b:yes:1"),),)))
        await sandbox.person(FATIMA).taps("Yes")
        await sandbox.person(FATIMA).hears("Noted")
        await sandbox.drained()
        await api.delete_webhook()
    assert [said.text for said in desk.heard[:2]] == ["/start", "hello"]
