"""What staff took for a resident comes to them: told, kept, exchanged for their own, or given back."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.confirmation import check_in_code
from conversations.engine.fields import asks_for_number, left_as_it_is, phone_prompt, vouched_number
from conversations.engine.messages import Kind
from conversations.engine.notices import Rendering
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Reask, Responder, Step, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.home.main_menu import MainMenu
from conversations.home.own_number import followed_lines
from conversations.texts.booking import appointment_buttons, booked_time, office_name, subject_of, where
from conversations.texts.case import category_name, kind_name, next_step, status_name
from locales import Localizer
from services import own_number
from services.actors import case_subject
from services.bookings import bookings
from services.bookings.states import LIVE
from services.cases import resident_actions
from services.casework import record_linking
from services.casework.record_linking import Linked
from services.notify.notices.bookings import TakenForYou
from services.text.references import parse_reference
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case
from storage.records.residents import Resident


async def number_verified(turn: Turn) -> None:
    """The messenger has said whose number it is: what staff took under it is theirs. They are told in notices."""
    phone = vouched_number(turn.said) or (turn.resident.phone if turn.resident.phone_own else None)
    if phone is None:
        return
    linked = await record_linking.link_records(turn.work, turn.resident, phone)
    known = turn.resident.phone_own and turn.resident.phone == phone
    unasked = not known and not await asks_for_number(turn)
    earlier, lines = turn.resident.phone, list[Markup]()
    if unasked and earlier and earlier != phone:
        lines = followed_lines(turn.t, await own_number.use_instead(turn.work, turn.resident, phone))
    if linked.anything or unasked:  # else it is an answer, and kept once what it is for is submitted
        turn.change(phone=phone, phone_own=True)
    if linked.older and not isinstance(turn.here, SharingNumber):  # that one has said so
        _say_first(turn, _older(turn))
    if unasked:
        t = turn.t
        _say_first(
            turn,
            t.join_lines(
                t(
                    "📱 We have saved {phone} as your phone number. Anything the municipality records under "
                    "it will appear here. You can erase it at any time: {privacy}",
                    phone=t.phone(phone),
                    privacy="/privacy",
                ),
                *lines,
            ),
        )


def _say_first(turn: Turn, text: Markup) -> None:
    """Say it before the question that follows."""
    turn.say(text)
    turn.out.insert(0, turn.out.pop())


class SharingNumber(Step):
    """Whose number it is has to be the messenger's word: one that is typed links nothing."""

    step: Literal["claim:number"] = "claim:number"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def ask(self, turn: Turn) -> Prompt:
        return phone_prompt(
            turn,
            turn.t(
                "To see what the municipality recorded for you by phone or at the counter, share the "
                "phone number you gave. Use the button. Typing a number does not prove it is yours."
            ),
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t, phone = turn.t, vouched_number(answer.said)
        if phone is None:
            return Reask(t("This does not prove that the number is yours. Use the button below."))
        linked = await record_linking.link_records(turn.work, turn.resident, phone)
        turn.change(phone=phone, phone_own=True)
        turn.say(
            t.join_lines(
                t("📱 Phone: {phone}", phone=t.phone(phone)),
                t("Here are the requests and appointments under this number.") if linked.anything else None,
                _older(turn) if linked.older else None,
                t(
                    "We have no requests or appointments under this number. If we record any later, they "
                    "will appear here."
                )
                if linked == Linked()
                else None,
            )
        )
        return EndFlow() if linked.anything else MainMenu()


def _older(turn: Turn) -> Markup:
    """There are older records, which may not be shown: numbers change hands."""
    return turn.t(
        "The municipality has older records under this number. We cannot show them here because "
        "a phone number can pass from one person to another. If they are yours, call the "
        "hotline: {phone}",
        phone=turn.t.phone(turn.work.offices.hotline),
    )


async def by_phone(_turn: Turn, _: str) -> Next:
    return SharingNumber()


# ---------------------------------------------------------------------------- it is told


async def taken_for_you(responder: Responder, notice: TakenForYou, resident: Resident) -> None:
    """What came to them, unless it is gone again."""
    case = None if notice.case is None else await resident_actions.by_id(responder.work, notice.case)
    booking = None if notice.booking is None else await bookings.by_id(responder.work, notice.booking)
    if case is not None and case.resident_id == resident.id:
        _tell_case(responder, case)
    elif case is not None and await resident_actions.own(responder.work, case.reference, resident) is not None:
        _tell_joined(responder, case)
    elif booking is not None and booking.resident_id == resident.id:
        _tell_booking(responder, booking)
    elif booking is not None and notice.clashes and booking.status is BookingStatus.CONFIRMED:
        await _tell_clash(responder, booking, resident)


def _tell_case(responder: Responder, case: Case) -> None:
    t, offices = responder.t, responder.work.offices
    responder.say(
        t.join_lines(
            t("☎️ <b>You can now follow a request the municipality recorded for you.</b>"),
            "",
            t("Reference: {reference}", reference=t.ref(case.reference)),
            t("{kind} · {category}", kind=kind_name(t, case.kind), category=category_name(t, offices, case.category)),
            t("Status: {status}", status=status_name(t, case.status)),
            next_step(t, responder.work, case),
        ),
        (_follow_or_not_mine(t, case),),
        subject=case_subject(case.id),
    )


def _follow_or_not_mine(t: Localizer, case: Case) -> tuple[Button, ...]:
    return (
        Button(label=t.plain("View request"), route="case", value=case.reference),
        Button(label=t.plain("Not mine"), route="not_mine", value=case.reference),
    )


def _tell_joined(responder: Responder, case: Case) -> None:
    """Another's request, as far as those who join may see it."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("☎️ <b>The municipality has added you to a request that other people made.</b>"),
            "",
            t("Reference: {reference}", reference=t.ref(case.reference)),
            t("We will send you updates here."),
        ),
        (_follow_or_not_mine(t, case),),
        subject=case_subject(case.id),
    )


def _tell_booking(responder: Responder, booking: Booking) -> None:
    if booking.status is not BookingStatus.CONFIRMED:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("☎️ <b>You can now see an appointment the municipality booked for you.</b>"),
            Markup(),
            t("Reference: {reference}", reference=t.ref(booking.reference)),
            booked_time(t, booking),
            where(responder.work, t, booking.office),
            Markup(),
            t("Show this code when you arrive. Bring your identity card and any related documents."),
        ),
        (
            *appointment_buttons(responder, booking),
            (Button(label=t.plain("Not mine"), route="not_mine", value=booking.reference),),
        ),
        files=(check_in_code(responder, booking),),
        subject=subject_of(booking),
    )


async def _tell_clash(responder: Responder, booking: Booking, resident: Resident) -> None:
    """Both of them, so that one can choose."""
    t = responder.t
    mine = await _own_beside(responder, booking, resident)
    responder.say(
        t.join_lines(
            t("☎️ <b>The municipality booked an appointment for you on a day when you already have one.</b>"),
            Markup(),
            office_name(responder.work, t, booking.office),
            t.full_date(booking.day),
            t(
                "• Booked by the municipality: {time}, {reference}",
                time=_hour(t, booking),
                reference=t.ref(booking.reference),
            ),
            t("• Your appointment: {time}, {reference}", time=_hour(t, mine), reference=t.ref(mine.reference))
            if mine
            else None,
            Markup(),
            t("You can have only one appointment a day. Which one do you want to keep?"),
        ),
        (
            (_stays(t.plain("Keep the municipality's: {time}", time=_hour(t, booking)), "take_instead", booking),),
            (_stays(t.plain("Keep mine: {time}", time=_hour(t, mine)), "keep_mine", booking),) if mine else (),
        ),
    )


async def _own_beside(responder: Responder, booking: Booking, resident: Resident) -> Booking | None:
    """What the resident has in the same session."""
    theirs = await bookings.of_resident(responder.work, resident.id)
    return next((one for one in theirs if one.session_id == booking.session_id and one.status in LIVE), None)


def _hour(t: Localizer, booking: Booking) -> Markup:
    """When on its day; a place in a line has no time yet."""
    if booking.starts_at is None or booking.ends_at is None:
        return t("on the waiting list")
    return t.span(booking.starts_at, booking.ends_at)


def _stays(label: str, route: str, booking: Booking) -> Button:
    return Button(label=label, route=route, value=booking.reference)


# ---------------------------------------------------------------------------- what they do about it


async def take_instead(turn: Turn, argument: str) -> Next:
    """Keep the appointment that staff booked; it is then told as one that came to them."""
    reference = parse_reference(argument)
    taken = await record_linking.take_instead(turn.work, turn.resident, reference) if reference else None
    if taken is None:
        return _too_late(turn)
    turn.say(turn.t("✖️ We have cancelled your other appointment on that day."))
    return NoReply()


async def keep_mine(turn: Turn, argument: str) -> Next:
    reference = parse_reference(argument)
    ended = await record_linking.keep_other(turn.work, turn.resident, reference) if reference else None
    if ended is None:
        return _too_late(turn)
    turn.say(
        turn.t(
            "✖️ We have cancelled appointment {reference}. Your own appointment stays as it is.",
            reference=turn.t.ref(ended.reference),
        )
    )
    return NoReply()


async def not_mine(turn: Turn, argument: str) -> Next:
    """Somebody gave this number by mistake; it is asked once more, for it cannot be taken back."""
    reference = parse_reference(argument)
    if reference is None or not await _is_here(turn, reference):
        return _too_late(turn)
    return Disowning(reference=reference)


async def _is_here(turn: Turn, reference: Reference) -> bool:
    case = await resident_actions.own(turn.work, reference, turn.resident)
    return case is not None or await bookings.own(turn.work, reference, turn.resident) is not None


class Disowning(Step):
    """It is the desk's then to find out whose it is."""

    step: Literal["claim:not_mine"] = "claim:not_mine"
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = (
            Button(label=t.plain("Not mine"), value="yes"),
            Button(label=t.plain("Keep it"), value="keep"),
        )
        text = t(
            "Are you sure that {reference} is not yours? If you confirm, we will permanently remove it from here.",
            reference=t.ref(self.reference),
        )
        return Prompt(text, (rows,), back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t = turn.t
        if answer.choice == "keep" or refuses(answer.text):
            turn.say(left_as_it_is(turn))
            return EndFlow()
        if answer.choice != "yes":
            return Reask(t("Choose one of the buttons."))
        if not await record_linking.give_back(turn.work, turn.resident, self.reference):
            return Reask(t("This is no longer possible."), MainMenu())
        turn.say(
            t(
                "Thank you. We have removed {reference} from here and taken your phone number off it. "
                "The municipality will find out whose it is.",
                reference=t.ref(self.reference),
            )
        )
        return EndFlow()


def _too_late(turn: Turn) -> Next:
    return Reask(turn.t("This is no longer possible."), turn.here or MainMenu())


FLOW = Flow(
    steps=(SharingNumber, Disowning),
    routes={"by_phone": by_phone, "take_instead": take_instead, "keep_mine": keep_mine, "not_mine": not_mine},
)
RENDERINGS = (Rendering(TakenForYou, taken_for_you),)
