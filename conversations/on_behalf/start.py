"""For those who call the hotline or come to the counter: staff file and book in their own private chat with the bot.

`/intake`, or a link `intake_<office>` that a group shows: how they came, who they are, what it is, then the questions
of a request or a booking (`proxy`). Rights are looked up at every answer, and again by the service that files.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.proxy import Asking, AskingHow, AskingWhat, AskingWhyBeside, Correcting, Identifying
from conversations.on_behalf.step import Call, IntakeStep, person_of, refused
from locales.bidi import shorten
from services.actors import office_subject
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import OfficeId


class ChoosingDesk(Step):
    """For which office, of one who works for several."""

    step: Literal["intake:desk"] = "intake:desk"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        mine = await _offices(turn)
        rows = [
            [Button(label=shorten(t.pick_plain(office.name), 64), value=office.id)]
            for office in turn.work.offices.all
            if office.id in mine
        ]
        return Prompt(t("Which office is this for?"), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = OfficeId(answer.choice)
        return AskingHow(call=Call(office=office)) if office in await _offices(turn) else refused(turn)


async def _offices(turn: Turn) -> tuple[OfficeId, ...]:
    """Where the person may take something for others, now."""
    member = await permissions.member(turn.work, person_of(turn))
    return () if member is None else member.offices(Act.INTAKE, (office.id for office in turn.work.offices.all))


async def intake(turn: Turn, argument: str) -> Next:
    """Start; `argument` is an office, or nothing for the person's own."""
    mine = await _offices(turn)
    office = OfficeId(argument)
    if not mine or (argument and office not in mine):
        # What was typed may be a caller's name and number: that has no place in the audit.
        named = argument if turn.work.offices.get(office) is not None else "?" if argument else "*"
        permissions.deny(turn.work, person_of(turn), Act.INTAKE, office_subject(OfficeId(named)))
        return _nothing_here(turn) if await permissions.member(turn.work, person_of(turn)) is None else refused(turn)
    if (unfinished := _unfinished(turn)) is not None:
        return await _go_on(turn, unfinished)
    if argument:
        return AskingHow(call=Call(office=office))
    return AskingHow(call=Call(office=mine[0])) if len(mine) == 1 else ChoosingDesk()


def _unfinished(turn: Turn) -> IntakeStep | None:
    before = turn.here if isinstance(turn.here, IntakeStep) else turn.take_up(IntakeStep)
    return before if before is not None and before.draft_title(turn) else None


async def _go_on(turn: Turn, unfinished: IntakeStep) -> Next:
    """Nothing is thrown away unasked: two callers at once are one after the other."""
    t = turn.t
    why = t(
        "You have an unfinished draft ({draft}). Continue it here, or use {cancel} to discard it.",
        draft=t.own(unfinished.draft_title(turn)),
        cancel="/cancel",
    )
    step = unfinished if unfinished is turn.here else await unfinished.resumed(turn)
    return Reask(why, step) if isinstance(step, Step) else step


def _nothing_here(turn: Turn) -> Next:
    """Whoever is no staff hears what they hear of any command or link that there is not."""
    t = turn.t
    if turn.said.kind is Kind.COMMAND and turn.said.command != "start":
        why = t("{command} is not a command. Use {help} to see the commands.", command="/intake", help="/help")
        return Reask(why, turn.here)
    return Reask(t("This link is not valid or is no longer in use."), MainMenu())


FLOW = Flow(
    steps=(ChoosingDesk, AskingHow, Identifying, AskingWhat, Asking, AskingWhyBeside, Correcting),
    routes={"intake": intake},
    commands={"intake": "intake"},
)
