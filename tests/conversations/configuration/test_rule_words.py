"""What the files' rules say is read in one's own language."""

from __future__ import annotations

import re

import pytest

from conversations.configuration.rule_words import rule_words
from locales import Language
from services.offices.document import offices_data
from services.offices.offices import checked
from services.offices.yaml_file import Data, Document
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import CATALOGUES
from tests.shipped import OFFICES

RULE: dict[str | int, Data] = {
    "lane": "director",
    "name": {"ar": "المدير العام", "en": "Director General"},
    "weekday": "wednesday",
    "opens": "09:00",
    "closes": "10:00",
}
#: What an administrator may type wrong, of the Capital Municipality.
WRONG: dict[str, Data] = {
    "name": {"ar": "Capital", "en": "العاصمة"},
    "short_name": {"ar": "ع" * 400, "en": "Capital"},
    "contacts": {"phone": "12", "email": "x", "website": "x"},
    "place": {"latitude": 99.0, "longitude": 50.5, "title": {"ar": "م", "en": "H"}, "address": {"ar": "م", "en": "H"}},
    "hours": {"sunday": "09:00–08:00", "monday": "30:00–31:00", "tuesday": "9"},
    "customer_day": [
        RULE | {"slot_minutes": 25},
        RULE | {"capacity": 0},
        RULE | {"lead_hours": 9999},
        RULE | {"breaks": ["08:00–08:15"]},
        RULE | {"active_from": "2026-12-02", "active_until": "2026-12-01"},
    ],
}


@pytest.mark.parametrize("place", sorted(WRONG))
def test_every_mistake_is_named_in_arabic(place: str) -> None:
    data = offices_data(OFFICES)
    offices = data["offices"]
    assert isinstance(offices, dict)
    capital = offices["capital"]
    assert isinstance(capital, dict)
    capital[place] = WRONG[place]
    document = Document("configuration", data)

    assert checked(document, ()) is None

    t = CATALOGUES.localizer(Language.AR)
    for problem in document.problems:
        said = rule_words(t, problem.expected)
        assert in_arabic(said), problem.expected
        assert not re.search(r"[A-Za-z]{4,}", said.replace("https", "")), said


def test_what_is_not_known_is_said_in_the_files_own_words() -> None:
    assert "a moon" in rule_words(CATALOGUES.localizer(Language.AR), "a moon")
