"""What is said to whoever sent something that we could not handle, by a defect of ours."""

from __future__ import annotations

from datetime import datetime

from conversations.engine.step import Responder


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
