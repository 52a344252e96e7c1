"""Ready texts: a list by category and state, the day one speaks of, then the preview as of words that were written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from conversations.engine.step import Button
from conversations.staff import preview, prompts
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.pending_replies import PendingReply, save, waiting
from conversations.staff.registry import CaseButton, StaffButton
from services.actors import case_subject
from services.cases.resident_actions import Case
from services.cases.workflow import can
from services.casework.replies import ReplyKind
from services.casework.templates import Template
from services.staff.permissions import Act

PAGE = 8
#: How many working days are offered where a text speaks of one.
_DAYS = 10


async def _chosen(context: StaffContext, tap: Tap, case: Case) -> None:
    """A tap in the list (`l.<kind>.<page>`), on a text (`t.<id>`) or on a day for it (`d.<id>.<date>`)."""
    what, _, rest = tap.argument.partition(".")
    last = rest.partition(".")[2]
    template, kind = _template(context, tap), _kind(context, tap)
    if kind is None or not can(case, kind.transition):
        context.toast = context.t.plain("This is no longer possible. See the card.")
        return
    if what == "l":
        await _list(context, case, kind, int(last) if last in set("0123456789") else 0)
    elif template is None or not template.fits(case):
        context.toast = context.t.plain("This text no longer fits this request")
    elif what == "t" and "date" in template.placeholders:
        _ask_day(context, case, template)
    else:
        await _take(context, case, template, last)


def _template(context: StaffContext, tap: Tap) -> Template | None:
    name = tap.argument.split(".")[1:2]
    return context.templates.get(name[0]) if name else None


def _kind(context: StaffContext, tap: Tap) -> ReplyKind | None:
    """What the text is to be: the text says so, or the list that it is chosen from."""
    template, name = _template(context, tap), tap.argument.split(".")[1:2]
    if template is not None:
        return template.kind
    return ReplyKind(name[0]) if name and name[0] in set(ReplyKind) else None


def _right(context: StaffContext, tap: Tap) -> Act:
    kind = _kind(context, tap)
    return Act.READ if kind is None else kind.right


async def _list(context: StaffContext, case: Case, kind: ReplyKind, page: int) -> None:
    t = context.t
    found = [one for one in context.templates.for_case(case, kind) if await _can_be_filled(context, case, one)]
    start = page * PAGE if page * PAGE < len(found) else 0
    buttons = [
        button(t.pick_plain(one.title), "tmpl", case.id, case.version, f"t.{one.id}")
        for one in found[start : start + PAGE]
    ]
    rows: list[list[Button]] = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    pager = []
    if start:
        pager.append(_turn(case, kind, t.plain("‹ Previous"), start // PAGE - 1))
    if start + PAGE < len(found):
        pager.append(_turn(case, kind, t.plain("More ›"), start // PAGE + 1))
    text = t.join_lines(
        t(
            "📋 Choose a template for {reference}. You will see it in the applicant's language before you send it.",
            reference=t.ref(case.reference),
        )
        if found
        else t("There are no templates for this request at its current status."),
    )
    preview.show(context, case, text, [*rows, pager] if pager else rows, edit=True)


def _turn(case: Case, kind: ReplyKind, label: str, page: int) -> Button:
    return button(label, "tmpl", case.id, case.version, f"l.{kind}.{page}")


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
    reply = PendingReply(
        key=context.said.message,
        case=case.id,
        kind=template.kind,
        template=template.id,
        day="" if found is None else found.isoformat(),
        turn=0 if before is None else before.turn + 1,
    )
    save(context, state.put(reply).answered(case.id))
    await prompts.close(context, case_subject(case.id))
    await preview.preview(context, case, reply, edit=True)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"tmpl": CaseButton(_right, _chosen)})
