"""Phone numbers as people type them."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from services.text.normalise import latin_digits, without_bidi

_HOME = "BH"


def parse_phone(text: str) -> str | None:
    """The number in E.164 (`+97333123456`), or None where it is none that could ring.

    Eight digits are a number of Bahrain; any other country's is taken with its + or 00. Arabic-Indic and
    Persian digits, spaces and hyphens are accepted. What is valid is Google's metadata's word
    (`phonenumbers`): ranges of Bahrain's 6x numbers are fixed lines or unused, so no pattern of ours.
    """
    number = _parse(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def _parse(text: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(latin_digits(without_bidi(text)), _HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
