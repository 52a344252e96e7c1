"""The transitions of a visit in one table: what is not in it does not happen. `visits.change` carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from types import MappingProxyType

from storage.records.bookings import BookingEventKind
from storage.visits import TakenStep, Visit, VisitStatus

S, E = VisitStatus, BookingEventKind


class Step(Enum):
    """What changes a visit."""

    CALL = auto()
    ENTER = auto()
    FINISH = auto()
    NOT_HERE = auto()  # called, and nobody came
    PUT_BACK = auto()  # let others go before
    RETURN = auto()  # there again
    LEAVE = auto()
    TRANSFER = auto()  # to another line of the same office and day
    UNDO = auto()  # the step before was a mistake


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which (None: as it stood before), and what it leaves in the booking's history."""

    allowed: frozenset[VisitStatus]
    to: VisitStatus | None
    event: BookingEventKind


#: Who is in the line: waiting, or called and on the way.
IN_LINE = frozenset({S.WAITING, S.CALLED})

RULES: Mapping[Step, Rule] = MappingProxyType(
    {
        Step.CALL: Rule(frozenset({S.WAITING, S.ABSENT}), S.CALLED, E.CALLED),
        Step.ENTER: Rule(frozenset({S.WAITING, S.CALLED, S.ABSENT}), S.INSIDE, E.ENTERED),
        Step.FINISH: Rule(frozenset({S.WAITING, S.CALLED, S.INSIDE, S.ABSENT}), S.DONE, E.ATTENDED),
        Step.NOT_HERE: Rule(frozenset({S.CALLED}), S.ABSENT, E.NOT_HERE),
        Step.PUT_BACK: Rule(IN_LINE | {S.ABSENT}, S.WAITING, E.PUT_BACK),
        Step.RETURN: Rule(frozenset({S.ABSENT, S.LEFT}), S.WAITING, E.RETURNED),
        Step.LEAVE: Rule(IN_LINE | {S.ABSENT}, S.LEFT, E.LEFT),
        Step.TRANSFER: Rule(IN_LINE | {S.ABSENT}, S.WAITING, E.TRANSFERRED),
        Step.UNDO: Rule(frozenset({S.CALLED, S.INSIDE, S.ABSENT, S.DONE}), None, E.UNDONE),
    }
)
#: What can be taken back while nothing has changed since.
UNDOABLE: Mapping[Step, TakenStep] = MappingProxyType(
    {
        Step.CALL: TakenStep.CALL,
        Step.ENTER: TakenStep.ENTER,
        Step.NOT_HERE: TakenStep.NOT_HERE,
        Step.FINISH: TakenStep.FINISH,
    }
)


#: For how long staff may take a step back.
UNDO_FOR = timedelta(minutes=5)


def undoable(visit: Visit, now: datetime) -> TakenStep | None:
    """The step of a visit that can be taken back now."""
    return visit.step if visit.step_at is not None and now - visit.step_at < UNDO_FOR else None


def can(visit: Visit, step: Step) -> bool:
    """Whether a visit's state has a step."""
    return visit.status in RULES[step].allowed and (step is not Step.UNDO or visit.was is not None)
