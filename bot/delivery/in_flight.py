"""How many broadcasts may be on their way at once: as few as the permitted rate needs.

Whoever kills the process makes those come twice whose delivery was not noted yet, and no others. By Little's law a
rate needs as many on their way as it sends in the time that one takes. That time is estimated as TCP estimates a round
trip (RFC 6298). On a machine that is busy with other things it grows with how many are on their way, so as in BBR
(draft-cardwell-iccrg-bbr-congestion-control) the quickest of late says how much of it they need at most.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

_FIRST_SECONDS = 0.02  # taken for the time of one until it was measured
_FEWEST = 2
_GAIN, _DEVIATION_GAIN = 1 / 8, 1 / 4
_DEVIATIONS = 2.0
_LATE_SECONDS = 10.0
_TIMES_QUICKEST, _NOTING_SECONDS = 3.0, 0.03  # more than so many times the quickest, and a commit, none needs


class InFlight:
    """Counts broadcasts from when they are handed to the channel until their end is noted."""

    def __init__(self, rate: float, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._since: dict[int, float] = {}
        self._mean, self._deviation = _FIRST_SECONDS, _FIRST_SECONDS / 2
        self._quickest = self._quickest_before = _FIRST_SECONDS
        self._quickest_since = now()

    @property
    def most(self) -> int:
        """How many may be on their way."""
        quickest = min(self._quickest, self._quickest_before)
        needed = min(self._mean + _DEVIATIONS * self._deviation, _TIMES_QUICKEST * quickest + _NOTING_SECONDS)
        return max(_FEWEST, ceil(self._rate * needed))

    @property
    def full(self) -> bool:
        return len(self._since) >= _FEWEST and len(self._since) >= self.most

    def begin(self, row: int) -> None:
        self._since[row] = self._now()

    def give_up(self, row: int) -> None:
        """It was not sent after all: this says nothing of how long one takes."""
        self._since.pop(row, None)

    def end(self, row: int) -> None:
        """Its end is noted."""
        since = self._since.pop(row, None)
        if since is None:
            return
        now = self._now()
        took = now - since
        self._deviation += _DEVIATION_GAIN * (abs(took - self._mean) - self._deviation)
        self._mean += _GAIN * (took - self._mean)
        if now - self._quickest_since > _LATE_SECONDS:
            self._quickest_before, self._quickest, self._quickest_since = self._quickest, took, now
        self._quickest = min(self._quickest, took)
