"""What is said to whoever sent something that we could not handle, by a defect of ours."""

from __future__ import annotations

from datetime import datetime

from conversations.engine.step import Responder


def ask_again(responder: Responder) -> None:
    t = responder.t
    responder.say(
        t.join_lines(
            t("⚠️ <b>Your last message could not be handled.</b>"),
            t(
                "We are sorry. Nothing entered before is lost: please send it again, or begin anew with {menu}.",
                menu="/menu",
            ),
        )
    )


def handled_late(responder: Responder, since: datetime) -> None:
    """Before the answer to something that could not be handled then, and now was."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("✅ <b>Your message of {moment} has now been handled.</b>", moment=t.moment(since)),
            t("We are sorry for the delay. The answer follows."),
        )
    )
