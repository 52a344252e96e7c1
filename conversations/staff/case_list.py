"""Cases as a numbered list, as queues, searches, the day and alarms show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from conversations.engine.step import Button, Responder, Rows
from conversations.requests.notices import staff_status
from conversations.staff.card_text import MARKS
from conversations.staff.context import StaffContext, button
from conversations.staff.office_scope import office_title
from conversations.texts.case import category_name, place_words
from locales import Localizer
from services.cases.targets import WATCHED, is_overdue, next_target
from services.staff import permissions
from storage.records.cases import Case

_IN_A_ROW = 4
_EXCERPT = 70


async def case_lines(
    responder: Responder, found: Sequence[Case], first: int = 1, *, offices: bool = False
) -> list[Markup]:
    """Cases as a numbered list: which, where, how each stands and whose it is. Nobody's name but staff's."""
    t, work = responder.t, responder.work
    names = await permissions.names(work)
    lines: list[Markup] = []
    for number, case in enumerate(found, first):
        place = place_words(t, case)
        office = office_title(t, work.offices, case.office) if offices else None
        about = [category_name(t, work.offices, case.category), place, office]
        stands = [
            staff_status(t, case),
            _owner(t, case, names),
            _deadline(responder, case),
        ]
        lines += [Markup()] if lines else []  # each by itself: they are read on a phone
        lines.append(
            t.join_lines(
                t(
                    "{n}. {mark} {reference} · {about}",
                    n=number,
                    mark=_mark(responder, case),
                    reference=t.ref(case.reference),
                    about=t.dotted(*about),
                ),
                t("“{words}”", words=t.own(" ".join(case.words.split()), _EXCERPT)) if case.words else None,
                t.dotted(*stands),
            )
        )
    return lines


def _deadline(responder: Responder, case: Case) -> Markup | None:
    t, due = responder.t, next_target(case)
    if due is None:
        return None
    day = t.own(t.day(due))
    return t("overdue since {day}", day=day) if is_overdue(case, responder.work.now) else t("due by {day}", day=day)


def _owner(t: Localizer, case: Case, names: Mapping[str, str]) -> Markup | None:
    if not case.owner:
        return t("no owner yet") if case.status in WATCHED else None
    return t.own(names[case.owner], 40) if case.owner in names else t("a member of staff")


def _mark(responder: Responder, case: Case) -> str:
    due, today = next_target(case), responder.work.today
    if is_overdue(case, responder.work.now):
        return "⏰"
    if due is not None and due.astimezone(responder.work.offices.zone).date() <= today:
        return "⏳"
    if case.priority:
        return "🔺"
    return "🆕" if case.status in WATCHED and not case.owner else MARKS[case.status]


def open_buttons(found: Sequence[Case], first: int, t: Localizer) -> Rows:
    """The numbers of a list, each opening its case."""
    buttons = [button(str(t.number(n)), "open", case.id) for n, case in enumerate(found, first)]
    return [buttons[start : start + _IN_A_ROW] for start in range(0, len(buttons), _IN_A_ROW)]


def pager(t: Localizer, page: int, pages: int, to: Callable[[str, int], Button]) -> Rows:
    """Buttons that turn the pages of a list; `to` makes one, of its label and the page."""
    if pages == 1:
        return ()
    row = [to(t.plain("{n} of {pages}", n=page, pages=pages), page)]
    if page > 1:
        row.insert(0, to(t.plain("Previous"), page - 1))
    if page < pages:
        row.append(to(t.plain("Next"), page + 1))
    return (row,)


def list_group(context: StaffContext) -> str:
    """Of many changes of one list only the last is worth a message of the group's few."""
    return f"list:{context.said.chat}:{context.said.message}"
