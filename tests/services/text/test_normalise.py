"""Words are cleaned, compared and searched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.text.normalise import BIDI_CONTROLS, clean, latin_digits, normalise, search, visible_name
from tests.shipped import OFFICES

# ---------------------------------------------------------------------------- clean


@given(st.text(), st.integers(1, 60))
@example("e\u0301" * 40, 7)
def test_cleaned_words_are_short_steered_by_nobody_and_stay_as_they_are(text, limit):
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert not BIDI_CONTROLS & set(cleaned)
    assert all(character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"} for character in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned, limit) == cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \n\n\n\n b", "a\n\nb"),
        ("a\u202eb\u2066c\u061cd\u200fe", "abcde"),
        ("a\x00b\x1bc\ud800d\ufeffe\u200bf", "abcdef"),
        ("e\u0301", "é"),
        ("👩\u200d👩\u200d👧 ❤️ 👍🏽 🇧🇭", "👩\u200d👩\u200d👧 ❤️ 👍🏽 🇧🇭"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("hidden\U000e0067\U000e0062", "hidden"),
        ("سُورَة", "سُورَة"),
        ("", ""),
        ("\u202e", ""),
        ("\u3164\u115f\u1160\uffa0", ""),
    ],
)
def test_what_people_type_is_cleaned(typed, kept):
    assert clean(typed, 1000) == kept


@pytest.mark.parametrize("limit", range(1, 9))
def test_no_emoji_or_accented_letter_is_cut_in_two(limit):
    family = "ab👩\u200d👩\u200d👧x"
    assert clean(family, limit) in {"a", "ab", family[:-1], family}
    thumb = "ab👍🏽x"
    assert clean(thumb, limit) in {"a", "ab", "ab👍🏽", thumb}


# ---------------------------------------------------------------------------- normalise


@given(st.text())
def test_a_normal_form_is_its_own(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إسلام", "اسلام"),
        ("آمنة", "امنه"),
        ("ٱلله", "الله"),
        ("مستشفى", "مستشفي"),
        ("مسؤول", "مسوول"),
        ("شاطئ", "شاطي"),
        ("شيء", "شي"),
        ("نَظَافَة", "نظافه"),
        ("نـظـافـة", "نظافة"),
        ("یک", "يك"),
        ("ﻻ", "لا"),
        ("شئون", "شؤون"),
        ("مسئول", "مسؤول"),
        ("رءوس", "رؤوس"),
        ("إضاءة", "إضائه"),
        ("أبناؤهم", "أبنائهم"),
        ("شاطيء", "شاطئ"),
        ("هيأة", "هيئه"),
        ("دائرة", "دايره"),
        ("كهرباء", "كهربا"),
        ("شُـؤُون", "شئون"),
        ("\u3164a\u2800b\u034f", "a b"),
        ("৩৩৮", "338"),
        ("٣٣٨", "338"),
        ("۳۳۸", "338"),
        ("Straße CAFÉ", "strasse cafe"),
        ("  a\u200f  b\n", "a b"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_two_spellings_of_a_word_are_one(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("  علي \n حسن ", "علي حسن"),
        ("Ali\u3164", "Ali"),
        ("3", "3"),
        ("👍", "👍"),
        ("\u3164", ""),
        ("\u2800\u2800", ""),
        ("\u0300\u0301", ""),
        ("\u200b\u200d\u2060", ""),
        ("\U000e0041\U000e007f", ""),
    ],
)
def test_a_name_is_what_can_be_seen_of_it(called, name):
    assert visible_name(called) == name


def test_digits_are_latin_and_nothing_else_changes():
    assert latin_digits("مجمع ٣٣٨، Block ۹") == "مجمع 338، Block 9"


# ---------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("زبالة", "cleanliness"),
        ("الزباله", "cleanliness"),
        ("rubish", "cleanliness"),
        ("garbge", "cleanliness"),
        ("حاوية ممتلئة", "bins"),
        ("pothole", "roads"),
        ("there is a big pothole near my house", "roads"),
        ("حفره", "roads"),
        ("كلب", "strays"),
        ("كلاب ضالة عند المدرسة", "strays"),
        ("stray dogs", "strays"),
        ("مجاري", "sewerage"),
        ("طفح المجاري", "sewerage"),
        ("ليت الشارع", "lighting"),
        ("street light", "lighting"),
        ("إنارة", "lighting"),
        ("مطر", "rainwater"),
        ("sewage", "sewerage"),
        ("سيارة مهجورة", "vehicles"),
        ("abandoned car", "vehicles"),
        ("building permit", "building"),
        ("رخصة بناء", "building"),
        ("صراصير", "pests"),
        ("mosquitos", "pests"),
        ("شهادة سكن", "housing"),
        ("بالحديقة", "parks"),
        ("playground", "parks"),
        ("fish market", "markets"),
        ("فاتورة", "fees"),
        ("beach", "coasts"),
        ("food truck", "vendors"),
        ("بيت مهجور", "dilapidated"),
        ("billboard", "signs"),
        ("investor", "investment"),
        ("أبي أشتكي على الزبالة قدام البيت", "cleanliness"),
        ("ريحة المجاري", "sewerage"),
        ("قطاوة", "strays"),
        ("my neighbor is building without a licence", "building"),
    ],
)
def test_a_category_is_found_by_what_people_say(typed, category):
    assert search(typed, OFFICES.categories)[0].id == category


def test_bins_are_offered_for_rubbish_as_well():
    assert [category.id for category in search("زبالة", OFFICES.categories)] == ["cleanliness", "bins"]


@pytest.mark.parametrize("typed", ["", "   ", "the", "من", "zzzz", "؟!"])
def test_nothing_fits_nothing(typed):
    assert search(typed, OFFICES.categories) == []


def test_offices_are_found_by_their_towns():
    assert search("الرفاع", OFFICES.all)[0].id == "southern"
    assert search("manama", OFFICES.all)[0].id == "capital"


@given(st.text(), st.integers(1, 5))
def test_any_words_are_taken(typed, limit):
    assert len(search(typed, OFFICES.categories, limit)) <= limit
