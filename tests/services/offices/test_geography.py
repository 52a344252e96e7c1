"""Points and blocks suggest an office."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.offices.geography import BlockMatch, OutsideBahrain, office_of_block, parse_block, suggest_office
from storage.ids import OfficeId
from tests.shipped import OFFICES


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "office"),
    [
        ("Bab al-Bahrain", 26.2336, 50.5756, "capital"),
        ("Sitra", 26.155, 50.620, "capital"),
        ("Juffair", 26.213, 50.605, "capital"),
        ("Muharraq souq", 26.2578, 50.6119, "muharraq"),
        ("the airport", 26.2708, 50.6336, "muharraq"),
        ("Hidd", 26.2455, 50.6547, "muharraq"),
        ("Budaiya", 26.2166, 50.4530, "northern"),
        ("Hamad Town", 26.115, 50.486, "northern"),
        ("Riffa", 26.130, 50.555, "southern"),
        ("Isa Town", 26.1736, 50.5478, "southern"),
        ("Awali", 26.085, 50.545, "southern"),
        ("Hawar", 25.650, 50.760, "southern"),
    ],
)
def test_a_known_place_suggests_its_municipality(place, latitude, longitude, office):
    assert suggest_office(OFFICES, latitude, longitude) == office


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(25.286, 51.533), (26.4207, 50.0888), (26.30, 50.85), (0, 0), (math.nan, 50.5), (26.2, math.inf)],
)
def test_a_point_elsewhere_is_outside(latitude, longitude):
    assert suggest_office(OFFICES, latitude, longitude) == OutsideBahrain()


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_point_is_answered(latitude, longitude):
    found = suggest_office(OFFICES, latitude, longitude)
    assert isinstance(found, OutsideBahrain) or OFFICES.get(found)


def test_meeting_places_lie_in_their_own_municipality():
    for office in OFFICES.all:
        if office.place and office.governorate:
            assert suggest_office(OFFICES, office.place.latitude, office.place.longitude) == office.id


@pytest.mark.parametrize(
    ("block", "office", "sure"),
    [
        (318, "capital", True),
        (226, "muharraq", True),
        (734, "northern", True),
        (718, "southern", True),
        (338, "capital", False),
        (1012, "northern", False),
    ],
)
def test_a_block_suggests_its_office(block, office, sure):
    assert office_of_block(OFFICES, block) == BlockMatch(OfficeId(office), sure=sure)


@pytest.mark.parametrize("block", [427, 742, 617, 1103, 50, 2000, -5])
def test_a_block_of_split_or_unknown_hundreds_is_asked_about(block):
    assert office_of_block(OFFICES, block) is None


def test_what_staff_corrected_is_sure():
    assert office_of_block(OFFICES, 427, OfficeId("capital")) == BlockMatch(OfficeId("capital"), sure=True)


def test_an_office_that_is_gone_is_no_correction_any_more():
    assert office_of_block(OFFICES, 318, OfficeId("central")) == BlockMatch(OfficeId("capital"), sure=True)


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("338", 338),
        ("٣٣٨", 338),
        ("۱۲۱۶", 1216),
        ("مجمع 338", 338),
        ("مجمّع رقم ٣٣٨", 338),
        ("Block 338", 338),
        ("blk.338", 338),
        ("building 120, road 2004, block 1022", 1022),
        ("مبنى 120 طريق 2004 مجمع 1022", 1022),
        (" \u2067338\u2069 ", 338),
        ("100", None),
        ("1217", None),
        ("0338", None),
        ("33123456", None),
        ("338 or 340", None),
        ("", None),
        ("المحرق", None),
    ],
)
def test_a_block_is_read_as_people_write_it(text, block):
    assert parse_block(text) == block


@given(st.integers(101, 1216))
def test_every_block_is_read_back(block):
    assert parse_block(f"مجمع {block}") == block


@given(st.text())
def test_any_text_is_taken(text):
    assert parse_block(text) in {None, *range(101, 1217)}
