"""What residents and staff are told of a promise given at a meeting."""

from __future__ import annotations

from typing import Literal

from services.notify.notices import Notice


class WasItDone(Notice):
    """A promise is due: was it kept? Asked once more where nothing was said."""

    about: Literal["was_it_done"] = "was_it_done"
    promise: int
    again: bool = False


class PromiseDue(Notice):
    """A promise is due in two working days."""

    about: Literal["promise_due"] = "promise_due"
    promise: int


class PromiseToConfirm(Notice):
    """Somebody whom the bot cannot reach is to be asked by phone whether a promise was kept."""

    about: Literal["promise_to_confirm"] = "promise_to_confirm"
    promise: int


class PromiseBroken(Notice):
    """A resident says that a promise was not kept: to the team, and to the director."""

    about: Literal["promise_broken"] = "promise_broken"
    promise: int
