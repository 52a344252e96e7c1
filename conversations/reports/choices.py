"""The period, the office and the category to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from conversations.engine.step import Button, Rows
from conversations.reports.scopes import Asked, Want, to
from conversations.reports.words import PERIODS, office_label
from locales import Localizer
from services.reports.periods import Named, named
from services.unit_of_work import Work
from storage.ids import OfficeId


def of(t: Localizer, work: Work, want: Want, asked: Asked, allowed: Sequence[OfficeId]) -> tuple[Markup, Rows]:
    """What to choose, and a way back."""
    if want is Want.PERIODS:
        # On a line of its own: in Arabic the days would change places where a line ends.
        example = t.own("/report 2026-11-01 2026-11-30")
        text = t.join_lines(t("Which period?"), t("You can also write other days, for example:"), example)
        buttons = _periods(t, work, asked)
    elif want is Want.OFFICES:
        text, buttons = t("Which office?"), _offices(t, work, asked, allowed)
    else:
        text, buttons = t("Which category?"), _categories(t, work, asked)
    back = to(t.plain("Back"), Want.SHOW, asked)
    return text, (*(buttons[start : start + 2] for start in range(0, len(buttons), 2)), (back,))


def _chosen(label: str, asked: Asked, other: Asked) -> Button:
    return to(("• " if other == asked else "") + label, Want.SHOW, other)


def _periods(t: Localizer, work: Work, asked: Asked) -> list[Button]:
    return [_chosen(t.plain(PERIODS[which]), asked, replace(asked, period=named(which, work.today))) for which in Named]


def _offices(t: Localizer, work: Work, asked: Asked, allowed: Sequence[OfficeId]) -> list[Button]:
    buttons = [_chosen(t.plain("All offices"), asked, replace(asked, office=None))]
    return buttons + [
        _chosen(office_label(t, work.offices, office), asked, replace(asked, office=office)) for office in allowed
    ]


def _categories(t: Localizer, work: Work, asked: Asked) -> list[Button]:
    offices = work.offices
    known = offices.categories if asked.office is None else offices.categories_for(asked.office)
    buttons = [_chosen(t.plain("All categories"), asked, replace(asked, category=None))]
    return buttons + [
        _chosen(f"{one.emoji} {t.pick_plain(one.name)}", asked, replace(asked, category=one.id)) for one in known
    ]
