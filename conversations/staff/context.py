"""One turn of a member of staff at the desk, in their group or in private."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import TypeVar

from markupsafe import Markup
from pydantic import ConfigDict, ValidationError

from conversations.engine.messages import Emphasis, Incoming, Message, Reader
from conversations.engine.step import Button, Responder
from locales import Catalogues
from services.casework import pending as pending_rows
from services.casework import queries
from services.casework.templates import Templates
from services.staff import permissions
from services.staff.permissions import Member, Person
from storage.ids import CaseId, MessageId, OfficeId

VERB = "desk"
CHAT = "chat:"  # how the address of one begins who writes as a group or a channel
_MOST_OF_ARGUMENT = 24
_TOLD_FOR = 600  # seconds
_MARK = re.compile(r"[A-Za-z0-9]{1,12}")  # beside which an argument has room for more


@dataclass(slots=True, kw_only=True)
class StaffContext(Responder):
    """How the desk answers one who acts. `t` is in their language; cards are in the office's."""

    catalogues: Catalogues
    templates: Templates
    said: Incoming
    person: Person
    toast: str = ""  # the short word that ends a tap's spinner
    _members: list[Member | None] = field(default_factory=list)
    _here: list[tuple[OfficeId, ...]] = field(default_factory=list)

    @property
    def speaks_as_chat(self) -> bool:
        """Whether they write as the group or a channel, as anonymous administrators do: nobody knows who they are."""
        return self.said.group and self.said.sender.address.startswith(CHAT)

    @property
    def alone(self) -> Reader | None:
        """Whoever acts, as the one who is to see what is said in a group; None in private, and of one who hides."""
        said = self.said
        if not said.group or said.sender.address.startswith(CHAT):
            return None
        return Reader(address=said.sender.address, tap=said.tap)

    def tell_alone(self, words: Markup) -> None:
        """Beside a toast, which is gone in a moment, the same for longer; where a channel can show it to one alone."""
        if self.alone is None:
            return
        reader = self.alone.model_copy(update={"else_all": False})
        self.say(words, reply_to=self.said.message, reader=reader, delete_after=_TOLD_FOR)

    async def member(self) -> Member | None:
        """The rights of whoever acts, looked up once for each update; None where they have none."""
        if not self._members:
            self._members.append(await permissions.member(self.work, self.person))
        return self._members[0]

    async def offices_here(self) -> tuple[OfficeId, ...]:
        """In a group the offices it is tied to, looked up once for each update; in private all of them."""
        if not self._here:
            self._here.append(await self._look_up_offices())
        return self._here[0]

    async def _look_up_offices(self) -> tuple[OfficeId, ...]:
        said = self.said
        if not said.group:
            return tuple(office.id for office in self.work.offices.offices_by_id.values())
        return await queries.offices_of_chat(self.work, said.channel, said.chat, said.topic)

    @classmethod
    def of(cls, responder: Responder, catalogues: Catalogues, templates: Templates, said: Incoming) -> StaffContext:
        """The desk for whoever said this; what it says, the responder says."""
        person = Person(said.channel, said.sender.address, said.sender.name)
        return cls(
            work=responder.work,
            links=responder.links,
            t=responder.t,
            out=responder.out,
            catalogues=catalogues,
            templates=templates,
            said=said,
            person=person,
        )


class Stored(Message):
    """What is kept in a row: under the names that earlier releases gave it, where a field has an alias."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


class Pending(Stored):
    """What a member is in the middle of in a chat. Subclasses set `about` to a literal of their own."""

    about: str


P = TypeVar("P", bound=Pending)


async def pending(context: StaffContext, kind: type[P]) -> P | None:
    """What the member is in the middle of here, where it is of this kind."""
    found = await pending_rows.of(context.work, context.person, context.said.chat)
    if found is None:
        return None
    try:
        return kind.model_validate_json(found.state)
    except ValidationError:
        return None  # it is something else


def set_pending(context: StaffContext, state: Pending) -> None:
    """The member is in the middle of this now, and of nothing else here."""
    pending_rows.put(context.work, context.person, context.said.chat, state.model_dump_json())


def drop_pending(context: StaffContext) -> None:
    pending_rows.drop(context.work, context.person, context.said.chat)


# ---------------------------------------------------------------------------- buttons


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button of the desk says: untrusted, as every button's data is. It names nobody."""

    verb: str
    case: CaseId  # 0 where it is about none
    version: int  # of the case, as the card showed it
    argument: str = ""


def button(
    label: str,
    verb: str,
    case: int = 0,
    version: int = 0,
    argument: str = "",
    emphasis: Emphasis = Emphasis.NONE,
) -> Button:
    """A button of the desk. `argument` is an id of the offices file, a number, or such."""
    assert len(argument) <= _MOST_OF_ARGUMENT, argument  # noqa: S101 - Telegram takes 64 bytes
    return Button(label=label[:64], data=f"{VERB}:{verb}:{case}:{version}:{argument}", emphasis=emphasis)


def button_mark(message: MessageId) -> str:
    """What buttons call a message by: its id, or where that is long or holds signs of its own, a digest of it."""
    return message if _MARK.fullmatch(message) else blake2s(message.encode(), digest_size=6).hexdigest()


def read(choice: str) -> Tap | None:
    """The button's data; None where it is not one of the desk."""
    parts = choice.split(":", 4)
    if len(parts) != 5 or parts[0] != VERB or not (parts[2] + parts[3]).isascii():
        return None
    if not (parts[2].isdecimal() and parts[3].isdecimal()) or max(len(parts[2]), len(parts[3])) > 18:
        return None
    return Tap(parts[1], CaseId(int(parts[2])), int(parts[3]), parts[4][:_MOST_OF_ARGUMENT])
