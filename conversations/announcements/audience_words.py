"""Whom an announcement is for, and how many they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Turn
from conversations.staff.office_scope import office_title
from conversations.texts.case import category_name
from locales import N_, Language
from services.announcements.audience import Count
from services.announcements.model import Announcement, Audience, Status

BOOKED: Mapping[str, str] = MappingProxyType(
    {
        "": "",
        "has": N_("have booked an appointment before"),
        "never": N_("have never booked an appointment"),
    }
)
_LINES = 12  # groups that a screen shows


def audience_line(turn: Turn, audience: Audience) -> Markup:
    """Say "Capital, Muharraq · in Arabic · with an open request"."""
    t, offices = turn.t, turn.work.offices
    if audience.test:
        return t("a test")
    where = t.join(office_title(t, offices, office) for office in audience.offices) if audience.offices else None
    return t.dotted(
        where or t("everyone"),
        t("language: {language}", language=Language(audience.language).own_name) if audience.language else None,
        t(BOOKED[audience.booked]) if audience.booked else None,
        t("with an open request") if audience.open_case else None,
        t("request about: {category}", category=category_name(t, offices, audience.category))
        if audience.category
        else None,
        t("request in block {block}", block=str(audience.block)) if audience.block is not None else None,
    )


def total_line(turn: Turn, count: Count) -> Markup:
    return turn.t.plural("👥 <b>{n} person</b> will get it", "👥 <b>{n} people</b> will get it", count.total)


def count_lines(turn: Turn, count: Count) -> list[Markup]:
    """How many, by office and language, and who gets nothing."""
    t, by_office = turn.t, dict[str, dict[str, int]]()
    for group in count.groups:
        if group.told:
            languages = by_office.setdefault(group.office, {})
            languages[group.language] = languages.get(group.language, 0) + group.told
    lines = [total_line(turn, count)]
    for office, languages in list(by_office.items())[:_LINES]:
        found = turn.work.offices.get(next(group.office for group in count.groups if group.office == office))
        name = t.pick(found.short_name) if found is not None else t("no office chosen")
        told = [
            t("{language}: {n}", language=Language(code).own_name, n=number)
            for code, number in languages.items()
            if code in set(Language)
        ]
        lines.append(t("• {office} · {counts}", office=name, counts=t.dotted(*told)))
    if len(by_office) > _LINES:
        lines.append(t("• and other offices"))
    lines += left_out_lines(turn, count)
    return lines


def left_out_lines(turn: Turn, count: Count) -> list[Markup]:
    """Who would be among them and gets nothing; of an audience that is empty, why."""
    t = turn.t
    if not (count.total or count.opted_out or count.unreachable):
        return [t("Nobody belongs to this audience yet. Residents belong to an office once they choose it in the bot.")]
    return [
        *(
            [
                t.plural(
                    "🔕 {n} person wants no news and will not get it",
                    "🔕 {n} people want no news and will not get it",
                    count.opted_out,
                )
            ]
            if count.opted_out
            else []
        ),
        *(
            [t.plural("🚫 {n} person has stopped the bot", "🚫 {n} people have stopped the bot", count.unreachable)]
            if count.unreachable
            else []
        ),
    ]


def sending_line(turn: Turn, found: Announcement) -> Markup:
    """When it goes out."""
    t = turn.t
    if found.send_at is None:
        return t("as soon as you confirm") if found.status is Status.DRAFT else t("now")
    return t.moment(found.send_at)
