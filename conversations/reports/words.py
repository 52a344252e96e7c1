"""What the parts of a report are called, for messages, charts and spreadsheets alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.texts.case import category_name
from locales import N_, Localizer
from locales.html import to_plain
from services.offices.offices import BodyId, Offices
from services.reports.figures import DIRECT, Absence, Ending, Report, Scope
from services.reports.periods import Named, Period
from services.reports.tables import BookingRow, Column, Measure, PromiseRow, TableName
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind

PERIODS: Mapping[Named, str] = MappingProxyType(
    {
        Named.THIS_WEEK: N_("This week"),
        Named.LAST_WEEK: N_("Last week"),
        Named.THIS_MONTH: N_("This month"),
        Named.LAST_MONTH: N_("Last month"),
        Named.THIS_QUARTER: N_("This quarter"),
        Named.LAST_QUARTER: N_("Last quarter"),
        Named.THIS_YEAR: N_("This year"),
        Named.LAST_YEAR: N_("Last year"),
    }
)
ENDINGS: Mapping[Ending, str] = MappingProxyType(
    {
        Ending.FIXED: N_("Solved, confirmed by the applicant"),
        Ending.UNCONFIRMED: N_("Solved, not confirmed"),
        Ending.OTHER: N_("Closed for other reasons"),
        Ending.REJECTED: N_("Requests not accepted"),
        Ending.OUTSIDE_REMIT: N_("Outside our remit"),
        Ending.DUPLICATE: N_("Duplicates"),
        Ending.WITHDRAWN: N_("Requests withdrawn"),
    }
)
KINDS: Mapping[CaseKind, str] = MappingProxyType(
    {
        CaseKind.COMPLAINT: N_("Complaints"),
        CaseKind.SUGGESTION: N_("Suggestions"),
        CaseKind.OBSERVATION: N_("Observations"),
        CaseKind.SERVICE_REQUEST: N_("Service requests"),
        CaseKind.INQUIRY: N_("Inquiries"),
    }
)
#: How people reached the office: by the values that cases keep.
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        DIRECT: N_("The bot itself"),
        "poster": N_("Posters"),
        "website": N_("Website"),
        "hotline": N_("Link from the hotline"),
        "social": N_("Social media"),
        "other": N_("Other links"),
        "call": N_("Phone calls"),
        "visit": N_("Visits"),
        "promise": N_("Promises in meetings"),
    }
)
BOOKINGS: Mapping[BookingRow, str] = MappingProxyType(
    {
        BookingRow.BOOKED: N_("Booked"),
        BookingRow.EXPECTED: N_("To come, or not recorded"),
        BookingRow.ATTENDED: N_("Attended"),
        BookingRow.NO_SHOW: N_("Did not come"),
        BookingRow.CANCELLED_BY_RESIDENT: N_("Cancelled by the applicant"),
        BookingRow.CANCELLED_BY_MUNICIPALITY: N_("Cancelled by the municipality"),
        BookingRow.WAITING: N_("On the waiting list"),
        BookingRow.WALK_INS: N_("Walk-ins"),
    }
)
ABSENCES: Mapping[Absence, str] = MappingProxyType(
    {
        Absence.FORGOT: N_("They forgot"),
        Absence.COULD_NOT: N_("They were unable to come"),
        Absence.SOLVED: N_("It was already dealt with"),
        Absence.NOT_FOUND: N_("They did not find the place"),
        Absence.OTHER: N_("Another cause"),
        Absence.NOT_SAID: N_("They did not say"),
    }
)
PROMISES: Mapping[PromiseRow, str] = MappingProxyType(
    {
        PromiseRow.KEPT: N_("Kept"),
        PromiseRow.NOT_KEPT: N_("Not kept"),
        PromiseRow.UNCONFIRMED: N_("Not confirmed"),
        PromiseRow.OPEN: N_("Not yet due"),
        PromiseRow.OVERDUE: N_("Overdue now"),
    }
)
_UP_TO = N_("{percent} took up to (working hours)")
_MEASURES: Mapping[Measure, str] = MappingProxyType(
    {
        Measure.OPEN_AT_START: N_("Open at the start"),
        Measure.RECEIVED: N_("New requests"),
        Measure.CLOSED: N_("Closed requests"),
        Measure.OPEN_AT_END: N_("Open at the end"),
        Measure.OVERDUE: N_("Overdue now"),
        Measure.REOPENED: N_("Reopened requests"),
        Measure.RATINGS: N_("Ratings"),
        Measure.MEAN: N_("Mean rating"),
        Measure.COMMENTS: N_("Comments"),
        Measure.WITHIN: N_("Within target"),
        Measure.LATE: N_("Late"),
        Measure.PENDING: N_("Not yet due"),
        Measure.NONE: N_("No answer needed"),
        Measure.MEDIAN: _UP_TO,
        Measure.NINETIETH: _UP_TO,
    }
)
_PERCENTILES: Mapping[Measure, int] = MappingProxyType({Measure.MEDIAN: 50, Measure.NINETIETH: 90})
TABLES: Mapping[TableName, str] = MappingProxyType(
    {
        TableName.SUMMARY: N_("Summary"),
        TableName.FIRST_ANSWER: N_("First answer"),
        TableName.CLOSING: N_("Closing"),
        TableName.ENDINGS: N_("Outcomes"),
        TableName.OFFICES: N_("Offices"),
        TableName.CATEGORIES: N_("Categories"),
        TableName.KINDS: N_("Types"),
        TableName.SOURCES: N_("Sources of contact"),
        TableName.BLOCKS: N_("Blocks"),
        TableName.WEEKS: N_("Weeks"),
        TableName.STARS: N_("Satisfaction"),
        TableName.BOOKINGS: N_("Appointments"),
        TableName.NO_SHOWS: N_("Why people did not come"),
        TableName.DAYS: N_("Customer Days"),
        TableName.PROMISES: N_("Promises"),
        TableName.PROMISE_OFFICES: N_("Promises by office"),
        TableName.REFERRALS: N_("Referrals"),
        TableName.STAFF: N_("Staff"),
    }
)
COLUMNS: Mapping[Column, str] = MappingProxyType(
    {
        Column.MEASURE: N_("Figure"),
        Column.OFFICE: N_("Office"),
        Column.CATEGORY: N_("Category"),
        Column.KIND: N_("Type"),
        Column.SOURCE: N_("Source of contact"),
        Column.BLOCK: N_("Block"),
        Column.WEEK: N_("Week from"),
        Column.STARS: N_("Stars"),
        Column.ENDING: N_("Outcome"),
        Column.BOOKING: N_("Appointments"),
        Column.ABSENCE: N_("Reason"),
        Column.DAY: N_("Customer Day"),
        Column.MEMBER: N_("Member of staff"),
        Column.BOOKED: N_("Booked"),
        Column.ATTENDED: N_("Attended"),
        Column.NO_SHOW: N_("Did not come"),
        Column.CANCELLED: N_("Cancelled"),
        Column.EXPECTED: N_("To come, or not recorded"),
        Column.WAITING: N_("On the waiting list"),
        Column.WALK_INS: N_("Walk-ins"),
        Column.COUNT: N_("Number"),
        Column.RECEIVED: N_("New requests"),
        Column.CLOSED: N_("Closed requests"),
        Column.WITHIN: N_("Closed within target"),
        Column.OPEN: N_("Open now"),
        Column.OVERDUE: N_("Overdue now"),
        Column.PROMISE: N_("Promises"),
        Column.KEPT: N_("Kept"),
        Column.NOT_KEPT: N_("Not kept"),
        Column.UNCONFIRMED: N_("Not confirmed"),
        Column.PROMISE_OPEN: N_("Not yet due"),
        Column.BODY: N_("Body"),
        Column.MEETINGS: N_("Subjects referred in meetings"),
        Column.REQUESTS: N_("Requests referred to it"),
        Column.STILL_THERE: N_("Requests still with it"),
        Column.MEDIAN_DAYS: N_("Median age of those, in days"),
    }
)


def offices_title(t: Localizer, offices: Offices, asked: tuple[OfficeId, ...]) -> Markup:
    """The one office, some of them by their short names, or that it is all."""
    if len(asked) == 1:
        found = offices.get(asked[0])
        return t.pick(found.name) if found else t.own(asked[0])
    if {office.id for office in offices.all} <= set(asked):
        return t("All offices")
    return t.join([t.own(office_label(t, offices, office)) for office in asked])


def period_words(t: Localizer, period: Period) -> Markup:
    if period.first == period.last:
        return t.date(period.first)
    return t("from {first} to {last}", first=t.date(period.first), last=t.date(period.last))


def scope_words(t: Localizer, offices: Offices, scope: Scope) -> Markup:
    """What a report is about, on one line."""
    category = None if scope.category is None else category_name(t, offices, scope.category)
    return t.dotted(offices_title(t, offices, scope.offices), category, period_words(t, scope.period))


def source_label(t: Localizer, source: str) -> str:
    return t.plain(SOURCES[source]) if source in SOURCES else source


def office_label(t: Localizer, offices: Offices, office: OfficeId) -> str:
    found = offices.get(office)
    return t.pick_plain(found.short_name) if found else office


def category_label(t: Localizer, offices: Offices, category: CategoryId) -> str:
    found = offices.category(category)
    return t.pick_plain(found.name) if found else category


def body_label(t: Localizer, offices: Offices, body: str) -> str:
    """Whoever was typed is one of the others: a name that somebody wrote is in no file."""
    found = offices.bodies_by_id.get(BodyId(body))
    return t.pick_plain(found.name) if found else t.plain("Other bodies")


def measure_label(t: Localizer, measure: Measure) -> str:
    return t.plain(_MEASURES[measure], percent=percent(t, _PERCENTILES.get(measure, 0) / 100))


def percent(t: Localizer, share: float) -> Markup:
    return t("{n}%", n=round(share * 100))


def working_time(t: Localizer, report: Report, minutes: int) -> Markup:
    """A span of the offices' hours, in the largest unit that says enough."""
    if minutes < 90:
        return t.plural("{n} working minute", "{n} working minutes", minutes)
    if minutes < 2 * report.working_day:
        return t.plural("{n} working hour", "{n} working hours", round(minutes / 60))
    return t.plural("{n} working day", "{n} working days", round(minutes / report.working_day))


def plain(markup: Markup) -> str:
    """The same where no HTML is shown: in a chart or a cell."""
    return to_plain(markup)
