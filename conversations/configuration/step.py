"""What every question of the configuration shares: who may answer it, and what is configured at that moment."""

from __future__ import annotations

from typing import ClassVar

from conversations.announcements.actions import ANNOUNCE_SESSION
from conversations.configuration.field_types import Spot
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.step import person_of
from locales import Language
from locales.bidi import shorten
from services.actors import office_subject
from services.bookings.reconfiguring import Translations
from services.offices import changes
from services.offices.changes import Present
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act
from storage.ids import OfficeId, SessionId

_LABEL, _HALF = 64, 20  # characters of a button alone in its row, and of one of two


class ConfiguringStep(Step):
    """A question to an administrator. Their right is asked for at every answer, and again by the service that acts."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT})
    right: ClassVar[Act] = Act.CONFIGURE
    spot: Spot = Spot()

    async def ask(self, turn: Turn) -> Prompt:
        if not await may(turn, self.spot.office, self.right):
            return Prompt(turn.t("You do not have permission to do this."), back=False)
        return await self.show(turn, await changes.present(turn.work))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if await permissions.guard(turn.work, person_of(turn), self.right, self.spot.office) is None:
            return refused(turn)
        return await self.take(turn, answer, await changes.present(turn.work))

    async def show(self, turn: Turn, present: Present) -> Prompt:
        """What is asked, as things stand."""
        raise NotImplementedError

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        """What an answer leads to, of somebody who may."""
        raise NotImplementedError


class SessionStep(ConfiguringStep):
    """A question about sessions: those who lead an office answer it too."""

    right: ClassVar[Act] = Act.SESSIONS


async def may(turn: Turn, office: OfficeId, act: Act = Act.CONFIGURE) -> bool:
    member = await permissions.member(turn.work, person_of(turn))
    return member is not None and member.may(act, office)


async def announce_row(turn: Turn, office: OfficeId, session: SessionId) -> tuple[Button, ...]:
    """Leads from a session that was opened or moved to its announcement; empty for who may not announce."""
    member = await permissions.member(turn.work, person_of(turn))
    if member is None or not member.may(Act.ANNOUNCE, office):
        return ()
    return (Button(label=turn.t.plain("📣 Announce it"), route=ANNOUNCE_SESSION, value=str(session)),)


async def offices_of(turn: Turn, act: Act = Act.CONFIGURE) -> tuple[OfficeId, ...]:
    """Where the person may do it; "" first, where that is every office."""
    member = await permissions.member(turn.work, person_of(turn))
    if member is None:
        return ()
    every = (EVERY_OFFICE,) if member.may(act, EVERY_OFFICE) else ()
    return (*every, *member.offices(act, (office.id for office in turn.work.offices.offices_by_id.values())))


def refused(turn: Turn) -> Next:
    return Reask(turn.t("You do not have permission to do this."), MainMenu())


def deny(turn: Turn, act: Act = Act.CONFIGURE) -> Next:
    permissions.deny(turn.work, person_of(turn), act, office_subject(EVERY_OFFICE))
    return refused(turn)


async def not_for_them(turn: Turn, command: str, act: Act) -> Next:
    """Whoever is no staff hears what they hear of any command that there is not."""
    refusal = deny(turn, act)
    if await permissions.member(turn.work, person_of(turn)) is not None or turn.said.kind is not Kind.COMMAND:
        return refusal
    t = turn.t
    why = t("{command} is not a command. Use {help} to see the commands.", command=command, help="/help")
    return Reask(why, turn.here)


def choose_a_button(turn: Turn) -> Next:
    return Reask(turn.t("Choose one of the buttons."))


def no_words(turn: Turn) -> Next:
    """What was typed has no letters."""
    return Reask(turn.t("Send it in words, in Arabic or in English."))


def two_times(turn: Turn) -> Next:
    return Reask(turn.t("Send a start and an end, for example {example}.", example="09:00–11:00"))


def key(label: str, value: str) -> Button:
    """A button of a step, its label cut to what fits."""
    return Button(label=shorten(label, _LABEL), value=value)


def in_pairs(buttons: list[Button]) -> list[list[Button]]:
    """In their order, two in a row where both labels are short enough for half a phone."""
    rows: list[list[Button]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        if len(last) == 1 and max(len(last[0].label), len(button.label)) <= _HALF:
            last.append(button)
        else:
            rows.append([button])
    return rows


def paged(turn: Turn, buttons: list[Button], page: int, size: int) -> Rows:
    """One page of a long list, with ways to the next and back."""
    first = page * size
    rows = [[button] for button in buttons[first : first + size]]
    turns = []
    if page:
        turns.append(Button(label=turn.t.plain("Earlier"), value=f"page-{page - 1}"))
    if first + size < len(buttons):
        turns.append(Button(label=turn.t.plain("More"), value=f"page-{page + 1}"))
    return [*rows, turns] if turns else rows


def page_of(choice: str) -> int | None:
    """The page that a button of `paged` opens."""
    number = choice.removeprefix("page-")
    return int(number) if choice.startswith("page-") and number.isdecimal() and len(number) < 4 else None


def in_all_languages(turn: Turn, text: str) -> Translations:
    """A text of the catalogue, for residents of every language."""
    catalogues = turn.catalogues
    return Translations({one.value: catalogues.localizer(one).plain(text) for one in Language})
