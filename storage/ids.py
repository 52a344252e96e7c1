"""Typed identifiers, so that one kind cannot stand where another belongs."""

from typing import Annotated, NewType

from pydantic import Field

OfficeId = NewType("OfficeId", str)
CategoryId = NewType("CategoryId", str)
LaneId = NewType("LaneId", str)
ResidentId = NewType("ResidentId", int)
SessionId = NewType("SessionId", int)
SlotId = NewType("SlotId", int)
BookingId = NewType("BookingId", int)
CaseId = NewType("CaseId", int)
FileId = NewType("FileId", int)
DelegationId = NewType("DelegationId", int)
AnnouncementId = NewType("AnnouncementId", int)
IncidentId = NewType("IncidentId", int)

#: A booking's or a case's public reference: prefix, six letters and digits, a check character.
Reference = NewType("Reference", str)

#: Who did something, as `services.actors` names them.
Actor = NewType("Actor", str)
#: What a message or a line of the audit is about, as `services.actors` names it.
Subject = NewType("Subject", str)

# ---------------------------------------------------------------------------- given by a channel

# Opaque: only the channel's own folder reads them. Nobody else computes with them or orders by them.
UpdateId = NewType("UpdateId", str)  # unique within the channel
ChatId = NewType("ChatId", str)  # unique within the channel
MessageId = NewType("MessageId", str)  # unique within its chat
ForumTopicId = NewType("ForumTopicId", str)  # unique within its chat

#: The same in stored JSON: before revision 0011 Telegram's numbers were written there as numbers.
StoredMessageId = Annotated[MessageId, Field(coerce_numbers_to_str=True)]
StoredForumTopicId = Annotated[ForumTopicId, Field(coerce_numbers_to_str=True)]
