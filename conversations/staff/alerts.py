"""What an office's chat is told by the clock: the morning's digest, and targets that run out for many at once."""

from __future__ import annotations

from markupsafe import Markup

from conversations.dangers.alert import untaken_lines, untaken_rows
from conversations.engine.notices import Rendering
from conversations.engine.step import Responder, Rows
from conversations.staff.case_list import case_lines, open_buttons
from conversations.staff.context import button
from conversations.staff.office_scope import called, managers
from conversations.texts.case import office_name
from services.actors import office_subject
from services.cases import resident_actions
from services.cases.targets import WATCHED, is_overdue
from services.casework import daily_digest
from services.casework.queries import Counts, Which
from services.notify.notices.cases import StaffAlarms
from services.notify.notices.reports import MorningDigest
from storage.ids import OfficeId
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case, CaseEventKind

#: Of many at once so many are shown; the queues have the others.
_SHOWN = 5


# ---------------------------------------------------------------------------- in the morning


async def morning(responder: Responder, notice: MorningDigest) -> None:
    """How the office's day begins; nothing where there is nothing to say, or the day is over."""
    if responder.work.today != notice.day:
        return
    day = await daily_digest.morning(responder.work, notice.office)
    if day.is_empty:
        return
    t, counts = responder.t, day.counts
    text = t.join_lines(
        t("☀️ <b>Good morning, {office}</b>", office=office_name(t, responder.work.offices, notice.office)),
        t.full_date(notice.day),
        "",
        *untaken_lines(t, day.untaken),
        t("📥 New requests: {n} (since {moment})", moment=t.moment(day.since), n=counts.new),
        t("📂 Open: {n}", n=counts.open),
        t("✋ No owner: {n}", n=counts.unowned) if counts.unowned else None,
        t("⏳ Due today: {n}", n=counts.due) if counts.due else None,
        t("⏰ Overdue: {n}", n=counts.overdue) if counts.overdue else None,
        t("❓ Waiting for the applicant: {n}", n=counts.waiting) if counts.waiting else None,
        _expected(responder, day.bookings),
    )
    rows = (*untaken_rows(day.untaken), *_queues(responder, counts))
    responder.say(text, rows, subject=office_subject(notice.office))


def _expected(responder: Responder, bookings: tuple[Booking, ...]) -> Markup | None:
    t = responder.t
    coming = [booking for booking in bookings if booking.status is not BookingStatus.NO_SHOW]
    if not coming or coming[0].starts_at is None:
        return None
    return t("📅 Appointments today: {n}, the first at {time}", n=len(coming), time=t.time(coming[0].starts_at))


def _queues(responder: Responder, counts: Counts) -> Rows:
    """The queues that hold something, each opening as a message of its own."""
    t = responder.t
    shown = (
        (t.plain("⏰ Overdue"), Which.OVERDUE, counts.overdue),
        (t.plain("⏳ Due today"), Which.DUE, counts.due),
        (t.plain("✋ No owner"), Which.UNOWNED, counts.unowned),
        (t.plain("📂 All open requests"), Which.ALL, counts.open),
    )
    buttons = [button(label, "queue", argument=which.value) for label, which, n in shown if n]
    return buttons[:2], buttons[2:]


# ---------------------------------------------------------------------------- when much runs out at once


async def alarms(responder: Responder, notice: StaffAlarms) -> None:
    """Many targets at once, as on the first day after a holiday: how many, the worst of them, and the queues."""
    late, near = await _still_true(responder, notice)
    if not late and not near:
        return
    t = responder.t
    shown = sorted(late, key=lambda case: (-case.priority, case.close_due)) + near
    text = t.join_lines(
        t.plural("⏰ {n} request is overdue", "⏰ {n} requests are overdue", len(late)) if late else None,
        t.plural("⏳ {n} request is near its deadline", "⏳ {n} requests are near their deadlines", len(near))
        if near
        else None,
        await _managers(responder, notice.office) if late else None,
        "",
        *await case_lines(responder, shown[:_SHOWN]),
        t("See the queues for the rest.") if len(shown) > _SHOWN else None,
    )
    queues = (
        *((button(t.plain("⏰ Overdue"), "queue", argument=Which.OVERDUE.value),) if late else ()),
        button(t.plain("📂 All open requests"), "queue", argument=Which.ALL.value),
    )
    responder.say(text, (*open_buttons(shown[:_SHOWN], 1, t), queues), subject=office_subject(notice.office))


async def _still_true(responder: Responder, notice: StaffAlarms) -> tuple[list[Case], list[Case]]:
    """The cases that are late, and those that are nearly so, each once, of those the office has still to act on."""
    late: dict[int, Case] = {}
    near: dict[int, Case] = {}
    for number in notice.events:
        event = await resident_actions.event_by_id(responder.work, number)
        case = await resident_actions.by_id(responder.work, event.case_id) if event is not None else None
        if event is None or case is None or case.office != notice.office or case.status not in WATCHED:
            continue
        if is_overdue(case, responder.work.now):
            late[case.id] = case
        elif event.what is CaseEventKind.WARNED:
            near[case.id] = case
    return list(late.values()), [case for case in near.values() if case.id not in late]


async def _managers(responder: Responder, office: OfficeId) -> Markup | None:
    """The office's managers, called by name; None where it has none."""
    links = called(responder, await managers(responder, office))
    return responder.t("Managers: {names}", names=responder.t.join(links)) if links else None


RENDERINGS = (
    Rendering(MorningDigest, to_staff=morning),
    Rendering(StaffAlarms, to_staff=alarms),
)
