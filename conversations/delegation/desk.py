"""Staff call somebody without Telegram and record, in two taps, whether another may act for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.messages import Emphasis
from conversations.engine.step import Responder, Rows
from conversations.staff.contact import STAYS
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import office_localizer, refuse
from conversations.staff.registry import DeskButton, StaffButton
from locales import Localizer
from services.delegations import delegations
from services.delegations.delegations import State, Unusable
from services.notify.notices.delegations import ConsentToAsk
from services.staff.permissions import Act
from storage.ids import DelegationId

CONTACT, YES, NO, RECORD, END = "for_contact", "for_yes", "for_no", "for_record", "for_stop"
_AGREES, _REFUSES, _SURE = "agrees", "refuses", "sure"


async def ask_to_call(responder: Responder, notice: ConsentToAsk) -> None:
    """To the office's group; nobody is named there. Nothing once it was answered."""
    found = await delegations.by_id(responder.work, notice.delegation)
    if found is None or not delegations.is_live(responder.work, found) or found.state is not State.ASKED:
        return
    responder.say(_question(responder.t, responder.t.moment(found.expires_at)), _rows(responder.t, found.id))


def _question(t: Localizer, until: Markup) -> Markup:
    return t.join_lines(
        t("☎️ <b>Someone wants to act for a person without Telegram</b>"),
        t("Please call that person and ask whether they agree. Record what they say by {until}.", until=until),
        t(
            "Read this out: “They can submit requests, book appointments, follow and cancel them for you. You can "
            "end it at any time by calling us.”"
        ),
    )


def _rows(t: Localizer, number: int) -> Rows:
    return (
        (button(t.plain("👤 Show whom to call"), CONTACT, number),),
        (
            button(t.plain("✅ They agree"), YES, number, emphasis=Emphasis.CONFIRM),
            button(t.plain("✖️ They do not agree"), NO, number, emphasis=Emphasis.DANGER),
        ),
    )


async def _contact(context: StaffContext, tap: Tap) -> None:
    """Both names and numbers, in a message that is gone again after ten minutes."""
    shown = await delegations.contact(context.work, context.person, DelegationId(tap.case))
    if shown is None:
        refuse(context, Act.SEE_CONTACT)
        return
    t = context.t
    if isinstance(shown, Unusable):
        context.toast = t.plain("This has already been done.")
        return
    context.say(
        t.join_lines(
            t("☎️ To call: {name}", name=t.own(shown.name, 100)),
            t.phone(shown.phone),
            t("Who asks: {name}", name=t.own(shown.delegate, 100)) if shown.delegate else None,
            t.phone(shown.delegate_phone) if shown.delegate_phone else None,
            "",
            t(
                "We have recorded that you viewed this. This message will be deleted in {minutes}.",
                minutes=t.duration(STAYS),
            ),
        ),
        reply_to=context.said.message,
        reader=context.alone,
        delete_after=int(STAYS.total_seconds()),
    )


async def _asked(context: StaffContext, tap: Tap) -> None:
    """The first tap says what will be recorded, the second records it."""
    number = DelegationId(tap.case)
    found = await delegations.by_id(context.work, number)
    if found is None or found.state is not State.ASKED or not delegations.is_live(context.work, found):
        context.toast = context.t.plain("This has already been done.")
        return
    t = office_localizer(context, found.office)
    agrees = tap.verb == YES
    label = t.plain("Record: they agree") if agrees else t.plain("Record: they do not agree")
    emphasis = Emphasis.CONFIRM if agrees else Emphasis.DANGER
    argument = _AGREES if agrees else _REFUSES
    context.say(
        _question(t, t.moment(found.expires_at)),
        ((button(label, RECORD, number, argument=argument, emphasis=emphasis),), *_rows(t, number)),
        edit=context.said.message,
    )


async def _record(context: StaffContext, tap: Tap) -> None:
    agrees = tap.argument == _AGREES
    if not agrees and tap.argument != _REFUSES:
        refuse(context)
        return
    done = await delegations.record(context.work, context.person, DelegationId(tap.case), agrees=agrees)
    if done is None:
        refuse(context, Act.INTAKE)
        return
    if done is Unusable.ASKED_THEMSELVES:
        context.toast = context.t.plain("You asked for this yourself. A colleague must call and record the answer.")
        return
    if isinstance(done, Unusable):
        context.toast = context.t.plain("This has already been done.")
        return
    context.toast = context.t.plain("Recorded. We will tell whoever asked.")
    t = office_localizer(context, done.office)
    who = t.own(context.person.name, 40)
    text = (
        t("🤝 {who} has recorded that the person agrees.", who=who)
        if agrees
        else t("✖️ {who} has recorded that the person does not agree.", who=who)
    )
    context.say(text, _ending(t, done.id) if agrees else (), edit=context.said.message)


def _ending(t: Localizer, number: int) -> Rows:
    """Whoever agreed on the phone can end it on the phone."""
    return ((button(t.plain("📞 They called: end it"), END, number),),)


async def _end(context: StaffContext, tap: Tap) -> None:
    """The first tap asks, the second ends it."""
    number = DelegationId(tap.case)
    found = await delegations.by_id(context.work, number)
    if found is None or found.state is not State.ACTIVE:
        context.toast = context.t.plain("This has already been done.")
        return
    t = office_localizer(context, found.office)
    if tap.argument != _SURE:
        sure = button(t.plain("Yes, they want to end it"), END, number, argument=_SURE, emphasis=Emphasis.DANGER)
        text = t("Does the person you called no longer want anyone to act for them?")
        context.say(text, ((sure,),), edit=context.said.message)
        return
    done = await delegations.end_for(context.work, context.person, number)
    if done is None:
        refuse(context, Act.INTAKE)
        return
    if isinstance(done, Unusable):
        context.toast = context.t.plain("This has already been done.")
        return
    context.toast = context.t.plain("Recorded. We will tell whoever asked.")
    who = t.own(context.person.name, 40)
    context.say(t("✖️ {who} has recorded that nobody acts for the person any more.", who=who), edit=context.said.message)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        CONTACT: DeskButton(Act.SEE_CONTACT, _contact),
        YES: DeskButton(Act.INTAKE, _asked),
        NO: DeskButton(Act.INTAKE, _asked),
        RECORD: DeskButton(Act.INTAKE, _record),
        END: DeskButton(Act.INTAKE, _end),
    }
)
