"""For those who call the hotline or come to the counter: staff file and book in their own private chat with the bot.

`/intake`, or a link `intake_<office>` that a group shows: how they came, who they are, what it is, then the questions
of a request or a booking (`intake_course`). Rights are looked up at every answer, and again by the service that files.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Again, Answer, Button, Next, Prompt, Step, Talk
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.caller import AskingHow, Identifying
from conversations.on_behalf.proxy import Asking, AskingWhat, Correcting
from conversations.on_behalf.step import Call, IntakeStep, person_of, refused
from locales.bidi import shorten
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import OfficeId


class ChoosingDesk(Step):
    """For which office, of one who works for several."""

    step: Literal["intake:desk"] = "intake:desk"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        mine = await _offices(talk)
        rows = [
            [Button(label=shorten(t.pick_plain(office.name), 64), value=office.id)]
            for office in talk.work.offices.all
            if office.id in mine
        ]
        return Prompt(t("For which office do you take it?"), rows, back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        office = OfficeId(answer.choice)
        return AskingHow(call=Call(office=office)) if office in await _offices(talk) else refused(talk)


async def _offices(talk: Talk) -> tuple[OfficeId, ...]:
    """Where the person may take something for others, now."""
    member = await permissions.member(talk.work, person_of(talk))
    return () if member is None else member.offices(Act.INTAKE, (office.id for office in talk.work.offices.all))


async def intake(talk: Talk, argument: str) -> Next:
    """Start; `argument` is an office, or nothing for the person's own."""
    mine = await _offices(talk)
    office = OfficeId(argument)
    if not mine or (argument and office not in mine):
        # What was typed may be a caller's name and number: that has no place in the audit.
        named = argument if talk.work.offices.get(office) is not None else "?" if argument else "*"
        permissions.deny(talk.work, person_of(talk), Act.INTAKE, f"office:{named}")
        return _nothing_here(talk) if await permissions.member(talk.work, person_of(talk)) is None else refused(talk)
    if (unfinished := _unfinished(talk)) is not None:
        return await _go_on(talk, unfinished)
    if argument:
        return AskingHow(call=Call(office=office))
    return AskingHow(call=Call(office=mine[0])) if len(mine) == 1 else ChoosingDesk()


def _unfinished(talk: Talk) -> IntakeStep | None:
    before = talk.here if isinstance(talk.here, IntakeStep) else talk.take_up(IntakeStep)
    return before if before is not None and before.draft_title(talk) else None


async def _go_on(talk: Talk, unfinished: IntakeStep) -> Next:
    """Nothing is thrown away unasked: two callers at once are one after the other."""
    t = talk.t
    why = t("This one is unfinished: {draft}. It goes on here; {cancel} discards it.",
            draft=t.own(unfinished.draft_title(talk)), cancel="/cancel")  # fmt: skip
    step = unfinished if unfinished is talk.here else await unfinished.resumed(talk)
    return Again(why, step) if isinstance(step, Step) else step


def _nothing_here(talk: Talk) -> Next:
    """Whoever is no staff hears what they hear of any command or link that there is not."""
    t = talk.t
    if talk.said.kind is Kind.COMMAND and talk.said.command != "start":
        why = t("There is no command {command}; {help} shows what there is.", command="/intake", help="/help")
        return Again(why, talk.here)
    return Again(t("That link is not valid, or is no longer in use."), MainMenu())


FLOW = Flow(
    steps=(ChoosingDesk, AskingHow, Identifying, AskingWhat, Asking, Correcting),
    doors={"intake": intake},
    commands={"intake": "intake"},
)
