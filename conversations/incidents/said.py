"""What is said of an incident where a request that has joined it is shown, and the way out of it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Responder
from conversations.incidents.words import title
from locales import Localizer
from services.incidents import joining
from services.incidents.incidents import LONGEST, Incident, State
from storage.ids import Reference
from storage.records.cases import Case

#: The route that takes a request out of its incident.
NOT_THIS = "incident_not"


async def said_of(responder: Responder, case: Case) -> tuple[list[Markup | str], list[Button]]:
    """What is said of the incident that a request has joined, and the way out; nothing where it has joined none."""
    found = await joining.incident_of(responder.work, case.id)
    if found is None or found[1] is not State.JOINED or found[0].ended_at is not None:
        return [], []
    lines = await _lines(responder, found[0])
    return ["", *lines] if lines else [], [not_this(responder.t, case.reference)]


async def _lines(responder: Responder, incident: Incident) -> list[Markup]:
    """That many report the same, and the newest that is known of it."""
    t = responder.t
    news = await joining.newest_news(responder.work, incident.id)
    texts = incident.texts if news is None else news.texts
    words = texts.get(t.language.value)
    return [
        t("🌧 Many people are reporting the same, so your request was added to this incident:"),
        t("<b>{incident}</b>", incident=title(t, responder.work.offices, incident)),
        *([t("“{words}”", words=t.own(words, LONGEST))] if words else []),
        t("Your reference stays yours. We will tell everybody who reported it as soon as there is news."),
    ]


def not_this(t: Localizer, reference: Reference) -> Button:
    return Button(label=t.plain("No, mine is something else"), route=NOT_THIS, value=reference)
