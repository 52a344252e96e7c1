"""Deletes what has been kept long enough, step by step, and each step in batches.

The clock runs each batch in a transaction of its own. An update waits for one batch at most, and a process that dies
loses nothing: what was not deleted is found again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.cases.updates import show_card
from services.privacy.tombstone import tombstone
from services.text.redact import Eraser
from services.text.stored_drafts import DRAFT_LIFE, files_in, still_kept
from services.unit_of_work import Work
from storage import cases, delegations, files, inquiries, no_shows, outcomes, personal, privacy_desk
from storage import retention as rows
from storage.ids import FileId
from storage.retention import AgedFile, Place

__all__ = ["STEPS", "Batch", "Retention", "Sweep", "apply_retention"]

_START: Place = (datetime.min.replace(tzinfo=UTC), 0)
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept. The defaults are what residents are told."""

    drafts: timedelta = DRAFT_LIFE
    booking_contact: timedelta = timedelta(days=90)
    case_identity: timedelta = timedelta(days=365)
    attachments: timedelta = timedelta(days=183)
    audit: timedelta = timedelta(days=730)
    seen_updates: timedelta = timedelta(days=3)
    messages: timedelta = timedelta(days=90)
    dead_letters: timedelta = timedelta(days=30)


class Batch(NamedTuple):
    """How many rows a batch changed, and how many it looked at: 0 once the step is at its end."""

    changed: int
    seen: int


@dataclass(slots=True)
class Sweep:
    """One way through the steps. Where some of what is looked at stays, it remembers how far it has come.

    It is in memory alone: whoever begins anew looks at more, and lets go of the same.
    """

    keep: Retention = field(default_factory=Retention)
    places: dict[str, Place] = field(default_factory=dict)

    async def run(self, step: str, work: Work, limit: int) -> Batch:
        """Do a batch of at most `limit` of a step."""
        if not await rows.take_turn(work.tx):
            return Batch(0, 0)
        batch = await STEPS[step](self, work, limit)
        if batch.changed:
            privacy_desk.count_erased(work.tx, work.today, step, batch.changed)
        return batch

    def place(self, step: str) -> Place:
        return self.places.get(step, _START)

    def move(self, step: str, places: Sequence[Place]) -> None:
        """Go on behind the last of these; where there are none, next time from the beginning again."""
        if places:
            self.places[step] = places[-1]
        else:
            self.places.pop(step, None)


Step = Callable[[Sweep, Work, int], Awaitable[Batch]]


async def apply_retention(work: Work, retention: Retention | None = None, limit: int = _BATCH) -> int:
    """A batch of every step, in one transaction; how many rows that changed. For the clock see `Sweep`.

    Contents on disk that no row names any more are removed by `services.files.attachments.sweep`.
    """
    sweep = Sweep(retention or Retention())
    return sum([(await sweep.run(step, work, limit)).changed for step in STEPS])


def _all(changed: int) -> Batch:
    """All that was looked at was changed."""
    return Batch(changed, changed)


# ---------------------------------------------------------------------------- what was never sent


async def _drafts(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Answers given on the way to something that was never sent."""
    stale = await rows.stale_conversations(work.tx, work.now - sweep.keep.drafts, limit)
    for resident, step in stale:
        rows.wipe_conversation(work.tx, resident, _name_only(step))
    return _all(len(stale))


def _name_only(step: str) -> str:
    """A step's JSON with nothing but its name."""
    try:
        data = json.loads(step)
    except ValueError:
        data = {}
    name = data.get("step", "") if isinstance(data, dict) else ""
    return json.dumps({"step": str(name)[:40]}, separators=(",", ":"))


async def _saved_drafts(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Drafts set aside by people who have done other things since."""
    before = work.now - sweep.keep.drafts
    found = await rows.with_saved_drafts(work.tx, sweep.place("saved drafts"), limit)
    dropped = 0
    for stands in found:
        kept = still_kept(stands.saved, stands.updated_at, before)
        if kept != stands.saved:
            dropped += await rows.keep_saved_drafts(work.tx, stands, kept)
    sweep.move("saved drafts", [(stands.updated_at, stands.resident_id) for stands in found])
    return Batch(dropped, len(found))


async def _staff_conversations(sweep: Sweep, work: Work, limit: int) -> Batch:  # noqa: ARG001 - as every step's
    before = work.now - sweep.keep.drafts
    return Batch(await rows.drop_staff_conversations(work.tx, before) + await outcomes.drop_drafts(work.tx, before), 0)


async def _callers(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Name and number of callers for whom nothing was filed, or nothing is kept any more."""
    found = await rows.callers_seen_before(work.tx, work.now - sweep.keep.drafts, sweep.place("callers"), limit)
    idle = [caller for caller, is_idle in found if is_idle]
    for caller in idle:
        await files.forget_of(work.tx, caller.id)
        await personal.erase_traces(work.tx, caller)
        await personal.erase_resident(work.tx, caller.id, tombstone(work), work.now)
    sweep.move("callers", [(caller.seen_at, caller.id) for caller, _ in found])
    return Batch(len(idle), len(found))


# ---------------------------------------------------------------------------- bookings and cases


def _day(work: Work, kept: timedelta) -> date:
    return (work.now - kept).astimezone(work.offices.zone).date()


async def _booking_contacts(sweep: Sweep, work: Work, limit: int) -> Batch:
    old = await rows.bookings_with_contact(work.tx, _day(work, sweep.keep.booking_contact), limit)
    for booking in old:
        rows.clear_contact(work.tx, booking)
    return _all(len(old))


async def _booking_subjects(sweep: Sweep, work: Work, limit: int) -> Batch:
    old = await rows.bookings_with_subject(work.tx, _day(work, sweep.keep.case_identity), limit)
    for booking in old:
        rows.clear_subject(work.tx, booking)
    return _all(len(old))


async def _meeting_words(sweep: Sweep, work: Work, limit: int) -> Batch:
    """What was said and promised in meetings."""
    old = await outcomes.worded_before(work.tx, work.now - sweep.keep.case_identity, limit)
    for booking in old:
        outcomes.clear_words(work.tx, booking)
    return _all(len(old))


async def _no_show_words(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Why people did not come, in their own words."""
    return _all(await no_shows.clear_words_before(work.tx, work.now - sweep.keep.case_identity, limit))


async def _booking_details(sweep: Sweep, work: Work, limit: int) -> Batch:
    return _all(await rows.clear_booking_details(work.tx, work.now - sweep.keep.case_identity, limit))


async def _cases_of_the_forgotten(sweep: Sweep, work: Work, limit: int) -> Batch:  # noqa: ARG001 - as every step's
    """What was left of those who asked to be forgotten, for as long as somebody had to deal with it."""
    ended = await rows.cases_of_the_forgotten(work.tx, limit)
    for case in ended:
        for event in await cases.events(work.tx, case.id):
            if event.words and event.actor.startswith("resident"):
                personal.reword_event(work.tx, event.id, "")
        personal.erase_case(work.tx, case.id, "")
        show_card(work, case.id, case.office)
    return _all(len(ended))


async def _case_identities(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Ended cases that have been nobody's business for long: each becomes a pseudonym's of its own."""
    ended = await rows.cases_ended_before(work.tx, work.now - sweep.keep.case_identity, limit)
    for case, channel in ended:
        strike = Eraser([case.name])
        for event in await cases.events(work.tx, case.id):
            if (kept := strike(event.words)) != event.words:
                personal.reword_event(work.tx, event.id, kept)
        personal.erase_case(work.tx, case.id, strike(case.words))
        pseudonym = await personal.add_pseudonym(work.tx, channel, tombstone(work), work.now)
        personal.unlink_case(work.tx, case, pseudonym)
    return _all(len(ended))


# ---------------------------------------------------------------------------- files


def _places(found: Sequence[AgedFile]) -> list[Place]:
    return [(file.created_at, file.id) for file in found]


async def _loose_files(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Files of which nothing was made, and that no draft holds: neither a resident's nor a member of staff's."""
    before = work.now - sweep.keep.drafts
    found = await rows.loose_files(work.tx, before, sweep.place("loose files"), limit)
    sweep.move("loose files", _places(found))
    if not found:
        return Batch(0, 0)
    senders = {file.resident_id for file in found if file.resident_id is not None}
    held = frozenset[FileId]().union(*map(files_in, await rows.drafts_that_may_hold(work.tx, senders)))
    unheld = [file.id for file in found if file.id not in held]
    return Batch(sum([await files.forget_loose(work.tx, file, before) for file in unheld]), len(found))


async def _attachments(sweep: Sweep, work: Work, limit: int) -> Batch:
    instant = work.now - sweep.keep.attachments
    found = await rows.files_sent_before(work.tx, instant, sweep.place("attachments"), limit)
    done_with = [file.id for file in found if file.done_with]
    for file in done_with:
        files.drop(work.tx, file)
    sweep.move("attachments", _places(found))
    return Batch(len(done_with), len(found))


# ---------------------------------------------------------------------------- traces of work


async def _audit(sweep: Sweep, work: Work, limit: int) -> Batch:
    return _all(await rows.drop_audit(work.tx, work.now - sweep.keep.audit, limit))


async def _seen_updates(sweep: Sweep, work: Work, limit: int) -> Batch:
    return _all(await rows.drop_seen_updates(work.tx, work.now - sweep.keep.seen_updates, limit))


async def _dead_letters(sweep: Sweep, work: Work, limit: int) -> Batch:
    return _all(await rows.drop_dead_letters(work.tx, work.now - sweep.keep.dead_letters, limit))


async def _messages(sweep: Sweep, work: Work, limit: int) -> Batch:
    return _all(await rows.drop_messages(work.tx, work.now - sweep.keep.messages, limit))


async def _recipients(sweep: Sweep, work: Work, limit: int) -> Batch:
    """As long as the messages themselves."""
    return _all(await rows.drop_recipients(work.tx, work.now - sweep.keep.messages, limit))


async def _taps(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Who did what with an announcement."""
    before = work.now - sweep.keep.case_identity
    taps = await rows.drop_taps(work.tx, before, limit)
    return _all(taps + await rows.drop_opt_outs(work.tx, before, limit))


async def _inquiries(sweep: Sweep, work: Work, limit: int) -> Batch:
    """What was asked: its words are nobody's, and yet people's words."""
    return _all(await inquiries.drop_before(work.tx, work.now - sweep.keep.case_identity, limit))


async def _farewells(sweep: Sweep, work: Work, limit: int) -> Batch:  # noqa: ARG001 - as every step's
    dropped, people = await rows.drop_farewells(work.tx, limit)
    return Batch(dropped, people)


#: By name, in the order in which they are done.
async def _delegations(sweep: Sweep, work: Work, limit: int) -> Batch:
    """Who once acted for whom, or asked to, a year after it was over."""
    return _all(await delegations.drop_old(work.tx, work.now - sweep.keep.case_identity, limit))


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "drafts": _drafts,
        "saved drafts": _saved_drafts,
        "staff conversations": _staff_conversations,
        "booking contacts": _booking_contacts,
        "booking subjects": _booking_subjects,
        "booking details": _booking_details,
        "meeting words": _meeting_words,
        "no-show words": _no_show_words,
        "cases of the forgotten": _cases_of_the_forgotten,
        "case identities": _case_identities,
        "callers": _callers,
        "loose files": _loose_files,
        "attachments": _attachments,
        "audit": _audit,
        "seen updates": _seen_updates,
        "dead letters": _dead_letters,
        "messages": _messages,
        "announcement recipients": _recipients,
        "announcement taps": _taps,
        "inquiries": _inquiries,
        "farewells": _farewells,
        "delegations": _delegations,
    }
)
