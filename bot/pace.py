"""How much one person may send: beyond it they are asked once to wait, and what comes until then is not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.step import Voice
from storage.records import ConversationRow


@dataclass(frozen=True, slots=True)
class Heard:
    """Updates of one person, counted since the first of them."""

    since: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many updates of one person in each span, which begins with the first."""

    most: int = 40
    span: timedelta = timedelta(minutes=1)

    def hear(self, row: ConversationRow | None, at: datetime) -> Heard:
        """Count one more, sent at `at`.

        What counts is when it was sent, not when it arrived: after an hour's outage everybody's hour arrives at once.
        """
        if row is None or row.heard_since is None or abs(at - row.heard_since) >= self.span:
            return Heard(at, 1)
        return Heard(row.heard_since, row.heard + 1)


def ask_to_wait(voice: Voice) -> None:
    t = voice.t
    voice.say(
        t.join_lines(
            t("⏳ <b>Too many messages at once.</b>"),
            t("Please wait a minute: what is sent until then is not read. Nothing entered before is lost."),
        )
    )
