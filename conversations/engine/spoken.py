"""All that a message says, in words: who is quoted and forwarded, whose number was shared, which place was sent.

A question reads `Incoming.text`, which is what somebody typed as its answer. Whoever keeps a message, for a request,
an appointment or staff, keeps what is written here.
"""

from __future__ import annotations

from conversations.engine.fields import shared_number
from conversations.engine.messages import Contact, Incoming, Place
from locales import Localizer
from locales.html import to_plain
from services.text.normalise import clean

QUOTED = 1000  # characters of what somebody else said that are kept beside a person's own words


def spoken(t: Localizer, said: Incoming, *, contact: bool = True, place: bool = True) -> str:
    """What a message says, in the language of whoever sent it; "" for a photo without a caption.

    Leave out the contact or the place where it is kept as what it is.
    """
    parts = (
        to_plain(t("Forwarded from {name}", name=said.forwarded_from)) + ":" if said.forwarded_from else "",
        _quotation(said.quoted),
        said.text,
        contact_words(said.contact) if contact and said.contact is not None else "",
        place_words(said.place) if place and said.place is not None else "",
    )
    return "\n".join(part for part in parts if part)


def _quotation(text: str) -> str:
    """Somebody else's words, as quotations are written in a plain text."""
    return "\n".join(f"> {line}" for line in clean(text, QUOTED).split("\n")) if text else ""


def contact_words(contact: Contact) -> str:
    """A shared contact: the name and the number."""
    return " ".join(part for part in (contact.name, shared_number(contact) or contact.phone) if part)


def place_words(place: Place) -> str:
    """A place on the map, as a map's search field takes it."""
    return f"{place.latitude:.5f}, {place.longitude:.5f}"
