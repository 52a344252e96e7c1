"""How much one person may send: beyond it they are asked once to wait, and what comes until then is not read."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.engine.step import Responder
from storage.records.residents import ConversationRow


@dataclass(frozen=True, slots=True)
class Heard:
    """Updates of one person, counted since the first of them."""

    since: datetime
    count: int


@dataclass(frozen=True, slots=True)
class PersonRateLimiter:
    """At most so many updates of one person in each span, which begins with the first."""

    most: int = 40
    span: timedelta = timedelta(minutes=1)

    def hear(self, row: ConversationRow | None, at: datetime) -> Heard:
        """Count one more, sent at `at`.

        What counts is when it was sent, not when it arrived: after an hour's outage everybody's hour arrives at once.
        """
        return self.after(
            None if row is None or row.counted_since is None else Heard(row.counted_since, row.counted), at
        )

    def after(self, before: Heard | None, at: datetime) -> Heard:
        """Count one more than `before`, sent at `at`."""
        if before is None or abs(at - before.since) >= self.span:
            return Heard(at, 1)
        return Heard(before.since, before.count + 1)


class GroupRateLimiter:
    """The same for people in groups, who have no row: it remembers the last few thousand addresses."""

    def __init__(self, pace: PersonRateLimiter, most: int = 10_000) -> None:
        self._pace = pace
        self._most = most
        self._heard: OrderedDict[str, Heard] = OrderedDict()

    def is_too_much(self, sender: str, at: datetime) -> bool:
        """Count one more update of this person; whether that is over the limit."""
        heard = self._pace.after(self._heard.pop(sender, None), at)
        self._heard[sender] = heard
        if len(self._heard) > self._most:
            self._heard.popitem(last=False)
        return heard.count > self._pace.most


def ask_to_wait(responder: Responder, span: timedelta) -> None:
    """Say once that it was too much, and for how long nothing more is read."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("⏳ <b>You have sent too many messages at once.</b>"),
            t(
                "Wait {span} before you send anything else. We will not read what you send before then. "
                "We have kept everything you entered earlier.",
                span=t.duration(span),
            ),
        )
    )
