"""Who acts, and what is acted on: the names that histories, the audit and the outbox store.

Both are short texts, a kind and an id (`resident:7`, `case:12`). They are stored in many tables and read by
statements, so their format is made and parsed here only.
"""

from __future__ import annotations

from collections.abc import Collection

from storage.ids import Actor, AnnouncementId, BookingId, CaseId, FileId, OfficeId, ResidentId, SessionId, Subject

__all__ = [
    "CLOCK",
    "FORGED_BUTTON",
    "NO_SUBJECT",
    "OFFICES_FILE",
    "SYSTEM",
    "Actor",
    "Subject",
    "announcement_subject",
    "block_subject",
    "booking_in",
    "booking_subject",
    "case_in",
    "case_subject",
    "chat_actor",
    "chat_subject",
    "console_actor",
    "file_subject",
    "is_resident",
    "is_staff",
    "office_subject",
    "offices_subject",
    "resident_actor",
    "resident_subject",
    "session_in",
    "session_subject",
    "staff_actor",
    "staff_address",
    "staff_subject",
    "update_subject",
]

#: What happens because time has passed.
CLOCK = Actor("clock")
#: What the offices file says, as it is read at each start.
OFFICES_FILE = Actor("offices file")
#: What the bot does by itself as part of somebody's action.
SYSTEM = Actor("desk")

NO_SUBJECT = Subject("")
#: A button whose data no version of ours has made.
FORGED_BUTTON = Subject("button")

_RESIDENT, _STAFF, _CONSOLE, _CHAT = "resident:", "staff:", "console", "chat:"
_CASE, _BOOKING, _OFFICE, _FILE, _UPDATE, _BLOCK = "case:", "booking:", "office:", "file:", "update:", "block:"
_ANNOUNCEMENT, _SESSION = "announcement:", "session:"
_EVERY = "*"


# ---------------------------------------------------------------------------- actors


def resident_actor(resident: ResidentId) -> Actor:
    return Actor(f"{_RESIDENT}{resident}")


def staff_actor(address: str) -> Actor:
    """A member of staff, by their address in the channel."""
    return Actor(f"{_STAFF}{address}")


def console_actor(user: str = "") -> Actor:
    """Whoever runs a command on the server; without a user name, nobody in particular."""
    return Actor(f"{_CONSOLE}:{user}" if user else _CONSOLE)


def chat_actor(chat: str) -> Actor:
    """A group that acts as a whole, as when somebody is removed from it."""
    return Actor(f"{_CHAT}{chat}")


def is_resident(actor: str) -> bool:
    return actor.startswith(_RESIDENT)


def is_staff(actor: str) -> bool:
    return actor.startswith(_STAFF)


def staff_address(actor: str) -> str:
    """A member's address in the channel; "" where the actor is not a member of staff."""
    return actor.removeprefix(_STAFF) if is_staff(actor) else ""


# ---------------------------------------------------------------------------- subjects


def case_subject(case: CaseId) -> Subject:
    return Subject(f"{_CASE}{case}")


def announcement_subject(announcement: AnnouncementId) -> Subject:
    return Subject(f"{_ANNOUNCEMENT}{announcement}")


def session_subject(session: SessionId) -> Subject:
    """One office's Customer Day on one day."""
    return Subject(f"{_SESSION}{session}")


def booking_subject(booking: BookingId) -> Subject:
    return Subject(f"{_BOOKING}{booking}")


def office_subject(office: OfficeId) -> Subject:
    """An office; without one, every office."""
    return Subject(f"{_OFFICE}{office or _EVERY}")


def offices_subject(offices: Collection[OfficeId]) -> Subject:
    """One or two offices by name; more of them as "every office"."""
    return Subject(f"{_OFFICE}{','.join(offices) if 0 < len(offices) < 3 else _EVERY}")


def resident_subject(resident: ResidentId) -> Subject:
    return Subject(f"{_RESIDENT}{resident}")


def staff_subject(address: str) -> Subject:
    return Subject(f"{_STAFF}{address}")


def chat_subject(chat: str) -> Subject:
    return Subject(f"{_CHAT}{chat}")


def file_subject(file: FileId) -> Subject:
    return Subject(f"{_FILE}{file}")


def update_subject(name: str) -> Subject:
    return Subject(f"{_UPDATE}{name}")


def block_subject(block: int) -> Subject:
    return Subject(f"{_BLOCK}{block}")


def case_in(subject: str) -> CaseId | None:
    """The case that a subject names; None where it names something else."""
    number = _number_in(subject, _CASE)
    return None if number is None else CaseId(number)


def booking_in(subject: str) -> BookingId | None:
    number = _number_in(subject, _BOOKING)
    return None if number is None else BookingId(number)


def session_in(subject: str) -> SessionId | None:
    number = _number_in(subject, _SESSION)
    return None if number is None else SessionId(number)


def _number_in(subject: str, kind: str) -> int | None:
    number = subject.removeprefix(kind)
    return int(number) if subject.startswith(kind) and number.isascii() and number.isdecimal() else None
