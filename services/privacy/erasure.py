"""Erases a person's data when they ask for it: a right of Law 30/2018 on the protection of personal data.

Statistics without identity are kept. Their copy of the data is `data_export`'s, deletion in time `retention`'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.actors import is_staff, resident_actor, resident_subject
from services.bookings.states import LIVE
from services.briefs import telling
from services.cases.updates import show_card, tell_staff
from services.cases.workflow import ENDED
from services.casework.record_linking import link_all
from services.delegations import delegations
from services.privacy.staff_chats import Posted, StaffChats, drop_talks
from services.privacy.tombstone import tombstone
from services.streets import streets
from services.text.redact import Eraser
from services.unit_of_work import Work
from storage import audit, cards, cases, crews, files, personal
from storage import bookings as booking_rows
from storage.ids import Reference
from storage.records.bookings import Booking
from storage.records.cases import Case, CaseEventKind
from storage.records.residents import Resident

# ---------------------------------------------------------------------------- being forgotten

#: Documents of a brief are deleted a day after they were sent; the day before the session at the latest they are made.
_DOCUMENTS_STAY = timedelta(days=2)
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
    await delegations.forget(work, resident)
    await streets.forget(work, resident)
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
    await _tell_briefs_without(work, bookings, chats)
    await _erase_cases(work, resident, own, strike, chats)
    await drop_talks(work, [case.id for case in own], [booking.id for booking in bookings])
    await personal.erase_bookings(work.tx, resident.id)
    dropped = await files.forget_of(work.tx, resident.id)
    await personal.erase_traces(work.tx, resident)
    await crews.forget_place(work.tx, resident.channel, resident.address)  # they may be of a team as well
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


async def _tell_briefs_without(work: Work, bookings: list[Booking], chats: StaffChats) -> None:
    """Take back the documents of briefs that name them; whoever had one gets the brief as it is without them."""
    lately = [one for one in bookings if one.day >= work.today - _DOCUMENTS_STAY]
    for session_id, office in sorted({(one.session_id, one.office) for one in lately}):
        readers = await chats.forget_brief(session_id, office)
        gone = tuple(one.id for one in lately if one.session_id == session_id)
        await telling.tell_without(work, session_id, readers, gone)


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
            if case is not None and is_staff(event.actor):
                await chats.forget_typed(case.id, event.id, case.office, event.at)
