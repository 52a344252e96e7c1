"""`customer-day audit`: the lines of the audit as a CSV file, by reference, person and period."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

from bot.app import open_context
from bot.settings import Settings
from bot.time_source import Clock, now
from services.actors import Actor
from services.staff import audit_trail, permissions
from services.staff.audit_trail import Selection
from services.text.references import BOOKING_EXAMPLE, CASE_EXAMPLE
from services.unit_of_work import Work


async def export(
    settings: Settings,
    *,
    reference: str,
    person: str,
    since: date | None,
    until: date | None,
    into: Path | None,
    actor: Actor,
    clock: Clock = now,
) -> int:
    """Write the lines into a file, or to the screen. That it was done is in the audit. Raises ValueError, OSError."""
    async with open_context(settings, clock=clock) as context:
        async with context.read() as work:
            selection = await _selection(work, reference, person)
        selection = selection.model_copy(update={"since": since, "until": until})
        await context.attempt(lambda work: _record(work, actor, selection))
        async with context.read() as work:
            lines = await _write(into, audit_trail.export_lines(work, selection))
    if into is not None:
        print(f"{into}: {lines}")  # noqa: T201
    return 0


async def _record(work: Work, actor: Actor, selection: Selection) -> None:
    audit_trail.record_export(work, actor, selection)


async def _selection(work: Work, reference: str, person: str) -> Selection:
    if reference:
        found = await audit_trail.subject_named(work, reference)
        if found is None:
            raise ValueError(f"{reference!r} is no reference here; one looks like {CASE_EXAMPLE} or {BOOKING_EXAMPLE}")
        return found
    if not person:
        return Selection()
    names = await permissions.names(work)
    people = audit_trail.people_named(person, names)
    if len(people) == 1:
        return Selection(actor=people[0])
    if not people:
        raise ValueError(f"nobody called {person!r} has worked here")
    several = ", ".join(f"{names.get(actor, '')} ({actor})" for actor in people)
    raise ValueError(f"{person!r} may be any of these; name one as in the brackets: {several}")


async def _write(into: Path | None, parts: AsyncIterator[str]) -> int:
    """How many lines there were; a part at a time, so that memory does not grow with the audit."""
    count = -1  # the head is none
    if into is None:
        async for part in parts:
            sys.stdout.write(part)
        return 0
    with into.open("w", encoding="utf-8-sig", newline="") as file:
        async for part in parts:
            file.write(part)
            count += part.count("\r\n")
    return count
