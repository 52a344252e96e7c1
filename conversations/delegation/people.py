"""Whom one acts for and who acts for one; one of them with all that was filed and booked for them."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.delegation import words
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.texts.booking import mark_of, short_time
from conversations.texts.case import MARKS, category_name
from locales.bidi import shorten
from services import residents
from services.delegations import acting, delegations
from services.delegations.acting import Acting
from services.delegations.delegations import Delegation, State
from storage.ids import DelegationId

_NAME = 40  # characters of a name on a button


class People(Step):
    """Both lists."""

    step: Literal["others:list"] = "others:list"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, work = turn.t, turn.work
        mine = await delegations.live_of(work, turn.resident.id)
        theirs = await delegations.acting_for(work, turn.resident.id)
        lines: list[Markup | str] = [
            t("👥 <b>Acting for someone else</b>"),
            t("With their agreement you can submit requests and book appointments for a parent or a neighbour."),
        ]
        rows: list[list[Button]] = []
        for one in mine:
            rows.append(_of_mine(turn, one))
            if one.state is State.ASKED:
                until = t.moment(one.expires_at)
                lines.append(t("⏳ {name}: no answer yet, until {until}", name=t.own(one.name, 60), until=until))
        for one in theirs:
            name = await _delegate_name(turn, one)
            lines.append(t("🤝 Acts for you: {name}", name=t.own(name, 60)))
            label = t.plain("End the agreement: {name}", name=shorten(name, _NAME))
            rows.append([Button(label=label, route=words.END, value=str(one.id), emphasis=Emphasis.DANGER)])
        rows.append([Button(label=t.plain("➕ Ask someone"), route=words.ASK)])
        return Prompt(t.join_lines(*lines), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes


def _of_mine(turn: Turn, one: Delegation) -> list[Button]:
    t, name = turn.t, shorten(one.name, _NAME)
    if one.state is State.ASKED:
        return [
            Button(label=t.plain("Do not ask any more: {name}", name=name), route=words.TAKE_BACK, value=str(one.id))
        ]
    return [Button(label=t.plain("👤 For {name}", name=name), route=words.PERSON, value=str(one.id))]


async def _delegate_name(turn: Turn, one: Delegation) -> str:
    delegate = await residents.by_id(turn.work, one.delegate_id)
    return (delegate.name if delegate is not None else "") or turn.t.plain("A resident")


class Person(Step):
    """What was done for one person, and what can be begun."""

    step: Literal["others:person"] = "others:person"
    accepts = frozenset({Kind.CHOICE})
    delegation: DelegationId

    async def ask(self, turn: Turn) -> Prompt:
        found = await acting.active(turn.work, turn.resident.id, self.delegation)
        if found is None:
            return Prompt(words.over(turn).why)
        return await _page(turn, found)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes

    async def back(self, turn: Turn) -> Step | None:
        return People()


async def _page(turn: Turn, found: Acting) -> Prompt:
    t, number = turn.t, found.delegation.id
    cases, bookings = await acting.things(turn.work, number)
    begin = [
        Button(label=t.plain(label), route=words.BEGIN, value=f"{number}.{what}")
        for what, label in words.BEGINNINGS.items()
    ]
    rows = [begin[at : at + 2] for at in range(0, len(begin), 2)]
    for booking in bookings:
        label = f"{mark_of(turn.work, booking)} {short_time(t, booking)} · {booking.reference}"
        rows.append([_opens(number, "appointment", booking.reference, label)])
    for case in cases:
        category = category_name(t, turn.work.offices, case.category)
        label = f"{MARKS[case.status]} {category.striptags()} · {case.reference}"
        rows.append([_opens(number, "case", case.reference, label)])
    end = t.plain("No longer act for {name}", name=shorten(found.delegation.name, _NAME))
    rows.append([Button(label=end, route=words.END, value=str(number), emphasis=Emphasis.DANGER)])
    what = t("What you submitted and booked for them is below.") if cases or bookings else t("Nothing yet.")
    return Prompt(t.join_lines(words.whose(t, found.delegation.name), what), rows)


def _opens(delegation: DelegationId, route: str, reference: str, label: str) -> Button:
    return Button(label=shorten(label, 64), route=words.AT, value=f"{delegation}.{route}.{reference}")


class Ending(Step):
    """Either side ends it, after a second tap."""

    step: Literal["others:end"] = "others:end"
    accepts = frozenset({Kind.CHOICE})
    delegation: DelegationId

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("<b>End this agreement?</b>"),
            t("Requests and appointments stay with the person they are for. The other side is told."),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, end it"), value="end", emphasis=Emphasis.DANGER)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice != "end":
            return self
        ended = await delegations.end(turn.work, turn.resident, self.delegation)
        if ended is None:
            return Reask(turn.t("This has already ended."), People())
        return Reask(turn.t("✅ It has ended, and the other side is told."), People())

    async def back(self, turn: Turn) -> Step | None:
        return People()
