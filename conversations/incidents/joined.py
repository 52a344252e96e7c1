"""What residents read of an incident that their request joined, and what they can do about it in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.notices import Rendering
from conversations.engine.registry import Flow
from conversations.engine.step import Button, Next, NoReply, Reask, Responder, Route, Turn
from conversations.incidents.said import NOT_THIS, not_this, said_of
from conversations.incidents.words import left_out, title
from conversations.requests.view import Viewing, no_longer, not_found, own_case
from locales import Localizer
from services.actors import case_subject, resident_actor
from services.cases import resident_actions
from services.cases.resident_actions import NotAllowed
from services.incidents import joining, still_here, telling
from services.incidents.incidents import LONGEST, NewsKind
from services.notify import quiet_hours
from services.notify.notices.incidents import IncidentJoined, IncidentNews
from storage.records.cases import Case
from storage.records.residents import Resident

_AGAIN, _STILL = "incident_again", "still_here"


# ---------------------------------------------------------------------------- one tap


async def _own(turn: Turn, argument: str) -> Case | None:
    case = await own_case(turn, argument)
    return case if case is not None and case.resident_id == turn.resident.id else None


async def _leaves(turn: Turn, argument: str) -> Next:
    """A tap on "No, mine is something else": an ordinary request again."""
    case = await _own(turn, argument)
    if case is None:
        return not_found(turn)
    t = turn.t
    if not await joining.leave(turn.work, case, resident_actor(turn.resident.id)):
        return Reask(t("This request is not part of an incident now."), Viewing(reference=case.reference))
    back = Button(label=t.plain("It was the same after all"), route=_AGAIN, value=case.reference)
    text = t.join_lines(
        t("🔀 Request {reference} is looked at on its own now.", reference=t.ref(case.reference)),
        t("The team can see it. We will send you updates about it here."),
    )
    turn.say(text, ((back,), (_view(t, case),)), subject=case_subject(case.id))
    return NoReply()


async def _joins_again(turn: Turn, argument: str) -> Next:
    case = await _own(turn, argument)
    if case is None:
        return not_found(turn)
    t = turn.t
    if not await joining.join_again(turn.work, case, resident_actor(turn.resident.id)):
        why = t("This request can no longer be added to the incident.")
        return Reask(why, Viewing(reference=case.reference))
    added = t("🌧 Request {reference} is part of the incident again.", reference=t.ref(case.reference))
    turn.say(added, ((not_this(t, case.reference),), (_view(t, case),)), subject=case_subject(case.id))
    return NoReply()


async def _still(turn: Turn, argument: str) -> Next:
    """A tap on "Still here", below what was closed with an incident."""
    case = await _own(turn, argument)
    if case is None:
        return not_found(turn)
    t = turn.t
    said = await still_here.say(turn.work, case, turn.resident)
    if isinstance(said, NotAllowed):
        return no_longer(turn, case.reference, said)
    text = t.join_lines(
        t("🔄 Request {reference} is open again, ahead of ordinary requests.", reference=t.ref(case.reference)),
        t("The team knows that it is still there. A photo or a few words help them: send them here as a reply."),
    )
    add = Button(label=t.plain("Add a photo"), route="add", value=case.reference)
    turn.say(text, ((add, _view(t, case)),), subject=case_subject(case.id))
    return NoReply()


def _view(t: Localizer, case: Case) -> Button:
    return Button(label=t.plain("View request"), route="case", value=case.reference)


# ---------------------------------------------------------------------------- notices


async def tell_joined(responder: Responder, notice: IncidentJoined, resident: Resident) -> None:
    """A request from before an incident was opened is part of it now."""
    case = await resident_actions.by_id(responder.work, notice.case)
    if case is None or case.resident_id != resident.id:
        return
    lines, out = await said_of(responder, case)
    if not lines:
        return
    t = responder.t
    text = t.join_lines(t("<b>Your request {reference}</b>", reference=t.ref(case.reference)), *lines[1:])
    silent = quiet_hours.is_quiet(responder.work, responder.work.now)
    responder.say(text, (out, (_view(t, case),)), subject=case_subject(case.id), silent=silent)


async def tell_news(responder: Responder, notice: IncidentNews, resident: Resident) -> None:
    """What all who joined are told; by night without a sound."""
    work, t = responder.work, responder.t
    found = await telling.of_notice(work, notice)
    case = await resident_actions.by_id(work, notice.case)
    case = None if case is None else await resident_actions.own(work, case.reference, resident)
    if found is None or case is None:
        return
    incident, news = found
    words = news.texts.get(t.language.value)
    if news.replaces is not None and news.replaces.get(t.language.value) == words:
        return  # other words in another language
    heading = {
        NewsKind.UPDATE: t("📣 <b>News of what you reported</b>")
        if news.replaces is None
        else t("✏️ <b>What we told you about your report was corrected</b>"),
        NewsKind.CLOSE: t("✅ <b>What you and others reported is dealt with</b>"),
        NewsKind.RELEASE: t("🔀 <b>Your request is looked at on its own now</b>"),
    }[news.kind]
    theirs = await still_here.of_resident(work, case) if news.kind is NewsKind.CLOSE else ()
    text = t.join_lines(
        heading,
        title(t, work.offices, incident),
        None if news.office is None else left_out(t, work.offices, news.office),
        t("Reference: {reference}", reference=t.ref(case.reference)),
        t("“{words}”", words=t.own(words, LONGEST)) if words else None,
        t("Is it still there at your place? One tap opens your request again.") if theirs else None,
    )
    rows = [[_still_button(t, one, len(theirs))] for one in theirs] + [[_view(t, case)]]
    silent = quiet_hours.is_quiet(work, work.now)
    responder.say(text, rows, subject=case_subject(case.id), silent=silent)


def _still_button(t: Localizer, case: Case, of: int) -> Button:
    label = t.plain("🔄 Still here") if of == 1 else t.plain("🔄 Still here: {reference}", reference=case.reference)
    return Button(label=label, route=_STILL, value=case.reference)


_ROUTES: Mapping[str, Route] = MappingProxyType({NOT_THIS: _leaves, _AGAIN: _joins_again, _STILL: _still})
FLOW = Flow(routes=_ROUTES)
RENDERINGS = (Rendering(IncidentJoined, tell_joined), Rendering(IncidentNews, tell_news))
