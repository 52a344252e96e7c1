"""Telegram's JSON, and the errors its Bot API answers with.

The sandbox stands where Telegram stands, so it keeps what Telegram sends: JSON objects, called `Wire`
here. They are the one place in this project where a dict is the right shape for a value.
"""

from __future__ import annotations

import ipaddress
from typing import Any, TypeAlias

Wire: TypeAlias = dict[str, Any]


class ApiError(Exception):
    """A refused call: what Telegram would answer, word for word."""

    def __init__(self, code: int, description: str, parameters: Wire | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def wire(self) -> Wire:
        body: Wire = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    return ApiError(403, f"Forbidden: {description}")


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts lengths and offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) >> 1


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
