"""Typed identifiers, so that one kind cannot stand where another belongs."""

from typing import NewType

OfficeId = NewType("OfficeId", str)
CategoryId = NewType("CategoryId", str)
LaneId = NewType("LaneId", str)
ResidentId = NewType("ResidentId", int)
SessionId = NewType("SessionId", int)
SlotId = NewType("SlotId", int)
BookingId = NewType("BookingId", int)
CaseId = NewType("CaseId", int)
FileId = NewType("FileId", int)

#: A booking's or a case's public reference: prefix, six letters and digits, a check character.
Reference = NewType("Reference", str)

#: Who did something, as `services.actors` names them.
Actor = NewType("Actor", str)
#: What a message or a line of the audit is about, as `services.actors` names it.
Subject = NewType("Subject", str)
