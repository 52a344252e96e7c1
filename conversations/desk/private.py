"""The desk in a private chat: a member of staff may look things up there as in the group."""

from __future__ import annotations

from conversations.desk import commands
from conversations.desk.desk import VERB, Desk
from conversations.desk.group import tapped
from conversations.messages import Kind
from conversations.step import Talk
from services import staff
from services.staff import Person


async def in_private(talk: Talk) -> bool:
    """Whether the desk has answered; else the dialogue with residents goes on."""
    said = talk.said
    is_tap = said.kind is Kind.CHOICE and said.choice.startswith(f"{VERB}:")
    if not is_tap and not (said.kind is Kind.COMMAND and commands.is_staffs(said.command)):
        return False
    person = Person(said.channel, said.sender.address, said.sender.name)
    if not is_tap and await staff.member(talk.work, person) is None:
        return False
    desk = Desk(
        work=talk.work, links=talk.links, t=talk.t, out=talk.out, catalogues=talk.catalogues, said=said, person=person
    )
    if is_tap:
        await tapped(desk)
    else:
        staff.remember_name(talk.work, person)
        await commands.command(desk)
    talk.toast = desk.toast
    return True
