"""What the questions of an intake share: what is known of the caller, and who asks."""

from __future__ import annotations

from typing import Self

from markupsafe import Markup

from conversations.engine.messages import Message
from conversations.engine.step import Next, Reask, Step, Turn
from conversations.home.main_menu import MainMenu
from services.casework.intake import WALK_IN, Caller, Source
from services.staff.permissions import Person
from storage.ids import OfficeId, ResidentId
from storage.records.residents import Resident

_TELEPHONE, _COUNTER = Markup("☎️"), Markup("🏢")


class Call(Message):
    """Who calls or came, so far: `office` is the desk that takes it, `record` the resident it is kept under."""

    office: OfficeId
    source: Source | None = None
    name: str = ""
    phone: str = ""
    no_phone: bool = False  # a visitor has none
    record: ResidentId | None = None

    @property
    def identified(self) -> bool:
        return self.name != "" and (self.phone != "" or self.no_phone)

    @property
    def caller(self) -> Caller:
        return Caller(self.name, self.phone, self.record)

    def but(self, **changes: object) -> Self:
        """The same, validated, with changes."""
        return self.model_validate({**dict(self), **changes})


class IntakeStep(Step):
    """A question of an intake."""

    call: Call

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("For {name}", name=self.call.name) if self.call.name else ""


def person_of(turn: Turn) -> Person:
    """The member of staff whose conversation it is."""
    sender = turn.said.sender
    return Person(turn.said.channel, sender.address, sender.name)


def stand_in(turn: Turn, call: Call) -> Resident:
    """The caller, as the questions of residents' flows know whom they ask: all of it is told by staff."""
    return turn.resident.model_copy(
        update={
            "id": call.record or ResidentId(0),
            "channel": WALK_IN,
            "name": call.name,
            "phone": call.phone,
            "phone_own": False,
            "office": call.office,
            "consented_at": turn.work.now,  # they are told in words
            "source": call.source.value if call.source else "",
            "blocked_until": None,
        }
    )


def for_whom(turn: Turn, call: Call) -> Markup:
    """Whom this is about: above every question, so that nothing is taken for the wrong one."""
    t, mark = turn.t, _COUNTER if call.source is Source.VISIT else _TELEPHONE
    if call.phone:
        return t("{mark} <b>For {name}</b>, {phone}", mark=mark, name=t.own(call.name), phone=t.phone(call.phone))
    return t("{mark} <b>For {name}</b>, no phone number", mark=mark, name=t.own(call.name))


def refused(turn: Turn) -> Next:
    """Their right has ended, or they never had it: nothing is filed, and nothing of it kept as a draft."""
    turn.handed_over = True
    t = turn.t
    begun = isinstance(turn.here, IntakeStep) and turn.here.draft_title(turn) != ""
    denied = t("You do not have permission to do this.")
    return Reask(t.join_lines(denied, t("Nothing was saved.") if begun else None), MainMenu())
