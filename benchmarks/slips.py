"""The wrong taps of a simulated Customer Day, as staff undo them."""

from __future__ import annotations

from enum import Enum


class Slip(Enum):
    """What was tapped by mistake of somebody who was called or is inside, and how they stand once it is undone."""

    CALLED = ("", "called", "waiting")
    IN = ("In", "In", "called")
    NOT_HERE = ("Not here", "Not here", "called")
    DONE = ("Done", "Done", "inside")
    RECORDED = ("an outcome", "Done", "inside")  # which is withdrawn with the end of the meeting

    def __init__(self, tapped: str, named: str, before: str) -> None:
        self.tapped = tapped  # the button; none where the call itself was the mistake
        self.before = before
        self._named = named

    @property
    def inside(self) -> bool:
        """Whether it happens to somebody who is inside."""
        return self.before == "inside"

    def undo(self, ticket: int) -> str:
        """The button of the panel that takes it back."""
        return f"Undo: {ticket} {self._named}"
