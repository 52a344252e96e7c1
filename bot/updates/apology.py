"""What is said to whoever sent something that we could not handle, by a defect of ours, or that never reached us."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.engine.messages import Incoming, Kind
from conversations.engine.step import Responder
from storage.outages import Outage
from storage.records.residents import ConversationRow

_MESSAGES_KEPT = timedelta(hours=24)
_HELPED_FOR = timedelta(days=3)


def may_have_missed(outage: Outage | None, row: ConversationRow | None, said: Incoming, now: datetime) -> bool:
    """Whether something that somebody tapped or wrote before this may never have reached us, in the last outage.

    They were talking to us shortly before or in it, and have not heard of it. Who taps now is answered anyway.
    """
    if outage is None or row is None or said.kind is Kind.CHOICE or said.edited:
        return False
    was_talking = outage.began_at - _MESSAGES_KEPT <= row.updated_at < outage.ended_at
    return was_talking and now - outage.ended_at < _HELPED_FOR


def missed(responder: Responder, outage: Outage) -> None:
    """Say that taps were lost, and after a long outage messages, before the last question is asked again."""
    t, today = responder.t, responder.work.today
    lost_before = outage.ended_at - _MESSAGES_KEPT
    responder.say(
        t.join_lines(
            t(
                "⚠️ <b>We could not be reached from {start} to {end}.</b>",
                start=t.near_moment(outage.began_at, today),
                end=t.near_moment(outage.ended_at, today),
            ),
            t("If you tapped a button in that time, we did not receive it. Please tap it again."),
            t(
                "We did not receive messages that you sent before {moment} either. Please send them again.",
                moment=t.near_moment(lost_before, today),
            )
            if lost_before > outage.began_at
            else None,
        )
    )


def ask_again(responder: Responder) -> None:
    t = responder.t
    responder.say(
        t.join_lines(
            t("⚠️ <b>We could not process your last message.</b>"),
            t(
                "Sorry. We have kept what you entered before. Please send your message again, or start "
                "again with {menu}.",
                menu="/menu",
            ),
        )
    )


def handled_late(responder: Responder, since: datetime) -> None:
    """Before the answer to something that could not be handled then, and now was."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("✅ <b>We have now dealt with the message you sent on {moment}.</b>", moment=t.moment(since)),
            t("Sorry for the delay. Here is our reply."),
        )
    )
