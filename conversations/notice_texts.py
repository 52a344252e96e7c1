"""Notices put into words, when they are sent: in the language the person has then, and only if still true."""

from __future__ import annotations

from types import MappingProxyType

from conversations.admin import machine_notices
from conversations.announcements import answers as announcement_answers
from conversations.announcements import notices as announcement_notices
from conversations.appointments import card as appointment_card
from conversations.booking import draw_notices, releasing
from conversations.booking import notices as booking_notices
from conversations.briefs import notices as brief_notices
from conversations.dangers import alert
from conversations.delegation import notices as delegation_notices
from conversations.door import notices as door_notices
from conversations.engine.notices import by_notice
from conversations.engine.step import Responder
from conversations.incidents import card as incident_card
from conversations.incidents import joined as incident_joined
from conversations.line import panel as line_panel
from conversations.line import place as line_place
from conversations.on_behalf import record_linking
from conversations.promises import notices as promise_notices
from conversations.reports import notices as report_notices
from conversations.requests import notices as case_notices
from conversations.staff import alerts, by_hand, card, lost_group, undelivered
from conversations.streets import notices as street_notices
from services.notify.notices import Notice
from services.notify.notices.delegations import ForAnother
from storage.records.residents import Resident

RENDERINGS = MappingProxyType(
    by_notice(
        (
            *booking_notices.RENDERINGS,
            *draw_notices.RENDERINGS,
            *releasing.RENDERINGS,
            *door_notices.RENDERINGS,
            *delegation_notices.RENDERINGS,
            *street_notices.RENDERINGS,
            *case_notices.RENDERINGS,
            *record_linking.RENDERINGS,
            *card.RENDERINGS,
            *appointment_card.RENDERINGS,
            *alerts.RENDERINGS,
            *alert.RENDERINGS,
            *incident_card.RENDERINGS,
            *incident_joined.RENDERINGS,
            *by_hand.RENDERINGS,
            *lost_group.RENDERINGS,
            *undelivered.RENDERINGS,
            *line_panel.RENDERINGS,
            *line_place.RENDERINGS,
            *report_notices.RENDERINGS,
            *announcement_notices.RENDERINGS,
            *announcement_answers.RENDERINGS,
            *promise_notices.RENDERINGS,
            *brief_notices.RENDERINGS,
            *machine_notices.RENDERINGS,
        )
    )
)


async def render_notice(responder: Responder, notice: Notice, resident: Resident | None) -> None:
    """Say a notice; saying nothing means that it is no longer true. `resident` is None for a staff chat."""
    if isinstance(notice, ForAnother):
        await delegation_notices.for_another(responder, notice, resident, render_notice)
        return
    await RENDERINGS[type(notice)].render(responder, notice, resident)
