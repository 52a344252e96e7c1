"""Addresses as people type them."""

import pytest

from services.offices.addresses import Address, parse_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("338", Address(338)),
        ("٣٣٨", Address(338)),
        ("Block 338", Address(338)),
        ("Block 338 Road 12", Address(338, road="12")),
        ("Road 1022, block 338", Address(338, road="1022")),
        ("bldg. 12a rd no. 1203 blk 312", Address(312, road="1203", building="12A")),
        ("مبنى 5، طريق 1203، مجمع 312", Address(312, road="1203", building="5")),
        ("مجمع رقم ٣١٢ طريق ٢٣", Address(312, road="23")),
        ("منزل 44 مجمع 228", Address(228, building="44")),
        ("12 1203 338", Address(338, road="1203", building="12")),
        ("12/1203/338", Address(338, road="1203", building="12")),
        ("Road 338", Address(None, road="338")),
        ("House 7", Address(None, building="7")),
    ],
)
def test_an_address_is_understood(typed: str, address: Address) -> None:
    assert parse_address(typed) == address


@pytest.mark.parametrize("typed", ["", "near the mosque", "قرب المسجد", "99", "9999", "338 or 340"])
def test_what_names_no_block_is_no_address(typed: str) -> None:
    assert parse_address(typed) is None
