"""Ready texts: a list by category and state, the day one speaks of, then the preview as of words that were written."""

from __future__ import annotations

from datetime import date, timedelta

from conversations.engine.step import Button
from conversations.staff import preview
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import refuse
from conversations.staff.pending_replies import PendingReply, save, waiting
from services.actors import case_subject
from services.cases import resident_actions
from services.cases.resident_actions import Case
from services.cases.workflow import can
from services.casework.replies import ACTS, MOVES, ReplyKind
from services.casework.templates import Template
from services.staff import permissions

PAGE = 8
#: How many working days are offered where a text speaks of one.
_DAYS = 10


async def chosen(context: StaffContext, tap: Tap) -> None:
    """A tap in the list (`l.<manner>.<page>`), on a text (`t.<id>`) or on a day for it (`d.<id>.<date>`)."""
    case = await resident_actions.by_id(context.work, tap.case)
    what, _, rest = tap.argument.partition(".")
    name, _, last = rest.partition(".")
    template = context.work.templates.get(name) if context.work.templates is not None else None
    manner = template.manner if template is not None else ReplyKind(name) if name in set(ReplyKind) else None
    act = permissions.Act.READ if manner is None else ACTS[manner]
    office = permissions.EVERY_OFFICE if case is None else case.office
    if await permissions.guard(context.work, context.person, act, office, case_subject(tap.case)) is None:
        refuse(context)
        return
    if case is None or manner is None or not can(case, MOVES[manner]):
        context.toast = context.t.plain("This is no longer possible. See the card.")
        return
    if what == "l":
        await _list(context, case, manner, int(last) if last in set("0123456789") else 0)
    elif template is None or not template.fits(case):
        context.toast = context.t.plain("This text no longer fits this request")
    elif what == "t" and "date" in template.placeholders:
        _ask_day(context, case, template)
    else:
        await _take(context, case, template, last)


async def _list(context: StaffContext, case: Case, manner: ReplyKind, page: int) -> None:
    t, templates = context.t, context.work.templates
    found = (
        [one for one in templates.for_case(case, manner) if await _can_be_filled(context, case, one)]
        if templates
        else []
    )
    start = page * PAGE if page * PAGE < len(found) else 0
    buttons = [
        button(t.pick_plain(one.title), "tmpl", case.id, case.version, f"t.{one.id}")
        for one in found[start : start + PAGE]
    ]
    rows: list[list[Button]] = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    pager = []
    if start:
        pager.append(_turn(case, manner, t.plain("‹ Previous"), start // PAGE - 1))
    if start + PAGE < len(found):
        pager.append(_turn(case, manner, t.plain("More ›"), start // PAGE + 1))
    text = t.join_lines(
        t(
            "📋 Choose a template for {reference}. You will see it in the applicant's language before you send it.",
            reference=t.ref(case.reference),
        )
        if found
        else t("There are no templates for this request at its current status."),
    )
    preview.show(context, case, text, [*rows, pager] if pager else rows, edit=True)


def _turn(case: Case, manner: ReplyKind, label: str, page: int) -> Button:
    return button(label, "tmpl", case.id, case.version, f"l.{manner}.{page}")


async def _can_be_filled(context: StaffContext, case: Case, template: Template) -> bool:
    if "next_customer_day" not in template.placeholders:
        return True
    return await preview.next_customer_day(context, case) is not None


def _ask_day(context: StaffContext, case: Case, template: Template) -> None:
    t = context.t
    days = [
        button(t.day(day), "tmpl", case.id, case.version, f"d.{template.id}.{day:%Y%m%d}")
        for day in _coming(context, case)
    ]
    text = t("📋 <b>{title}</b>. Which day should it mention?", title=t.pick(template.title))
    preview.show(context, case, text, [days[at : at + 3] for at in range(0, len(days), 3)], edit=True)


def _coming(context: StaffContext, case: Case) -> list[date]:
    """The next working days of the office."""
    ahead = (context.work.today + timedelta(days=count) for count in range(60))
    return [day for day in ahead if context.work.calendar.is_working_day(case.office, day)][:_DAYS]


async def _take(context: StaffContext, case: Case, template: Template, day: str) -> None:
    """Preview it; the message that listed it becomes the preview."""
    found = next((one for one in _coming(context, case) if f"{one:%Y%m%d}" == day), None)
    if ("date" in template.placeholders and found is None) or context.said.message is None:
        context.toast = context.t.plain("That day has passed")
        return
    state = await waiting(context)
    before = state.find(context.said.message)
    saying = PendingReply(
        key=context.said.message,
        case=case.id,
        manner=template.manner,
        template=template.id,
        day="" if found is None else found.isoformat(),
        turn=0 if before is None else before.turn + 1,
    )
    save(context, state.put(saying).ask(None))
    await preview.preview(context, case, saying, edit=True)
