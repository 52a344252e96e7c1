"""What of an office can be changed in chat: a row for each place, with what it is called and how it is asked for.

A place is told by two paths: that of the value a change is of (`root`), and the way inside it (`inner`). Of a list the
whole list is the value, so a change of one weekly rule is one of the office's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.configuration.field_types import Among, Field, Place, Section, Shape, Spot
from locales import N_
from services.offices.configuration import ANSWERS, CATEGORIES, TEMPLATES, Path
from services.offices.matters import InquiryTargets, Targets
from services.offices.schema import FairUse, LaneRule
from storage.ids import OfficeId


def _usual(key: str) -> int:
    """What a weekly rule means where it does not say it."""
    return int(LaneRule.model_fields[key].default)


def _at(*root: str) -> Path:
    return root


_S = Shape
_DAYS = (
    ("sunday", N_("Sunday")),
    ("monday", N_("Monday")),
    ("tuesday", N_("Tuesday")),
    ("wednesday", N_("Wednesday")),
    ("thursday", N_("Thursday")),
    ("friday", N_("Friday")),
    ("saturday", N_("Saturday")),
    ("ramadan", N_("Every working day in Ramadan")),
)
WEEKDAYS: Mapping[str, str] = MappingProxyType({day: title for day, title in _DAYS if day != "ramadan"})
_HOURS = tuple(
    Field(day, title, _S.SPAN, _at("hours"), (day,), optional=True, empty=N_("closed")) for day, title in _DAYS
)
_TARGET_TITLES = (
    ("triage", N_("Working days until a request is taken up")),
    ("update", N_("Working days until the first answer")),
    ("close", N_("Working days until it is closed")),
    ("hard_limit", N_("Working days until it must be closed")),
)
_TARGETS = tuple(
    Field(key, title, _S.NUMBER, _at("targets", key), default=Targets.model_fields[key].default)
    for key, title in _TARGET_TITLES
)
_OWN_TARGETS = tuple(Field(key, title, _S.NUMBER, _at("targets", key), optional=True) for key, title in _TARGET_TITLES)
_INQUIRIES = (
    *(
        Field(key, title, _S.NUMBER, _at("inquiries", "targets", key), default=InquiryTargets.model_fields[key].default)
        for key, title in (
            ("triage", N_("Working hours until an inquiry is taken up")),
            ("update", N_("Working hours until it is answered")),
            ("close", N_("Working hours until an inquiry is closed")),
        )
    ),
    Field(
        "category",
        N_("Category where the words name none"),
        _S.CHOICE,
        _at("inquiries", "category"),
        optional=True,
        among=Among.CATEGORIES,
        empty=N_("the resident is asked"),
    ),
)
_FAIR_USE = tuple(
    Field(key, title, _S.NUMBER, _at("fair_use", key), default=FairUse.model_fields[key].default)
    for key, title in (
        ("cancellations", N_("Cancellations from which booking is limited")),
        ("moves", N_("Moved appointments from which times are limited")),
        ("days", N_("Days within which they count")),
        ("ahead_days", N_("Days ahead that can still be booked")),
    )
)
_KEYWORDS = Field("keywords", N_("Words people use for it"), _S.SPOKEN, _at("keywords"), optional=True)

#: Of one office, in the order of its menu.
OFFICE = (
    Section(
        "names",
        N_("🏷 Names"),
        (
            Field("name", N_("Name"), _S.TEXTS, _at("name")),
            Field("short", N_("Short name"), _S.TEXTS, _at("short_name")),
            Field("governorate", N_("Governorate"), _S.TEXTS, _at("governorate"), optional=True),
            Field("keywords", N_("Words people use for it"), _S.WORDS, _at("keywords"), optional=True),
        ),
    ),
    Section(
        "contacts",
        N_("☎️ Contact details"),
        (
            Field("phone", N_("Phone"), _S.PHONE, _at("contacts", "phone"), optional=True),
            Field("hotline", N_("Hotline"), _S.PHONE, _at("contacts", "hotline"), optional=True),
            Field("whatsapp", N_("WhatsApp"), _S.PHONE, _at("contacts", "whatsapp"), optional=True),
            Field("email", N_("Email"), _S.EMAIL, _at("contacts", "email"), optional=True),
            Field("website", N_("Website"), _S.WEBSITE, _at("contacts", "website"), optional=True),
            Field("instagram", N_("Instagram"), _S.WEBSITE, _at("contacts", "instagram"), optional=True),
        ),
    ),
    Section(
        "place",
        N_("📍 Place"),
        (
            Field("pin", N_("Point on the map"), _S.PIN, _at("place")),
            Field("title", N_("Name of the building"), _S.TEXTS, _at("place"), ("title",)),
            Field("address", N_("Address"), _S.TEXTS, _at("place"), ("address",)),
        ),
    ),
    Section("hours", N_("🕘 Working hours"), _HOURS),
    Section(
        "takes",
        N_("📂 What it deals with"),
        (
            Field(
                "categories", N_("Categories"), _S.SEVERAL, _at("categories"), among=Among.CATEGORIES, empty=N_("all")
            ),
            Field("kinds", N_("Types of request"), _S.SEVERAL, _at("kinds"), among=Among.KINDS, empty=N_("all")),
            Field(
                "asks",
                N_("Asked before an appointment"),
                _S.SEVERAL,
                _at("asks"),
                among=Among.ASKS,
                empty=N_("nothing more"),
            ),
            Field("video", N_("Link for meetings by video"), _S.WEBSITE, _at("video_link"), optional=True),
            Field("retired", N_("Takes nothing new"), _S.FLAG, _at("retired"), empty=N_("no")),
        ),
    ),
    Section("fair_use", N_("⚖️ Repeated changes"), _FAIR_USE),
    Section(
        "notice",
        N_("📌 Notice to residents"),
        (Field("notice", N_("Notice beside the contact details"), _S.TEXTS, _at("notice"), optional=True),),
    ),
    Section(
        "channel",
        N_("📣 Public channel"),
        (Field("channel", N_("Channel for the office’s news"), _S.CHAT, _at("public_channel"), optional=True),),
    ),
    Section(
        "staff",
        N_("👥 Staff"),
        (
            Field(
                "language",
                N_("Language of the staff group"),
                _S.CHOICE,
                _at("staff_language"),
                among=Among.LANGUAGES,
                empty=N_("Arabic"),
            ),
        ),
    ),
)

#: Of all offices together.
SHARED = (
    Section(
        "general",
        N_("☎️ Hotline and website"),
        (
            Field("hotline", N_("Hotline"), _S.PHONE, _at("hotline")),
            Field("website", N_("Website"), _S.WEBSITE, _at("website"), optional=True),
        ),
        of="all",
    ),
    Section("hours", N_("🕘 Usual working hours"), _HOURS, of="all"),
    Section("targets", N_("⏱ Usual deadlines"), _TARGETS, of="all"),
    Section("inquiries", N_("⏱ Deadlines of inquiries"), _INQUIRIES, of="all"),
)

#: Of one weekly rule.
RULE = Section(
    "rule",
    N_("🗓 Weekly Customer Day"),
    (
        Field("lane", N_("Who receives people"), _S.TEXTS, inner=("name",)),
        Field("person", N_("Their name"), _S.TEXTS, inner=("person",), optional=True),
        Field("bring", N_("What visitors bring"), _S.TEXTS, inner=("bring",), optional=True),
        Field("weekday", N_("Day"), _S.CHOICE, inner=("weekday",), among=Among.WEEKDAYS),
        Field("sitting", N_("Hours"), _S.SITTING),
        Field(
            "slot",
            N_("Minutes for each appointment"),
            _S.NUMBER,
            inner=("slot_minutes",),
            default=_usual("slot_minutes"),
        ),
        Field("capacity", N_("People at the same time"), _S.NUMBER, inner=("capacity",), default=_usual("capacity")),
        Field("breaks", N_("Breaks"), _S.BREAKS, inner=("breaks",), optional=True, empty=N_("none")),
        Field(
            "lead",
            N_("Hours before, when booking ends"),
            _S.NUMBER,
            inner=("lead_hours",),
            default=_usual("lead_hours"),
        ),
        Field(
            "ahead",
            N_("Weeks ahead that can be booked"),
            _S.NUMBER,
            inner=("weeks_ahead",),
            default=_usual("weeks_ahead"),
        ),
        Field(
            "late",
            N_("Percentage kept for the last day"),
            _S.PERCENT,
            inner=("released_late",),
            optional=True,
            empty=N_("none"),
        ),
        Field(
            "draw",
            N_("Days before, when times are drawn"),
            _S.NUMBER,
            inner=("draw_days",),
            optional=True,
            empty=N_("first come, first served"),
        ),
        Field(
            "meetings",
            N_("Ways to meet"),
            _S.SEVERAL,
            inner=("meetings",),
            among=Among.MEETINGS,
            empty=N_("In person"),
        ),
        Field("from", N_("First day"), _S.DATE, inner=("active_from",), optional=True),
        Field("until", N_("Last day"), _S.DATE, inner=("active_until",), optional=True),
    ),
    of="rule",
)

CATEGORY = Section(
    CATEGORIES,
    N_("📂 Categories"),
    (
        Field("name", N_("Name"), _S.TEXTS, _at("name")),
        Field("emoji", N_("Sign"), _S.EMOJI, _at("emoji")),
        Field("kinds", N_("Types of request"), _S.SEVERAL, _at("kinds"), among=Among.KINDS, empty=N_("all")),
        Field("owner", N_("Responsible body"), _S.CHOICE, _at("owner"), among=Among.BODIES),
        Field("partner", N_("Who helps"), _S.CHOICE, _at("partner"), among=Among.BODIES, optional=True),
        Field("place", N_("Location"), _S.CHOICE, _at("place"), among=Among.NEEDS, empty=N_("Optional")),
        Field("offices", N_("Offices"), _S.SEVERAL, _at("offices"), among=Among.OFFICES, empty=N_("all")),
        _KEYWORDS,
        Field("retired", N_("Closed to new requests"), _S.FLAG, _at("retired"), empty=N_("no")),
        *_OWN_TARGETS,
    ),
    of=CATEGORIES,
)
TOPIC = Section(
    "topics",
    N_("💬 Topics of appointments"),
    (
        Field("name", N_("Name"), _S.TEXTS, _at("name")),
        Field("emoji", N_("Sign"), _S.EMOJI, _at("emoji")),
        Field("category", N_("Category"), _S.CHOICE, _at("category"), among=Among.CATEGORIES),
        _KEYWORDS,
    ),
    of="topics",
)
TEMPLATE = Section(
    TEMPLATES,
    N_("📝 Ready texts for staff"),
    (
        Field("title", N_("Title"), _S.TEXTS, _at("title")),
        Field("text", N_("Text"), _S.PARAGRAPHS, _at("text")),
        Field("manner", N_("Used for"), _S.CHOICE, _at("manner"), among=Among.MANNERS, empty=N_("Official reply")),
        Field("categories", N_("Categories"), _S.SEVERAL, _at("categories"), among=Among.CATEGORIES, empty=N_("all")),
        Field("states", N_("Statuses"), _S.SEVERAL, _at("states"), among=Among.STATES, empty=N_("all")),
    ),
    of=TEMPLATES,
)
ANSWER = Section(
    ANSWERS,
    N_("❓ Ready answers"),
    (
        Field("question", N_("The question"), _S.TEXTS, _at("question")),
        Field("text", N_("Its answer"), _S.PARAGRAPHS, _at("text")),
        _KEYWORDS,
        Field("source", N_("Who says so"), _S.TEXTS, _at("source"), optional=True, empty=N_("the office itself")),
        Field("website", N_("Website"), _S.WEBSITE, _at("website"), optional=True),
        Field(
            "category",
            N_("Category if it is sent on"),
            _S.CHOICE,
            _at("category"),
            optional=True,
            among=Among.CATEGORIES,
        ),
    ),
    of=ANSWERS,
)
#: Sections whose entries are picked from a list first. An office has answers of its own.
LISTED: Mapping[str, Section] = MappingProxyType({one.key: one for one in (ANSWER, CATEGORY, TOPIC, TEMPLATE)})
LISTED_OF_OFFICE: Mapping[str, Section] = MappingProxyType({ANSWERS: ANSWER})


def listed_at(office: OfficeId) -> Mapping[str, Section]:
    """The lists of an office, or of what all have in common."""
    return LISTED_OF_OFFICE if office else LISTED


def entry_path(spot: Spot) -> Path:
    """Where an entry of a list stands."""
    return ("offices", spot.office, spot.section, spot.entry) if spot.office else (spot.section, spot.entry)


def section_of(spot: Spot) -> Section | None:
    """The section somebody is in; None for one that there is not (any more)."""
    if spot.section == RULE.key:
        return RULE
    if spot.section in listed_at(spot.office):
        return LISTED[spot.section]
    return next((one for one in (OFFICE if spot.office else SHARED) if one.key == spot.section), None)


def place_of(spot: Spot, one: Field) -> Place:
    """Where the value of a field stands, of the office or entry somebody is at."""
    if spot.section == RULE.key:
        return Place(("offices", spot.office, "customer_day"), (spot.index, *one.inner))
    if spot.section in listed_at(spot.office):
        return Place((*entry_path(spot), *one.root), one.inner)
    if spot.office:
        return Place(("offices", spot.office, *one.root), one.inner)
    return Place(one.root, one.inner)
