"""Addresses on the web as settings name them: read once, strictly, so that everybody who uses one means the same.

What is wrong is said as what was expected, and comes as a ValueError.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

WEBHOOK_PATH: Final = "/telegram"  # where an address without a path of its own is delivered to
#: Telegram delivers to no others: https://core.telegram.org/bots/api#setwebhook
TELEGRAM_PORTS: Final = frozenset({443, 80, 88, 8443})

_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_SEGMENT: Final = r"[A-Za-z0-9._~-]+"
_PATH: Final = re.compile(rf"(/{_SEGMENT})*/?")
_DOTS: Final = frozenset({".", ".."})
_BOTH: Final = frozenset({"http", "https"})
#: What the bot's own web server has at the root already, besides deliveries.
_TAKEN: Final = frozenset({"healthz", "readyz", "metrics", "calendar", "hall", "director", "pages"})


def address(url: str, *, schemes: Collection[str] = _BOTH) -> str:
    """An address, its last slash and the spaces around it left out. Raises ValueError."""
    return _whole(_read(url.strip(), schemes)).rstrip("/")


def webhook(url: str) -> str:
    """Where exactly Telegram delivers: the address, with `/telegram` where it has no path. Raises ValueError."""
    found = _read(url.strip(), _BOTH)
    if found.path.lstrip("/").partition("/")[0] in _TAKEN:
        raise ValueError("a path that the bot does not serve otherwise, like /telegram")
    return _whole(found if found.path.strip("/") else found._replace(path=WEBHOOK_PATH))


def path_of(url: str) -> str:
    """The path of an address that was read, as a server has to listen for it."""
    return urlsplit(url).path


def is_delivered_to(url: str) -> str | None:
    """None where Telegram delivers to an address; else what it expects."""
    found = urlsplit(url)
    if found.scheme != "https":
        return "https://…, Telegram delivers to nothing else"
    if (found.port or 443) not in TELEGRAM_PORTS:
        ports = ", ".join(str(port) for port in sorted(TELEGRAM_PORTS))
        return f"one of the ports {ports}, Telegram delivers to no other"
    if ":" in (found.hostname or ""):
        return "a name or an IPv4 address, Telegram does not deliver to IPv6"
    return None


def _read(url: str, schemes: Collection[str]) -> SplitResult:
    kinds = " or ".join(f"{scheme}://" for scheme in sorted(schemes, reverse=True))
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        raise ValueError("an address without spaces")
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise ValueError(f"an address like {_example(schemes)}") from None
    if found.scheme not in schemes:
        raise ValueError(f"an address that begins with {kinds}")
    if "@" in found.netloc:
        raise ValueError("an address without a user name or a password")
    if not _is_host(found) or port == 0 or found.netloc.endswith(":"):
        raise ValueError(f"an address like {_example(schemes)}, its host in ASCII letters")
    if "?" in url or "#" in url:
        raise ValueError("an address that ends with its path, without ? or #")
    if not _PATH.fullmatch(found.path) or _DOTS & set(found.path.split("/")):
        raise ValueError("a path of letters, digits, - . _ ~ and single slashes")
    return found


def _is_host(found: SplitResult) -> bool:
    host = found.hostname or ""
    if ":" not in host:
        return _HOST.fullmatch(host) is not None and len(host) <= 253
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _whole(found: SplitResult) -> str:
    return found.geturl()


def _example(schemes: Collection[str]) -> str:
    return f"{max(schemes)}://bot.example.org/telegram"
