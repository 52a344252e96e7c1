"""One piece of work at the desk: a transaction, the moment it happens, and what the desk knows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from storage.database import Transaction

if TYPE_CHECKING:  # what it checks texts by is written in terms of Work
    from services.casework.templates import Templates


@dataclass(frozen=True, slots=True)
class Work:
    """What every service function needs. All it writes through `tx` commits together or not at all."""

    tx: Transaction
    now: datetime  # aware; the injected clock's
    offices: Offices
    calendar: WorkingCalendar
    random: random.Random
    admins: frozenset[str] = frozenset()  # addresses of those who administer every office
    templates: Templates | None = None  # ready texts for staff

    @property
    def today(self) -> date:
        """The date in Bahrain."""
        return self.now.astimezone(self.offices.zone).date()
