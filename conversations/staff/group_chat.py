"""The bot in a group: the desk of an office's team where the group is one, and next to nothing anywhere else."""

from __future__ import annotations

from conversations.engine.messages import Incoming, Kind
from conversations.engine.step import Button, Voice
from conversations.staff import card_actions, commands, duplicates, lists, replies, team
from conversations.staff.context import Desk, read
from conversations.staff.office_scope import refuse
from locales import Catalogues
from services.staff import permissions
from services.staff.permissions import Act


async def in_group(voice: Voice, catalogues: Catalogues, said: Incoming) -> str:
    """Answer what happened in a group; the short answer to a tap, where it was one."""
    desk = Desk.of(voice, catalogues, said)
    if await permissions.member(desk.work, desk.person) is not None:
        permissions.remember_name(desk.work, desk.person)
    match said.kind:
        case Kind.JOINED:
            _greet(desk)
        case Kind.CHOICE:
            await tapped(desk)
        case Kind.COMMAND:
            if not said.edited:
                await commands.command(desk)
        case Kind.MEMBER_LEFT:
            await team.member_left(desk)
        case _:
            await replies.heard(desk)
    return desk.toast


async def tapped(desk: Desk) -> None:
    """A tap, in a group or in private: whose it is, and whether they may, is for each act to find out."""
    tap = read(desk.said.choice)
    if tap is None:
        permissions.deny(desk.work, desk.person, Act.READ, "button")
        refuse(desk)
        return
    for takes in (card_actions.tapped, replies.tapped, duplicates.tapped, lists.tapped, team.tapped):
        if await takes(desk, tap):
            return
    refuse(desk)


def _greet(desk: Desk) -> None:
    t = desk.t
    desk.say(
        t.join_lines(
            t("Hello. An administrator ties this group to an office with {command}; its bookings and requests then "
              "appear here.", command="/link"),
            t("Residents are served in private."),
        ),
        ((Button(label=t.plain("Open the private chat"), url=f"https://t.me/{desk.links.bot}"),),),
    )  # fmt: skip
