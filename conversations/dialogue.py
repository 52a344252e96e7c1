"""The whole dialogue, put together from its flows."""

from __future__ import annotations

from conversations.admin import menu as admin_menu
from conversations.announcements import start as announcements
from conversations.announcements import taps as announcement_taps
from conversations.booking import feedback, my_appointments
from conversations.booking import start as booking_start
from conversations.configuration import start as configuration
from conversations.delegation import answering as delegated_answering
from conversations.delegation import start as delegation
from conversations.delegation.for_another import replied as delegated_reply
from conversations.door import start as door
from conversations.engine.registry import FlowRegistry, assemble
from conversations.engine.step import Next, Turn
from conversations.home import (
    deep_links,
    edited,
    in_forms,
    info_pages,
    main_menu,
    more,
    municipality,
    own_number,
    privacy,
    settings,
    unprompted,
)
from conversations.incidents import administration as incidents
from conversations.incidents import joined as incident_joined
from conversations.inquiries import start as inquiries
from conversations.line import place as line_place
from conversations.on_behalf import record_linking
from conversations.on_behalf import start as on_behalf
from conversations.promises import answers as promise_answers
from conversations.requests import my_requests
from conversations.requests import start as request_start
from conversations.staff import invitations, tools
from conversations.streets import start as streets
from conversations.texts.welcome import welcome
from services.actors import booking_in

FLOWS = (
    main_menu.FLOW,
    more.FLOW,
    municipality.FLOW,
    booking_start.FLOW,
    my_appointments.FLOW,
    feedback.FLOW,
    line_place.FLOW,
    promise_answers.FLOW,
    inquiries.FLOW,
    request_start.FLOW,
    my_requests.FLOW,
    settings.FLOW,
    own_number.FLOW,
    privacy.FLOW,
    info_pages.FLOW,
    deep_links.FLOW,
    unprompted.FLOW,
    in_forms.FLOW,
    edited.FLOW,
    invitations.FLOW,
    admin_menu.FLOW,
    tools.FLOW,
    on_behalf.FLOW,
    door.FLOW,
    record_linking.FLOW,
    announcement_taps.FLOW,
    configuration.FLOW,
    announcements.FLOW,
    delegation.FLOW,
    incidents.FLOW,
    incident_joined.FLOW,
    streets.FLOW,
)


def dialogue() -> FlowRegistry:
    """The dialogue as it runs."""
    return assemble(
        FLOWS,
        home=main_menu.MainMenu,
        anything=unprompted.anything,
        replied=replied,
        courtesy=unprompted.courtesy,
        aside=in_forms.aside,
        edited=edited.edited,
        welcome=welcome,
        first_thing=delegated_answering.first_thing,
        number_verified=record_linking.number_verified,
    )


async def replied(turn: Turn) -> Next:
    """A reply to a message of ours goes to what that message was about, whatever else is going on."""
    for_another = await delegated_reply(turn, _replied)
    return await _replied(turn) if for_another is None else for_another


async def _replied(turn: Turn) -> Next:
    if (polite := await unprompted.courtesy_by_reply(turn)) is not None:
        return polite
    if booking_in(turn.about) is not None:
        return await my_appointments.replied(turn)
    return await my_requests.replied(turn)
