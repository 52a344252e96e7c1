"""/near: the open requests around a member in the field, from a location that they share."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.messages import Kind, Outgoing, Request
from conversations.engine.step import OutboundMessage
from conversations.staff.case_list import open_buttons
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer, office_title, refuse
from conversations.staff.registry import StaffCommand
from conversations.texts.case import category_name, place_words
from conversations.texts.field import away
from locales import N_
from services.casework import cards, near
from services.casework.near import WAITS, Around
from services.staff.permissions import Act
from storage.records.cases import Case

_EXCERPT = 60


async def near_me(context: StaffContext) -> None:
    """/near: what is around a place that was shared a moment ago, else the question where they are."""
    work, person, t = context.work, context.person, context.t
    near.ask(work, person)
    known = await near.known(work, person)
    if known is not None:
        await _show(context, *known)
    elif context.said.group:
        answer(
            context,
            t(
                "📍 To see the open requests around you, send your location here within {span}: 📎, then Location.",
                span=t.duration(WAITS),
            ),
        )
    else:
        asked = Outgoing(
            text=t("📍 Share your location to see the open requests around you."),
            ask_for=Request.LOCATION,
            ask_label=t.plain("📍 Share my location"),
        )
        context.out.append(OutboundMessage(asked))


async def located(context: StaffContext) -> bool:
    """Take a location as the answer to /near; False where it is none."""
    said, work = context.said, context.work
    if said.kind is not Kind.LOCATION or said.place is None or said.edited:
        return False
    if not await near.is_asked(work, context.person) or await context.member() is None:
        return False
    if said.reply_to is not None and await cards.shown_by(work, said.channel, said.chat, said.reply_to) is not None:
        return False  # it is for the applicant of that request
    near.share(work, context.person, said.place.latitude, said.place.longitude)
    if not said.group:
        context.out.append(OutboundMessage(Outgoing(text=context.t("📍 Location received."), drop_keyboard=True)))
    await _show(context, said.place.latitude, said.place.longitude)
    return True


async def _show(context: StaffContext, latitude: float, longitude: float) -> None:
    t = context.t
    found = await near.around(context.work, context.person, await context.offices_here(), latitude, longitude)
    if found is None:
        refuse(context)
        return
    shown = [*(one.case for one in found.near), *found.in_block]
    if not shown:
        answer(context, t("📍 There are no open requests with a point on the map around you."))
        return
    lines = _lines(context, found)
    answer(context, t.join_lines(t("📍 <b>Open requests near you</b>"), "", *lines), open_buttons(shown, 1, t))


def _lines(context: StaffContext, found: Around) -> list[Markup]:
    t = context.t
    lines = [_line(context, number, one.case, away(t, one.metres)) for number, one in enumerate(found.near, 1)]
    if found.in_block and found.block is not None:
        lines += [
            Markup(),
            t("Also in block {block}, without a point on the map:", block=t.ref(str(found.block))),
            *(_line(context, number, case, None) for number, case in enumerate(found.in_block, len(found.near) + 1)),
        ]
    return lines


def _line(context: StaffContext, number: int, case: Case, distance: Markup | None) -> Markup:
    t, offices = context.t, context.work.offices
    place = place_words(t, case) if case.road or case.block is not None else None
    about = t.dotted(
        distance,
        t.ref(case.reference),
        category_name(t, offices, case.category),
        place,
        office_title(t, offices, case.office),
    )
    words = t("“{words}”", words=t.own(" ".join(case.words.split()), _EXCERPT)) if case.words else None
    return t.join_lines(t("{n}. {about}", n=number, about=about), words)


COMMANDS = (StaffCommand("near", N_("Open requests around you"), Act.READ, near_me),)
