"""Telegram's JSON, read once at the edge, so that one bad character costs nobody else their update."""

from __future__ import annotations

import json
import re
from typing import Final

import orjson

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, and UTF-8 no half of a pair
_REPLACEMENT: Final = "\ufffd"


def loads(raw: bytes) -> Json:
    """What `raw` says. What no database can keep is replaced: NUL, lone surrogates, invalid UTF-8.

    Raises ValueError where it is no JSON.
    """
    if not has_nul(raw):
        try:
            found: Json = orjson.loads(raw)
        except orjson.JSONDecodeError:  # a lone surrogate, say: the stricter of the two parsers takes none
            pass
        else:
            return found
    try:
        return _keepable(json.loads(raw.decode(errors="replace")))
    except RecursionError:
        raise ValueError("nested too deep") from None


def has_nul(raw: bytes) -> bool:
    return b"\\u0000" in raw


def _keepable(value: Json) -> Json:
    if isinstance(value, str):
        return _UNKEEPABLE.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [_keepable(one) for one in value]
    if isinstance(value, dict):
        return {_UNKEEPABLE.sub(_REPLACEMENT, key): _keepable(one) for key, one in value.items()}
    return value


def dumps(value: Json) -> bytes:
    """As JSON again. Numbers that are larger than 64 bits are written too."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False).encode()
