"""What a thing that can be changed in chat is described by: how it is typed and shown, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from conversations.engine.messages import Message
from locales import N_
from services.offices.configuration import Path
from storage.ids import OfficeId


class Shape(StrEnum):
    """How a value is typed, picked and shown."""

    TEXTS = "texts"  # in every language
    PARAGRAPHS = "paragraphs"  # the same, of several lines
    WORDS = "words"  # a list, apart by commas
    SPOKEN = "spoken"  # a list of words for each language
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    SPAN = "span"  # from one time to another
    BREAKS = "breaks"  # several of them
    SITTING = "sitting"  # the hours of a weekly rule: two keys of it
    PIN = "pin"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    EMOJI = "emoji"
    CHAT = "chat"
    FLAG = "flag"
    CHOICE = "choice"  # one of several
    SEVERAL = "several"


class Among(StrEnum):
    """What a choice is among."""

    WEEKDAYS = "weekdays"
    LANGUAGES = "languages"
    BODIES = "bodies"
    CATEGORIES = "categories"
    OFFICES = "offices"
    KINDS = "kinds"
    ASKS = "asks"
    MEETINGS = "meetings"
    NEEDS = "needs"
    STATES = "states"
    MANNERS = "manners"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be changed."""

    key: str  # in buttons
    title: str  # a text of the catalogue
    shape: Shape
    root: Path = ()  # below the entry
    inner: tuple[str, ...] = ()
    optional: bool = False  # can be removed
    among: Among | None = None
    empty: str = N_("not set")  # what it means where nothing is said
    default: int | None = None  # or this


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that are shown together."""

    key: str
    title: str
    fields: tuple[Field, ...]
    of: str = "office"  # what it is about: an office, all of them, or an entry of a list

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)


class Spot(Message):
    """Where in the offices an administrator is: `office` is "" for what all have in common."""

    office: OfficeId = OfficeId("")
    section: str = ""
    entry: str = ""  # a category's id, a template's, or the place of a weekly rule in its list

    @property
    def index(self) -> int:
        """The place in a list; -1 where the entry is none, as in a button that somebody forged."""
        known = self.entry.isascii() and self.entry.isdecimal() and len(self.entry) < 4
        return int(self.entry) if known else -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field's value stands."""

    root: Path
    inner: tuple[str | int, ...] = field(default=())
