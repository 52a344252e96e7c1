"""What staff look up: queues, one case, searches, the day, who looked at what.

A queue is one message that its buttons turn into another queue or page; what is asked about is known from the chat
it stands in, so a button carries no more than which queue. The words of a search are kept for a day, for its pages;
a number is not: a button names a case that was found by it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.messages import Outgoing
from conversations.engine.step import Button, OutboundMessage, Responder, Rows
from conversations.requests.notices import staff_status
from conversations.staff import card
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_title, offices_here, refuse
from conversations.texts.booking import topic_name, visit_words
from conversations.texts.case import category_name, place_words
from locales import N_, Localizer
from locales.html import to_plain
from services.actors import staff_address
from services.cases.targets import WATCHED, is_overdue, next_target
from services.casework import guarded_actions, queries
from services.casework.guarded_actions import Denied
from services.casework.queries import PAGE, Found, How, Look, QueuePage, Today, Which
from services.staff import permissions
from services.staff.permissions import Act
from services.text.normalise import normalise
from services.text.references import CASE_EXAMPLE, is_mistyped
from storage import staff as staff_rows
from storage.ids import CaseId
from storage.records import Booking, BookingStatus, Case

#: What shows a number, the question and the answer, stays in a chat for so long.
STAYS = timedelta(minutes=10)  # what names a person is deleted again
_IN_A_ROW = 4
_EXCERPT = 70

_QUEUES: Mapping[Which, str] = MappingProxyType(
    {
        Which.MINE: N_("Mine"),
        Which.UNOWNED: N_("No owner"),
        Which.DUE: N_("Due today"),
        Which.OVERDUE: N_("Overdue"),
        Which.ALL: N_("All open requests"),
    }
)
_NOTHING: Mapping[Which, str] = MappingProxyType(
    {
        Which.MINE: N_("No requests are assigned to you."),
        Which.UNOWNED: N_("Every open request has an owner."),
        Which.DUE: N_("No more requests are due today."),
        Which.OVERDUE: N_("No requests are overdue."),
        Which.ALL: N_("There are no open requests."),
    }
)
_EXPECTED: Mapping[BookingStatus, str] = MappingProxyType(
    {BookingStatus.CHECKED_IN: "🟢", BookingStatus.ATTENDED: "✅", BookingStatus.NO_SHOW: "❌"}
)
_PERIODS = (1, 7, 30)  # days of the access log
_LOOKED: Mapping[str, str] = MappingProxyType(
    {
        "case.contact": N_("saw name and phone number"),
        "booking.contact": N_("saw name and phone number"),
        "case.found": N_("searched by phone number"),
        "booking.found": N_("searched by phone number"),
    }
)


async def tapped(context: StaffContext, tap: Tap) -> bool:
    """Do what a button of a list says; False where the verb is none of a list's."""
    act = _VERBS.get(tap.verb)
    if act is None:
        return False
    await act(context, tap)
    return True


# ---------------------------------------------------------------------------- queues


async def queue(context: StaffContext) -> None:
    """/queue, with or without which."""
    typed = normalise(context.said.argument)
    named = {normalise(context.t.plain(label)): which for which, label in _QUEUES.items()}
    which = Which(typed) if typed in set(Which) else named.get(typed, Which.ALL)
    found = await queries.queue(context.work, context.person, await offices_here(context), which, 1)
    if found is None:
        refuse(context)
    else:
        answer(context, *await _shown(context, found))


async def _switch(context: StaffContext, tap: Tap) -> None:
    """Another queue or page in the same message; page 0 is a new message, as below a digest."""
    which = Which(tap.argument) if tap.argument in set(Which) else Which.ALL
    page = min(tap.case, 10_000)
    found = await queries.queue(context.work, context.person, await offices_here(context), which, max(page, 1))
    if found is None:
        refuse(context)
        return
    text, rows = await _shown(context, found)
    if page:
        context.say(text, rows, edit=context.said.message, supersedes=_group(context))
    else:
        context.say(text, rows)


def _group(context: StaffContext) -> str:
    """Of many changes of one list only the last is worth a message of the group's few."""
    return f"list:{context.said.chat}:{context.said.message}"


async def _shown(context: StaffContext, found: QueuePage) -> tuple[Markup, Rows]:
    t, offices = context.t, context.work.offices
    name = t(_QUEUES[found.which])
    if found.which is Which.MINE and context.said.group:
        name = t("Requests assigned to {name}", name=context.person.name or t("a member of staff"))
    title = t("📋 <b>{queue}</b> ({n})", queue=name, n=found.total)
    where = office_title(t, offices, found.offices[0]) if len(found.offices) == 1 else None
    lines = await case_lines(context, found.cases, (found.page - 1) * PAGE + 1, offices=where is None)
    text = t.join_lines(title, where, "", *(lines or [t(_NOTHING[found.which])]))
    pager = _pager(t, found.page, found.pages, lambda label, page: button(label, "queue", page, argument=found.which))
    return text, (*open_buttons(found.cases, (found.page - 1) * PAGE + 1, t), *pager, *_tabs(t, found.which))


def _tabs(t: Localizer, shown: Which) -> Rows:
    tabs = [
        button(("• " if which is shown else "") + t.plain(label), "queue", 1, argument=which.value)
        for which, label in _QUEUES.items()
    ]
    return tabs[:3], tabs[3:]


def _pager(t: Localizer, page: int, pages: int, to: Callable[[str, int], Button]) -> Rows:
    """Buttons that turn the pages of a list; `to` makes one, of its label and the page."""
    if pages == 1:
        return ()
    row = [to(t.plain("{n} of {pages}", n=page, pages=pages), page)]
    if page > 1:
        row.insert(0, to(t.plain("Previous"), page - 1))
    if page < pages:
        row.append(to(t.plain("Next"), page + 1))
    return (row,)


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
                    about=_dotted(about),
                ),
                t("“{words}”", words=t.own(" ".join(case.words.split()), _EXCERPT)) if case.words else None,
                _dotted(stands),
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


def _dotted(parts: Sequence[Markup | None]) -> Markup:
    return Markup(" · ").join(part for part in parts if part is not None)


def _mark(responder: Responder, case: Case) -> str:
    due, today = next_target(case), responder.work.today
    if is_overdue(case, responder.work.now):
        return "⏰"
    if due is not None and due.astimezone(responder.work.offices.zone).date() <= today:
        return "⏳"
    if case.priority:
        return "🔺"
    return "🆕" if case.status in WATCHED and not case.owner else card.MARKS[case.status]


def open_buttons(found: Sequence[Case], first: int, t: Localizer) -> Rows:
    """The numbers of a list, each opening its case."""
    buttons = [button(str(t.number(n)), "open", case.id) for n, case in enumerate(found, first)]
    return [buttons[start : start + _IN_A_ROW] for start in range(0, len(buttons), _IN_A_ROW)]


# ---------------------------------------------------------------------------- one case


async def case(context: StaffContext) -> None:
    """/case REFERENCE."""
    t, typed = context.t, context.said.argument
    if not typed:
        answer(
            context,
            t("Type the reference after the command. For example: {example}", example=t.ref(f"/case {CASE_EXAMPLE}")),
        )
        return
    found = await queries.case(context.work, context.person, await offices_here(context), typed)
    if found is not None:
        await card.show_here(context, found)
    elif is_mistyped(typed):
        answer(context, t("That reference is not valid. Check it for a wrong, missing or extra character."))
    else:
        answer(context, t("There is no request with that reference here."))


async def _open(context: StaffContext, tap: Tap) -> None:
    allowed = await guarded_actions.allowed(context.work, context.person, Act.READ, tap.case)
    if isinstance(allowed, Denied) or allowed[1].office not in await offices_here(context):
        refuse(context)
    else:
        await card.show_here(context, allowed[1])


# ---------------------------------------------------------------------------- searches


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
            ),
        )
        return
    found = await queries.find(context.work, context.person, await offices_here(context), typed)
    if found is None:
        refuse(context)
        return
    by_phone = found.how is How.PHONE
    named = _named(context, found, typed)
    answer(context, *await _hits(context, found, named), delete_after=int(STAYS.total_seconds()) if by_phone else None)
    if by_phone and context.said.message is not None:
        # The question holds the number: it goes with the answer, where the channel lets us.
        gone = Outgoing(delete=context.said.message)
        context.out.append(OutboundMessage(gone, not_before=context.work.now + STAYS))


def _named(context: StaffContext, found: Found, typed: str) -> int:
    """What the buttons of a search's pages name it by: a case with that number, else the message that asked."""
    if found.how is How.PHONE:
        return found.cases[0].id if found.cases else 0
    asked, said = context.said.message or 0, context.said
    if found.pages > 1:
        staff_rows.keep_search(context.work.tx, said.channel, said.chat, asked, typed, context.work.now)
    return asked


async def _other_hits(context: StaffContext, tap: Tap) -> None:
    """Another page of a search, in the same message."""
    page, here = min(tap.case, 10_000), await offices_here(context)
    if tap.argument == How.PHONE:
        found = await queries.find_number_of(context.work, context.person, here, CaseId(tap.version), page)
    else:
        said = context.said
        words = await staff_rows.searched(context.work.tx, said.channel, said.chat, tap.version)
        if words is None:
            context.toast = context.t.plain("This search has expired. Search again.")
            return
        found = await queries.find(context.work, context.person, here, words, page)
    if found is None:
        refuse(context)
    else:
        context.say(*await _hits(context, found, tap.version), edit=context.said.message, supersedes=_group(context))


async def _hits(context: StaffContext, found: Found, named: int) -> tuple[Markup, Rows]:
    t, first = context.t, (found.page - 1) * PAGE + 1
    lines: list[Markup | None] = [*await case_lines(context, found.cases, first, offices=True)]
    lines += [_booking_line(context, booking, day=True) for booking in found.bookings]
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
    text = t.join_lines(title, "", *lines, *(("", noted) if found.how is How.PHONE else ()))
    pager = _pager(t, found.page, found.pages, lambda label, page: button(label, "find", page, named, found.how))
    return text, (*open_buttons(found.cases, first, t), *pager)


# ---------------------------------------------------------------------------- the day


async def _day_tapped(context: StaffContext, _: Tap) -> None:
    await today(context)


async def today(context: StaffContext) -> None:
    """/today: whom the office expects, and what is due."""
    days = await queries.today(context.work, context.person, await offices_here(context))
    if days is None:
        refuse(context)
        return
    t = context.t
    title = t("📅 <b>{date}</b>", date=t.full_date(context.work.today))
    if not days:
        answer(context, t.join_lines(title, t("There are no appointments and no requests due today.")))
        return
    parts: list[Markup] = []
    shown: list[Case] = []
    for day in days:
        parts += [Markup(), *await _day(context, day, len(shown) + 1)]
        shown += day.due
    late = any(day.counts.overdue for day in days)
    overdue = (button(t.plain("⏰ Overdue"), "queue", argument=Which.OVERDUE),) if late else ()
    answer(context, t.join_lines(title, *parts), (*open_buttons(shown, 1, t), overdue))


async def _day(context: StaffContext, day: Today, first: int) -> list[Markup]:
    t, counts = context.t, day.counts
    n = len(day.bookings)
    booked = t.plural("{n} appointment", "{n} appointments", n) if n else t("no appointments")
    lines = [t("<b>{office}</b>: {booked}", office=office_title(t, context.work.offices, day.office), booked=booked)]
    lines += [_booking_line(context, booking) for booking in day.bookings]
    if counts.overdue:
        lines.append(t.plural("⏰ {n} request is overdue", "⏰ {n} requests are overdue", counts.overdue))
    if counts.due:
        lines.append(t.plural("⏳ {n} request is due today", "⏳ {n} requests are due today", counts.due))
    return lines + await case_lines(context, day.due, first)


def _booking_line(context: StaffContext, booking: Booking, *, day: bool = False) -> Markup:
    """When, which and about what: not who."""
    t = context.t
    when = t.time(booking.starts_at) if booking.starts_at is not None else None
    coming = visit_words(t, booking.companions, booking.needs) if booking.companions or booking.needs else None
    about = [
        t.own(t.day(booking.day)) if day else None,
        when,
        t.ref(booking.reference),
        topic_name(context.work, t, booking.topic),
        coming,
    ]
    return t("{mark} {about}", mark=_EXPECTED.get(booking.status, "🕘"), about=_dotted(about))


# ---------------------------------------------------------------------------- who looked at what


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
        context.say(*shown, edit=context.said.message, supersedes=_group(context))


async def _looks(context: StaffContext, days: int) -> tuple[Markup, Rows] | None:
    found = await queries.access_log(context.work, context.person, await offices_here(context), days)
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


_VERBS: Mapping[str, Callable[[StaffContext, Tap], Awaitable[None]]] = MappingProxyType(
    {"queue": _switch, "find": _other_hits, "open": _open, "looked": _other_period, "today": _day_tapped}
)
