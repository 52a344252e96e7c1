"""A report as one message."""

from __future__ import annotations

from markupsafe import Markup

from conversations.reports.words import ABSENCES, SOURCES, offices_title, percent, period_words, working_time
from conversations.texts.case import category_name
from conversations.texts.referrals import referral_lines
from locales import Localizer
from services.improvements.improvements import Figures
from services.offices.offices import Offices
from services.reports.access import View
from services.reports.figures import Absence, Bookings, Promises, Report, Satisfaction, Timing
from services.reports.suppression import LEAST

_BLOCKS = 5


def summary(t: Localizer, offices: Offices, report: Report, view: View) -> Markup:
    """The figures that are read first; what is more is in the spreadsheet."""
    scope = report.scope
    under_way = scope.period.end(offices.zone) > report.made_at
    at_end = t("Open now: {n}", n=report.open_at_end) if under_way else t("Open at the end: {n}", n=report.open_at_end)
    category = None if scope.category is None else category_name(t, offices, scope.category)
    return t.join_lines(
        t("📊 <b>Report: {office}</b>", office=offices_title(t, offices, scope.offices)),
        period_words(t, scope.period),
        t("Category: {category}", category=category) if category is not None else None,
        "",
        t("<b>Requests</b>"),
        t("Open at the start: {n}", n=report.open_at_start),
        t("New: {n}", n=report.received),
        t("Closed: {n}", n=report.closed),
        at_end,
        t("Reopened: {n}", n=report.reopened) if report.reopened else None,
        t("⏰ Overdue now: {n}", n=report.overdue) if report.overdue else None,
        *_timing(t, report, t("<b>First answer</b>"), report.first_answer),
        *_timing(t, report, t("<b>Closing</b>"), report.closing),
        *_satisfaction(t, report.satisfaction),
        *_bookings(t, report.bookings),
        *_no_shows(t, report, view),
        *_promises(t, report, view),
        *_referrals(t, offices, report, view),
        *_incidents(t, report, view),
        *_improved(t, report.improved),
        *_sources(t, report, view),
        *_blocks(t, report, view),
        "",
        t("Figures as of {moment}", moment=t.near_moment(report.made_at, report.made_at)),
    )


def is_empty(report: Report) -> bool:
    """Nothing happened, and nothing waits to be done."""
    days = report.bookings
    booked = days is not None and (days.booked or days.waiting or days.walk_ins)
    return not (report.received or report.closed or report.open_at_end or report.satisfaction.count or booked)


def _timing(t: Localizer, report: Report, title: Markup, timing: Timing) -> list[Markup]:
    if timing.share is None and not timing.pending:
        return []
    lines = [Markup(), title]
    if timing.share is not None:
        lines.append(
            t(
                "Within target: {percent} ({within} of {all})",
                percent=percent(t, timing.share),
                within=timing.within,
                all=timing.decided,
            )
        )
    if timing.pending:
        lines.append(t("Not yet due: {n}", n=timing.pending))
    half, most = timing.percentile(50), timing.percentile(90)
    if half is not None and most is not None:
        lines.append(t("Half took up to: {time}", time=working_time(t, report, half)))
        lines.append(t("{percent} took up to: {time}", percent=percent(t, 0.9), time=working_time(t, report, most)))
    return lines


def _satisfaction(t: Localizer, given: Satisfaction) -> list[Markup]:
    if given.mean is None:
        return []
    rated = t.plural("{n} rating", "{n} ratings", given.count)
    written = t.plural("{n} comment", "{n} comments", given.comments) if given.comments else None
    return [
        Markup(),
        t("<b>Satisfaction</b>"),
        t("⭐ {mean} out of {most}", mean=t.number(round(given.mean, 1)), most=len(given.stars)),
        t.dotted(rated, written),
    ]


def _bookings(t: Localizer, booked: Bookings | None) -> list[Markup]:
    if booked is None or not (booked.booked or booked.waiting or booked.walk_ins):
        return []
    lines = (
        t("Booked: {n}", n=booked.booked),
        t("Attended: {n}", n=booked.attended) if booked.attended else None,
        t("Did not come: {n}", n=booked.no_show) if booked.no_show else None,
        t("Cancelled: {n}", n=booked.cancelled) if booked.cancelled else None,
        t("Still to come: {n}", n=coming) if (coming := booked.expected - booked.unrecorded) else None,
        t("Not recorded whether they came: {n}", n=booked.unrecorded) if booked.unrecorded else None,
        t("On the waiting list: {n}", n=booked.waiting) if booked.waiting else None,
        t("Walk-ins: {n}", n=booked.walk_ins) if booked.walk_ins else None,
    )
    return [Markup(), t("<b>Appointments</b>"), *(line for line in lines if line is not None)]


def _no_shows(t: Localizer, report: Report, view: View) -> list[Markup]:
    """Why people did not come, where it may be told to the last one."""
    said = ((one, report.absences.get(one, 0)) for one in Absence if one is not Absence.NOT_SAID)
    shown = [(one, n) for one, n in said if n]
    if not shown or not view.whole:
        return []
    lines = [t("{name}: {n}", name=t(ABSENCES[one]), n=n) for one, n in shown]
    return [Markup(), t("<b>Why people did not come</b>"), *lines]


def _referrals(t: Localizer, offices: Offices, report: Report, view: View) -> list[Markup]:
    """To whom meetings referred what they were about, where it may be told to the last one."""
    lines = referral_lines(offices, t, report.referrals) if view.whole else []
    return [Markup(), *lines] if lines else []


def _promises(t: Localizer, report: Report, view: View) -> list[Markup]:
    """What was promised in meetings and was due in the period, where it may be told to the last one."""
    total = sum((report.promises or {}).values(), Promises())
    if not total.count or not view.whole:
        return []
    lines = (
        t("Kept: {n}", n=total.kept),
        t("Not kept: {n}", n=total.not_kept) if total.not_kept else None,
        t("Not confirmed: {n}", n=total.unconfirmed) if total.unconfirmed else None,
        t("Not yet due: {n}", n=total.open) if total.open else None,
        t("⏰ Overdue now: {n}", n=total.overdue) if total.overdue else None,
    )
    return [Markup(), t("<b>Promises</b>"), *(line for line in lines if line is not None)]


def _incidents(t: Localizer, report: Report, view: View) -> list[Markup]:
    """What many reported at once; of how few joined, no more than may be told."""
    found = report.incidents
    if found is None or not found.opened:
        return []
    told = view.whole or found.reports >= LEAST
    lines = [t("Opened: {n}", n=found.opened)]
    return [
        Markup(),
        t("<b>Incidents</b>"),
        *lines,
        *([t("Requests that joined them: {n}", n=found.reports)] if told else []),
    ]


def _improved(t: Localizer, improved: Figures | None) -> list[Markup]:
    if improved is None or not improved.improvements:
        return []
    return [
        Markup(),
        t("<b>You said, we did</b>"),
        t("Improvements: {n}", n=improved.improvements),
        t("Requests they answer: {n}", n=improved.cases),
        t("People told: {n}", n=improved.people),
    ]


def _sources(t: Localizer, report: Report, view: View) -> list[Markup]:
    counted = sorted(report.sources.items(), key=lambda item: (-item[1], item[0]))
    shown = [(source, n) for source, n in counted if view.whole or n >= LEAST]
    if not shown:
        return []
    lines = [
        t("{name}: {n}", name=t(SOURCES[source]) if source in SOURCES else t.own(source), n=n) for source, n in shown
    ]
    return [Markup(), t("<b>Sources of contact</b>"), *lines]


def _blocks(t: Localizer, report: Report, view: View) -> list[Markup]:
    shown = [(block, n) for block, n in report.top_blocks(_BLOCKS) if view.whole or n >= LEAST]
    if not shown:
        return []
    title = t("<b>Blocks with the most requests</b>")
    return [Markup(), title, *(t("Block {block}: {n}", block=t.own(str(block)), n=n) for block, n in shown)]
