"""That somebody acts for whom a card is about. It names nobody: the contact does."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Responder
from services.actors import Subject, booking_in
from services.delegations import acting
from services.streets import appointments


async def through_delegate(responder: Responder, subject: Subject) -> Markup | None:
    """None where they did it themselves."""
    if (booking := booking_in(subject)) is not None and (
        people := await appointments.people_of(responder.work, booking)
    ):
        return responder.t.plural(
            "👥 For {n} neighbour with one request", "👥 For {n} neighbours with one request", people
        )
    if await acting.delegate_of(responder.work, subject) is None:
        return None
    return responder.t("👥 Someone acts for this person, with their agreement")
