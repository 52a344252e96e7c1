"""People for tests: they say, send, tap and wait, and read what the bot wrote, as a person would.

resident = sandbox.person(1001)
await resident.says("/start")
await resident.sees("Welcome")
await resident.taps("Book an appointment")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.sandbox import samples
from bot.sandbox.acts import Place
from bot.sandbox.entities import to_html
from bot.sandbox.events import TapAnswered
from bot.sandbox.files import FileStore, Upload
from bot.sandbox.groups import GroupActs
from bot.sandbox.wire import Wire
from bot.sandbox.world import Account, Chat, Event, ForcedReply, Stored, World

_Result = TypeVar("_Result")
_Found = TypeVar("_Found")
_SHOWN_IN_ERRORS = 6
_HOME = (26.2235, 50.5876)  # Manama, Bab Al Bahrain


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """What the bot answered a tap with."""

    text: str
    alert: bool = False
    url: str = ""


class BotMessage:
    """A message of the bot's as it stood when it was read."""

    def __init__(self, stored: Stored, files: FileStore, world: World) -> None:
        self.wire: Wire = stored.wire
        self.rev = stored.rev
        self.reactions = stored.reactions
        self._files = files
        self._world = world

    @property
    def id(self) -> int:
        return int(self.wire["message_id"])

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.wire.get("text") or self.wire.get("caption") or "")

    @property
    def html(self) -> str:
        return to_html(self.text, self.wire.get("entities") or self.wire.get("caption_entities") or ())

    @property
    def keys(self) -> list[list[Button]]:
        """The inline buttons, with what they send."""
        rows = self.wire.get("reply_markup", {}).get("inline_keyboard", ())
        return [[Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row] for row in rows]

    @property
    def buttons(self) -> list[list[str]]:
        """The inline buttons' labels, row by row."""
        return [[button.label for button in row] for row in self.keys]

    @property
    def edited(self) -> bool:
        return "edit_date" in self.wire

    @property
    def reply_to(self) -> int | None:
        original = self.wire.get("reply_to_message")
        return int(original["message_id"]) if original and "forum_topic_created" not in original else None

    @property
    def thread(self) -> int | None:
        return self.wire.get("message_thread_id")

    @property
    def album(self) -> str:
        return str(self.wire.get("media_group_id", ""))

    @property
    def photo(self) -> bytes | None:
        sizes = self.wire.get("photo")
        return self._content(sizes[-1]["file_id"]) if sizes else None

    @property
    def document(self) -> bytes | None:
        return self._content(self.wire["document"]["file_id"]) if "document" in self.wire else None

    @property
    def document_name(self) -> str:
        return str(self.wire.get("document", {}).get("file_name", ""))

    @property
    def location(self) -> Location | None:
        found = self.wire.get("location")
        if found is None:
            return None
        venue = self.wire.get("venue", {})
        return Location(found["latitude"], found["longitude"], venue.get("title", ""), venue.get("address", ""))

    def _content(self, file_id: str) -> bytes | None:
        record = self._world.files.get(file_id)
        return self._files.content(record) if record else None

    def __repr__(self) -> str:
        kind = next((kind for kind in ("photo", "document", "voice", "location") if kind in self.wire), "")
        rows = "".join(f"\n      {row}" for row in self.buttons)
        marks = "".join((f" [{kind}]" if kind else "", " (edited)" if self.edited else ""))
        return f"#{self.id}{marks} {self.text!r}{rows}"


class Person:
    """Somebody with a phone, in one chat: with the bot, or in a group (`in_group`)."""

    def __init__(
        self, acts: GroupActs, account_id: int, chat_id: int | None = None, topic: int = 0, *, mark: _Mark | None = None
    ) -> None:
        self._acts = acts
        self._world = acts.world
        self._place = Place(account_id, account_id if chat_id is None else chat_id, topic)
        self._mark = mark or _Mark()
        self._toasts: list[tuple[int, Toast]] = []  # with the world's revision at each
        self._groups: dict[tuple[int, int], Person] = {}
        self._changes = asyncio.Event()
        self._world.listeners.add(self._heard)

    @property
    def account(self) -> Account:
        return self._world.people[self._place.person]

    @property
    def id(self) -> int:
        return self._place.person

    @property
    def chat_id(self) -> int:
        return self._place.chat

    def in_group(self, chat_id: int, topic: int = 0) -> Person:
        """The same person in a group, writing in one of its topics. Somebody who is no member can only forge taps."""
        if (chat_id, topic) not in self._groups:
            self._groups[chat_id, topic] = Person(self._acts, self._place.person, chat_id, topic, mark=self._mark)
        return self._groups[chat_id, topic]

    # ------------------------------------------------------------------ acting

    async def says(self, text: str, reply_to: int | None = None) -> int:
        return await self._did(lambda: self._acts.say(self._to(reply_to), text)[-1])

    async def sends_photo(
        self, content: bytes | None = None, caption: str = "", album: str | None = None, reply_to: int | None = None
    ) -> int:
        sent = await self._acts.send_photos(self._to(reply_to), [content or samples.photo()], caption, album or "")
        self._mark.rev = self._world.rev
        return sent[-1]

    async def sends_album(self, count: int, caption: str = "", reply_to: int | None = None) -> list[int]:
        photos = [samples.photo(number=number) for number in range(count)]
        sent = await self._acts.send_photos(self._to(reply_to), photos, caption)
        self._mark.rev = self._world.rev
        return sent

    async def sends_voice(self, reply_to: int | None = None) -> int:
        upload, place = Upload("voice.oga", "audio/ogg", samples.voice()), self._to(reply_to)
        return await self._did(lambda: self._acts.send_file(place, "voice", upload, extra={"duration": 3}))

    async def sends_video(self, caption: str = "", reply_to: int | None = None) -> int:
        upload = Upload("video.mp4", "video/mp4", samples.video())
        extra: Wire = {"duration": 4, "width": 320, "height": 240}
        return await self._did(lambda: self._acts.send_file(self._to(reply_to), "video", upload, caption, extra))

    async def sends_document(
        self,
        name: str = "sample.pdf",
        mime: str = "application/pdf",
        content: bytes | None = None,
        caption: str = "",
        reply_to: int | None = None,
    ) -> int:
        upload = Upload(name, mime, samples.document() if content is None else content)
        return await self._did(lambda: self._acts.send_file(self._to(reply_to), "document", upload, caption))

    async def sends_sticker(self) -> int:
        upload = Upload("sticker.webp", "image/webp", samples.sticker())
        return await self._did(lambda: self._acts.send_file(self._place, "sticker", upload, extra=STICKER))

    async def shares_location(self, latitude: float = _HOME[0], longitude: float = _HOME[1]) -> int:
        return await self._did(lambda: self._acts.share_location(self._place, latitude, longitude))

    async def shares_contact(self, phone: str | None = None, *, own: bool = True) -> int:
        return await self._did(lambda: self._acts.share_contact(self._place, phone, own=own))

    async def forwards(self, text: str) -> int:
        return await self._did(lambda: self._acts.forward(self._place, text))

    async def posts(self, content: Wire, reply_to: int | None = None) -> int:
        """Send any content, in the fields of the Bot API: a poll, a text with entities, a quotation."""
        return await self._did(lambda: self._acts.post(self._to(reply_to), content))

    async def edits(self, message_id: int, text: str) -> None:
        await self._did(lambda: self._acts.edit(self._place, message_id, text))

    async def deletes(self, message_id: int) -> None:
        await self._did(lambda: self._acts.delete(self._place, message_id))

    async def reacts(self, emoji: str, to: int) -> None:
        """Put an emoji under a message; "" takes it away."""
        await self._did(lambda: self._acts.react(self._place, to, emoji))

    async def leaves(self) -> None:
        await self._did(lambda: self._acts.leave(self._place.person, self._place.chat))

    async def taps(self, label: str, on: int | None = None) -> None:
        """Tap the button with this label: exactly this, else the only one that contains it.

        Looks at the message `on`, else at the newest with such an inline button, then at the reply keyboard.
        Raises AssertionError naming the buttons there are.
        """
        for stored in reversed(self._seen()):
            wanted = stored.by_bot and on in {None, stored.wire["message_id"]}
            if wanted and (button := _chosen(label, _inline(stored.wire))):
                await self._press(stored.wire["message_id"], button)
                return
        reply = _chosen(label, self._reply_keys()) if on is None else None
        if reply is None:
            raise AssertionError(f"no button {label!r} to tap; there are {self._all_buttons()}{self._recent()}")
        await self._press_reply(reply)

    async def taps_data(self, data: str, message_id: int) -> str:
        """A tap no honest client would make: any data, on any message, even one that is gone or in a foreign group."""
        return await self._did(lambda: self._acts.forge(self._place, message_id, data))

    async def blocks(self) -> None:
        await self._did(lambda: self._acts.block(self._place.person, blocked=True))

    async def unblocks(self) -> None:
        await self._did(lambda: self._acts.block(self._place.person, blocked=False))

    async def refuses_voice_notes(self, *, refused: bool = True) -> None:
        await self._did(lambda: self._acts.refuse_voice(self._place.person, refused=refused))

    def _to(self, message_id: int | None) -> Place:
        return replace(self._place, reply_to=message_id)

    async def _did(self, act: Callable[[], _Result]) -> _Result:
        """Act, and remember the moment: what the bot does from here on is its answer."""
        self._mark.rev = self._world.rev
        result = act()
        self._mark.rev = self._world.rev
        await asyncio.sleep(0)
        return result

    async def _press(self, message_id: int, button: Wire) -> None:
        if "callback_data" in button:
            await self._did(lambda: self._acts.tap(self._place, message_id, button["callback_data"]))

    async def _press_reply(self, button: Wire) -> None:
        if button.get("request_contact"):
            await self.shares_contact()
        elif button.get("request_location"):
            await self.shares_location()
        else:
            await self.says(button["text"])

    # ------------------------------------------------------------------ reading

    @property
    def messages(self) -> list[BotMessage]:
        """What the bot wrote in this chat, oldest first."""
        return [self._read(stored) for stored in self._seen() if stored.by_bot]

    @property
    def last(self) -> BotMessage:
        stored = next((one for one in reversed(self._seen()) if one.by_bot), None)
        if stored is None:
            raise AssertionError(f"the bot has written nothing yet{self._recent()}")
        return self._read(stored)

    @property
    def forced(self) -> ForcedReply | None:
        """The reply that this person's app has opened by itself."""
        return self._chat.forced.get(self._place.person)

    async def writes(self, text: str) -> int:
        """Write where the app has the cursor: in reply to what the bot asks, where it has opened a reply."""
        return await self.says(text, None if self.forced is None else self.forced.message)

    @property
    def keyboard(self) -> list[list[str]]:
        """The reply keyboard's labels, row by row; empty where none is shown."""
        rows = (self._chat.keyboard or {}).get("keyboard", ())
        return [[button["text"] for button in row] for row in rows]

    @property
    def toasts(self) -> list[Toast]:
        """What taps were answered with, oldest first; answers without a word are left out."""
        return [toast for _, toast in self._toasts]

    async def sees(self, part: str, within: float = 30.0, *, button: str = "") -> BotMessage:
        """Wait for a message, new or edited since this person last did something, that has `part` and `button`.

        Waits `within` seconds; then raises AssertionError with the chat's last messages.
        """
        return await self._expect(lambda: self._found(part, button), within, f"did not see {part!r} {button}".rstrip())

    async def hears(self, part: str = "", within: float = 30.0) -> Toast:
        """Wait for a tap's answer that contains `part`."""
        return await self._expect(lambda: self._toast(part), within, f"got no answer {part!r} to a tap")

    async def misses(self, message_id: int, within: float = 30.0) -> None:
        """Wait until a message is gone."""
        await self._expect(
            lambda: None if message_id in self._chat.messages else True, within, f"still has message {message_id}"
        )

    async def quiet(self, seconds: float = 0.3) -> None:
        """Assert that the bot writes nothing here for `seconds`."""
        before = self._world.rev
        with suppress(TimeoutError):
            heard = await self._until(lambda: self._written_since(before), seconds)
            raise AssertionError(f"the bot should have been quiet, and wrote {heard}")

    async def _expect(self, found: Callable[[], _Found | None], within: float, complaint: str) -> _Found:
        try:
            return await self._until(found, within)
        except TimeoutError:
            raise AssertionError(f"{self.account.name} {complaint} within {within:g} s{self._recent()}") from None

    async def _until(self, found: Callable[[], _Found | None], within: float) -> _Found:
        async with asyncio.timeout(within):
            while True:
                self._changes.clear()
                if (result := found()) is not None:
                    return result
                await self._changes.wait()

    def _written_since(self, rev: int) -> list[BotMessage] | None:
        return [self._read(one) for one in self._seen() if one.by_bot and one.rev > rev] or None

    def _found(self, part: str, button: str) -> BotMessage | None:
        for stored in reversed(self._seen()):
            if stored.by_bot and stored.rev > self._mark.rev:
                message = self._read(stored)
                if part in message.text and (not button or any(button in row for row in message.buttons)):
                    return message
        return None

    def _toast(self, part: str) -> Toast | None:
        recent = (toast for rev, toast in reversed(self._toasts) if rev > self._mark.rev)
        return next((toast for toast in recent if part in toast.text), None)

    def _heard(self, event: Event) -> None:
        if isinstance(event, TapAnswered) and event.person == self.id and event.chat == self.chat_id:
            if event.text or event.url:
                self._toasts.append((self._world.rev, Toast(event.text, event.alert, event.url)))
            self._changes.set()
        elif getattr(event, "chat", None) == self.chat_id:
            self._changes.set()

    @property
    def _chat(self) -> Chat:
        chat = self._world.chat(self._place.chat)
        if chat is None:
            raise AssertionError(f"there is no chat {self._place.chat}")
        return chat

    def _seen(self) -> list[Stored]:
        """The chat's messages, without what others alone see."""
        return [stored for stored in self._chat.messages.values() if stored.seen_by(self._place.person)]

    def _read(self, stored: Stored) -> BotMessage:
        return BotMessage(stored, self._acts.exchange.files, self._world)

    def _reply_keys(self) -> Sequence[Wire]:
        return [button for row in (self._chat.keyboard or {}).get("keyboard", ()) for button in row]

    def _all_buttons(self) -> list[str]:
        labels = [one["text"] for stored in self._seen() if stored.by_bot for one in _inline(stored.wire)]
        return [*dict.fromkeys(labels), *(button["text"] for button in self._reply_keys())]

    def _recent(self) -> str:
        lines = []
        for stored in self._seen()[-_SHOWN_IN_ERRORS:]:
            who = "bot" if stored.by_bot else stored.wire["from"]["first_name"]
            lines.append(f"\n  {who}: {self._read(stored)!r}")
        return f"\nLast in chat {self._chat.id}:{''.join(lines) or ' nothing'}"


@dataclass(slots=True)
class _Mark:
    """When a person last did something, whichever chat it was in."""

    rev: int = 0


STICKER: Wire = {
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
    "emoji": "🌴",
}


def _inline(message: Wire) -> list[Wire]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for button in row]


def _chosen(label: str, buttons: Sequence[Wire]) -> Wire | None:
    """The button called `label`, else the only one whose label contains it."""
    exact = [button for button in buttons if button["text"] == label]
    if exact:
        return exact[0]
    containing = [button for button in buttons if label in button["text"]]
    return containing[0] if len(containing) == 1 else None
