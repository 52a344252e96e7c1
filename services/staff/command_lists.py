"""Which commands the channel shows to members of staff: what is owed, and what somebody may do in a chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.unit_of_work import Work
from storage import command_lists as rows
from storage import staff as staff_rows
from storage.command_lists import CommandListRow
from storage.ids import OfficeId

__all__ = ["CommandListRow", "Reader", "again", "owe", "owe_all", "reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list, in which language, and the offices that the chat is about. None where they may nothing."""

    member: Member | None
    language: str  # "" where it is not known
    offices: tuple[OfficeId, ...]


def again(work: Work, channel: str, address: str) -> None:
    """What a person is shown may be another: in another language, or because they can be reached again."""
    rows.again(work.tx, channel, address, work.now)


async def owe_all(work: Work, channel: str) -> tuple[str, ...]:
    """A process starts: with it other commands, offices or administrators may have come.

    The lists there are are looked at again. Who may have none yet is returned, for `owe`, some at a time.
    """
    rows.again_everywhere(work.tx, work.now)
    return tuple(dict.fromkeys([*await staff_rows.people(work.tx, channel), *sorted(work.admins)]))


async def owe(work: Work, channel: str, addresses: Iterable[str]) -> None:
    """Let these people be shown what they may do."""
    for address in addresses:
        await permissions.owe_command_lists(work, channel, address)


async def reader(work: Work, row: CommandListRow) -> Reader:
    """For whom a list is, as things stand."""
    member = await permissions.member(work, Person(row.channel, row.address))
    language = await rows.language_of(work.tx, row.channel, row.address)
    if row.is_private:
        offices = tuple(office.id for office in work.offices.all)
    else:
        offices = await permissions.offices_in(work, row.channel, row.chat)
        if member is not None and not any(member.may(Act.READ, office) for office in offices):
            member = None
    return Reader(member, language, offices)
