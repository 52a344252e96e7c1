"""Messages that failed for good: the team hears of its words to an applicant, administrators of a group's rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.notices import Rendering
from conversations.engine.step import Responder
from conversations.staff.office_scope import office_title
from locales import N_
from services.actors import case_subject
from services.cases import resident_actions
from services.casework import cards
from services.notify.notices.administration import ChatForbids
from services.notify.notices.cases import PartLost
from services.staff import permissions
from storage.records.residents import Resident

_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "voice": N_("⚠️ <b>A voice note to the applicant was not delivered.</b>"),
        "photo": N_("⚠️ <b>A photo or video to the applicant was not delivered.</b>"),
        "document": N_("⚠️ <b>A document to the applicant was not delivered.</b>"),
        "place": N_("⚠️ <b>A location to the applicant was not delivered.</b>"),
    }
)
_WORDS = N_("⚠️ <b>A message to the applicant was not delivered.</b>")


async def part_lost(responder: Responder, notice: PartLost) -> None:
    """Below the card of the case, while the office still has it."""
    case = await resident_actions.by_id(responder.work, notice.case)
    if case is None or case.office != notice.office:
        return
    t = responder.t
    card = await cards.of(responder.work, case.id, case.office)
    text = t.join_lines(
        t(_WHAT.get(notice.holds, _WORDS)),
        t("Request {reference}", reference=t.ref(case.reference)),
        t("The rest was sent. Send this part again in another way, or call the applicant."),
    )
    responder.say(text, subject=case_subject(case.id), reply_to=None if card is None else card.message)


async def chat_forbids(responder: Responder, notice: ChatForbids, _: Resident) -> None:
    t, work = responder.t, responder.work
    offices = await permissions.offices_in(work, notice.channel, notice.chat)
    text = t.join_lines(
        t("⚠️ <b>A group does not let the bot send everything</b>"),
        *(t("• {office}", office=office_title(t, work.offices, office)) for office in offices),
        t("Telegram says: {reason}", reason=t.own(notice.reason, 200)),
        t("Allow it in the permissions of the group, or make the bot an administrator there."),
    )
    responder.say(text)


RENDERINGS = (Rendering(PartLost, to_staff=part_lost), Rendering(ChatForbids, to_resident=chat_forbids))
