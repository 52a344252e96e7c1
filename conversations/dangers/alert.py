"""The alert of a danger in the office's group, and what the team answers it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder, Rows
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import called, managers, office_localizer
from conversations.staff.registry import CaseButton, StaffButton
from conversations.texts.case import category_name, place_words
from locales import Localizer
from locales.html import to_plain
from services.actors import case_subject
from services.cases import resident_actions
from services.dangers import alerts, answers
from services.dangers.alerts import Alert
from services.notify.notices.cases import DangerAlert, DangerTaken
from services.offices.offices import DangerId
from services.staff import permissions
from services.staff.permissions import Act
from storage.records.cases import Case, CaseEventKind
from storage.records.residents import Resident

_TAKE, _DISMISS = "danger_take", "danger_none"


async def ring_manager(responder: Responder, notice: DangerAlert, _: Resident) -> None:
    """To a manager in private, where nobody took it."""
    await ring(responder, notice)


async def ring(responder: Responder, notice: DangerAlert) -> None:
    """To the office's group; nothing once somebody answered."""
    case = await resident_actions.by_id(responder.work, notice.case)
    alert = await alerts.of_case(responder.work, notice.case)
    if case is None or alert is None or not alert.is_open:
        return
    calls = called(responder, await managers(responder, case.office)) if notice.escalated else []
    words = await _told_in(responder, case, alert)
    responder.say(
        _text(responder, case, words, alert, notice, calls), _rows(responder, case), subject=case_subject(case.id)
    )


async def taken(responder: Responder, notice: DangerTaken, _: Resident) -> None:
    """To whoever told of it; nothing once the alert has ended."""
    t, case = responder.t, await resident_actions.by_id(responder.work, notice.case)
    alert = await alerts.of_case(responder.work, notice.case)
    if case is None or alert is None or alert.dismissed_by is not None or case.status in resident_actions.ENDED:
        return
    responder.say(
        t(
            "🟢 The team is dealing with the danger that you reported: {reference}. Keep away until it is made safe.",
            reference=t.ref(case.reference),
        ),
        ((Button(label=t.plain("View request"), route="case", value=case.reference),),),
        subject=case_subject(case.id),
    )


async def _told_in(responder: Responder, case: Case, alert: Alert) -> str:
    """The words that tell of the danger: those of the request, or what its applicant added when it was raised."""
    for event in reversed(await resident_actions.history(responder.work, case)):
        if event.what is CaseEventKind.INFORMATION and event.words and event.at == alert.raised_at:
            return event.words
    return case.words


def _text(
    responder: Responder, case: Case, words: str, alert: Alert, notice: DangerAlert, calls: list[Markup]
) -> Markup:
    t, offices = responder.t, responder.work.offices
    danger = offices.danger(DangerId(alert.danger))
    return t.join_lines(
        t("🚨 <b>DANGER: {danger}</b>", danger=t.pick(danger.name) if danger else t("reported by its sender")),
        t("Nobody has taken this alert for {minutes}.", minutes=t.duration(responder.work.now - alert.raised_at))
        if notice.escalated
        else None,
        t(
            "Request {reference} · {category}",
            reference=t.ref(case.reference),
            category=category_name(t, offices, case.category),
        ),
        *_where_and_what(t, case, words),
        t("Managers: {names}", names=t.join(calls)) if calls else None,
    )


def _where_and_what(t: Localizer, case: Case, words: str) -> list[Markup]:
    """The place of a danger, and the words that tell of it."""
    place = place_words(t, case)
    where = [t("Place: {place}", place=place)] if place else []
    return [*where, t("“{words}”", words=t.own(words, 300))] if words else where


def untaken_lines(t: Localizer, cases: Sequence[Case]) -> list[Markup]:
    """The dangers that nobody has taken, named before all else that a team reads of its requests."""
    if not cases:
        return []
    references = t.join(t.ref(case.reference) for case in cases)
    return [t("🚨 <b>Nobody has taken this danger:</b> {references}", references=references), Markup()]


def untaken_rows(cases: Sequence[Case]) -> Rows:
    """A way to each of them."""
    return tuple((button(f"🚨 {case.reference}", "open", case.id),) for case in cases)


def _rows(responder: Responder, case: Case) -> Rows:
    t = responder.t
    return (
        (button(t.plain("✋ I am dealing with it"), _TAKE, case.id, case.version),),
        (
            button(t.plain("Nothing is dangerous"), _DISMISS, case.id, case.version),
            button(t.plain("Open the card"), "open", case.id, case.version),
        ),
    )


async def _take(context: StaffContext, _: Tap, case: Case) -> None:
    await _settled(context, case, await answers.take(context.work, context.person, case))


async def _dismiss(context: StaffContext, _: Tap, case: Case) -> None:
    await _settled(context, case, await answers.dismiss(context.work, context.person, case))


async def _settled(context: StaffContext, case: Case, alert: Alert | None) -> None:
    """Say in the alert's place who answers for it."""
    if alert is None:
        context.toast = context.t.plain("This is no longer possible. See the card.")
        return
    names = await permissions.names(context.work)
    context.toast = to_plain(_answered(context.t, case, alert, names))[:190]
    t = office_localizer(context, case.office)
    told = _where_and_what(t, case, await _told_in(context, case, alert))
    text = t.join_lines(_answered(t, case, alert, names), *told)
    rows = ((button(t.plain("Open the card"), "open", case.id, case.version),),)
    context.say(text, rows, edit=context.said.message, subject=case_subject(case.id))


def _answered(t: Localizer, case: Case, alert: Alert, names: Mapping[str, str]) -> Markup:
    reference, by = t.ref(case.reference), alert.dismissed_by or alert.taken_by or ""
    name = names.get(by, by)
    if alert.dismissed_by is not None:
        return t("⚪️ Request {reference}: {name} said that nothing is dangerous.", reference=reference, name=name)
    return t("🟢 Request {reference}: {name} is dealing with the danger.", reference=reference, name=name)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {_TAKE: CaseButton(Act.STATUS, _take), _DISMISS: CaseButton(Act.STATUS, _dismiss)}
)
RENDERINGS = (Rendering(DangerAlert, ring_manager, ring), Rendering(DangerTaken, taken))
