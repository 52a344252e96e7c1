"""What residents and staff are told outside a conversation.

A service states what happened (`CaseUpdate`, `BookingReminder` …); `conversations.notice_texts` puts it into
words when it is sent, in the language the person has then, and drops it where it is no longer true.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Notice(BaseModel):
    """Something that was not asked for. Each kind sets `about` to a literal of its own, which is stored: it stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
