"""What is said to whoever sent something that we could not handle, by a defect of ours."""

from __future__ import annotations

from datetime import datetime

from conversations.engine.step import Voice


def ask_again(voice: Voice) -> None:
    t = voice.t
    voice.say(
        t.join_lines(
            t("⚠️ <b>Your last message could not be handled.</b>"),
            t("We are sorry. Nothing entered before is lost: please send it again, or begin anew with {menu}.",
              menu="/menu"),
        )
    )  # fmt: skip


def handled_late(voice: Voice, since: datetime) -> None:
    """Before the answer to something that could not be handled then, and now was."""
    t = voice.t
    voice.say(
        t.join_lines(
            t("✅ <b>Your message of {moment} has now been handled.</b>", moment=t.moment(since)),
            t("We are sorry for the delay. The answer follows."),
        )
    )
