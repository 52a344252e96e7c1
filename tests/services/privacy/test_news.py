"""Which news somebody got and what they did with it: in their copy, erased with them, let go of in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from services.announcements import taps
from services.announcements.model import Announcement, Button
from services.privacy import data_export, erasure, retention
from services.unit_of_work import Work
from storage import announcement_lists
from storage.database import Database
from storage.ids import OfficeId, Reference
from storage.records.residents import Resident
from storage.translations import Translations
from tests.services.announcements.builders import TEXTS
from tests.services.announcements.press import Press
from tests.services.case_builders import CAPITAL

BOOK = Button(label=Translations({"en": "Book now", "ar": "احجز الآن"}), link="book", office=OfficeId(""))


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def told(press: Press) -> tuple[Announcement, Resident]:
    """An announcement that one resident got and tapped, after which they wanted no more news."""
    reader = await press.resident("Fatima Ali", office=CAPITAL)
    await press.resident("Ali Hasan", office=CAPITAL)
    made = await press.sent(buttons=(BOOK,))
    for _ in range(4):
        await press.round()
        await press.post()

    async def act(work: Work) -> None:
        assert await taps.tap(work, reader.id, made.id, 0) == BOOK
        announcement_lists.note_opt_out(work.tx, made.id, reader.id, work.now)

    await press.do(act)
    return made, reader


async def copy_of(press: Press, reader: Resident) -> list[dict[str, object]]:
    export = await press.do(data_export.export, reader)
    news: list[dict[str, object]] = json.loads(export.to_json())["announcements"]
    return news


async def left(press: Press) -> tuple[int, ...]:
    async with press.work() as work:
        counted = await work.tx.one(
            "SELECT (SELECT count(*) FROM announcement_taps) AS taps,"
            " (SELECT count(*) FROM announcement_opt_outs) AS opt_outs"
        )
    assert counted is not None
    return tuple(int(str(count)) for count in counted.values())


async def test_their_copy_says_which_news_they_got_and_tapped(press: Press) -> None:
    _, reader = await told(press)
    at = press.now.isoformat().replace("+00:00", "Z")
    (news,) = await copy_of(press, reader)
    assert news["sent_at"] is not None
    assert news == {
        "kind": "news",
        "office": "capital",
        "words": TEXTS.get(reader.language),
        "status": "sent",
        "sent_at": news["sent_at"],
        "tapped": [{"button": BOOK.label.get(reader.language), "at": at}],
        "no_more_news_at": at,
    }


async def test_another_persons_taps_are_in_nobody_elses_copy(press: Press) -> None:
    await told(press)
    other = await press.resident("Noor", office=CAPITAL)
    assert await copy_of(press, other) == []


async def test_what_they_did_is_known_after_the_list_of_recipients_is_gone(press: Press) -> None:
    _, reader = await told(press)
    press.wait(days=91)
    await press.do(retention.apply_retention)
    (news,) = await copy_of(press, reader)
    assert (news["status"], news["sent_at"]) == ("", None)
    assert news["tapped"] != []


async def test_being_forgotten_erases_what_they_did_with_news(press: Press) -> None:
    _, reader = await told(press)

    async def cancel(_: Work, reference: Reference, __: Resident) -> None:
        raise AssertionError(f"{reference} was never booked")

    await press.do(erasure.forget, reader, press.now, cancel)
    assert await left(press) == (0, 0)


async def test_what_people_did_with_news_goes_after_a_year(press: Press) -> None:
    await told(press)
    press.now += timedelta(days=364)
    await press.do(retention.apply_retention)
    assert await left(press) == (1, 1)
    press.now += timedelta(days=2)
    await press.do(retention.apply_retention)
    assert await left(press) == (0, 0)
