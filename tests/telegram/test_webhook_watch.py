"""A webhook that is lost is set again, and one whose deliveries fail for long is told to administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.metrics import Metrics
from bot.telegram.api import ALLOWED_UPDATES, Api
from bot.telegram.webhook_watch import LONG, WebhookWatch
from storage import leases
from storage.database import Database
from tests.conversations.staff_town import ADMIN, DeskTown

URL, SECRET = "https://desk.example.bh/hook", "s3cret_s3cret"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    town = DeskTown(database)
    for address in (ADMIN, "9001"):
        await town.resident(address, "Admin", "en").says("/start")
    return await town.opens()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def watch(town: DeskTown, api: Api, metrics: Metrics) -> WebhookWatch:
    return WebhookWatch(town.desk, api, URL, SECRET, metrics)


def stands(fake: Any, town: DeskTown, url: str = URL, **more: object) -> None:
    """What Telegram says when it is asked next."""
    fake.will_answer("getWebhookInfo", {"url": url, "allowed_updates": list(ALLOWED_UPDATES), **more})


def failing(fake: Any, town: DeskTown, pending: int = 7) -> None:
    error = {"last_error_message": "Wrong response from the webhook: 404 Not Found"}
    stands(fake, town, pending_update_count=pending, last_error_date=int(town.now.timestamp()) - 30, **error)


def shown(metrics: Metrics, name: str) -> float:
    value = metrics.registry.get_sample_value(f"customer_day_webhook_{name}")
    assert value is not None
    return value


async def told(town: DeskTown, address: str) -> list[str]:
    await town.deliver()
    return [one.text for one in town.chats.get(address, []) if "do not reach the bot" in one.text]


async def test_one_that_is_ours_is_left_alone(watch, town, fake, metrics) -> None:
    stands(fake, town, pending_update_count=3)
    await watch.round()
    assert fake.methods == ["getWebhookInfo"]
    assert (shown(metrics, "ours"), shown(metrics, "pending_updates"), shown(metrics, "resets_total")) == (1, 3, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"url": ""},
        {"url": "https://elsewhere.example.org/hook"},
        {"url": URL, "allowed_updates": ["message"]},
        {"url": URL, "allowed_updates": None},
        {"url": 5, "pending_update_count": "many", "last_error_date": "never"},
        {},
    ],
)
async def test_one_that_was_lost_is_set_again(watch, fake, metrics, said) -> None:
    fake.will_answer("getWebhookInfo", said)
    await watch.round()
    assert fake.methods == ["getWebhookInfo", "setWebhook"]
    assert fake.calls[-1].said["url"] == URL
    assert fake.calls[-1].said["secret_token"] == SECRET
    assert fake.calls[-1].said["allowed_updates"] == list(ALLOWED_UPDATES)
    assert shown(metrics, "resets_total") == 1


async def test_telegram_in_trouble_is_asked_again_later(watch, town, fake, metrics) -> None:
    fake.will_refuse("getWebhookInfo", 502, "Bad Gateway")
    await watch.round()
    fake.will_answer("getWebhookInfo", [])
    await watch.round()
    stands(fake, town)
    await watch.round()
    assert shown(metrics, "ours") == 1


async def test_of_two_processes_one_looks(watch, town, fake, metrics) -> None:
    async with town.database.transaction() as tx:
        assert await leases.take(tx, "webhook", "another", 600)
    await watch.round()
    assert fake.methods == []
    assert shown(metrics, "ours") != shown(metrics, "ours"), "it is not known here"


async def test_deliveries_that_fail_for_long_are_told_to_administrators_once(watch, town, fake, metrics) -> None:
    for _ in range(2):
        failing(fake, town)
        await watch.round()
        assert await told(town, ADMIN) == []
        town.now += LONG / 2
    for _ in range(3):
        failing(fake, town)
        await watch.round()
        town.now += MINUTE
    (text,) = await told(town, ADMIN)
    assert "Waiting for delivery: 7" in text
    assert "404 Not Found" in text
    assert await told(town, "9001") == [], "who administers nothing can do nothing"
    assert shown(metrics, "last_error_age_seconds") == 30
    assert b"Wrong response from the webhook: 404 Not Found" in metrics.page()


async def test_what_works_in_between_is_not_told(watch, town, fake) -> None:
    for _ in range(4):
        failing(fake, town)
        await watch.round()
        town.now += LONG / 2
        stands(fake, town)
        await watch.round()
    assert await told(town, ADMIN) == []
