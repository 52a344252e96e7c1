"""/audit: who did what, by reference, by person and by period, a page at a time or as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2s
from types import MappingProxyType

from markupsafe import Markup
from pydantic import ValidationError

from conversations.admin.audit_words import line, who
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.engine.step import Button, Rows
from conversations.staff import rights
from conversations.staff.case_list import list_group
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import At, DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.actors import staff_actor
from services.casework import pending
from services.staff import audit_trail, permissions
from services.staff.audit_trail import Page, Selection, Turned
from services.staff.permissions import Act
from services.text.normalise import normalise
from services.text.references import CASE_EXAMPLE
from services.text.typed_days import Looking
from services.text.typed_periods import split_period

_PERIODS = (1, 7, 30, 0)  # days; 0 is all there is
_EVERYTHING, _OF_PERSON = 7, 30  # days that are shown first
_MOST_PEOPLE = 24  # as buttons; others are typed


async def audit(context: StaffContext) -> None:
    """/audit, with a reference, a name or days behind it, or without."""
    # What opens it from the menu holds nothing that was typed.
    typed = context.said.argument if context.said.command == "audit" else ""
    today = context.work.today
    days, words = split_period(typed, today, Looking.BACK)
    if days is not None and not words and await _is_name(context, typed):
        days, words = None, typed.strip()
    selection = await audit_trail.subject_named(context.work, words) if words else Selection()
    if selection is None:
        names = await permissions.names(context.work)
        people = audit_trail.people_named(words, names)
        if len(people) != 1:
            _which_person(context, people, names)
            return
        selection = Selection(actor=people[0])
    if days is not None:
        selection = selection.model_copy(update={"since": min(days), "until": max(days)})
    elif not selection.subject:
        selection = _lately(context, selection, _OF_PERSON if selection.actor else _EVERYTHING)
    await _show(context, selection, 0, Turned.OLDER)


async def _is_name(context: StaffContext, typed: str) -> bool:
    """Whether what reads as a period is what a member of staff is called: May, April."""
    names = await permissions.names(context.work)
    return any(normalise(typed) in normalise(name).split() for name in names.values())


def _lately(context: StaffContext, selection: Selection, days: int) -> Selection:
    since = context.work.today - timedelta(days=days - 1) if days else None
    return selection.model_copy(update={"since": since, "until": None})


def _which_person(context: StaffContext, people: tuple[str, ...], names: Mapping[str, str]) -> None:
    t = context.t
    if not people:
        text = t.join_lines(
            t("We found no reference and no member of staff by those words."),
            t("{example} – a request or an appointment", example=t.ref(f"/audit {CASE_EXAMPLE}")),
            t("{example} – a member of staff", example=t.ref(t.plain("/audit Maryam"))),
            t("{example} – some days", example=t.ref("/audit 1/11 15/11")),
        )
        answer(context, text)
        return
    answer(context, t("Which of these people?"), _people_buttons(people, names))


def _people_buttons(people: tuple[str, ...], names: Mapping[str, str]) -> Rows:
    buttons = [
        button(names.get(actor, "") or address, "audit_who", argument=address)
        for actor in people[:_MOST_PEOPLE]
        if (address := actor.removeprefix(staff_actor(""))) != actor
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


# ---------------------------------------------------------------------------- what is shown


async def _show(context: StaffContext, selection: Selection, at: int, turned: Turned) -> None:
    """A page: in the message that was tapped, else as one of its own."""
    page = await audit_trail.look(context.work, context.person, selection, at, turned)
    if page is None:
        refuse(context)
        return
    names = await permissions.names(context.work)
    mark = _keep(context, selection)
    text, rows = _text(context, selection, page, names), _rows(context, selection, page, mark)
    if context.said.tap and context.said.choice.startswith("desk:audit"):
        context.say(text, rows, edit=context.said.message, supersedes=list_group(context))
    else:
        answer(context, text, rows)


def _keep(context: StaffContext, selection: Selection) -> str:
    """Keep which lines are looked at, for a day; by what the buttons call it."""
    said = context.said
    mark = blake2s(f"{said.chat} {said.update_id}".encode(), digest_size=6).hexdigest()
    pending.keep_search(context.work, said.channel, said.chat, mark, selection.model_dump_json(exclude_defaults=True))
    return mark


async def _kept(context: StaffContext, mark: str) -> Selection | None:
    """Which lines the tapped message shows; None, and a word to say so, where that is not known any more."""
    said = context.said
    words = await pending.searched(context.work, said.channel, said.chat, mark)
    try:
        found = None if words is None else Selection.model_validate_json(words)
    except ValidationError:  # a mark of some other search
        found = None
    if found is None:
        context.toast = context.t.plain("This list has expired. Use {command} again.", command="/audit")
    return found


def _text(context: StaffContext, selection: Selection, page: Page, names: Mapping[str, str]) -> Markup:
    t = context.t
    of = None
    if selection.reference:
        of = t("Reference: {reference}", reference=t.ref(selection.reference))
    elif selection.actor:
        of = t("Person: {name}", name=who(t, selection.actor, names))
    lines: list[Markup | str] = []
    for entry in page.entries:  # each by itself: they are read on a phone
        lines += [line(context, entry, names), ""]
    if not lines and page.older is not None:  # of many lines few are about one office
        lines = [t("Nothing found yet. Use {older} to look further back.", older=t.plain("Older")), ""]
    lines = lines or [t("Nothing was recorded in this period."), ""]
    return t.join_lines(
        t("🧾 <b>Audit</b>"),
        of,
        _period(context, selection),
        "",
        *lines,
        t("We have recorded that you looked at this."),
    )


def _period(context: StaffContext, selection: Selection) -> Markup:
    t = context.t
    last = selection.until or context.work.today
    if selection.since is None:
        return t("Period: until {last}", last=t.date(last))
    if selection.since == last:
        return t("Day: {day}", day=t.date(last))
    return t("Period: from {first} until {last}", first=t.date(selection.since), last=t.date(last))


def _rows(context: StaffContext, selection: Selection, page: Page, mark: str) -> Rows:
    t = context.t
    turns: list[Button] = []
    if page.newer is not None:
        turns.append(button(t.plain("Newer"), "audit", page.newer, Turned.NEWER.value, mark))
    if page.older is not None:
        turns.append(button(t.plain("Older"), "audit", page.older, Turned.OLDER.value, mark))
    periods = [
        button(("• " if _is_shown(context, selection, days) else "") + _label(t, days), "audit_days", days, 0, mark)
        for days in _PERIODS
    ]
    more = [button(t.plain("📄 File (CSV)"), "audit_csv", argument=mark), button(t.plain("👤 By person"), "audit_who")]
    return (tuple(turns), periods[:2], periods[2:], more, (button(t.plain("Back"), "admin"),))


def _is_shown(context: StaffContext, selection: Selection, days: int) -> bool:
    return _lately(context, selection, days) == selection


def _label(t: Localizer, days: int) -> str:
    if days == 0:
        return t.plain("Everything")
    return t.plain("Today") if days == 1 else t.plain_plural("Last {n} day", "Last {n} days", days)


# ---------------------------------------------------------------------------- buttons


async def _turn(context: StaffContext, tap: Tap) -> None:
    selection = await _kept(context, tap.argument)
    if selection is not None:
        turned = Turned.NEWER if tap.version == Turned.NEWER.value else Turned.OLDER
        await _show(context, selection, tap.case, turned)


async def _other_period(context: StaffContext, tap: Tap) -> None:
    selection = await _kept(context, tap.argument)
    if selection is not None:
        days = tap.case if tap.case in _PERIODS else _EVERYTHING
        await _show(context, _lately(context, selection, days), 0, Turned.OLDER)


async def _by_person(context: StaffContext, tap: Tap) -> None:
    """A member was chosen; without one, whom there is to choose from."""
    if tap.argument:
        selection = _lately(context, Selection(actor=staff_actor(tap.argument)), _OF_PERSON)
        await _show(context, selection, 0, Turned.OLDER)
        return
    t, names = context.t, await permissions.names(context.work)
    people = tuple(sorted(await _working(context), key=lambda actor: names.get(actor, "")))
    text = t.join_lines(
        t("Whose actions do you want to see?"),
        t("For anyone else, send {example} with the name.", example=t.ref(t.plain("/audit Maryam"))),
    )
    context.say(text, _people_buttons(people, names), edit=context.said.message)


async def _working(context: StaffContext) -> set[str]:
    """Who works at the offices whose audit this member may see."""
    found = set[str]()
    for office in await rights.offices_with(context, Act.AUDIT):
        found |= {staff_actor(right.address) for right in await permissions.staff_of(context.work, office)}
    return found


async def _file(context: StaffContext, tap: Tap) -> None:
    selection = await _kept(context, tap.argument)
    if selection is None:
        return
    made = await audit_trail.csv_file(context.work, context.person, selection)
    if made is None:
        refuse(context)
        return
    t, (content, count, more) = context.t, made
    name = f"audit-{context.work.today.isoformat()}.csv"
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=name, mime="text/csv", content=content)
    text = t.join_lines(
        t.plural("📄 {n} line of the audit", "📄 {n} lines of the audit", count),
        t("These are the newest. For all of them, use the command line: {command}", command="customer-day audit")
        if more
        else None,
        t("We have recorded this export."),
    )
    context.say(text, files=(file,))


COMMANDS = (
    StaffCommand("audit", N_("See who did what"), Act.AUDIT, audit, At.ANY_OFFICE, alone=True, for_strangers=True),
)
_BUTTON = DeskButton(Act.AUDIT, _turn, At.ANY_OFFICE, alone=True)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "audit": _BUTTON,
        "audit_days": replace(_BUTTON, answer=_other_period),
        "audit_who": replace(_BUTTON, answer=_by_person),
        "audit_csv": replace(_BUTTON, answer=_file),
    }
)
