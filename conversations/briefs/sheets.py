"""A session's brief as a sheet of typed columns: a row for each visitor."""

from __future__ import annotations

from conversations.briefs.words import PREPARE, case_line, meeting_line, plain, promise_line, source_words, title
from conversations.texts.booking import ARRANGEMENTS, NEED, status_words, topic_name
from conversations.texts.case import status_name
from conversations.texts.field import root_cause
from locales import Localizer, clean
from services.briefs.briefs import SessionBrief, VisitorBrief
from services.reports.sheet import Sheet, Value
from services.unit_of_work import Work
from services.visits.walk_ins import WALK_IN
from storage.records.bookings import Need


def sheet(work: Work, t: Localizer, brief: SessionBrief) -> Sheet:
    """Numbers only where its reader may see them: their column is left out for others."""
    phones = any(one.phone is not None for one in brief.visitors)
    header = [t.plain("Time"), t.plain("Reference"), t.plain("Name"), *([t.plain("Phone")] if phones else [])]
    header += [
        t.plain("Subject"),
        t.plain("In their words"),
        t.plain("Companions"),
        t.plain("Arrangements"),
        t.plain("Attachments"),
        t.plain("State"),
        t.plain("Answered before the visit"),
        t.plain("About the request"),
        t.plain("State of the request"),
        t.plain("Promises not kept yet"),
        t.plain("Days since the oldest promise"),
        t.plain("Earlier requests"),
        t.plain("Earlier meetings"),
        t.plain("Reported at the same place"),
        t.plain("To prepare"),
    ]
    rows = tuple(_row(work, t, one, phones=phones) for one in brief.visitors)
    return Sheet(_named(plain(title(work, t, brief.session))), tuple(clean(one) for one in header), rows)


def _row(work: Work, t: Localizer, one: VisitorBrief, *, phones: bool) -> tuple[Value, ...]:
    booking = one.booking
    appointment = None if booking.source == WALK_IN else booking.starts_at
    starts_at = None if appointment is None else appointment.astimezone(work.offices.zone)
    oldest = max((promise.age.days for promise in one.promises), default=None)
    values: tuple[Value, ...] = (
        None if starts_at is None else starts_at.replace(tzinfo=None),
        booking.reference,
        clean(one.name),
        *((_dialled(one.phone or ""),) if phones else ()),
        clean(plain(topic_name(work, t, booking.topic))),
        clean(booking.words),
        booking.companions,
        _needs(t, one),
        one.files,
        clean(plain(t.dotted(status_words(t, booking), source_words(t, booking)))),
        "" if one.answered is None else clean(one.answered.detail),
        None if one.linked is None else one.linked.reference,
        None if one.linked is None else clean(plain(status_name(t, one.linked.status, mine=False))),
        _joined([plain(promise_line(t, each)) for each in one.promises]),
        oldest,
        _joined([plain(case_line(work, t, each)) for each in one.cases]),
        _joined([plain(meeting_line(work, t, each)) for each in one.meetings]),
        _joined(
            [
                *([plain(root_cause(t, one.recurring))] if one.recurring else []),
                *(plain(case_line(work, t, each)) for each in one.spot),
            ]
        ),
        _joined([plain(t(PREPARE[each])) for each in one.preparations]),
    )
    return values


def _needs(t: Localizer, one: VisitorBrief) -> str:
    other = one.booking.answers.get(ARRANGEMENTS, "")
    needed = (other if need is Need.OTHER and other else plain(t(NEED[need])) for need in one.booking.needs)
    return clean("; ".join(needed))


def _dialled(phone: str) -> str:
    """With two zeros: what begins with a plus is a formula to a spreadsheet."""
    return f"00{phone[1:]}" if phone.startswith("+") else phone


def _joined(texts: list[str]) -> str:
    return "\n".join(clean(one) for one in texts)


def _named(text: str) -> str:
    """A sheet's name takes none of the signs that formulas give a meaning."""
    return "".join(" " if one in r"[]:*?/\'" else one for one in clean(text)).strip() or "-"
