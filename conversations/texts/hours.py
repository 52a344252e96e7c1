"""Working hours in words: days of the same hours in a row are one line."""

from __future__ import annotations

from markupsafe import Markup

from locales import N_, Localizer
from services.offices.offices import Hours, Span, Weekday

WEEK = (
    Weekday.SUNDAY,
    Weekday.MONDAY,
    Weekday.TUESDAY,
    Weekday.WEDNESDAY,
    Weekday.THURSDAY,
    Weekday.FRIDAY,
    Weekday.SATURDAY,
)
DAYS = {
    Weekday.SUNDAY: N_("Sunday"),
    Weekday.MONDAY: N_("Monday"),
    Weekday.TUESDAY: N_("Tuesday"),
    Weekday.WEDNESDAY: N_("Wednesday"),
    Weekday.THURSDAY: N_("Thursday"),
    Weekday.FRIDAY: N_("Friday"),
    Weekday.SATURDAY: N_("Saturday"),
}


def hours_lines(t: Localizer, hours: Hours) -> list[Markup]:
    """A line for each stretch of days, and one for Ramadan."""
    runs: list[tuple[Weekday, Weekday, Span]] = []
    for day in WEEK:
        span = hours.on(day)
        if span is None:
            continue
        if runs and runs[-1][2] == span and WEEK.index(day) == WEEK.index(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], day, span)
        else:
            runs.append((day, day, span))
    lines = [
        t("{first} to {last}: {hours}", first=t(DAYS[first]), last=t(DAYS[last]), hours=t.span(span.opens, span.closes))
        if first != last
        else t("{day}: {hours}", day=t(DAYS[first]), hours=t.span(span.opens, span.closes))
        for first, last, span in runs
    ]
    if hours.ramadan is not None:
        lines.append(t("In Ramadan: {hours}", hours=t.span(hours.ramadan.opens, hours.ramadan.closes)))
    return lines
