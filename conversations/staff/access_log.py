"""Who saw names and numbers, as those who lead are shown it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.staff.case_list import list_group
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from locales.html import to_plain
from services.actors import staff_address
from services.casework import queries
from services.casework.queries import Look
from services.staff import permissions
from services.staff.permissions import Act

_PERIODS = (1, 7, 30)  # days of the access log
_LOOKED: Mapping[str, str] = MappingProxyType(
    {
        "case.contact": N_("saw name and phone number"),
        "booking.contact": N_("saw name and phone number"),
        "case.found": N_("searched by phone number"),
        "booking.found": N_("searched by phone number"),
    }
)


async def access_log(context: StaffContext) -> None:
    """/looked: who saw names and numbers."""
    shown = await _looks(context, 7)
    if shown is None:
        refuse(context)
    else:
        answer(context, *shown)


async def _other_period(context: StaffContext, tap: Tap) -> None:
    shown = await _looks(context, tap.case if tap.case in _PERIODS else 7)
    if shown is None:
        refuse(context)
    else:
        context.say(*shown, edit=context.said.message, supersedes=list_group(context))


async def _looks(context: StaffContext, days: int) -> tuple[Markup, Rows] | None:
    found = await queries.access_log(context.work, context.person, await context.offices_here(), days)
    if found is None:
        return None
    t, (looks, more) = context.t, found
    names = await permissions.names(context.work)
    lines = [_look_line(t, look, names) for look in looks] or [t("Nobody saw names or phone numbers in this period.")]
    text = t.join_lines(
        t("👁 <b>Who saw names and phone numbers</b>: {period}", period=_period(t, days)),
        "",
        *lines,
        t("Only the newest entries are shown here.") if more else None,
    )
    periods = [button(("• " if n == days else "") + _period_label(t, n), "looked", n) for n in _PERIODS]
    return text, (periods,)


def _period(t: Localizer, days: int) -> Markup:
    return t("Today") if days == 1 else t("Last {days}", days=t.duration(timedelta(days=days)))


def _period_label(t: Localizer, days: int) -> str:
    return t.plain("Today") if days == 1 else to_plain(t.duration(timedelta(days=days)))


def _look_line(t: Localizer, look: Look, names: Mapping[str, str]) -> Markup:
    who = names.get(look.actor, "") or staff_address(look.actor)
    return t(
        "{time} · {who} · {reference} · {what}",
        time=t.moment(look.at),
        who=t.own(who, 40),
        reference=t.ref(look.reference),
        what=t(_LOOKED[look.action]),
    )


COMMANDS = (StaffCommand("looked", N_("See who saw names and phone numbers"), Act.LOOKED, access_log),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"looked": DeskButton(Act.LOOKED, _other_period)})
