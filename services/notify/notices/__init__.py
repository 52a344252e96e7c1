"""What residents and staff are told outside a conversation.

A service states what happened (`CaseUpdate`, `BookingReminder` …); `conversations.notice_texts` puts it into
words when it is sent, in the language the person has then, and drops it where it is no longer true.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Notice(BaseModel):
    """Something that somebody is told unasked. The literal in `about` is stored, so it never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
