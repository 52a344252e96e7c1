"""The whole dialogue, put together from its flows."""

from __future__ import annotations

from conversations import (
    anything,
    appointments,
    booking,
    following,
    information,
    intake,
    intake_claimed,
    links,
    menu,
    office,
    privacy,
    rating,
    requests,
    settings,
)
from conversations.desk import joining
from conversations.script import Script, assemble
from conversations.step import Next, Talk
from conversations.welcome import welcome

FLOWS = (
    menu.FLOW,
    office.FLOW,
    booking.FLOW,
    appointments.FLOW,
    rating.FLOW,
    requests.FLOW,
    following.FLOW,
    settings.FLOW,
    privacy.FLOW,
    information.FLOW,
    links.FLOW,
    anything.FLOW,
    joining.FLOW,
    intake.FLOW,
    intake_claimed.FLOW,
)


def whole_script() -> Script:
    """The dialogue as it runs."""
    return assemble(
        FLOWS,
        home=menu.MainMenu,
        anything=anything.anything,
        replied=replied,
        welcome=welcome,
        vouched=intake_claimed.vouched,
    )


async def replied(talk: Talk) -> Next:
    """A reply to a message of ours goes to what that message was about, whatever else is going on."""
    if talk.about.startswith("booking:"):
        return await appointments.replied(talk)
    return await following.replied(talk)
