"""/hallscreen: the link of the screen in the hall. /room: the page of whoever receives people."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button
from conversations.staff import rights
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer, office_label, office_title
from conversations.staff.registry import At, StaffCommand
from locales import N_
from services.staff.permissions import Act, Member
from services.visits import screens

_MOST = 8


async def hall_screen(context: StaffContext) -> None:
    """The link for each office here whose door the member works at."""
    t, pages = context.t, context.links.pages
    if pages is None:
        answer(context, no_address(context))
        return
    mine = await rights.offices_with(context, Act.RECEIVE)
    found = await screens.for_screens(context.work, mine[:_MOST])
    if not found:
        answer(context, t("No Customer Day is planned here."))
        return
    offices = context.work.offices
    days = [
        t(
            "{office}: {date}",
            office=office_title(t, offices, one.office),
            date=t.near_date(one.day, context.work.today),
        )
        for one in found
    ]
    rows = [
        [Button(label=t.plain("🖥 {office}", office=office_label(t, offices, one.office))[:64], url=pages.hall(one.id))]
        for one in found
    ]
    answer(
        context,
        t.join_lines(
            t("🖥 <b>The screen for the hall</b>"),
            t("Open the link on the screen. It shows ticket numbers and no names. Each day has a link of its own."),
            Markup(),
            *days,
        ),
        rows,
    )


async def room(context: StaffContext) -> None:
    """The page with today's queue, which the app opens inside the private chat."""
    t, pages = context.t, context.links.pages
    if pages is None:
        answer(context, no_address(context))
        return
    answer(
        context,
        t.join_lines(
            t("🚪 <b>Today in the room</b>"),
            t("The page shows who is inside and who comes next, with all that is known of the visitor."),
        ),
        [[Button(label=t.plain("Open the page"), web_app=pages.director())]],
    )


def _receives(member: Member) -> bool:
    return any(member.may(Act.RECEIVE, office) and member.may(Act.BRIEF, office) for office, _ in member.roles)


def no_address(context: StaffContext) -> Markup:
    return context.t("The bot cannot show pages, because it has no public address. Whoever runs it can set one.")


COMMANDS = (
    StaffCommand("hallscreen", N_("The screen with the ticket numbers, for the hall"), Act.RECEIVE, hall_screen),
    StaffCommand(
        "room",
        N_("The page of the room: who is inside, who comes next"),
        Act.BRIEF,
        room,
        At.ANY_OFFICE,
        alone=True,
        offered_to=_receives,
    ),
)
