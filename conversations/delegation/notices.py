"""What both sides are told: the answer, the end, and what was done for whom; a delegate also what the other is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from markupsafe import Markup

from conversations.delegation import words
from conversations.delegation.buttons import shown_at_another
from conversations.delegation.desk import ask_to_call
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, NotYet, Responder, Rows
from locales import N_
from services import residents
from services.actors import booking_in, case_in
from services.bookings import bookings
from services.cases import resident_actions
from services.delegations import acting, delegations
from services.delegations.acting import Acting
from services.delegations.delegations import Delegation
from services.notify.notices import Notice
from services.notify.notices.delegations import ConsentToAsk, DelegateActed, DelegationNews, ForAnother
from services.notify.notices.kinds import ANY_NOTICE
from services.notify.notices.line import LinePlace
from storage.ids import Reference
from storage.records.residents import Resident

Render = Callable[[Responder, Notice, Resident | None], Awaitable[None]]

_TO_DELEGATE: Mapping[str, str] = MappingProxyType(
    {
        "active": N_("🤝 {name} agrees that you act for them."),
        "refused": N_("✖️ {name} does not agree that you act for them, or could not be asked."),
        "ended": N_("You no longer act for {name}: the agreement has ended."),
    }
)


async def tell_sides(responder: Responder, notice: DelegationNews, resident: Resident) -> None:
    """What became of it, to whichever side it is."""
    t, found = responder.t, await delegations.by_id(responder.work, notice.delegation)
    mine = notice.to_delegate if found is None else found.delegate_id == resident.id
    if notice.what == delegations.UNANSWERED:
        if found is not None and mine:
            _tell_unanswered(responder, found)
        return
    if mine and notice.what in _TO_DELEGATE:
        label, route, value = t.plain("👥 Act for someone else"), words.PEOPLE, ""
        if notice.what == "active" and found is not None:
            label, route, value = t.plain("👤 For {name}", name=notice.name[:40]), words.PERSON, str(found.id)
        text = t(_TO_DELEGATE[notice.what], name=t.own(notice.name, 60))
        responder.say(text, ((Button(label=label, route=route, value=value),),))
        return
    delegate = None if found is None else await residents.by_id(responder.work, found.delegate_id)
    name = t.own(delegate.name, 60) if delegate is not None and delegate.name else t("A resident")
    if notice.what == "ended":
        responder.say(t("{name} no longer acts for you: the agreement has ended.", name=name), _ends(responder))
    elif notice.what == "recorded":
        text = t.join_lines(
            t("☎️ The office has recorded that you agree on the phone: {name} acts for you.", name=name),
            t("If you did not agree, end it here:"),
        )
        responder.say(text, _ends(responder))


def _tell_unanswered(responder: Responder, asked: Delegation) -> None:
    """To whoever asked, with one tap to ask again; nothing where they did already."""
    t = responder.t
    if not delegations.is_unanswered(responder.work, asked):
        return
    name = t.own(asked.name, 60)
    if asked.office:
        text = t("⌛ The office has not recorded an answer from {name}. You cannot act for them yet.", name=name)
        label = t.plain("☎️ Ask the office to call again")
    else:
        text = t("⌛ The link for {name} has expired and nobody used it. You cannot act for them yet.", name=name)
        label = t.plain("🔗 Make a new link")
    responder.say(text, ((Button(label=label, route=words.AGAIN, value=str(asked.id)),), (words.people_button(t),)))


def _ends(responder: Responder) -> Rows:
    return ((words.ending_button(responder.t),),)


async def tell_of_deed(responder: Responder, notice: DelegateActed, resident: Resident) -> None:
    """To the person acted for."""
    t, found = responder.t, await delegations.by_id(responder.work, notice.delegation)
    named = await _named(responder, notice.subject)
    if found is None or named is None or found.principal_id != resident.id:
        return
    delegate = await residents.by_id(responder.work, found.delegate_id)
    name = t.own(delegate.name, 60) if delegate is not None and delegate.name else t("A resident")
    reference, route, is_case = named
    filed = (
        N_("👥 {name} submitted request {reference} for you.")
        if is_case
        else N_("👥 {name} booked appointment {reference} for you.")
    )
    changed = (
        N_("👥 {name} changed request {reference} for you.")
        if is_case
        else N_("👥 {name} changed appointment {reference} for you.")
    )
    sentence = filed if notice.what == "filed" else changed
    text = t(sentence, name=name, reference=t.ref(reference))
    view = t.plain("View request") if is_case else t.plain("View appointment")
    responder.say(
        text,
        ((Button(label=view, route=route, value=reference),), (words.ending_button(t),)),
        subject=notice.subject,
    )


async def _named(responder: Responder, subject: str) -> tuple[Reference, str, bool] | None:
    if (case_id := case_in(subject)) is not None:
        case = await resident_actions.by_id(responder.work, case_id)
        return None if case is None else (case.reference, "case", True)
    booking_id = booking_in(subject)
    booking = None if booking_id is None else await bookings.by_id(responder.work, booking_id)
    return None if booking is None else (booking.reference, "appointment", False)


async def for_another(responder: Responder, notice: ForAnother, delegate: Resident | None, render: Render) -> None:
    """To a delegate: what the other is told, in the delegate's language; nothing once it has ended."""
    found = None if delegate is None else await acting.active(responder.work, delegate.id, notice.delegation)
    if found is None or delegate is None:
        return
    theirs = found.principal.model_copy(update={"language": delegate.language, "digits": delegate.digits})
    said = len(responder.out)
    told = ANY_NOTICE.validate_json(notice.said)
    await render(responder, told, theirs)
    whose = words.whose(responder.t, found.delegation.name)
    for number, one in enumerate(responder.out[said:], said):
        message = shown_at_another(one.message, found.delegation.id)
        if message.text:
            message = message.model_copy(update={"text": responder.t.join_lines(whose, Markup(message.text))})  # noqa: S704
        responder.out[number] = replace(one, message=message)
    if isinstance(told, LinePlace) and len(responder.out) > said:
        await _in_place(responder, found, told, said)


async def _in_place(responder: Responder, found: Acting, told: LinePlace, said: int) -> None:
    """The other's place in the queue is one message for the delegate as well, and another than the other's own."""
    shown, on_its_way = await acting.line_message(responder.work, found.delegation.id, told.booking)
    if shown is None and on_its_way:
        raise NotYet
    for number, one in enumerate(responder.out[said:], said):
        group = acting.line_group(found.delegation.id, told.booking)
        responder.out[number] = replace(one, message=one.message.model_copy(update={"edit": shown}), supersedes=group)


RENDERINGS = (
    Rendering(DelegationNews, tell_sides),
    Rendering(DelegateActed, tell_of_deed),
    Rendering(ForAnother),  # `conversations.notice_texts` says it, since it holds any other
    Rendering(ConsentToAsk, to_staff=ask_to_call),
)
