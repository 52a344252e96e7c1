"""Links of the pages of a Customer Day: the screen in the hall, and the page of whoever receives people.

A screen has no account, so its link carries a code (HMAC-SHA256) that only holders of the key can compute. It shows
ticket numbers and nothing else. The other page asks Telegram who is there, and its link is no secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from storage.ids import SessionId

HALL = "/hall/"
DIRECTOR = "/director"
PROMISES = "/promises"
_CODE_BYTES = 15  # 120 bits: 20 characters, without padding
_LONGEST_ID = 15  # digits


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links below a public address, made and recognised with one key."""

    public_url: str  # without a slash at its end
    key: bytes = field(repr=False)

    def hall(self, session: SessionId) -> str:
        return f"{self.public_url}{HALL}{session}?key={self._code(session)}"

    def director(self) -> str:
        return self.public_url + DIRECTOR

    def promises(self) -> str:
        """Promises in numbers, for anybody."""
        return self.public_url + PROMISES

    def session_in(self, written: str, code: str) -> SessionId | None:
        """The session that a link of the hall is for; None for any that `hall` did not make."""
        if not (written.isascii() and written.isdecimal()) or len(written) > _LONGEST_ID:
            return None
        session = SessionId(int(written))
        return session if hmac.compare_digest(code.encode(), self._code(session).encode()) else None

    def pass_key(self) -> bytes:
        """Signs what the director's page is known by between two requests."""
        return hmac.new(self.key, b"pass", hashlib.sha256).digest()

    def _code(self, session: SessionId) -> str:
        mac = hmac.new(self.key, f"hall:{session}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac[:_CODE_BYTES]).decode()
