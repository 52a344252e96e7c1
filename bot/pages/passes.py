"""What the director's page is known by after Telegram has vouched for whoever opened it.

Telegram's own signature is good for an hour, and a page stays open for a morning. So each answer carries a pass that is
good for an hour more, as long as the page is used and half a day at most. It says who somebody is and nothing of what
they may: rights are asked at each request, and whoever copies a pass does not get past them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.telegram.init_data import AppUser, verified
from locales import language_of

_IDLE = timedelta(hours=1)
_IN_ALL = timedelta(hours=12)
_TELEGRAM, _PASS = "tma ", "pass "


@dataclass(frozen=True, slots=True)
class Passes:
    """Recognises people by what Telegram signed, or by a pass."""

    token: str = field(repr=False)
    key: bytes = field(repr=False)

    def who(self, authorization: str, now: datetime) -> AppUser | None:
        """Whose request this is; None for nobody we know."""
        if not authorization.isascii():
            return None
        if authorization.startswith(_TELEGRAM):
            return verified(authorization.removeprefix(_TELEGRAM), self.token, now)
        if authorization.startswith(_PASS):
            return self._read(authorization.removeprefix(_PASS), now)
        return None

    def give(self, user: AppUser, now: datetime) -> str:
        """A pass for the next hour."""
        said = f"{user.address}.{language_of(user.language)}.{int(user.at.timestamp())}.{int(now.timestamp())}"
        return f"{said}.{self._code(said)}"

    def _read(self, given: str, now: datetime) -> AppUser | None:
        said, _, code = given.rpartition(".")
        if not hmac.compare_digest(code.encode(), self._code(said).encode()):
            return None
        address, language, opened, issued = said.split(".")
        at = datetime.fromtimestamp(int(opened), UTC)
        since = datetime.fromtimestamp(int(issued), UTC)
        return AppUser(address, "", language, at) if now - since <= _IDLE and now - at <= _IN_ALL else None

    def _code(self, said: str) -> str:
        mac = hmac.new(self.key, f"director:{said}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")
