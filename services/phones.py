"""Phone numbers and personal numbers (CPR) as people type them."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from services.words import latin_digits, without_bidi

_HOME = "BH"


def parse_phone(text: str) -> str | None:
    """The number in E.164 (`+97333123456`), or None where it is none that could ring.

    Eight digits are a number of Bahrain; any other country's is taken with its + or 00. Arabic-Indic and
    Persian digits, spaces and hyphens are accepted. What is valid is Google's metadata's word
    (`phonenumbers`): ranges of Bahrain's 6x numbers are fixed lines or unused, so no pattern of ours.
    """
    number = _parse(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def is_mobile(phone: str) -> bool:
    """Whether a number, as `parse_phone` gives it, can be a mobile."""
    number = _parse(phone)
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return number is not None and phonenumbers.number_type(number) in kinds


def _parse(text: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(latin_digits(without_bidi(text)), _HOME)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def parse_cpr(text: str) -> str | None:
    """A personal number's nine digits, or None. Only the shape is checked: no check-digit rule is public."""
    digits = re.sub(r"[\s\-]", "", latin_digits(without_bidi(text)))
    return digits if re.fullmatch(r"[0-9]{9}", digits) else None


def mask_cpr(cpr: str) -> str:
    """`*****1234`: enough for its owner to know it by."""
    return "*" * max(len(cpr) - 4, 0) + cpr[-4:]
