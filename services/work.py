"""One piece of work at the desk: a transaction, the moment it happens, and what the desk knows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime

from services.offices import Offices
from services.working_days import WorkingCalendar
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Work:
    """What every service function needs. All it writes through `tx` commits together or not at all."""

    tx: Transaction
    now: datetime  # aware; the injected clock's
    offices: Offices
    calendar: WorkingCalendar
    random: random.Random

    @property
    def today(self) -> date:
        """The date in Bahrain."""
        return self.now.astimezone(self.offices.zone).date()
