"""How a value is shown to an administrator, and what they may pick."""

from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from conversations.configuration.data import is_texts, items
from conversations.configuration.field_types import Among, Field, Shape, Spot
from conversations.configuration.fields import WEEKDAYS
from conversations.engine.step import Turn
from conversations.texts.case import STATUSES
from conversations.texts.meeting import MEETINGS
from locales import N_, Language, Localizer
from services.offices.answers import AnswerId
from services.offices.changes import Present
from services.offices.configuration import ANSWERS
from services.offices.offices import Ask, CaseKind, PlaceNeed
from services.offices.yaml_file import Data
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseStatus

_SHOWN = 200  # characters of a long text
_KINDS = {
    CaseKind.COMPLAINT: N_("Complaint"),
    CaseKind.SUGGESTION: N_("Suggestion"),
    CaseKind.OBSERVATION: N_("Observation"),
    CaseKind.SERVICE_REQUEST: N_("Service request"),
    CaseKind.INQUIRY: N_("Inquiry"),
}
_ASKS = {
    Ask.TOPIC: N_("Topic of the meeting"),
    Ask.PROJECT: N_("Name of the project"),
    Ask.COMMERCIAL_REGISTRATION: N_("Commercial registration"),
}
_NEEDS = {PlaceNeed.REQUIRED: N_("Required"), PlaceNeed.OPTIONAL: N_("Optional"), PlaceNeed.NONE: N_("Not asked for")}
_MANNERS = {
    "reply": N_("Official reply"),
    "ask": N_("Question to the applicant"),
    "resolve": N_("Mark as solved"),
    "reject": N_("Reject"),
}


def options(t: Localizer, present: Present, among: Among) -> dict[str, str]:
    """What there is to choose from: how a button names it, by what the file says."""
    offices = present.offices
    match among:
        case Among.WEEKDAYS:
            return {day: t.plain(title) for day, title in WEEKDAYS.items()}
        case Among.LANGUAGES:
            return {language.value: language.own_name for language in Language}
        case Among.BODIES:
            return {id_: t.pick_plain(body.name) for id_, body in offices.bodies_by_id.items()}
        case Among.CATEGORIES:
            return {one.id: f"{one.emoji} {t.pick_plain(one.name)}" for one in offices.categories}
        case Among.OFFICES:
            return {one.id: t.pick_plain(one.short_name) for one in offices.all}
        case Among.KINDS:
            return {kind.value: t.plain(title) for kind, title in _KINDS.items()}
        case Among.ASKS:
            return {ask.value: t.plain(title) for ask, title in _ASKS.items()}
        case Among.MEETINGS:
            return {meeting.value: t.plain(title) for meeting, title in MEETINGS.items()}
        case Among.NEEDS:
            return {need.value: t.plain(title) for need, title in _NEEDS.items()}
        case Among.STATES:
            return {status.value: t.plain(STATUSES[status]) for status in CaseStatus}
        case Among.MANNERS:
            return {manner: t.plain(title) for manner, title in _MANNERS.items()}


def shown(turn: Turn, present: Present, one: Field, value: Data) -> Markup:
    """A value as it is read, on one line where it can be."""
    t = turn.t
    if value is None or value == []:
        return t(one.empty) if one.default is None else t.number(one.default)
    match one.shape:
        case Shape.TEXTS | Shape.PARAGRAPHS:
            return _texts(t, value)
        case Shape.WORDS | Shape.BREAKS:
            return t.join(_item(t, one, item) for item in items(value))
        case Shape.SPOKEN:
            spoken = value.values() if isinstance(value, dict) else ()
            words = [word for words in spoken for word in items(words)]
            return t.join(t.own(word) for word in words)
        case Shape.SPAN:
            return span_words(t, str(value))
        case Shape.SITTING:
            return _sitting(t, value)
        case Shape.PIN:
            return _pin(t, value)
        case Shape.CHOICE | Shape.SEVERAL:
            names = options(t, present, one.among or Among.KINDS)
            picked = items(value) if isinstance(value, list) else [str(value)]
            return t.join(t.own(names.get(item, item)) for item in picked)
        case _:
            return _plain(t, one, value)


def _plain(t: Localizer, one: Field, value: Data) -> Markup:
    match one.shape:
        case Shape.PHONE:
            return t.phone(str(value))
        case Shape.DATE:
            return t.date(dt.date.fromisoformat(str(value)))
        case Shape.FLAG:
            return t("yes") if value is True else t("no")
        case Shape.NUMBER if isinstance(value, int):
            return t.number(value)
        case Shape.PERCENT if isinstance(value, int | float):
            return t.number(round(value * 100))
    return t.own(str(value))


def _texts(t: Localizer, value: Data) -> Markup:
    if not is_texts(value):
        return t.own(str(value))
    ordered = sorted(value.items(), key=lambda pair: (pair[0] != t.language.value, pair[0]))
    return Markup(" / ").join(dict.fromkeys(t.own(str(text), _SHOWN) for _, text in ordered))  # the same text once


def _item(t: Localizer, one: Field, item: str) -> Markup:
    return span_words(t, item) if one.shape is Shape.BREAKS else t.own(item)


def span_words(t: Localizer, text: str) -> Markup:
    """`07:00–14:15` as it is read."""
    opens, _, closes = text.partition("–")
    try:
        return t.span(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))
    except ValueError:
        return t.own(text)


def _sitting(t: Localizer, value: Data) -> Markup:
    rule = value if isinstance(value, dict) else {}
    return span_words(t, f"{rule.get('opens')}–{rule.get('closes')}")


def _pin(t: Localizer, value: Data) -> Markup:
    place = value if isinstance(value, dict) else {}
    return t.own(f"{place.get('latitude')}, {place.get('longitude')}")


def office_title(turn: Turn, present: Present, office: OfficeId) -> Markup:
    """An office's name; "All offices" without one."""
    found = present.offices.get(office)
    return turn.t("All offices") if found is None else turn.t.pick(found.name)


def entry_title(turn: Turn, present: Present, spot: Spot) -> str:
    """What an entry of a list is called, on a button."""
    t, offices, section, entry = turn.t, present.offices, spot.section, spot.entry
    if section == ANSWERS:
        office = offices.get(spot.office)
        bank = offices.answers if office is None else office.answers
        found = bank.get(AnswerId(entry))
        return entry if found is None else t.pick_plain(found.question)
    if section == "categories" and (category := offices.category(CategoryId(entry))) is not None:
        return f"{category.emoji} {t.pick_plain(category.name)}"
    topic = next((one for one in offices.topics if one.id == entry), None)
    if section == "topics" and topic is not None:
        return f"{topic.emoji} {t.pick_plain(topic.name)}"
    template = present.templates.get(entry)
    return entry if template is None else t.pick_plain(template.title)
