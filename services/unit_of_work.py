"""One piece of work at the desk: a transaction, the moment it happens, and what the desk knows."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar, cast

from services.announcements.policy import DEFAULT, Policy
from services.offices.configuration import Configuration
from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from services.understanding.understanding import Rulebook, Understanding
from storage.database import Transaction

T = TypeVar("T")


class LookUpFirst(Exception):
    """A transaction needs what takes long to read: read it outside, then begin the transaction again.

    Nothing of it is kept. Whoever began it does both (`AppContext.attempt`).
    """

    def __init__(self, question: Hashable, read: Callable[[Work], Awaitable[object]]) -> None:
        super().__init__(question)
        self.question = question
        self.read = read


class PrepareFirst(Exception):
    """A transaction needs what takes long to make and reads nothing: make it outside, then begin again."""

    def __init__(self, question: Hashable, make: Callable[[], Awaitable[object]]) -> None:
        super().__init__(question)
        self.question = question
        self.make = make


@dataclass(frozen=True, slots=True)
class Work:
    """What every service function needs. All it writes through `tx` commits together or not at all."""

    tx: Transaction
    now: datetime  # aware; the injected clock's
    offices: Offices
    calendar: WorkingCalendar
    random: random.Random
    admins: frozenset[str] = frozenset()  # addresses of those who administer every office
    looked_up: dict[Hashable, object] | None = None  # what was read outside the transaction; None: all is read in it
    announcing: Policy = DEFAULT
    configuration: Configuration = field(default_factory=Configuration)  # what `offices` says, as the files would
    rulebook: Rulebook = field(default_factory=Rulebook)
    owed: set[str] = field(default_factory=set)  # groups of messages of which this transaction owes one already

    async def look_up(self, question: Hashable, read: Callable[[Work], Awaitable[T]]) -> T:
        """What `read` finds, for what may take long: everybody waits for an open transaction, so it is read outside.

        `read` is given work that only reads, as all stood before this transaction. Ask before anything that `read`
        would have to see is changed. `question` tells it from other look-ups of the same transaction. Raises
        LookUpFirst where it was not read yet.
        """
        if self.looked_up is None:
            return await read(self)
        if question not in self.looked_up:
            raise LookUpFirst(question, read)
        return cast("T", self.looked_up[question])

    async def prepare(self, question: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` makes, for what takes seconds of computing: the same as `look_up`, without a database.

        Raises PrepareFirst where it was not made yet.
        """
        if self.looked_up is None:
            return await make()
        if question not in self.looked_up:
            raise PrepareFirst(question, make)
        return cast("T", self.looked_up[question])

    @property
    def understanding(self) -> Understanding:
        """What people's words are understood with."""
        return self.rulebook.of(self.offices)

    @property
    def today(self) -> date:
        """The date in Bahrain."""
        return self.now.astimezone(self.offices.zone).date()
