"""What a report is asked about: as a button carries it, and as somebody types it.

A button carries the days themselves, so that an old message opens the period that it shows, and marks of the office and
the category, since their ids together are too long. All of it is untrusted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2s

from conversations.engine.step import Button
from conversations.staff.context import Tap, button
from locales import Localizer
from services.offices.offices import Offices
from services.reports.figures import Scope
from services.reports.periods import Named, Period, named
from services.text.normalise import normalise
from services.text.typed_days import Looking
from services.text.typed_periods import split_period
from storage.ids import CategoryId, OfficeId

VERB = "report"
_ALL, _ANY = "*", "-"


class Want(StrEnum):
    """What a button asks for. The values stand in buttons that were sent: they stay."""

    SHOW = "s"
    OPEN = "n"  # as a new message, below one that came by itself
    PERIODS = "p"
    OFFICES = "o"
    CATEGORIES = "c"
    CHARTS = "g"
    SPREADSHEET = "x"
    JSON = "j"
    CSV = "v"
    COMMENTS = "m"
    INQUIRIES = "q"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about. No office is all that the reader may see there."""

    period: Period
    office: OfficeId | None = None
    category: CategoryId | None = None

    def scope(self, allowed: tuple[OfficeId, ...]) -> Scope:
        return Scope(self.period, (self.office,) if self.office else allowed, self.category)


# ---------------------------------------------------------------------------- buttons


def to(label: str, want: Want, asked: Asked) -> Button:
    office = _ALL if asked.office is None else _mark(asked.office)
    category = _ANY if asked.category is None else _mark(asked.category)
    first, last = (int(f"{day:%Y%m%d}") for day in (asked.period.first, asked.period.last))
    return button(label, VERB, first, last, f"{want.value}{office}.{category}")


def open_button(t: Localizer, asked: Asked) -> Button:
    """Opens a report as a message of its own, from wherever it stands."""
    return to(t.plain("Open the report"), Want.OPEN, asked)


def asked_by(tap: Tap, offices: Offices) -> tuple[Want, Asked] | None:
    """What a button asks for; None where no button of ours could."""
    want, (office, dot, category) = tap.argument[:1], tap.argument[1:].partition(".")
    try:
        period = Period(_day(tap.case), _day(tap.version))
    except ValueError:
        return None
    if want not in set(Want) or not dot:
        return None
    asked = Asked(period)
    if office != _ALL:
        found = _marked(office, offices.offices_by_id)
        if found is None:
            return None
        asked = replace(asked, office=OfficeId(found))
    if category != _ANY:
        found = _marked(category, offices.categories_by_id)
        if found is None:
            return None
        asked = replace(asked, category=CategoryId(found))
    return Want(want), asked


def _day(number: int) -> date:
    """A day as a button has it: 20261130. Raises ValueError."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def _mark(name: str) -> str:
    return blake2s(name.encode(), digest_size=4).hexdigest()


def _marked(mark: str, names: Iterable[str]) -> str | None:
    return next((name for name in names if _mark(name) == mark), None)


# ---------------------------------------------------------------------------- typed


def typed(offices: Offices, allowed: Collection[OfficeId], text: str, today: date) -> Asked | None:
    """What stands behind /report: a period, an office, a category, or none of them. None where it is anything else."""
    days, rest = split_period(text, today, Looking.BACK)
    try:
        period = named(Named.THIS_MONTH, today) if days is None else Period(*days)
    except ValueError:
        return None
    rest = normalise(rest.replace("-", " "))
    office, rest = _typed_name(rest, ((one, _office_names(offices, one)) for one in allowed))
    category, rest = _typed_name(rest, ((one.id, (one.id, *one.name.texts)) for one in offices.categories))
    if rest:
        return None
    return Asked(period, OfficeId(office) if office else None, CategoryId(category) if category else None)


def _office_names(offices: Offices, office: OfficeId) -> tuple[str, ...]:
    found = offices.get(office)
    return (office,) if found is None else (office, *found.name.texts, *found.short_name.texts)


def _typed_name(text: str, among: Iterable[tuple[str, Iterable[str]]]) -> tuple[str | None, str]:
    """Whose name is typed, the longest if several are, and the rest."""
    padded = f" {text} "
    found = [(f" {normalise(name)} ", id_) for id_, names in among for name in names]
    hits = [(name, id_) for name, id_ in found if name.strip() and name in padded]
    if not hits:
        return None, text
    name, id_ = max(hits, key=lambda hit: len(hit[0]))
    return id_, padded.replace(name, " ", 1).strip()
