"""Members of staff: their roles, chats, cards."""

from __future__ import annotations

from enum import StrEnum

from storage.ids import CaseId, ChatId, ForumTopicId, MessageId, OfficeId
from storage.records import Instant, Record


class Role(StrEnum):
    """What somebody is at an office's desk."""

    AGENT = "agent"
    MANAGER = "manager"
    DIRECTOR = "director"
    COUNCIL = "council"  # reads along
    ADMIN = "admin"


class StaffRole(Record):
    """One right of one person at one office ("" is every office), live until it is revoked."""

    id: int
    channel: str
    address: str
    name: str
    office: OfficeId
    role: Role
    granted_by: str
    granted_at: Instant
    revoked_at: Instant | None


class StaffInvite(Record):
    """An invitation, good once. `used_by` is who took it."""

    code: str
    office: OfficeId
    role: Role
    made_by: str
    made_at: Instant
    expires_at: Instant
    used_by: str
    used_at: Instant | None


class StaffChat(Record):
    """Where an office's team works: a group, or a topic of a forum."""

    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None


class Card(Record):
    """The message that shows a case in an office's chat. `message` is None until it was sent."""

    case_id: CaseId
    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None
    message: MessageId | None
    shown: str = ""  # a digest of what it was last made to show


class StaffTalk(Record):
    """What a member is in the middle of in a chat: JSON that `conversations.staff` reads."""

    state: str
    updated_at: Instant
