"""What the law gives people over what is held on them: to have it, to have it erased, to have it let go in time.

Law 30/2018 on the protection of personal data. Statistics without identity are kept.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.actors import resident_actor, resident_subject
from services.bookings.states import LIVE
from services.cases.updates import show_card, tell_staff
from services.cases.workflow import ENDED
from services.casework.record_linking import link_all
from services.privacy.data_export import Export, export
from services.privacy.staff_chats import Posted, StaffChats, drop_talks
from services.text.redact import Eraser
from services.text.stored_drafts import DRAFT_LIFE, files_in, still_kept
from services.unit_of_work import Work
from storage import audit, cards, cases, files, outbox, personal, staff, updates
from storage import bookings as booking_rows
from storage.ids import FileId, Reference
from storage.records import Case, CaseEventKind, Resident

__all__ = ["Export", "Forgotten", "Posted", "Retention", "apply_retention", "export", "forget"]

# ---------------------------------------------------------------------------- being forgotten

Cancel = Callable[[Work, Reference, Resident], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased. `resident` is what is left of them: nothing of the old may be written back."""

    resident: Resident
    bookings_cancelled: int
    cases_open: int  # go on without whose they are
    cases_erased: int
    files: int
    posted: tuple[Posted, ...]  # in staff chats: whoever calls owes that it is taken back there


async def forget(work: Work, resident: Resident, at: datetime, cancel: Cancel) -> Forgotten:
    """Erase who a resident is, everywhere. Whoever writes from the same address later is a newcomer.

    Live bookings are cancelled by `cancel` (`services.bookings.bookings.cancel`), so that their seats go to others. Of
    what has ended, words and places go too; open cases keep the matter, with names, phones, numbers of eight digits
    and more and e-mail addresses struck out. Pending messages to them are dropped: say farewell after this. What staff
    chats were told of them is to be taken back there, `posted`.
    """
    by_phone = await link_all(work, resident, cancel)  # what could not become theirs before is erased with the rest
    actor = resident_actor(resident.id)
    bookings = await booking_rows.of_resident(work.tx, resident.id)
    live = [booking for booking in bookings if booking.status in LIVE]
    for booking in live:
        await cancel(work, booking.reference, resident)
    own = await personal.cases(work.tx, resident.id)
    strike = Eraser.of(resident, own, bookings)
    chats = await StaffChats.of(work, resident, strike)
    for booking in bookings:
        await chats.forget_booking(booking.id, booking.office)
    await _erase_cases(work, resident, own, strike, chats)
    await drop_talks(work, [case.id for case in own])
    await personal.erase_bookings(work.tx, resident.id)
    dropped = await files.forget_of(work.tx, resident.id)
    await personal.erase_traces(work.tx, resident)
    erased = await personal.erase_resident(work.tx, resident.id, tombstone(work), at)
    audit.record(work.tx, at, actor, "privacy.forget", resident_subject(resident.id))
    still_live = sum(one.status in LIVE for one in await booking_rows.of_resident(work.tx, resident.id))
    still_open = sum(case.status not in ENDED for case in own)
    return Forgotten(
        resident=erased,
        bookings_cancelled=len(live) - still_live + by_phone,
        cases_open=still_open,
        cases_erased=len(own) - still_open,
        files=dropped,
        posted=chats.posted,
    )


def tombstone(work: Work) -> str:
    """An address that nobody has."""
    return f"forgotten:{work.random.getrandbits(96):024x}"


async def _erase_cases(work: Work, resident: Resident, own: list[Case], strike: Eraser, chats: StaffChats) -> None:
    await _erase_events(work, resident, own, strike, chats)
    for case in own:
        shown = await chats.forget_case(case.id, case.office)  # before anything new is owed of it
        if case.status in ENDED:
            personal.erase_case(work.tx, case.id, "")
            card = await cards.of(work.tx, case.id, case.office)
            if card is not None and card.message is not None:
                shown.add(case.office)  # it shows the words
        else:
            personal.unname_case(work.tx, case.id, strike(case.words))
            event = await cases.add_event(work.tx, case.id, work.now, "desk", CaseEventKind.FORGOTTEN, public=False)
            tell_staff(work, case, event)
            shown.discard(case.office)
        for office in sorted(shown):
            show_card(work, case.id, office)


async def _erase_events(work: Work, resident: Resident, own: list[Case], strike: Eraser, chats: StaffChats) -> None:
    """The histories of their own cases, and what they did in others'."""
    actor = resident_actor(resident.id)
    mine = {case.id: case for case in own}
    for event in await personal.case_events(work.tx, resident.id, actor):
        case, theirs = mine.get(event.case_id), event.actor == actor
        kept = "" if theirs and case is not None and case.status in ENDED else strike(event.words)
        if case is None:
            found = await cases.by_id(work.tx, event.case_id)
            if found is not None:
                await chats.forget_added(found.id, event.id, found.office, words=kept != event.words)
        elif theirs and event.words:
            personal.drop_news(work.tx, case.id, event.id)
        if kept != event.words:
            personal.reword_event(work.tx, event.id, kept)


# ---------------------------------------------------------------------------- retention

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


async def apply_retention(work: Work, retention: Retention | None = None) -> int:
    """Let go of what has been kept long enough; how many rows that changed. 0 once nothing is left to let go of.

    Contents on disk that no row names any more are removed by `services.files.attachments.sweep`.
    """
    if not await personal.take_turn(work.tx):
        return 0
    keep = retention or Retention()
    tx, now = work.tx, work.now
    day = (now - keep.booking_contact).astimezone(work.offices.zone).date()
    return sum(
        (
            await _wipe_drafts(work, now - keep.drafts),
            await staff.drop_old_talks(tx, now - keep.drafts),
            await personal.clear_booking_contacts(tx, day),
            await personal.clear_booking_matters(tx, (now - keep.case_identity).astimezone(work.offices.zone).date()),
            await _finish_forgetting(work),
            await _pseudonymise(work, now - keep.case_identity),
            await _erase_callers(work, now - keep.drafts),
            await _drop_loose_files(work, now - keep.drafts),
            await files.forget_before(tx, now - keep.attachments),
            await audit.forget_before(tx, now - keep.audit),
            await updates.forget_before(tx, now - keep.seen_updates),
            await personal.drop_dead_letters(tx, now - keep.dead_letters),
            await outbox.forget_before(tx, now - keep.messages),
            await personal.drop_farewells(tx),
        )
    )


async def _wipe_drafts(work: Work, before: datetime) -> int:
    """Answers given on the way to something that was never sent."""
    stale = await personal.stale_conversations(work.tx, before, _BATCH)
    for resident, step in stale:
        personal.wipe_conversation(work.tx, resident, _name_only(step))
    return len(stale) + await _drop_parked_drafts(work, before)


async def _drop_parked_drafts(work: Work, before: datetime) -> int:
    """Those set aside by people who have done other things since."""
    dropped = 0
    for stands in await personal.with_saved_drafts(work.tx, before):
        kept = still_kept(stands.saved, stands.updated_at, before)
        if kept != stands.saved:
            dropped += await personal.keep_saved_drafts(work.tx, stands, kept)
    return dropped


async def _drop_loose_files(work: Work, before: datetime) -> int:
    """Files of which nothing was made, and that no draft holds: neither a resident's nor a member of staff's."""
    loose = await files.loose(work.tx, before)
    if not loose:
        return 0
    # Of callers' files, too: those are in the drafts of whoever takes their requests.
    drafts = [*await personal.drafts_with_files(work.tx), *(talk.state for talk in await personal.talks(work.tx))]
    held = frozenset[FileId]().union(*map(files_in, drafts))
    unheld = [file for file in loose if file not in held]
    return sum([await files.forget_loose(work.tx, file, before) for file in unheld[:_BATCH]])


async def _erase_callers(work: Work, before: datetime) -> int:
    """Name and number of callers of whom nothing was filed, or all of it has been let go of."""
    idle = await personal.idle_callers(work.tx, before, _BATCH)
    for caller in idle:
        await files.forget_of(work.tx, caller.id)
        await personal.erase_traces(work.tx, caller)
        await personal.erase_resident(work.tx, caller.id, tombstone(work), work.now)
    return len(idle)


def _name_only(step: str) -> str:
    """A step's JSON with nothing but its name."""
    try:
        data = json.loads(step)
    except ValueError:
        data = {}
    name = data.get("step", "") if isinstance(data, dict) else ""
    return json.dumps({"step": str(name)[:40]}, separators=(",", ":"))


async def _finish_forgetting(work: Work) -> int:
    """What was left of those who asked to be forgotten, for as long as somebody had to deal with it."""
    ended = await personal.cases_of_the_forgotten(work.tx, _BATCH)
    for case in ended:
        for event in await cases.events(work.tx, case.id):
            if event.words and event.actor.startswith("resident"):
                personal.reword_event(work.tx, event.id, "")
        personal.erase_case(work.tx, case.id, "")
        show_card(work, case.id, case.office)
    return len(ended)


async def _pseudonymise(work: Work, before: datetime) -> int:
    """Ended cases that have been nobody's business for long: each becomes a pseudonym's of its own."""
    ended = await personal.cases_ended_before(work.tx, before, _BATCH)
    for case, channel in ended:
        strike = Eraser([case.name])
        for event in await cases.events(work.tx, case.id):
            if (kept := strike(event.words)) != event.words:
                personal.reword_event(work.tx, event.id, kept)
        personal.erase_case(work.tx, case.id, strike(case.words))
        pseudonym = await personal.add_pseudonym(work.tx, channel, tombstone(work), work.now)
        personal.unlink_case(work.tx, case, pseudonym)
    return len(ended)
