"""One's own phone number: to see it, to give a new one, to remove it. Open requests and appointments follow it."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.draft import BookingDraft
from conversations.engine.fields import Phone, left_as_it_is, phone_prompt, take_phone
from conversations.engine.form import FormStep
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from conversations.engine.typed_yes_no import agrees, refuses
from conversations.home.settings import Settings
from conversations.requests.draft import RequestDraft
from locales import Localizer
from services import own_number
from services.own_number import Changed, Open

_REMOVE, _YES, _ANOTHER = "remove", "yes", "another"


class OwnNumber(Step):
    """The number that is kept, and the question for another."""

    step: Literal["settings:number"] = "settings:number"
    by_typing: ClassVar[bool] = True
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def ask(self, turn: Turn) -> Prompt:
        t, known = turn.t, turn.resident.phone
        text = t.join_lines(
            t("📱 Your phone number: {phone}", phone=t.phone(known)) if known else t("📱 We do not have your number."),
            t("If you have a new number, share it with the button below or type it here."),
        )
        remove = Button(label=t.plain("🗑 Remove my number"), value=_REMOVE)
        return phone_prompt(turn, text, ((remove,),) if known else ())

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _REMOVE and turn.resident.phone:
            return RemovingNumber()
        if answer.choice:
            return self
        phone = take_phone(turn, turn.said)
        if isinstance(phone, Phone) and phone.own:
            return await _keep(turn, phone)
        if turn.said.contact is not None:
            return Reask(turn.t("This contact belongs to someone else. Share your own number, or type it."))
        if isinstance(phone, Reask):
            known = turn.work.understanding.of(turn.said.text, turn.work.today).phone
            return confirming(turn, known) if known else phone
        return confirming(turn, phone.number)

    async def back(self, turn: Turn) -> Step | None:
        return Settings()


class ConfirmingNumber(Step):
    """A number that was typed: one tap keeps it."""

    step: Literal["settings:new_number"] = "settings:new_number"
    phone: str
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await own_number.open_with_number(turn.work, turn.resident)
        text = t.join_lines(
            t("📱 Should we keep {phone} as your phone number?", phone=t.phone(self.phone)),
            t("It will also be the number of:") if found != Open() else None,
            *_listed(t, found),
        )
        return Prompt(
            text,
            [
                [Button(label=t.plain("✅ Yes, keep it"), value=_YES)],
                [Button(label=t.plain("Enter another number"), value=_ANOTHER)],
            ],
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _YES or agrees(answer.text):
            return await _keep(turn, Phone(self.phone, own=False))
        if answer.choice == _ANOTHER:
            return OwnNumber()
        if refuses(answer.text):
            return Reask(left_as_it_is(turn), OwnNumber())
        another = turn.work.understanding.of(answer.text, turn.work.today).phone
        return confirming(turn, another) if another else Reask(turn.t("Choose one of the buttons."))

    async def back(self, turn: Turn) -> Step | None:
        return OwnNumber()


class RemovingNumber(Step):
    """What goes with the number, and what keeps it; only then the tap that removes it."""

    step: Literal["settings:remove_number"] = "settings:remove_number"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await own_number.open_with_number(turn.work, turn.resident)
        text = t.join_lines(
            t("<b>Remove your phone number {phone}?</b>", phone=t.phone(turn.resident.phone)),
            t("We will also take it off these requests:") if found.cases else None,
            *_listed(t, Open(cases=found.cases)),
            t("These appointments keep it, so that the office can call you:") if found.bookings else None,
            *_listed(t, Open(bookings=found.bookings)),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, remove it"), value=_YES, emphasis=Emphasis.DANGER)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _YES or agrees(answer.text):
            await own_number.remove(turn.work, turn.resident)
            turn.change(phone="", phone_own=False)
            turn.say(turn.t("✅ We have removed your phone number."))
            return EndFlow()
        if refuses(answer.text):
            return Reask(left_as_it_is(turn), OwnNumber())
        return Reask(turn.t("Choose one of the buttons.")) if answer.text else self

    async def back(self, turn: Turn) -> Step | None:
        return OwnNumber()


def confirming(turn: Turn, phone: str) -> Next:
    """Ask about a number that was said, unless it is the one that is kept."""
    if phone == turn.resident.phone:
        return Reask(turn.t("📱 We already have {phone} as your phone number.", phone=turn.t.phone(phone)), OwnNumber())
    return ConfirmingNumber(phone=phone)


async def _keep(turn: Turn, phone: Phone) -> Next:
    former = turn.resident.phone
    changed = await own_number.use_instead(turn.work, turn.resident, phone.number)
    turn.saved = tuple(_with_new(step, former, phone) for step in turn.saved)
    turn.change(phone=phone.number, phone_own=phone.own)
    t = turn.t
    kept = t("✅ Your phone number is now {phone}.", phone=t.phone(phone.number))
    turn.say(t.join_lines(kept, *followed_lines(t, changed)))
    return EndFlow()


def _with_new(step: Step, former: str, phone: Phone) -> Step:
    """An unfinished draft that has one's former number, with the new one. What was given of somebody else stays."""
    draft = step.draft if isinstance(step, FormStep) else None
    if not isinstance(draft, RequestDraft | BookingDraft) or draft.phone != former or draft.phone_of or not former:
        return step
    return step.model_copy(update={"draft": draft.but(phone=phone.number, phone_own=phone.own)})


def followed_lines(t: Localizer, changed: Changed) -> list[Markup]:
    """For what the new number holds now, and for what it does not."""
    lines: list[Markup] = []
    if changed.followed != Open():
        lines += [t("The office will also use it for:"), *_listed(t, changed.followed)]
    lines += [
        t(
            "Appointment {reference} keeps the earlier number: someone else has an appointment at that office "
            "under the new one.",
            reference=t.ref(reference),
        )
        for reference in changed.taken
    ]
    return lines


def _listed(t: Localizer, found: Open) -> list[Markup]:
    return [
        *(t("• Appointment {reference}", reference=t.ref(one)) for one in found.bookings),
        *(t("• Request {reference}", reference=t.ref(one)) for one in found.cases),
    ]


async def number(_turn: Turn, _: str) -> Next:
    return OwnNumber()


FLOW = Flow(steps=(OwnNumber, ConfirmingNumber, RemovingNumber), routes={"number": number})
