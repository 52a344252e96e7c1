"""What a visitor will read of an outcome, before it is sent: for the chat, and for the director's page."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Responder, localizer_of
from conversations.promises.notices import say_outcome
from locales import Catalogues, Localizer
from services.casework.intake import WALK_IN
from services.promises.outcomes import OutcomeKind, OutcomeRow
from storage.records.bookings import Booking
from storage.records.residents import Resident


def heading(t: Localizer) -> Markup:
    return t("👁 <b>Outcome</b>. The visitor will see:")


def visitors_own(catalogues: Catalogues, resident: Resident | None, otherwise: Localizer) -> Localizer:
    """In the language and digits of whoever reads it."""
    return otherwise if resident is None else localizer_of(catalogues, resident)


def foreseen(responder: Responder, booking: Booking, now: OutcomeRow, before: OutcomeRow | None) -> Markup:
    """The resident's own message. `responder` speaks their language."""
    say_outcome(responder, booking, now, before, None)
    return Markup(responder.out[-1].message.text)  # noqa: S704 - it was markup


def notes(t: Localizer, resident: Resident | None, kind: OutcomeKind | None) -> list[Markup]:
    """What else happens, and whether it reaches them."""
    said = []
    if kind is OutcomeKind.PROMISED:
        said.append(t("📂 We will open a follow-up request and remind you before the date."))
    if resident is None or resident.channel == WALK_IN or resident.forgotten_at is not None:
        said.append(t("⚠️ The visitor does not use the bot, so they will not get this. Tell them in person."))
    elif not resident.reachable:
        said.append(t("⚠️ The visitor has stopped the bot, so they will not get this. Tell them in person."))
    return said
