"""The public ledger: promises in numbers, in both languages, counted at most once a minute."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest

from bot.metrics import Metrics
from bot.pages.ledger import PublicLedger
from bot.pages.responses import files
from bot.web import Web
from locales import without_marks
from services.promises import outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from tests.bot.pages.day import NOORA, Day
from tests.services.booking_builders import FIRST_DAY


@asynccontextmanager
async def _served(day: Day) -> AsyncIterator[str]:
    host, port = day.url.removeprefix("http://").split(":")
    server = Web(day.desk.database, Metrics(), [*PublicLedger(day.context).routes(), *files()])
    await server.start(host, int(port))
    try:
        yield day.url + "/promises"
    finally:
        await server.stop()


async def _page(address: str) -> tuple[int, str, aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, without_marks(await answer.text()), answer


async def _promise(day: Day, count: int) -> None:
    for booking in await day.come(count):
        promise = NewPromise(what="Secret words", party=Party("lane:director"), due=FIRST_DAY + timedelta(days=14))
        recorded = await day.desk.do(outcomes.record, NOORA, booking.id, Outcome(OutcomeKind.PROMISED, promise=promise))
        assert isinstance(recorded, Recorded), recorded


async def test_it_shows_the_numbers_of_all_offices_and_of_each_in_both_languages(day: Day) -> None:
    await _promise(day, 3)
    async with _served(day) as address:
        status, english, answer = await _page(f"{address}?lang=en")
        assert status == 200
        assert "<dt>Open, not due yet</dt><dd>3</dd>" in english
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        _, arabic, _ = await _page(f"{address}?lang=ar")
        assert 'lang="ar" dir="rtl"' in arabic
        _, office, _ = await _page(f"{address}/capital?lang=en")
        assert "Capital Municipality" in office
        assert "<dt>Open, not due yet</dt><dd>3</dd>" in office
        for page in (english, arabic, office):
            assert "Secret words" not in page
            assert "Fatima" not in page


@pytest.mark.parametrize("path", ["/nowhere", "/northern", "/capital/x", "/%3Cscript%3E"])
async def test_there_is_no_page_of_an_office_without_a_customer_day(day: Day, path: str) -> None:
    async with _served(day) as address:
        assert (await _page(address + path))[0] == 404


async def test_it_is_counted_once_a_minute_however_often_somebody_looks(day: Day) -> None:
    async with _served(day) as address:
        assert "<dt>Open, not due yet</dt><dd>0</dd>" in (await _page(f"{address}?lang=en"))[1]
        await _promise(day, 1)
        assert "<dt>Open, not due yet</dt><dd>0</dd>" in (await _page(f"{address}?lang=en"))[1]
        day.desk.now += timedelta(minutes=1)
        assert "<dt>Open, not due yet</dt><dd>1</dd>" in (await _page(f"{address}?lang=en"))[1]


async def test_what_is_late_is_overdue_and_its_age_is_shown(day: Day) -> None:
    await _promise(day, 2)
    day.desk.now += timedelta(days=20)
    async with _served(day) as address:
        _, page, _ = await _page(f"{address}?lang=en")
    assert "<dt>Overdue promises</dt><dd>2</dd>" in page
    assert "<dd>20 days</dd>" in page


async def test_the_language_is_chosen_by_a_link_and_the_table_has_headings(day: Day) -> None:
    async with _served(day) as address:
        _, page, _ = await _page(f"{address}?lang=nonsense")
    assert 'hreflang="en"' in page or 'hreflang="ar"' in page
    assert '<th scope="row">' in page
    assert '<th scope="col">' in page
