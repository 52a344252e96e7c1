"""What several flows ask or keep in the same way: a name, a phone number, files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from markupsafe import Markup

from conversations.engine.drafts import Draft
from conversations.engine.messages import Contact, Incoming, Request
from conversations.engine.step import Prompt, Reask, Rows, Turn
from locales import Localizer
from services.files import attachments
from services.files.attachments import Refusal
from services.residents import is_barred
from services.text.normalise import clean, latin_digits, normalise
from services.text.phones import parse_phone
from storage.ids import FileId

MAX_NAME = 80
MAX_REASON = 300  # characters of why somebody is barred
COMMENTS_TAKEN = timedelta(minutes=15)  # so long after a rating words are its comment
_MEGABYTE = 1024 * 1024
_NUMBER = re.compile(r"\+?\d[\d\s-]{6,}\d")
_OF_NUMBER_EN = frozenset(
    {"my", "the", "is", "it", "this", "phone", "number", "mobile", "call", "me", "on", "please", "pls"}
)
_OF_NUMBER_AR = {"رقمي", "رقم", "تلفوني", "هاتفي", "جوالي", "موبايلي", "هو", "هذا", "على"}  # not a text: typed
_OF_NUMBER = _OF_NUMBER_EN | _OF_NUMBER_AR


def left_as_it_is(turn: Turn) -> Markup:
    """What is answered to a "no" where it was asked whether to undo something."""
    return turn.t("OK. Nothing was changed.")


def take_name(turn: Turn, text: str) -> str | Reask:
    """A person's name as they write it; it must have two letters."""
    name = " ".join(clean(text, MAX_NAME).split())
    if sum(character.isalpha() for character in name) < 2:
        return Reask(turn.t("Enter the full name in letters."))
    return name


def known_name(turn: Turn) -> str:
    """The name a person goes by on their channel, where it would pass as one they write; else ""."""
    name = take_name(turn, turn.resident.name)
    return "" if isinstance(name, Reask) else name


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and whether the channel vouched that it is the sender's own."""

    number: str
    own: bool


def shared_number(contact: Contact) -> str | None:
    """The number of a shared contact in E.164. Channels leave out the plus."""
    shared = contact.phone if contact.phone.startswith(("+", "00")) else f"+{contact.phone}"
    return parse_phone(shared) or parse_phone(contact.phone)


def vouched_number(said: Incoming) -> str | None:
    """The number of which the channel says, with this message, that it is the sender's own."""
    return shared_number(said.contact) if said.contact is not None and said.contact.own else None


def take_phone(turn: Turn, said: Incoming) -> Phone | Reask:
    """A phone number, typed or shared as a contact."""
    if said.contact is not None:
        number = shared_number(said.contact)
        if number is not None:
            return Phone(number, own=said.contact.own)
    elif number := parse_phone(said.text):
        # Typed again, the number the channel vouched for stays vouched for.
        return Phone(number, own=turn.resident.phone_own and number == turn.resident.phone)
    elif number := turn.work.understanding.of(said.text, turn.work.today).phone:
        return Phone(number, own=turn.resident.phone_own and number == turn.resident.phone)
    if said.text and not any(map(str.isdecimal, said.text)) and not turn.on_behalf:
        return Reask(
            turn.t(
                "There is no number in your message. If you do not remember yours, share it with the button below: "
                "you need not type it."
            )
        )
    return Reask(
        turn.t(
            "This phone number is not valid. Enter a Bahrain phone number, or include the country "
            "code, such as {example}.",
            example=turn.t.phone("+97333123456"),
        )
    )


def beside_phone(said: Incoming) -> str:
    """What was written beside a number that was typed, "call after 5pm"; "" where that says only whose it is."""
    if said.contact is not None or parse_phone(said.text):
        return ""
    rest = " ".join(_NUMBER.sub(" ", latin_digits(said.text)).split()).strip(" .,:;-،")
    says_more = set(re.findall(r"\w+", normalise(rest))) - _OF_NUMBER
    return rest if says_more else ""


def phone_prompt(turn: Turn, text: Markup, rows: Rows = ()) -> Prompt:
    """Ask for a phone number: a button shares the person's own, `rows` are shown beside it as plain words."""
    return Prompt(text, rows, ask_for=Request.CONTACT, ask_label=turn.t.plain("Share phone number"))


async def asks_for_number(turn: Turn) -> bool:
    """Whether the question at hand is for a phone number."""
    return turn.here is not None and (await turn.here.ask(turn)).ask_for is Request.CONTACT


# ---------------------------------------------------------------------------- who may


def blocked(turn: Turn) -> Reask | None:
    """Refuse what a person who is barred begins; None for everybody else."""
    why = blocked_text(turn)
    return None if why is None else Reask(why)


def blocked_text(turn: Turn) -> Markup | None:
    """Until when, and why, nothing new is taken from a person who is barred; None for everybody else."""
    t, person = turn.t, turn.resident
    if person.blocked_until is None or not is_barred(person, turn.work.now):
        return None
    return t.join_lines(
        t(
            "Sorry, you cannot book appointments or send new requests from this account until {until}.",
            until=t.moment(person.blocked_until),
        ),
        t("Reason: {reason}", reason=t.own(person.blocked_reason, MAX_REASON)) if person.blocked_reason else None,
        t(
            "This does not affect the appointments and requests you already have. For help, call the hotline: {phone}",
            phone=t.phone(turn.work.offices.hotline),
        ),
    )


# ---------------------------------------------------------------------------- files


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of a message, to be fetched; `trouble` says why they are not taken, where they are not."""

    files: tuple[FileId, ...]
    trouble: Markup | None = None


async def keep_files(turn: Turn) -> Kept:
    """Keep the files of what was just sent."""
    kept = await attachments.keep(turn.work, turn.resident, turn.said.files, channel=turn.said.channel)
    if isinstance(kept, attachments.Refused):
        return Kept((), refusal_words(turn.t, kept.reason, kept.limit))
    return Kept(kept)


D = TypeVar("D", bound=Draft)


async def without_refused(turn: Turn, draft: D) -> D:
    """The draft without the files that turned out not to be acceptable: its sender was told so by then."""
    usable = await attachments.usable(turn.work, draft.files)
    return draft if usable == draft.files else draft.but(files=usable)


def refusal_words(t: Localizer, reason: Refusal, limit: int = 0) -> Markup:
    """Why a file is not taken, and what helps. `limit` is in bytes; 0 where it is not known."""
    match reason:
        case Refusal.TOO_LARGE if limit:
            return t("The file is too large. The largest file we can accept is {n} MB.", n=limit // _MEGABYTE)
        case Refusal.TOO_LARGE:
            return t("The file is too large. Send a smaller one.")
        case Refusal.TYPE:
            return t("We cannot accept this type of file. Send a photo, voice note, video, PDF, Word or Excel file.")
        case Refusal.HEIC:
            return t("We cannot open HEIC pictures. Send it again as a photo, not as a file.")
        case Refusal.ACTIVE:
            return t(
                "The file holds macros, scripts or other files, so we cannot accept it. "
                "Send it without them, or send a photo of the page."
            )
        case Refusal.PROTECTED:
            return t("The file has a password, so we cannot open it. Send it without the password.")
        case Refusal.ANIMATED:
            return t("We cannot accept animations. Send a photo or a video.")
        case Refusal.GONE:
            return t("We could not download the file. Send it again.")
        case Refusal.DAMAGED | Refusal.EMPTY:
            return t("The file is empty or damaged. Send it again.")
