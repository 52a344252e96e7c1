"""What people ask in their own words about what they have (to cancel, to move, to withdraw, how it stands), or of the
service: a person to talk to, another language, their data erased.

They are led to where its button leads, and asked there. Nothing but the language is changed at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from conversations.booking import reschedule
from conversations.delegation.words import PEOPLE
from conversations.engine.fields import asks_for_number
from conversations.engine.form import FormStep
from conversations.engine.messages import Kind
from conversations.engine.step import Next, Reask, Redirect, Turn
from conversations.home.info_pages import AboutPage
from conversations.home.main_menu import MainMenu
from conversations.home.own_number import ConfirmingNumber, OwnNumber, confirming
from locales import Language
from services.bookings import bookings
from services.cases import resident_actions
from services.understanding.own_wishes import OwnWish, names_appointment
from services.understanding.service_wishes import ServiceWish
from services.understanding.times import when_said
from services.understanding.understanding import Understood
from storage.records.bookings import Booking, BookingStatus


async def granted(turn: Turn) -> Next | None:
    """Where a message leads that asks for a change to what its writer has; None where it asks for none."""
    said = turn.said
    if said.kind is not Kind.TEXT or said.forwarded or turn.acting is not None:
        return None
    rules, today = turn.work.understanding, turn.work.today
    if (of_service := rules.service_wish(said.text)) is not None:
        return await _of_service(turn, of_service)
    if rules.own_wish(said.text, ahead=True) is None:  # most messages ask for nothing of the kind
        return None
    ahead = await bookings.open_of(turn.work, turn.resident.id)
    wish = rules.own_wish(said.text, ahead=bool(ahead))
    known = rules.of(said.text, today)
    if wish is None or known.danger is not None:
        return None
    if wish is OwnWish.STANDS:
        return await how_it_stands(turn, said.text, known)
    if wish is OwnWish.WITHDRAW:
        mine = await resident_actions.open_of(turn.work, turn.resident.id)
        return Redirect("withdraw", mine[0].reference) if len(mine) == 1 else Redirect("requests")
    if wish is OwnWish.ACT_FOR:
        return Redirect(PEOPLE)
    if wish is OwnWish.NUMBER:
        return await _of_number(turn, known)
    if wish is OwnWish.ARRIVED:
        return _come(turn, ahead)
    if len(ahead) != 1:
        return Redirect("appointments")
    return await _about(turn, wish, ahead[0])


_FEW = 5  # words of who only says that they have come


def _come(turn: Turn, ahead: Sequence[Booking]) -> Next | None:
    """To the code that reception scans, on the day of the appointment; None where the words tell of something else."""
    if isinstance(turn.here, FormStep) or len(turn.said.text.split()) > _FEW:
        return None
    zone, today = turn.t.zone, turn.work.today
    now = [one for one in ahead if one.starts_at is not None and one.starts_at.astimezone(zone).date() == today]
    return Redirect("code", now[0].reference) if now else None


#: What is also meant as a wish where an answer is asked for.
_ANYWHERE = frozenset(ServiceWish) - {ServiceWish.STATUS, ServiceWish.FREE, ServiceWish.PLACE}
_ROUTES = {
    ServiceWish.PERSON: Redirect("contact"),
    ServiceWish.PLACE: Redirect("contact"),
    ServiceWish.LANGUAGE: Redirect("language"),
    ServiceWish.ARABIC: Redirect("language", Language.AR),
    ServiceWish.ENGLISH: Redirect("language", Language.EN),
    ServiceWish.ERASE: Redirect("privacy"),
    ServiceWish.MESSAGES: Redirect("settings"),
}


async def _of_service(turn: Turn, wish: ServiceWish) -> Next | None:
    """Where a wish of the service leads; None where the question at hand is more likely answered by its words."""
    in_form = isinstance(turn.here, FormStep)
    one_word = len(turn.said.text.split()) == 1 and wish not in {ServiceWish.ARABIC, ServiceWish.ENGLISH}
    if in_form and (wish not in _ANYWHERE or one_word):
        return None
    match wish:
        case ServiceWish.STATUS | ServiceWish.REFERENCE:
            known = turn.work.understanding.of(turn.said.text, turn.work.today)
            found = await how_it_stands(turn, turn.said.text, known) if wish is ServiceWish.STATUS else None
            return found or await _own_list(turn)
        case ServiceWish.WHO:
            return Reask(_who_answers(turn)) if in_form else Reask(_who_answers(turn), AboutPage())
        case ServiceWish.FREE:
            return Reask(turn.t("💬 Appointments and requests are free of charge."), MainMenu())
    return _ROUTES[wish]


async def _own_list(turn: Turn) -> Next:
    """Their requests, with the references; their appointments where they have only those."""
    ahead = await bookings.open_of(turn.work, turn.resident.id)
    if not ahead or await resident_actions.of_resident(turn.work, turn.resident.id):
        return Redirect("requests")
    return Redirect("appointment", ahead[0].reference) if len(ahead) == 1 else Redirect("appointments")


def _who_answers(turn: Turn) -> Markup:
    t, offices = turn.t, turn.work.offices
    return t(
        "🤖 This is an automated service of the {ministry}. The municipality's team reads what you submit and replies "
        "to it. To speak to someone, call the hotline: {phone}",
        ministry=t.pick(offices.ministry),
        phone=t.phone(offices.hotline),
    )


async def _of_number(turn: Turn, known: Understood) -> Next | None:
    """A number that was said is only confirmed. None where the words answer a question for one, or tell of a matter."""
    asked = turn.here is not None and not isinstance(turn.here, OwnNumber | ConfirmingNumber)
    if known.about.categories or (asked and await asks_for_number(turn)):
        return None
    return confirming(turn, known.phone) if known.phone else OwnNumber()


async def _about(turn: Turn, wish: OwnWish, booking: Booking) -> Next:
    """What is asked about the one appointment that there is."""
    if wish is OwnWish.CANCEL:
        return Redirect("cancel", booking.reference)
    if wish is OwnWish.MOVE and booking.status is BookingStatus.CONFIRMED:
        return await reschedule.move_to(turn, booking, when_said(turn.said.text, turn.work.today))
    return Redirect("appointment", booking.reference)


async def how_it_stands(turn: Turn, text: str, known: Understood) -> Next | None:
    """What somebody asks after: their appointment, the request that it must be, or all of them. None where is none."""
    if names_appointment(text):
        ahead = await bookings.open_of(turn.work, turn.resident.id)
        return Redirect("appointment", ahead[0].reference) if len(ahead) == 1 else Redirect("appointments")
    lines = await resident_actions.of_resident(turn.work, turn.resident.id)
    still_open = [line.case for line in lines if line.case.status not in resident_actions.ENDED]
    meant = [case for case in still_open if case.category in known.about.categories] or still_open
    if len(meant) == 1:
        return Redirect("case", meant[0].reference)
    return Redirect("requests") if lines else None
