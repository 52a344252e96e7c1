"""Three residents, staff and time do anything at all; after each thing done, what must always hold is looked at.

All of it comes from one seed, so what failed can be played again: the failure names the seed and shows the last steps.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from html.parser import HTMLParser

from bot.duties import duties
from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.split import split
from conversations.engine.engine import RESUME
from conversations.engine.messages import Choice, Contact, FileKind, Kind, Outgoing, Request, Sender, TapAnswer
from conversations.engine.messages import Incoming as Update
from locales.html import TAGS, length
from services.actors import Actor
from services.bookings import bookings, sessions
from services.cases.by_name import apply_by_name
from services.cases.workflow import Transition
from services.offices.offices import Offices
from storage import staff
from storage.database import Database
from storage.ids import ChatId, MessageId, OfficeId, Reference, UpdateId
from storage.records.outbox import OutboxKind, OutboxRow
from storage.translations import Translations
from tests.conversations.town import STAFF_CHATS, Person, Shown, Town, message_id
from tests.conversations.whole_town import SCRIPT, WholeTown
from tests.roles import give_role, on_telegram

Act = Callable[[], Awaitable[None]]

ROUTES = sorted({*SCRIPT.routes, RESUME, "nowhere"})
TEXTS = (
    "Hello",
    "The bins on our road are full since Sunday",
    "الحاويات ممتلئة منذ يوم الأحد",
    "نعم",
    "yes",
    "33123456",
    "٣٣١٢٣٤٥٦",
    "+973 3600 0000",
    "12345",
    "Block 318 road 1805",
    "مجمع 318 طريق 1805 مبنى 7",
    "318",
    "٣١٨",
    "9:15",
    "Fatima Ali",
    "فاطمة علي",
    "👍",
    "🗑️🔥👩‍👩‍👧‍👦",
    "ش" * 10_000,
    "long words " * 900,
    "<b>bold</b> & {name} %s",
    "\u202eabc\u2066\u2069",
    "\u200f",
    ".",
    "   ",
    "Back",
    "رجوع",
    "Main menu",
    "القائمة الرئيسية",
    "Confirm",
    "تأكيد",
    "Skip",
    "تخطٍّ",
    "complaint",
    "شكوى",
    "موعد",
    "thanks",
    "شكراً",
    "C-7K3M-2QX",
    "B-7K3M-2QX",
    "12345-1",
    "Sea Tower",
    "a\nb\nc\n" * 40,
    "0",
    "-1",
    "99999999999999999999",
    "السلام عليكم",
)
ANSWERS = ("The lamp is dark and the road is flooded", "33123456", "Block 318 road 1805", "فاطمة علي حسن")
CALLERS = ("Fatima Ali 33123456", "٣٣١٢٣٤٥٦ محمد علي", "حسن", "Ali 12345", "33123456")
COMMANDS = (*SCRIPT.commands, "nonsense", "Start")
PAYLOADS = (
    "",
    "",
    "book_capital",
    "complain_northern-poster",
    "suggest_community",
    "book_community",
    "book_investors",
    "book_nowhere",
    "intake_capital",
    "track_C-7K3M-2QX",
    "checkin_B-7K3M-2QX",
    "x" * 64,
    "☃",
    "-",
)
FILES = (
    {"kind": FileKind.PHOTO},
    {"kind": FileKind.VOICE},
    {"kind": FileKind.VIDEO, "size": 19_000_000},
    {"kind": FileKind.VIDEO, "size": 3_000_000_000},
    {"kind": FileKind.DOCUMENT, "name": "paper.pdf", "mime": "application/pdf"},
    {"kind": FileKind.DOCUMENT, "name": "\u202egpj.exe", "mime": "application/x-msdownload"},
)
PLACES = ((26.228, 50.585), (26.13, 50.555), (24.71, 46.67), (0.0, 0.0), (26.2572, 50.6119))
SPANS = (1, 5, 20, 61, 180, 60 * 24, 60 * 24 * 3, 60 * 24 * 8)  # minutes
ASKED = ("Which bin is it?", "أي حاوية تقصدون؟", "<i>Please</i> send a photo {of} it & more")
REPAIRS = Translations({"ar": "صيانة", "en": "Repairs"})
STAFF_CHAT = ChatId("-1001")
ALBUM_SECONDS = timedelta(seconds=2)

_FOOT = re.compile(r":back:|^do:menu:|^do:language")  # leads nowhere new
_OWN = re.compile("[\u2066-\u2068][^\u2069]*\u2069", re.DOTALL)  # what is isolated: people's words, references, numbers
_LATIN = re.compile(r"[A-Za-z]{2,}(?:[ ,.']+[A-Za-z]{2,}){2,}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_OVERRIDES = re.compile("[\u202a-\u202e]")
_COMMAND = re.compile(r"(?<![\w/])/[a-z]")
_DATA = re.compile(r"[ -~]{1,64}")

SEATS = """
SELECT t.id FROM slots t JOIN bookings b ON b.slot_id = t.id
WHERE b.status IN ('held', 'offered', 'confirmed', 'checked_in', 'attended', 'no_show')
GROUP BY t.id, t.capacity HAVING count(*) > t.capacity
"""
TWICE = """
SELECT session_id FROM bookings WHERE status IN ('held', 'waiting', 'offered', 'confirmed', 'checked_in')
GROUP BY session_id, resident_id HAVING count(*) > 1
"""
REFERENCES = """
SELECT reference FROM (SELECT reference FROM bookings UNION ALL SELECT reference FROM cases) AS every
GROUP BY reference HAVING count(*) > 1
"""
DEFECTS = (("more seats than there are", SEATS), ("two live bookings a day", TWICE), ("a reference twice", REFERENCES))


class Broken(AssertionError):
    """Something that must always hold did not."""


class WatchedTown(WholeTown):
    """Every message of the bot's is examined as it goes out."""

    def __init__(self, database: Database, offices: Offices | None = None, before: WatchedTown | None = None) -> None:
        Town.__init__(self, database, SCRIPT, offices)
        self.told: list[tuple[str, Outgoing]] = []  # to whom, and what: every message and edit so far
        self.answered: list[str] = []  # the answers to taps
        self.languages: dict[str, str] = dict.fromkeys(STAFF_CHATS.values(), "ar")
        self.asked: dict[tuple[str, str], datetime] = {}  # whom, unprompted, and what: when last
        self.heard: dict[str, datetime] = {}  # when each of them did something last
        if before is not None:  # a restart: the database stays, and so does what phones show
            self.now, self.chats, self.numbers = before.now, before.chats, before.numbers
            self.updates, self.told, self.languages = before.updates, before.told, before.languages
            self.asked, self.heard = before.asked, before.heard

    def _toast(self, channel: str, answer: TapAnswer) -> None:
        self.answered.append(answer.text)
        self._taps.pop(answer.tap, None)

    async def _send(self, row: OutboxRow) -> None:
        if row.kind is OutboxKind.MESSAGE and row.urgency and row.resident_id is not None:
            self._asks(row.chat, Outgoing.model_validate_json(row.payload).text)
        await super()._send(row)

    def _asks(self, chat: str, text: str) -> None:
        """Nobody is asked the same thing twice in an hour, unless they have moved on."""
        if "❓" not in text:
            return
        last = self.asked.get((chat, text))
        heard = self.heard.get(chat)
        if last is not None and self.now - last < timedelta(hours=1) and (heard is None or heard <= last):
            raise Broken(f"asked twice within {self.now - last}: {text!r}")
        self.asked[chat, text] = self.now

    def _show(self, chat: str, message: Outgoing) -> MessageId:
        self.told.append((chat, message))
        for part in split(message):
            examine(part, self.languages.get(chat, ""))
        return super()._show(chat, message)


def examine(message: Outgoing, language: str) -> None:
    """Raise Broken where a message is not one that the channel takes and its reader understands."""
    limit = CAPABILITIES.caption_length if message.files else CAPABILITIES.text_length
    if length(message.text) > limit:
        raise Broken(f"{length(message.text)} of {limit} characters: {message.text[:200]!r}")
    if not (message.text or message.files or message.place or message.edit or message.delete or message.react):
        raise Broken("an empty message")
    _well_formed(message.text)
    choices = [choice for row in message.rows for choice in row]
    for choice in choices:
        _button(choice)
    for text in (message.text, *(choice.label for choice in choices if not _is_own(choice)), message.ask_label):
        _read(text, language)


def _is_own(choice: Choice) -> bool:
    """Whether a button shows what the person answered before, to be kept."""
    return any(text.startswith(choice.label.rstrip("…")) for text in (*TEXTS, *ANSWERS, *CALLERS))


def _read(text: str, language: str) -> None:
    # What staff see before it is sent is in the applicant's language, and quoted.
    text = re.sub(r"<blockquote>.*?</blockquote>", " ", text, flags=re.DOTALL)
    ours = re.sub(r"<[^>]*>|https?://\S+", " ", _OWN.sub("", text))
    if _PLACEHOLDER.search(ours):
        raise Broken(f"a placeholder was not filled: {ours!r}")
    if _OVERRIDES.search(text):
        raise Broken(f"a person's marks of direction came through: {text!r}")
    if language == "ar" and _COMMAND.search(ours):
        raise Broken(f"a command that is not set apart is shown with its slash behind: {text!r}")
    if language == "ar" and (latin := _LATIN.search(ours)):
        raise Broken(f"English in Arabic, {latin[0]!r}: {text!r}")


def _button(choice: Choice) -> None:
    if len(choice.label.encode("utf-16-le")) // 2 > 64:
        raise Broken(f"a label of more than 64 characters: {choice.label!r}")
    if not (choice.url or choice.copies) and not _DATA.fullmatch(choice.data):
        raise Broken(f"data that no button can carry: {choice.data!r}")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or any(name not in {"href", "unix"} for name, _ in attrs):
            raise Broken(f"a tag that Telegram does not know: {tag} {attrs}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Broken(f"</{tag}> closes nothing")


def _well_formed(text: str) -> None:
    if re.search(r"&(?!(?:lt|gt|amp|quot|#\d+);)", text):
        raise Broken(f"a bare & in {text!r}")
    tags = _Tags()
    tags.feed(text)
    tags.close()
    if tags.open:
        raise Broken(f"never closed: {tags.open} in {text!r}")


# ---------------------------------------------------------------------------- the driver


@dataclass
class RandomTalks:
    """Does one random thing after another."""

    database: Database
    seed: int
    offices: Offices | None = None  # the shipped ones
    town: WatchedTown = field(init=False)
    people: list[Person] = field(init=False)
    steps: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.history: deque[str] = deque(maxlen=40)
        self.town = WatchedTown(self.database, self.offices)
        self._meet()

    def _meet(self) -> None:
        names = (("1001", "فاطمة علي", "ar"), ("1002", "John Peter", "en"), ("1003", "محمد", "ar"))
        self.people = [self.town.resident(*who) for who in names]

    async def play(self, steps: int) -> None:
        """Raises Broken, with the seed and the last steps, at the first thing that must not be."""
        try:
            await self.town.work(sessions.plan_sessions)
            for _ in range(steps):
                await self._step()
        except Exception as error:
            shown = "\n".join(self.history)
            raise Broken(f"seed {self.seed}, step {self.steps}: {error!r}\nbefore it:\n{shown}") from error

    async def _step(self) -> None:
        self.steps += 1
        await self._learn_languages()
        kind = self.random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        await getattr(self, f"_{kind}")()
        for what, sql in DEFECTS:
            if found := await self.town.rows(sql):
                raise Broken(f"{what}: {found}")

    async def _learn_languages(self) -> None:
        rows = await self.town.rows("SELECT address, language FROM residents")
        self.town.languages |= {str(row["address"]): str(row["language"]) for row in rows}

    def _note(self, what: str) -> None:
        self.history.append(f"  {self.town.now:%d %b %H:%M}  {what[:160]}")

    async def _answered(self, who: Person, what: str, act: Act) -> None:
        """Do something that the bot must answer."""
        self._note(f"{who.address} {what}")
        said, answers = len(self.town.told), len(self.town.answered)
        self.town.languages.setdefault(who.address, who.language)
        self.town.heard[who.address] = self.town.now
        await self._as_now(who, act)
        if len(self.town.told) == said and len(self.town.answered) == answers:
            raise Broken(f"{who.address} {what}, and got no answer")

    async def _as_now(self, who: Person, act: Act) -> None:
        """A tap may change the language in the middle of what it is answered with: the new one counts then."""
        self.town.languages[who.address] = ""
        before = len(self.town.told)
        await act()
        await self._learn_languages()
        for chat, message in self.town.told[before:]:
            for part in split(message) if chat == who.address else ():
                examine(part, self.town.languages.get(chat, ""))

    # ------------------------------------------------------------------ what residents do

    def _who(self) -> Person:
        return self.random.choice(self.people)

    async def _onward(self) -> None:
        """What leads on from where they are, as someone would who wants something of the municipality."""
        who = self._who()
        shown = who.messages[-1] if who.messages else None
        if shown is None or shown.message.ask_for is Request.LOCATION:
            await self._answered(who, "shares where it is", lambda: who.shares_place(*PLACES[0]))
        elif shown.message.ask_for is Request.CONTACT:
            await self._answered(who, "shares their number", who.shares_phone)
        elif not (onward := [choice for choice in _choices(shown) if not _FOOT.search(choice.data)]):
            text = self.random.choice(ANSWERS)
            await self._answered(who, f"says {text!r}", lambda: who.says(text))
        else:
            # What leads on stands first: the earlier, the likelier.
            choice = onward[min(int(self.random.expovariate(0.7)), len(onward) - 1)]
            await self._answered(who, _tapping(choice), lambda: who.taps_data(choice.data, shown.number))

    async def _tap(self) -> None:
        """Any button of the newest message."""
        who = self._who()
        shown = who.messages[-1] if who.messages else None
        if shown is None or not (choices := _choices(shown)):
            await self._answered(who, "/menu", lambda: who.says("/menu"))
            return
        choice = self.random.choice(choices)
        if shown.message.ask_for is not None:
            await self._answered(who, f"says {choice.label!r}", lambda: who.says(choice.label))
            return
        repeat = self.random.choice((1, 1, 1, 5))
        await self._answered(who, _tapping(choice), lambda: who.taps_data(choice.data, shown.number, repeat=repeat))

    async def _stale_tap(self) -> None:
        """A button somewhere up in the chat."""
        who = self._who()
        old = [(shown, choice) for shown in who.messages for choice in _choices(shown) if not shown.message.ask_for]
        if old:
            shown, choice = self.random.choice(old)
            await self._answered(who, f"late, {_tapping(choice)}", lambda: who.taps_data(choice.data, shown.number))

    async def _forged_tap(self) -> None:
        who, pick = self._who(), self.random.choice
        argument = pick(
            ("", "1", "-1", "capital", "C-7K3M-2QX.5", "٣", "x" * 30, "page.999", *await self._references())
        )
        days = f"booking:day:d{pick((1, 2, 9999))}:{pick((1, 7, 80))}"
        odd = (":::", "do", "\x00", "request:words:go:3", "menu:main::1", "do:do:do:do:do")
        data = pick((f"do:{pick(ROUTES)}:{argument}:0", days, *odd))
        await self._answered(
            who, f"forges {data!r}", lambda: who.taps_data(data[:64], message_id(pick((1, 2, 99_999))))
        )

    async def _text(self) -> None:
        who, text = self._who(), self.random.choice((*TEXTS, *await self._references()))
        # As Telegram's apps do, what is longer goes out in parts, and what is blank does not go out.
        parts = [text[at : at + 4096] for at in range(0, len(text), 4096)]
        for part in parts if text.strip() else ():
            await self._answered(who, f"says {part[:60]!r}", partial(who.says, part))

    async def _command(self) -> None:
        who, command = self._who(), self.random.choice(COMMANDS)
        payload = f" {self.random.choice((*PAYLOADS, *await self._references()))}".rstrip()
        await self._answered(who, f"/{command}{payload}", lambda: who.says(f"/{command}{payload}"))

    async def _photo(self) -> None:
        who, file = self._who(), self.random.choice(FILES)
        caption = self.random.choice(("", "", "Full again", "ممتلئة", "c" * 1024))
        await self._answered(who, f"sends {file['kind']} {caption[:20]!r}", lambda: who.sends(**file, caption=caption))

    async def _album(self) -> None:
        who, album = self._who(), f"album{self.steps}"

        async def send() -> None:
            for number in range(self.random.randint(2, 6)):
                await who.sends(album=album, caption="All of them" if number == 0 else "")
            await self.town.wait(ALBUM_SECONDS)

        await self._answered(who, "sends an album", send)

    async def _place(self) -> None:
        who, place = self._who(), self.random.choice(PLACES)
        await self._answered(who, f"is at {place}", lambda: who.shares_place(*place))

    async def _contact(self) -> None:
        who, own = self._who(), self.random.random() < 0.7
        contact = Contact(
            phone=self.random.choice(("+97333123456", "97336999999", "123", "+14155550100")),
            name=self.random.choice(("Fatima", "")),
            own=own,
        )
        await self._answered(who, f"shares {contact}", lambda: who.does(kind=Kind.CONTACT, contact=contact))

    async def _odd(self) -> None:
        who, kind = self._who(), self.random.choice((Kind.STICKER, Kind.OTHER))
        await self._answered(who, f"sends a {kind}", lambda: who.does(kind=kind))

    async def _edit(self) -> None:
        who = self._who()
        number = self.random.randint(1, max(1, next(self.town.numbers)))
        await self._answered(
            who, f"edits {number}", lambda: who.edits(message_id(number), self.random.choice(TEXTS)[:4096])
        )

    async def _reply(self) -> None:
        """To some message of the bot's."""
        who = self._who()
        if who.messages:
            to = self.random.choice(who.messages).number
            await self._answered(who, f"replies to {to}", lambda: who.says("It is the one by the mosque", reply_to=to))

    async def _react(self) -> None:
        """With an emoji, to some message of the bot's; nothing has to come of it."""
        who = self._who()
        if who.messages:
            to, emoji = self.random.choice(who.messages).number, self.random.choice(("👍", "❤", "😡", "👎", "🦄"))
            self._note(f"{who.address} reacts to {to} with {emoji}")
            await who.does(kind=Kind.REACTION, text=emoji, message=to)

    async def _repeat(self) -> None:
        """The same update five times over has one answer."""
        who = self._who()
        before = len(self.town.told)
        await self._answered(who, "/menu, five times over", lambda: who.says("/menu", repeat=5))
        if (answers := len(self.town.told) - before) > 3:
            raise Broken(f"one update got {answers} answers")

    async def _leave(self) -> None:
        """The bot is stopped, and later spoken to again."""
        who = self._who()
        self._note(f"{who.address} blocks the bot and comes back")
        await who.does(kind=Kind.BLOCKED)
        await self.town.wait(timedelta(minutes=self.random.choice(SPANS)))
        await who.does(kind=Kind.UNBLOCKED)

    # ------------------------------------------------------------------ what the world does

    async def _time(self) -> None:
        span = timedelta(minutes=self.random.choice(SPANS))
        self._note(f"{span} pass")
        await self.town.wait(span)
        for duty in duties():
            for _ in range(20):
                if not await self.town.work(lambda work, duty=duty: duty.act(work, duty.most)):  # type: ignore[misc]
                    break
            else:
                raise Broken(f"the duty {duty.name} has no end")

    async def _restart(self) -> None:
        self._note("the bot is started again")
        self.town = WatchedTown(self.database, self.offices, self.town)
        self._meet()

    async def _staff_case(self) -> None:
        references = [one for one in await self._references() if one.startswith("C")]
        if references:
            reference, move = Reference(self.random.choice(references)), self.random.choice(list(Transition)).value
            words = self.random.choice((*ASKED, ""))
            self._note(f"staff: {move} {reference} {words!r}")
            try:
                await self.town.work(lambda work: apply_by_name(work, reference, move, words, Actor("Maryam")))
            except ValueError as refused:  # a move that is not staff's, or lacks its words: said to whoever typed it
                self._note(f"staff were told: {refused}")

    async def _staff_booking(self) -> None:
        references = [one for one in await self._references() if one.startswith("B")]
        if references:
            reference = Reference(self.random.choice(references))
            act = self.random.choice((bookings.check_in, bookings.mark_attended, bookings.mark_no_show))
            self._note(f"staff: {act.__name__} {reference}")
            await self.town.work(lambda work: act(work, reference, Actor("Maryam")))

    async def _staff_day(self) -> None:
        rows = await self.town.rows("SELECT office, day FROM sessions WHERE day >= :day", day=self.town.now.date())
        if not rows:
            return
        row = self.random.choice(rows)
        office, day = OfficeId(str(row["office"])), row["day"]
        day = self.town.now.date().fromisoformat(str(day))
        self._note(f"staff: close and reopen {office} {day}")
        await self.town.work(lambda work: sessions.close_day(work, office, day, REPAIRS, Actor("Noora")))
        if self.random.random() < 0.7:
            await self.town.work(lambda work: sessions.reopen_day(work, office, day, Actor("Noora")))

    async def _group(self) -> None:
        """Staff say and tap things in their group: nothing comes of it for residents."""
        kind = self.random.choice((Kind.TEXT, Kind.COMMAND, Kind.CHOICE, Kind.MEDIA, Kind.JOINED, Kind.LEFT))
        self._note(f"in the staff group: {kind}")
        more = {"choice": "do:case:1:0", "tap": f"g{self.steps}"} if kind is Kind.CHOICE else {}
        await self.town.inbox.receive(
            Update(
                update_id=UpdateId(f"u{next(self.town.updates)}"),
                at=self.town.now,
                kind=kind,
                chat=STAFF_CHAT,
                group=True,
                sender=Sender(address="2001", name="مريم", language="ar"),
                message=message_id(next(self.town.numbers)),
                text="/start",
                command="start",
                **more,
            )
        )
        await self.town.deliver()

    async def _intake(self) -> None:
        """Two of the three work at a desk as well, now and then, and take what a caller asks for."""
        who = self.random.choice(self.people[1:])
        if self.random.random() < 0.3:
            await self._hire_or_dismiss(who)
        await self._answered(who, "/intake", lambda: who.says("/intake"))
        for _ in range(self.random.randint(0, 16)):
            shown = who.messages[-1]
            onward = [choice for choice in _choices(shown) if not _FOOT.search(choice.data)]
            if not onward or onward[0].data.startswith(("intake:who", "intake:correct")):
                told = self.random.choice((*CALLERS, *ANSWERS))
                await self._answered(who, f"says {told!r}", partial(who.says, told))
            else:
                choice = onward[min(int(self.random.expovariate(0.7)), len(onward) - 1)]
                await self._answered(who, _tapping(choice), partial(who.taps_data, choice.data, shown.number))

    async def _hire_or_dismiss(self, who: Person) -> None:
        self._note(f"{who.address} is hired or dismissed")
        async with self.database.transaction() as tx:
            if not await staff.revoke(tx, "telegram", who.address, OfficeId("capital"), None, self.town.now):
                await give_role(tx, on_telegram(who.address, who.name), OfficeId("capital"), self.town.now)

    async def _references(self) -> list[str]:
        rows = await self.town.rows("SELECT reference FROM bookings UNION ALL SELECT reference FROM cases")
        return [str(row["reference"]) for row in rows]


def _choices(shown: Shown) -> list[Choice]:
    return [choice for row in shown.message.rows for choice in row if not choice.url]


def _tapping(choice: Choice) -> str:
    return f"taps {choice.label!r} ({choice.data})"


_WEIGHTS = {
    "onward": 100,
    "tap": 20,
    "stale_tap": 5,
    "forged_tap": 4,
    "text": 16,
    "command": 7,
    "photo": 4,
    "album": 2,
    "place": 3,
    "contact": 3,
    "odd": 1,
    "edit": 2,
    "reply": 2,
    "react": 2,
    "repeat": 1,
    "leave": 1,
    "time": 6,
    "restart": 1,
    "staff_case": 6,
    "staff_booking": 2,
    "staff_day": 1,
    "group": 1,
    "intake": 5,
}
