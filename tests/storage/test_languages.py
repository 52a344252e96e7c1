"""Which languages a resident may choose is said by rows, and not by the schema."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage import languages, residents
from storage.database import Database
from storage.languages import LanguageRow
from storage.translations import Translations

NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)
URDU = LanguageRow(code="ur", name="اردو", direction="rtl", position=2)


@pytest.fixture
async def with_urdu(database: Database) -> Database:
    async with database.transaction() as tx:
        await languages.keep(tx, [URDU])
    return database


async def test_arabic_and_english_come_with_the_schema(database: Database) -> None:
    async with database.transaction() as tx:
        rows = await tx.all("SELECT code, name, direction FROM languages ORDER BY position")
    assert [tuple(row.values()) for row in rows] == [("ar", "العربية", "rtl"), ("en", "English", "ltr")]


async def test_nobody_speaks_a_language_that_is_not_there(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.transaction() as tx:
            await residents.add(tx, "telegram", "1001", "Amna", "xx", NOW)


async def test_a_language_that_a_release_learned_can_be_chosen(with_urdu: Database) -> None:
    async with with_urdu.transaction() as tx:
        added = await residents.add(tx, "telegram", "1001", "Amna", "ur", NOW)
    assert added.language == "ur"


async def test_keeping_languages_corrects_them_and_removes_none(with_urdu: Database) -> None:
    async with with_urdu.transaction() as tx:
        await languages.keep(tx, [URDU.model_copy(update={"name": "اُردُو"})])
        rows = await tx.all("SELECT code, name FROM languages ORDER BY position")
    assert [tuple(row.values()) for row in rows] == [("ar", "العربية"), ("en", "English"), ("ur", "اُردُو")]


@pytest.mark.parametrize(
    ("texts", "language", "shown"),
    [
        ({"ar": "عطلة", "en": "Day off"}, "ar", "عطلة"),
        ({"ar": "عطلة", "en": "Day off"}, "ar-BH", "عطلة"),
        ({"ar": "عطلة", "en": "Day off"}, "ur", "Day off"),
        ({"ar": "عطلة"}, "ur", "عطلة"),
        ({}, "ur", ""),
    ],
)
def test_a_text_not_known_in_a_language_is_shown_in_english_or_any(
    texts: dict[str, str], language: str, shown: str
) -> None:
    assert Translations(texts).get(language) == shown
