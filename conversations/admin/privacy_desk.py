"""/privacydesk: requests about people's own data, what retention erased, consents. Nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Rows
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_title, refuse
from conversations.staff.registry import At, DeskButton, StaffButton, StaffCommand
from locales import N_, Language, Localizer
from services.privacy import requests
from services.privacy.requests import LIMIT, Consents, Desk, Erased, Left, PrivacyRequest, RequestKind, RequestSource
from services.staff.permissions import Act

_KINDS: Mapping[RequestKind, str] = MappingProxyType(
    {
        RequestKind.COPY: N_("Copy of the data"),
        RequestKind.CORRECTION: N_("Correction"),
        RequestKind.ERASURE: N_("Erasure"),
    }
)
_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "drafts": N_("Unfinished drafts"),
        "saved drafts": N_("Drafts that were set aside"),
        "staff conversations": N_("Drafts and searches of staff"),
        "booking contacts": N_("Names and phone numbers of appointments"),
        "booking subjects": N_("Subjects of appointments"),
        "booking details": N_("Details in histories of appointments"),
        "cases of the forgotten": N_("Closed requests of people who had their data erased"),
        "case identities": N_("Names and phone numbers of closed requests"),
        "callers": N_("Records of callers and visitors"),
        "loose files": N_("Files that were not submitted"),
        "attachments": N_("Files of closed requests"),
        "audit": N_("Lines of the audit"),
        "seen updates": N_("Marks of received messages"),
        "dead letters": N_("Messages that could not be handled"),
        "messages": N_("Records of sent messages"),
        "inquiries": N_("Questions that people asked"),
        "farewells": N_("Last messages to people who had their data erased"),
    }
)
_DAYS = (1, 7, 30)
_FIRST = 7


async def desk(context: StaffContext) -> None:
    """/privacydesk."""
    shown = await _desk(context)
    if shown is not None:
        answer(context, *shown)


async def _desk(context: StaffContext) -> tuple[Markup, Rows] | None:
    found = await requests.desk(context.work, context.person)
    if found is None:
        refuse(context)
        return None
    t, today = context.t, context.work.today
    text = t.join_lines(
        t("🔒 <b>Data requests</b>"),
        t.plural("The law gives us {n} working day to answer.", "The law gives us {n} working days to answer.", LIMIT),
        "",
        *_counts(t, found),
        "",
        t("<b>To be done by hand</b>"),
        *([_waiting(context, one, found.left.get(one.id, ())) for one in found.by_hand] or [t("Nothing.")]),
        "",
        t("<b>Latest requests</b>"),
        *([_line(t, one, today) for one in found.latest] or [t("None.")]),
    )
    done = [button(t.plain("✅ Done: no. {n}", n=one.id), "privacy_done", one.id) for one in found.by_hand]
    rows = [done[start : start + 2] for start in range(0, len(done), 2)]
    rows.append([button(t.plain("➕ Record a request"), "privacy_new")])
    rows.append(
        [button(t.plain("🗑 What was erased"), "privacy_erased", 7), button(t.plain("✍️ Consents"), "privacy_consent")]
    )
    rows.append([button(t.plain("Back"), "admin")])
    return text, rows


def _counts(t: Localizer, found: Desk) -> Iterator[Markup]:
    yield t("<b>Last {span}</b>", span=t.duration(requests.PERIOD))
    if not found.counts:
        yield t("No requests.")
    for one in found.counts:
        yield t(
            "{kind}: received {made}, done {done}, late {late}",
            kind=t(_KINDS[one.kind]),
            made=t.number(one.made),
            done=t.number(one.done),
            late=t.number(one.late),
        )


def _waiting(context: StaffContext, one: PrivacyRequest, left: Sequence[Left]) -> Markup:
    """A request for people to do; of an erasure which messages are left, where and from when."""
    t, today = context.t, context.work.today
    if not one.left_over:
        return _line(t, one, today)
    what = t.plural(
        "{n} message in the offices’ groups must be deleted by hand",
        "{n} messages in the offices’ groups must be deleted by hand",
        one.left_over,
    )
    return t.join_lines(_line(t, one, today), what, *(_where(context, message) for message in left))


def _where(context: StaffContext, message: Left) -> Markup:
    t, work = context.t, context.work
    offices = t.join(office_title(t, work.offices, office) for office in message.offices)
    where = offices if message.offices else t("a chat that is not an office’s group")
    if message.sent_at is None:
        return t("• {where}", where=where)
    return t("• {where}: {moment}", where=where, moment=t.near_moment(message.sent_at, work.today))


def _line(t: Localizer, one: PrivacyRequest, today: date) -> Markup:
    """Which request, and how it stands against its day."""
    if one.done_at is not None:
        state = t("done {moment}", moment=t.near_moment(one.done_at, today))
    elif today > one.due:
        state = t("⏰ overdue since {day}", day=t.near_date(one.due, today))
    else:
        state = t("due by {day}", day=t.near_date(one.due, today))
    mark = "✅" if one.done_at is not None else "⏳"
    source = t("through this service") if one.source is RequestSource.CHAT else t("recorded by staff")
    return t.join_lines(
        t("{mark} No. {n} · {kind} · {source}", mark=mark, n=one.id, kind=t(_KINDS[one.kind]), source=source),
        t("received {moment} · {state}", moment=t.near_moment(one.made_at, today), state=state),
    )


async def _again(context: StaffContext, _: Tap) -> None:
    shown = await _desk(context)
    if shown is not None:
        context.say(*shown, edit=context.said.message)


# ---------------------------------------------------------------------------- requests made in other ways


async def _new(context: StaffContext, tap: Tap) -> None:
    """Which kind (without an argument), whether really, and then the record."""
    t = context.t
    kind = next((one for one in RequestKind if one.value == tap.argument), None)
    if kind is None:
        text = t.join_lines(
            t("Record a request that was made in person, by phone or by letter. What did they ask for?"),
            t("We keep no name here. Note the number of the request on your file."),
        )
        rows = [[button(t.plain(label), "privacy_new", argument=one.value)] for one, label in _KINDS.items()]
        context.say(text, (*rows, _back(t)), edit=context.said.message)
        return
    made = await requests.record_request(context.work, context.person, kind)
    if made is None:
        refuse(context)
        return
    text = t.join_lines(
        t("✅ <b>Recorded: no. {n}</b>", n=made.id),
        t("{kind}. Answer by {day}.", kind=t(_KINDS[kind]), day=t.date(made.due)),
    )
    context.say(text, (_back(t),), edit=context.said.message)


async def _done(context: StaffContext, tap: Tap) -> None:
    """Asked first (version 0), then done."""
    t = context.t
    if tap.version == 0:
        text = t("Has request no. {n} been answered, and everything it asked for been done?", n=tap.case)
        rows = [[button(t.plain("✅ Yes, it is done"), "privacy_done", tap.case, 1), *_back(t)]]
        context.say(text, rows, edit=context.said.message)
        return
    finished = await requests.finish(context.work, context.person, tap.case)
    if finished is None:
        refuse(context)
        return
    context.toast = t.plain("Marked as done") if finished.now else t.plain("This has already been done.")
    # The desk itself reads what was committed, and so would not show it yet.
    text = t.join_lines(_line(t, finished.request, context.work.today))
    context.say(text, (_back(t),), edit=context.said.message)


def _back(t: Localizer) -> tuple[Button, ...]:
    return (button(t.plain("Back"), "privacy"),)


# ---------------------------------------------------------------------------- what was erased, and consents


async def _erased(context: StaffContext, tap: Tap) -> None:
    days = tap.case if tap.case in _DAYS else _FIRST
    found = await requests.erased(context.work, context.person, days)
    if found is None:
        refuse(context)
        return
    t = context.t
    days_and_steps = [*_by_step(t, found), *(_by_day(t, found) if found and days > 1 else ())]
    text = t.join_lines(
        t("🗑 <b>What was erased when its time was over</b>"),
        *(days_and_steps or [t("Nothing was erased in this period.")]),
    )
    periods = [
        button(
            ("• " if n == days else "")
            + (t.plain("Today") if n == 1 else t.plain_plural("Last {n} day", "Last {n} days", n)),
            "privacy_erased",
            n,
        )
        for n in _DAYS
    ]
    context.say(text, (periods, _back(t)), edit=context.said.message)


def _by_step(t: Localizer, found: Iterable[Erased]) -> list[Markup]:
    """What was erased, the sum of each kind."""
    sums: dict[str, int] = {}
    for one in found:
        sums[one.step] = sums.get(one.step, 0) + one.erased
    known = [step for step in _STEPS if step in sums]
    return [_step(t, step, sums[step]) for step in (*known, *sorted(sums.keys() - _STEPS))]


def _by_day(t: Localizer, found: Iterable[Erased]) -> list[Markup | str]:
    """How much that was on each day, the newest first; both lists fit one message."""
    days = [(day, sum(one.erased for one in steps)) for day, steps in groupby(found, key=lambda one: one.day)]
    return ["", *(t("{day}: {n}", day=t.date(day), n=t.number(count)) for day, count in days)]


def _step(t: Localizer, step: str, erased: int) -> Markup:
    return t("{step}: {n}", step=t(_STEPS[step]) if step in _STEPS else t.own(step), n=t.number(erased))


async def _consents(context: StaffContext, _: Tap) -> None:
    found = await requests.consents(context.work, context.person)
    if found is None:
        refuse(context)
        return
    t = context.t
    text = t.join_lines(t("✍️ <b>Consents</b>"), *(_months(t, found) or [t("No consents were given or withdrawn.")]))
    context.say(text, (_back(t),), edit=context.said.message)


def _months(t: Localizer, found: Sequence[Consents]) -> list[Markup | str]:
    lines: list[Markup | str] = []
    for month, languages in groupby(found, key=lambda one: one.month):
        lines += ["", t("<b>{month}</b>", month=t.month(date.fromisoformat(f"{month}-01")))]
        lines += [
            t(
                "{language}: given {given}, withdrawn {withdrawn}",
                language=Language(one.language).own_name,
                given=t.number(one.given),
                withdrawn=t.number(one.withdrawn),
            )
            for one in languages
        ]
    return lines


COMMANDS = (
    StaffCommand(
        "privacydesk",
        N_("Data requests, consents, what was erased"),
        Act.PRIVACY,
        desk,
        At.EVERY_OFFICE,
        alone=True,
        for_strangers=True,
    ),
)
_BUTTON = DeskButton(Act.PRIVACY, _again, At.EVERY_OFFICE, alone=True)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "privacy": _BUTTON,
        "privacy_new": replace(_BUTTON, answer=_new),
        "privacy_done": replace(_BUTTON, answer=_done),
        "privacy_erased": replace(_BUTTON, answer=_erased),
        "privacy_consent": replace(_BUTTON, answer=_consents),
    }
)
