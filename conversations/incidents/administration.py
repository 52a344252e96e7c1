"""Incidents in an administrator's private chat: the list, one of them, and the doors to both.

`/incident` and the menu of /admin open the list; the route `incident` opens one, by its number.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.incidents import changing, planning, writing
from conversations.incidents.step import PlanDraft, denied, is_allowed, next_language, numbered, turned_away
from conversations.incidents.words import title
from conversations.incidents.writing import LIST, OPEN, WritingNews
from conversations.on_behalf.step import person_of
from locales.bidi import shorten
from locales.html import to_plain
from services.incidents import incidents
from services.incidents.changing import words_of
from services.incidents.incidents import Incident, IncidentStatus, NewsKind, Stale, State
from storage.ids import IncidentId

_NEW, _LONGER, _UNDO, _WORDS, _AREA = "new", "longer", "undo", "words", "area"
_MORE = timedelta(hours=12)
_MARKS = {
    IncidentStatus.OPEN: "🔴",
    IncidentStatus.CLOSING: "🟡",
    IncidentStatus.RELEASING: "🟡",
    IncidentStatus.CLOSED: "🟢",
    IncidentStatus.RELEASED: "⚪️",
}


class Listing(Step):
    """The incidents under way, and the newest of the past."""

    step: Literal["incident:list"] = "incident:list"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        running, past = await incidents.listed(turn.work, person_of(turn))
        lines = [_line(turn, one) for one in running] or [t("No incident is open.")]
        if past:
            lines += [Markup(), t("Past incidents"), *(_line(turn, one) for one in past)]
        rows = [
            [Button(label=t.plain("➕ Open a new incident"), value=_NEW)],
            *([_button(turn, one)] for one in (*running, *past)),
        ]
        about = t("Many reports of one happening join an incident, and you answer all of them at once.")
        return Prompt(t.join_lines(t("🌧 <b>Incidents</b>"), about, Markup(), *lines), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not await is_allowed(turn):
            return denied(turn)
        if answer.choice == _NEW:
            return planning.ChoosingCategories(draft=PlanDraft())
        return await opened(turn, answer.choice)


def _line(turn: Turn, one: Incident) -> Markup:
    t = turn.t
    return t(
        "{mark} {n}. {title} · {when}",
        mark=Markup(_MARKS[one.status]),  # noqa: S704 - one of our own signs
        n=one.id,
        title=title(t, turn.work.offices, one),
        when=t.near_moment(one.opened_at, turn.work.today),
    )


def _button(turn: Turn, one: Incident) -> Button:
    label = f"{_MARKS[one.status]} {one.id}. {to_plain(title(turn.t, turn.work.offices, one))}"
    return Button(label=shorten(label, 64), value=str(one.id))


class Viewing(Step):
    """One incident, how it stands, and what can be done with it."""

    step: Literal["incident:one"] = "incident:one"
    accepts = frozenset({Kind.CHOICE})
    incident: IncidentId
    version: int

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await incidents.open_for(turn.work, person_of(turn), self.incident)
        if found is None:
            return Prompt(t("You do not have permission to do this."), back=False)
        counted = await incidents.counts(turn.work, found.id, found.offices)  # what left with its office is no mistake
        ordered = await incidents.newest_order(turn.work, found.id)
        words = (await words_of(turn.work, found)).get(t.language.value)
        text = t.join_lines(
            _line(turn, found),
            t("Matching reports join until {moment}.", moment=t.near_moment(found.ends_at, turn.work.today))
            if found.status is IncidentStatus.OPEN
            else None,
            t("Joined now: {n}", n=counted.get(State.JOINED, 0)),
            t("Closed with it: {n}", n=counted.get(State.CLOSED, 0)) if counted.get(State.CLOSED) else None,
            t("Still there: {n}", n=counted.get(State.STILL, 0)) if counted.get(State.STILL) else None,
            t("Something else: {n}", n=counted.get(State.LEFT, 0)) if counted.get(State.LEFT) else None,
            t("People read: “{words}”", words=t.own(words, 600)) if words else None,
        )
        rows: list[list[Button]] = []
        if ordered is not None and ordered.starts_at > turn.work.now:
            rows.append([Button(label=t.plain("↩️ Undo the last order"), value=f"{_UNDO}{ordered.id}")])
        if found.status is IncidentStatus.OPEN:
            rows += [
                [Button(label=t.plain("📣 Tell everybody who joined"), value=NewsKind.UPDATE.value)],
                [Button(label=t.plain("✅ Close it for all"), value=NewsKind.CLOSE.value)],
                [
                    Button(label=t.plain("✏️ Change its words"), value=_WORDS),
                    Button(label=t.plain("📍 Change its area"), value=_AREA),
                ],
                [
                    Button(
                        label=t.plain_plural("⏳ {n} hour more", "⏳ {n} hours more", _MORE // timedelta(hours=1)),
                        value=_LONGER,
                    )
                ],
                [Button(label=t.plain("It was opened by mistake"), value=NewsKind.RELEASE.value)],
            ]
        rows.append([Button(label=t.plain("🔄 Refresh"), value="again")])
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t, work, person = turn.t, turn.work, person_of(turn)
        found = await incidents.open_for(work, person, self.incident)
        if found is None:
            return denied(turn)
        now, choice = Viewing(incident=found.id, version=found.version), answer.choice
        if choice.removeprefix(_UNDO).isdecimal() and choice.startswith(_UNDO):
            done = await incidents.take_back(work, person, int(choice.removeprefix(_UNDO)[:18]))
            again = await opened(turn, str(found.id))
            said = t("↩️ Undone. Nobody is told.") if done else t("It is too late: people are being told.")
            return Reask(said, again) if isinstance(again, Step) else again
        if choice == _LONGER:
            extended = await incidents.extend(work, person, found.id, self.version, _MORE)
            if isinstance(extended, Stale):
                return Reask(_first(turn), now)
            return await opened(turn, str(found.id))
        if choice in {_WORDS, _AREA} and found.status is IncidentStatus.OPEN:
            return await changing.change_words(turn, found) if choice == _WORDS else changing.change_area(found)
        if choice in set(NewsKind) and found.status is IncidentStatus.OPEN:
            if self.version != found.version and choice != NewsKind.UPDATE.value:
                return Reask(_first(turn), now)
            language = next_language({}, ())
            assert language is not None  # noqa: S101 - nothing was written yet
            return WritingNews(incident=found.id, version=found.version, kind=NewsKind(choice), language=language)
        return now

    async def back(self, turn: Turn) -> Step | None:
        return Listing()


def _first(turn: Turn) -> Markup:
    return turn.t("Another administrator was first. This is how the incident stands now.")


# ---------------------------------------------------------------------------- the doors


async def listed(turn: Turn, _: str) -> Next:
    return Listing() if await is_allowed(turn) else turned_away(turn)


async def opened(turn: Turn, argument: str) -> Next:
    """One incident, by its number."""
    if not await is_allowed(turn):
        return turned_away(turn)
    found = await incidents.open_for(turn.work, person_of(turn), numbered(argument))
    return Listing() if found is None else Viewing(incident=found.id, version=found.version)


FLOW = Flow(
    steps=(
        Listing,
        Viewing,
        planning.ChoosingCategories,
        planning.ChoosingOffices,
        planning.ChoosingPlaces,
        planning.ChoosingTimes,
        planning.WritingWelcome,
        planning.Previewing,
        writing.WritingNews,
        writing.ConfirmingNews,
        *changing.STEPS,
    ),
    routes={LIST: listed, OPEN: opened},
    commands={"incident": LIST},
)
