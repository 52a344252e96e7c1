"""One case by its reference, and searches.

The words of a search are kept for a day, for its pages; a number is not: a button names a case that was found by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.appointments import card as appointment_card
from conversations.appointments import days
from conversations.engine.messages import Outgoing
from conversations.engine.step import OutboundMessage, Rows
from conversations.staff import card
from conversations.staff.case_list import case_lines, list_group, open_buttons, pager
from conversations.staff.context import StaffContext, Tap, button, button_mark
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from conversations.staff.today import booking_line
from locales import N_
from services.casework import pending, queries
from services.casework.queries import PAGE, Found, How
from services.staff.permissions import Act
from services.text.references import CASE_EXAMPLE, is_mistyped
from storage.ids import CaseId, MessageId

#: What shows a number, the question and the answer, stays in a chat for so long.
STAYS = timedelta(minutes=10)  # what names a person is deleted again


async def case(context: StaffContext) -> None:
    """/case REFERENCE."""
    t, typed = context.t, context.said.argument
    if not typed:
        answer(
            context,
            t("Type the reference after the command. For example: {example}", example=t.ref(f"/case {CASE_EXAMPLE}")),
        )
        return
    here = await context.offices_here()
    found = await queries.case(context.work, context.person, here, typed)
    if found is not None:
        await card.show_here(context, found)
    elif (booking := await queries.booking(context.work, context.person, here, typed)) is not None:
        await appointment_card.show_here(context, booking)
    elif is_mistyped(typed):
        answer(context, t("That reference is not valid. Check it for a wrong, missing or extra character."))
    else:
        answer(context, t("There is no request or appointment with that reference here."))


async def find(context: StaffContext) -> None:
    """/find words, a phone number, a block or a reference."""
    t, typed = context.t, context.said.argument
    if not typed:
        answer(
            context,
            t.join_lines(
                t("Type what you want to find after the command:"),
                t("{example} – words, in any spelling", example=t.ref(t.plain("/find full bin"))),
                t("{example} – a phone number", example=t.ref("/find 33123456")),
                t("{example} – a block number", example=t.ref("/find 338")),
                t("{example} – the appointments of a day", example=t.ref("/find 9/12")),
            ),
        )
        return
    if (day := days.day_in(context, typed)) is not None:
        await days.show_day(context, day)
        return
    found = await queries.find(context.work, context.person, await context.offices_here(), typed)
    if found is None:
        refuse(context)
        return
    by_phone = found.how is How.PHONE
    version, argument = _named(context, found, typed)
    stays = int(STAYS.total_seconds()) if by_phone else None
    answer(context, *await _hits(context, found, version, argument), delete_after=stays)
    if by_phone and context.said.message is not None:
        # The question holds the number: it goes with the answer, where the channel lets us.
        gone = Outgoing(delete=context.said.message)
        context.out.append(OutboundMessage(gone, not_before=context.work.now + STAYS))


def _named(context: StaffContext, found: Found, typed: str) -> tuple[int, str]:
    """What the buttons of a search's pages name it by: a case with that number, else the message that asked."""
    if found.how is How.PHONE:
        return (found.cases[0].id if found.cases else 0), found.how
    said = context.said
    asked = button_mark(said.message or MessageId(""))
    if found.pages > 1:
        pending.keep_search(context.work, said.channel, said.chat, asked, typed)
    return 0, f"{found.how}.{asked}"


async def _other_hits(context: StaffContext, tap: Tap) -> None:
    """Another page of a search, in the same message."""
    page, here = min(tap.case, 10_000), await context.offices_here()
    if tap.argument == How.PHONE:
        found = await queries.find_number_of(context.work, context.person, here, CaseId(tap.version), page)
    else:
        said = context.said
        # Buttons that an earlier release showed had the number of the message in the place of a case's version.
        asked = tap.argument.partition(".")[2] or str(tap.version)
        words = await pending.searched(context.work, said.channel, said.chat, asked)
        if words is None:
            context.toast = context.t.plain("This search has expired. Search again.")
            return
        found = await queries.find(context.work, context.person, here, words, page)
    if found is None:
        refuse(context)
    else:
        shown = await _hits(context, found, tap.version, tap.argument)
        context.say(*shown, edit=context.said.message, supersedes=list_group(context))


async def _hits(context: StaffContext, found: Found, version: int, argument: str) -> tuple[Markup, Rows]:
    t, first = context.t, (found.page - 1) * PAGE + 1
    lines: list[Markup | None] = [*await case_lines(context, found.cases, first, offices=True)]
    lines += [booking_line(context, booking, day=True) for booking in found.bookings]
    if not lines:
        nothing = t("There are no results here.")
        if found.how is How.PHONE:
            nothing = t(
                "There are no results for that phone number here. Requests submitted without a name do "
                "not appear in searches by phone number."
            )
        return nothing, ()
    title = t.plural("🔎 <b>{n} result</b>", "🔎 <b>{n} results</b>", found.total + len(found.bookings))
    noted = t(
        "We have recorded this search by phone number. This message will be deleted in {minutes}.",
        minutes=t.duration(STAYS),
    )
    more = t("Only the newest entries are shown here.") if found.more else None
    text = t.join_lines(title, "", *lines, more, *(("", noted) if found.how is How.PHONE else ()))
    turns = pager(t, found.page, found.pages, lambda label, page: button(label, "find", page, version, argument))
    return text, (*open_buttons(found.cases, first, t), *days.open_rows(t, found.bookings), *turns)


COMMANDS = (
    StaffCommand("case", N_("Show a request or an appointment by its reference"), Act.READ, case),
    StaffCommand("find", N_("Search by words, phone number, block number or day"), Act.READ, find),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"find": DeskButton(Act.READ, _other_hits)})
