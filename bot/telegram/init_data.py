"""Who opened a Mini App: what Telegram signs with the bot's token and hands to the page.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from pydantic import BaseModel, Field, ValidationError

#: For how long what Telegram signed is good.
GOOD_FOR = timedelta(hours=1)
_AHEAD = timedelta(minutes=2)  # clocks differ
_LONGEST = 4096
_MOST_FIELDS = 20
_KEY_OF = b"WebAppData"


class _User(BaseModel):
    id: int = Field(gt=0)
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class AppUser:
    """Somebody that Telegram vouches for. `at` is when they opened the page."""

    address: str
    name: str
    language: str
    at: datetime


def verified(init_data: str, token: str, now: datetime) -> AppUser | None:
    """Who opened the page; None where Telegram did not sign this with this bot's token, or did so too long ago."""
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    if not hmac.compare_digest(given.encode(), signature(fields, token).encode()):
        return None
    try:
        at = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        user = _User.model_validate_json(fields["user"])
    except (KeyError, ValueError, OverflowError, OSError, ValidationError):
        return None
    if user.is_bot or not -_AHEAD <= now - at <= GOOD_FOR:
        return None
    return AppUser(str(user.id), f"{user.first_name} {user.last_name}".strip(), user.language_code, at)


def signature(fields: dict[str, str], token: str) -> str:
    """What Telegram signs: every field but the signature itself, in order, a line each."""
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.new(_KEY_OF, token.encode(), hashlib.sha256).digest()
    return hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()


def _fields(init_data: str) -> dict[str, str]:
    """Nothing where it is not well-formed or names a field twice."""
    if len(init_data) > _LONGEST:
        return {}
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}
