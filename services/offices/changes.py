"""Administrators' changes of the offices and the templates: made while the bot runs, seen by every worker.

The files are the start state. What is configured is what they say with every change in it, in order, and is held to
the files' own rules. A change of a place wins over what the file says of that place, also when the file is edited
later; all other places are the file's. A change that no longer fits an edited file is left out (`customer-day check`
names it).

Of two administrators who change one place at once the second is told what it is now: what was shown before has to
stand still when a change is made. An undo is a change too, as long as what it takes back still stands.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from services.actors import Actor, office_subject
from services.casework import templates
from services.casework.templates import Templates
from services.offices import offices as office_files
from services.offices.configuration import TEMPLATES, Configuration, OutOfPlace, Path, value_at, with_value
from services.offices.document import offices_data, templates_data
from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from services.offices.yaml_file import Document, Problem
from services.staff.permissions import EVERY_OFFICE, Act, Person, guard, remember_name
from services.unit_of_work import Work
from storage import audit
from storage import configuration as rows
from storage.configuration import ChangeRow, PastChange
from storage.ids import CaseId, OfficeId

__all__ = [
    "CaughtUp",
    "ChangeRow",
    "Changed",
    "Denied",
    "Outcome",
    "Overtaken",
    "PastChange",
    "Present",
    "Proposal",
    "Refused",
]

_FILE = "configuration"


class Proposal(BaseModel):
    """A change as it was shown: of which place, what stood there and what is to stand there, as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    before: str | None
    after: str | None
    undoes: int | None = None
    made_of: CaseId | None = None  # the inquiry whose answer an added one is

    @property
    def office(self) -> OfficeId:
        """Whose it is; every office's where it is not one office's own."""
        return OfficeId(self.path[1]) if self.path[0] == "offices" else EVERY_OFFICE


@dataclass(frozen=True)
class Present:
    """What is configured at a moment, read."""

    configuration: Configuration
    offices: Offices
    ready_texts: Templates | None = None  # None: not read yet

    @cached_property
    def templates(self) -> Templates:
        """The ready texts. Raises ValueError where the rules say no: a defect, since every change was held to them."""
        if self.ready_texts is not None:
            return self.ready_texts
        found = _templates(self.configuration, self.offices)
        if isinstance(found, Refused):
            raise ValueError("; ".join(map(str, found.problems)))  # noqa: TRY004 - of what is configured
        return found


@dataclass(frozen=True, slots=True)
class Refused:
    """The files' rules say no, in their words."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else changed this place meanwhile: its value now, and the change that set it, if one did."""

    now: str | None
    by: ChangeRow | None


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not."""


@dataclass(frozen=True, slots=True)
class Changed:
    """It is done, and holds once the transaction is committed."""

    version: int
    present: Present


Outcome = Changed | Refused | Overtaken | Denied


# ---------------------------------------------------------------------------- what is configured


def start(offices: Offices, ready_texts: Templates, languages: Collection[str] = ()) -> Configuration:
    """The start state, as the files say it."""
    data = offices_data(offices) | templates_data(ready_texts)
    return Configuration(data=data, blocks=offices.geography.blocks, languages=tuple(languages))


def read(configuration: Configuration) -> Present | Refused:
    """Hold the data to the rules of the files."""
    document = Document(_FILE, copy.deepcopy({key: it for key, it in configuration.data.items() if key != TEMPLATES}))
    offices = office_files.checked(document, configuration.blocks, configuration.languages)
    if offices is None:
        return Refused(tuple(document.problems))
    ready = _templates(configuration, offices)
    return ready if isinstance(ready, Refused) else Present(configuration, offices, ready)


def _templates(configuration: Configuration, offices: Offices) -> Templates | Refused:
    texts = Document(_FILE, {TEMPLATES: copy.deepcopy(configuration.data.get(TEMPLATES, {}))})
    ready = templates.checked(texts, offices)
    return Refused(tuple(texts.problems)) if ready is None else ready


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What is configured after further changes, and those that do not fit."""

    present: Present
    left_out: tuple[ChangeRow, ...] = ()


def catch_up(configuration: Configuration, changes: Sequence[ChangeRow]) -> CaughtUp:
    """Put changes on top. Raises ValueError where the start state itself is wrong: a defect."""
    data, left_out = configuration.data, []
    for change in _standing(changes):
        try:
            data = with_value(data, change.path, change.after)
        except OutOfPlace:
            left_out.append(change)
    version = changes[-1].version if changes else configuration.version
    found = read(replace(configuration, version=version, data=data))
    if isinstance(found, Present):
        return CaughtUp(found, tuple(left_out))
    return _one_by_one(configuration, changes)


def _one_by_one(configuration: Configuration, changes: Sequence[ChangeRow]) -> CaughtUp:
    """The file was edited so that some change no longer fits: leave that one out, and keep the others."""
    found, left_out = read(configuration), []
    if isinstance(found, Refused):
        raise ValueError(  # noqa: TRY004 - of what the caller gave
            "the start state breaks its own rules: " + "; ".join(map(str, found.problems))
        )
    for change in _standing(changes):
        here = found.configuration
        try:
            tried = read(replace(here, version=change.version, data=with_value(here.data, change.path, change.after)))
        except OutOfPlace:
            tried = Refused(())
        if isinstance(tried, Refused):
            left_out.append(change)
            found = replace(found, configuration=replace(here, version=change.version))
        else:
            found = tried
    if changes:
        last = replace(found.configuration, version=changes[-1].version)
        found = replace(found, configuration=last)
    return CaughtUp(found, tuple(left_out))


def _standing(changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    """The changes less those taken back: where nothing else was changed around it, the place is the file's again."""
    undone = {change.undoes: change for change in changes if change.undoes is not None}
    gone: set[int] = set()
    for change in changes:
        undo = undone.get(change.version)
        pair = {change.version, undo.version} if undo else set[int]()
        if pair and not any(_touch(one.path, change.path) for one in changes if one.version not in pair):
            gone |= pair
    return [change for change in changes if change.version not in gone]


def _touch(one: Path, other: Path) -> bool:
    """Whether one of two places is, or holds, the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def contested(start_state: Configuration, changes: Sequence[ChangeRow]) -> list[Path]:
    """The places of which the file says something new since they were changed in chat, whose word still wins."""
    first: dict[Path, str | None] = {}
    last: dict[Path, str | None] = {}
    for change in _standing(changes):
        first.setdefault(change.path, change.before)
        last[change.path] = change.after
    said = {path: value_at(start_state.data, path) for path in first}
    return [path for path, value in said.items() if value not in {first[path], last[path]}]


async def present(work: Work) -> Present:
    """What is configured now, in this transaction: also what this worker has not heard of yet."""
    known = work.configuration
    changes = await rows.since(work.tx, known.version)
    if not changes:
        return Present(known, work.offices)
    return catch_up(known, changes).present


def as_of(work: Work, now: Present) -> Work:
    """The same work, with what is configured by `now`."""
    calendar: WorkingCalendar = work.calendar.following(now.offices)
    return replace(work, offices=now.offices, calendar=calendar, configuration=now.configuration)


# ---------------------------------------------------------------------------- changing it


async def alone(work: Work) -> Present:
    """What is configured now, which nobody else changes until the commit."""
    await rows.lock(work.tx)
    return await present(work)


def examine(now: Present, proposal: Proposal) -> Present | Refused | Overtaken:
    """What a change would lead to."""
    standing = value_at(now.configuration.data, proposal.path)
    if standing != proposal.before:
        return Overtaken(standing, None)
    try:
        data = with_value(now.configuration.data, proposal.path, proposal.after)
    except OutOfPlace:
        return Overtaken(None, None)
    return read(replace(now.configuration, data=data, version=now.configuration.version + 1))


async def make(work: Work, person: Person, proposal: Proposal) -> Outcome:
    """Change what is configured. Others see it with the commit."""
    if await guard(work, person, Act.CONFIGURE, proposal.office) is None:
        return Denied()
    now = await present(work)
    found = examine(now, proposal)
    if isinstance(found, Overtaken):
        return replace(found, by=await rows.last_of(work.tx, proposal.path))
    if isinstance(found, Refused):
        return found
    change = ChangeRow(
        version=found.configuration.version,
        at=work.now,
        actor=person.actor,
        office=proposal.office,
        path=proposal.path,
        before=proposal.before,
        after=proposal.after,
        undoes=proposal.undoes,
        case_id=proposal.made_of,
    )
    await rows.add(work.tx, change)
    remember_name(work, person)  # an administrator may work in private alone
    _write_down(work, person.actor, change)
    work.tx.after_commit(work.configuration.changed)
    return Changed(change.version, found)


def _write_down(work: Work, actor: Actor, change: ChangeRow) -> None:
    """Write the place and the number of the change to the audit; the change itself has the values before and after."""
    what = "office.configured" if change.undoes is None else "office.restored"
    detail = f"change {change.version}: {'.'.join(change.path)}"
    if change.undoes is not None:
        detail += f", undoes {change.undoes}"
    audit.record(work.tx, work.now, actor, what, office_subject(change.office), detail)


# ---------------------------------------------------------------------------- taking it back


async def to_undo(work: Work, version: int) -> Proposal | None:
    """The change that takes another back; None where there is no such change, or it was taken back already."""
    change = await rows.by_version(work.tx, version)
    if change is None or change.undone_by is not None:
        return None
    return Proposal(path=change.path, before=change.after, after=change.before, undoes=change.version)


async def history(work: Work, office: OfficeId, limit: int = 8) -> list[PastChange]:
    """The last changes of an office and of what it shares with all, the newest first."""
    return await rows.newest(work.tx, {office, EVERY_OFFICE}, limit)
