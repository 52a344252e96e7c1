"""Who works at which desk, and what they may do there.

A right belongs to a person (their address in a channel) at one office, or at every office. It is looked up and
checked at every action, by the function that carries it out, and each refusal is written to the audit. The
addresses in the settings (`CUSTOMER_DAY_ADMINS`) are administrators of every office: they make the first invitations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.actors import (
    NO_SUBJECT,
    Actor,
    Subject,
    chat_actor,
    is_staff,
    office_subject,
    staff_actor,
    staff_address,
    staff_subject,
)
from services.unit_of_work import Work
from storage import audit, command_lists
from storage import staff as rows
from storage.ids import ChatId, ForumTopicId, OfficeId
from storage.records.staff import Role, StaffChat, StaffInvite, StaffRole

EVERY_OFFICE = OfficeId("")
TELEGRAM = "telegram"
#: An invitation that nobody took ends after so long.
INVITE_LASTS = timedelta(hours=48)
_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 20  # about 99 bits: not to be guessed


class Act(StrEnum):
    """What a right is about."""

    READ = "read"  # cards, queues, searches; nobody's name or number
    CLAIM = "claim"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    STATUS = "status"  # work begun, solved, nothing to be done, about something else, a duplicate
    REFER = "refer"  # to another body
    PRIORITY = "priority"
    ESCALATE = "escalate"
    ASSIGN = "assign"
    TRANSFER = "transfer"  # to another office
    MARK_ABUSE = "mark_abuse"
    SEE_CONTACT = "see_contact"
    INTAKE = "intake"  # for callers and visitors
    RECEIVE = "receive"  # the door and the line on Customer Day, what came of a meeting
    SESSIONS = "sessions"  # open, change, move and close sessions
    BRIEF = "brief"  # who comes on Customer Day, and with what
    LOOKED = "looked"  # who saw names and numbers
    LIST_STAFF = "list_staff"
    INVITE = "invite"
    REVOKE = "revoke"
    LINK = "link"
    ANNOUNCE = "announce"
    INCIDENT = "incident"  # open, tell of and close what many report at once
    APPROVE = "approve"  # an announcement that somebody else wrote
    CONFIGURE = "configure"  # offices, sessions, templates
    REPORT = "report"  # figures; no single case
    AUDIT = "audit"  # who did what
    PRIVACY = "privacy"  # requests about people's own data


_AGENT = frozenset(
    {
        Act.READ,
        Act.CLAIM,
        Act.ASK,
        Act.REPLY,
        Act.NOTE,
        Act.STATUS,
        Act.REFER,
        Act.PRIORITY,
        Act.ESCALATE,
        Act.SEE_CONTACT,
        Act.INTAKE,
        Act.RECEIVE,
        Act.BRIEF,
    }
)
_MANAGER = _AGENT | {Act.SESSIONS, Act.ASSIGN, Act.TRANSFER, Act.MARK_ABUSE, Act.LOOKED, Act.LIST_STAFF, Act.REPORT}

MAY: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        Role.AGENT: _AGENT,
        Role.MANAGER: _MANAGER,
        Role.DIRECTOR: frozenset(
            {
                Act.READ,
                Act.NOTE,
                Act.PRIORITY,
                Act.ESCALATE,
                Act.RECEIVE,
                Act.SESSIONS,
                Act.BRIEF,
                Act.LOOKED,
                Act.LIST_STAFF,
                Act.REPORT,
            }
        ),
        Role.COUNCIL: frozenset({Act.READ, Act.REPORT}),
        Role.ADMIN: frozenset(Act),
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: the sender of a message or of a tap."""

    channel: str
    address: str
    name: str = ""

    @property
    def actor(self) -> Actor:
        """How histories and the audit name them."""
        return staff_actor(self.address)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a right, somewhere."""

    person: Person
    roles: tuple[tuple[OfficeId, Role], ...]  # `EVERY_OFFICE` is every office

    @property
    def actor(self) -> Actor:
        return self.person.actor

    def may(self, act: Act, office: OfficeId) -> bool:
        """Whether one of their rights covers an act at an office. At `EVERY_OFFICE`: at each and all of them."""
        return any(act in MAY[role] for at, role in self.roles if at in {office, EVERY_OFFICE})

    def offices(self, act: Act, among: Iterable[OfficeId]) -> tuple[OfficeId, ...]:
        """Where they may do it."""
        return tuple(office for office in among if self.may(act, office))


# ---------------------------------------------------------------------------- rights


async def member(work: Work, person: Person) -> Member | None:
    """A person's rights as they are now; None for somebody without any."""
    roles = tuple((role.office, role.role) for role in await rows.roles_of(work.tx, person.channel, person.address))
    if person.channel == TELEGRAM and person.address in work.admins:
        roles = ((EVERY_OFFICE, Role.ADMIN), *roles)
    return Member(person, roles) if roles else None


async def guard(work: Work, person: Person, act: Act, office: OfficeId, subject: Subject = NO_SUBJECT) -> Member | None:
    """The member who may do it; None, and a line in the audit, where they may not."""
    found = await member(work, person)
    if found is not None and found.may(act, office):
        return found
    deny(work, person, act, subject or office_subject(office))
    return None


def deny(work: Work, person: Person, act: Act, subject: Subject) -> None:
    """Write down that somebody tried what they may not."""
    audit.record(work.tx, work.now, person.actor, f"denied.{act}", subject)


async def names(work: Work) -> dict[str, str]:
    """The name of everybody who ever worked as staff, by actor."""
    found = await rows.names(work.tx, TELEGRAM)
    return {staff_actor(address): name for address, name in found.items()}


async def staff_of(work: Work, office: OfficeId) -> tuple[StaffRole, ...]:
    """The live rights at an office, those over every office too."""
    return tuple(await rows.roles_at(work.tx, office))


async def can_claim(work: Work, office: OfficeId) -> tuple[Person, ...]:
    """To whom a case of an office may be assigned, each once."""
    found = {
        row.address: Person(row.channel, row.address, row.name)
        for row in await rows.roles_at(work.tx, office)
        if Act.CLAIM in MAY[row.role]
    }
    return tuple(found.values())


async def still_has(work: Work, owner: str, office: OfficeId) -> bool:
    """Whether the owner of a case may still work on it at an office. One without a staff address may."""
    if not is_staff(owner):
        return True
    found = await member(work, Person(TELEGRAM, staff_address(owner)))
    return found is not None and found.may(Act.CLAIM, office)


def remember_name(work: Work, person: Person) -> None:
    """They may call themselves differently by now; cards and lists show names."""
    if person.name:
        rows.rename(work.tx, person.channel, person.address, person.name)


# ---------------------------------------------------------------------------- invitations


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation was made: what its link carries after `staff_`, and until when it is good."""

    code: str
    office: OfficeId
    role: Role
    expires_at: datetime


class Unusable(StrEnum):
    """Why an invitation was not taken."""

    UNKNOWN = "unknown"
    USED = "used"
    MINE = "mine"  # by the same person
    EXPIRED = "expired"
    RECALLED = "recalled"  # whoever made it may not invite any more


@dataclass(frozen=True, slots=True)
class Joined:
    """They have the right now; `new` is False where they had it before, and the invitation is still good."""

    office: OfficeId
    role: Role
    new: bool


async def invite(work: Work, person: Person, office: OfficeId, role: Role) -> Invited | None:
    """Make an invitation, good once. None where the person may not, or there is no such office.

    Only who administers every office may make somebody one.
    """
    if office != EVERY_OFFICE and work.offices.get(office) is None:
        return None
    if await guard(work, person, Act.INVITE, office) is None:
        return None
    code = "".join(work.random.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    until = work.now + INVITE_LASTS
    rows.add_invite(work.tx, code, office, role, person.actor, work.now, until)
    audit.record(work.tx, work.now, person.actor, "staff.invited", office_subject(office), role.value)
    return Invited(code, office, role, until)


async def invitation(work: Work, person: Person, code: str) -> StaffInvite | Unusable:
    """An invitation that somebody may take now; nothing changes."""
    found = await rows.invite(work.tx, code)
    if found is None:
        return Unusable.UNKNOWN
    if found.used_at is not None:
        return Unusable.MINE if found.used_by == person.actor else Unusable.USED
    if found.expires_at <= work.now:
        return Unusable.EXPIRED
    maker = await member(work, Person(person.channel, staff_address(found.made_by)))
    if maker is None or not maker.may(Act.INVITE, found.office):
        return Unusable.RECALLED
    return found


async def accept(work: Work, person: Person, code: str) -> Joined | Unusable:
    """Take an invitation. Of two who do at once, one does."""
    found = await invitation(work, person, code)
    if isinstance(found, Unusable):
        return found
    held = await rows.roles_of(work.tx, person.channel, person.address)
    if any((one.office, one.role) == (found.office, found.role) for one in held):
        return Joined(found.office, found.role, new=False)
    # Before the right is given: the other of two waits here, and finds it used.
    if not await rows.use_invite(work.tx, code, person.actor, work.now):
        return Unusable.USED
    await rows.grant(
        work.tx,
        channel=person.channel,
        address=person.address,
        name=person.name,
        office=found.office,
        role=found.role,
        granted_by=found.made_by,
        at=work.now,
    )
    remember_name(work, person)
    await owe_command_lists(work, person.channel, person.address)
    audit.record(work.tx, work.now, person.actor, "staff.joined", office_subject(found.office), found.role.value)
    return Joined(found.office, found.role, new=True)


async def revoke(work: Work, person: Person, address: str, office: OfficeId) -> tuple[StaffRole, ...] | None:
    """Take all rights of somebody at an office; which those were. None where the person may not."""
    if await guard(work, person, Act.REVOKE, office, staff_subject(address)) is None:
        return None
    return await _end(work, person.channel, address, office, person.actor)


async def left(work: Work, channel: str, chat: ChatId, address: str) -> tuple[StaffRole, ...]:
    """Whoever leaves the group of an office, or is removed from it, has no right at that office any more."""
    ended: list[StaffRole] = []
    for office in await offices_in(work, channel, chat):
        ended += await _end(work, channel, address, office, chat_actor(chat))
    return tuple(ended)


async def _end(work: Work, channel: str, address: str, office: OfficeId, by: Actor) -> tuple[StaffRole, ...]:
    taken = tuple(await rows.revoke(work.tx, channel, address, office, None, work.now))
    for role in taken:
        audit.record(
            work.tx, work.now, by, "staff.revoked", staff_subject(address), f"{role.role} at {role.office or '*'}"
        )
    if taken:
        await owe_command_lists(work, channel, address)
    return taken


# ---------------------------------------------------------------------------- chats


async def chat_of(work: Work, office: OfficeId) -> StaffChat | None:
    """Where an office's team works: the chat that was linked, else the one of the settings or the offices file."""
    linked = await rows.chat_of(work.tx, office)
    if linked is not None:
        return linked
    desk = work.offices.get(office)
    if desk is None or not desk.staff_chat:
        return None
    chat = await rows.moved_to(work.tx, TELEGRAM, desk.staff_chat)
    return StaffChat(office=office, channel=TELEGRAM, chat=chat, topic=desk.staff_topic)


async def offices_in(work: Work, channel: str, chat: ChatId) -> tuple[OfficeId, ...]:
    """The offices whose team works in a group, in any of its topics."""
    found = [await chat_of(work, office.id) for office in work.offices.offices_by_id.values()]
    return tuple(one.office for one in found if one is not None and (one.channel, one.chat) == (channel, chat))


async def link(
    work: Work, person: Person, office: OfficeId, chat: ChatId, topic: ForumTopicId | None
) -> StaffChat | None:
    """Tie a group, or a topic of a forum, to an office. None where the person may not, or there is no such office."""
    if work.offices.get(office) is None or await guard(work, person, Act.LINK, office) is None:
        return None
    linked = StaffChat(office=office, channel=person.channel, chat=chat, topic=topic)
    await _owe_lists_of_office(work, person.channel, office)  # where the team was before
    rows.link_chat(work.tx, linked, person.actor, work.now)
    await _owe_lists_of_office(work, person.channel, office)
    audit.record(work.tx, work.now, person.actor, "staff.linked", office_subject(office), f"chat {chat} topic {topic}")
    return linked


async def unlink(work: Work, person: Person, office: OfficeId) -> bool | None:
    """Undo `link`; False where nothing was linked, None where the person may not."""
    if await guard(work, person, Act.LINK, office) is None:
        return None
    gone = await rows.unlink_chat(work.tx, office)
    if gone:
        await _owe_lists_of_office(work, person.channel, office)
        audit.record(work.tx, work.now, person.actor, "staff.unlinked", office_subject(office))
    return gone


# ---------------------------------------------------------------------------- the commands that the channel shows


async def owe_command_lists(work: Work, channel: str, address: str) -> None:
    """Somebody may do other things now: the channel is to show them other commands, in private and in their groups."""
    found = await member(work, Person(channel, address))
    chats = set[ChatId]()
    for office in {office for office, _ in found.roles} if found is not None else ():
        chats |= await _chats_of(work, channel, office)
    command_lists.owe(work.tx, channel, address, sorted(chats), work.now)


async def _chats_of(work: Work, channel: str, office: OfficeId) -> set[ChatId]:
    """The group of an office; of every office all groups."""
    offices = tuple(one.id for one in work.offices.all) if office == EVERY_OFFICE else (office,)
    found = [await chat_of(work, one) for one in offices]
    return {one.chat for one in found if one is not None and one.channel == channel}


async def _owe_lists_of_office(work: Work, channel: str, office: OfficeId) -> None:
    """Another group is an office's, or none: what is shown there is owed anew."""
    for address in dict.fromkeys([*(right.address for right in await staff_of(work, office)), *sorted(work.admins)]):
        await owe_command_lists(work, channel, address)
