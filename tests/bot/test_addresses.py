"""Addresses in settings: read once, so that everybody who uses one means the same."""

from __future__ import annotations

import pytest

from bot import addresses


@pytest.mark.parametrize(
    ("given", "delivered_to", "path"),
    [
        ("https://bot.example.org", "https://bot.example.org/telegram", "/telegram"),
        ("https://bot.example.org/", "https://bot.example.org/telegram", "/telegram"),
        ("https://bot.example.org/hook", "https://bot.example.org/hook", "/hook"),
        ("https://bot.example.org/hook/", "https://bot.example.org/hook/", "/hook/"),
        ("https://bot.example.org:8443/a/b-c_d.e~1", "https://bot.example.org:8443/a/b-c_d.e~1", "/a/b-c_d.e~1"),
        ("  https://bot.example.org/hook \n", "https://bot.example.org/hook", "/hook"),
        ("http://127.0.0.1:8080/hook", "http://127.0.0.1:8080/hook", "/hook"),
        ("http://[::1]:8080", "http://[::1]:8080/telegram", "/telegram"),
        ("HTTPS://Bot.Example.org/Hook", "https://Bot.Example.org/Hook", "/Hook"),
    ],
)
def test_the_webhook_is_where_the_setting_says(given: str, delivered_to: str, path: str) -> None:
    found = addresses.webhook(given)
    assert (found, addresses.path_of(found)) == (delivered_to, path)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("bot.example.org/hook", "begins with https://"),
        ("ftp://bot.example.org", "begins with https://"),
        ("", "begins with https://"),
        ("https://", "an address like"),
        ("https:///hook", "an address like"),
        ("https://bot.example.org:port/hook", "an address like"),
        ("https://bot.example.org:0/hook", "an address like"),
        ("https://bot.example.org:/hook", "an address like"),
        ("https://bot.example.org:99999/hook", "an address like"),
        ("https://[::1/hook", "an address like"),
        ("https://[bot]/hook", "an address like"),
        ("https://بلدية.bh/hook", "ASCII"),
        ("https://me:secret@bot.example.org", "without a user name"),
        ("https://bot.example.org/hook?key=1", "without ? or #"),
        ("https://bot.example.org/hook?", "without ? or #"),
        ("https://bot.example.org/hook#here", "without ? or #"),
        ("https://bot.example.org/my hook", "without spaces"),
        ("https://bot.example.org/hook\u200b", "without spaces"),
        ("https://bot.example.org//hook", "single slashes"),
        ("https://bot.example.org/a/../hook", "single slashes"),
        ("https://bot.example.org/{hook}", "single slashes"),
        ("https://bot.example.org/%20hook", "single slashes"),
        ("https://bot.example.org/metrics", "does not serve otherwise"),
        ("https://bot.example.org/hall/telegram", "does not serve otherwise"),
    ],
)
def test_a_wrong_webhook_is_told_what_was_expected(given: str, expected: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        addresses.webhook(given)
    assert expected in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://bot.example.org/hook", None),
        ("https://bot.example.org:443/hook", None),
        ("https://bot.example.org:8443/hook", None),
        ("https://192.0.2.7:88/hook", None),
        ("http://bot.example.org/hook", "https://"),
        ("https://bot.example.org:9443/hook", "80, 88, 443, 8443"),
        ("https://[2001:db8::1]/hook", "IPv6"),
    ],
)
def test_what_telegram_does_not_deliver_to_is_known_beforehand(address: str, expected: str | None) -> None:
    found = addresses.is_delivered_to(address)
    assert (found is None) if expected is None else (found is not None and expected in found)
