"""Text for the cells of a spreadsheet or a CSV file."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Text that a spreadsheet takes for text: with an apostrophe before it where it would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
