"""What is understood of labelled sentences, and the rules one by one, in the words that people use."""

from __future__ import annotations

from datetime import date, time

import pytest

from benchmarks.understanding import MOMENTS, OF_OTHERS, TODAY, Reader, figures, sentences
from services.offices.offices import load_offices
from services.text.normalise import MAX_WORDS
from services.understanding.kinds import Want
from services.understanding.places import without_address
from services.understanding.times import when_said
from services.understanding.understanding import Understanding, Understood

OFFICES = load_offices()
RULES = Understanding(OFFICES)


def read(text: str) -> Understood:
    return RULES.of(text, TODAY)


def test_the_tuned_sentences_hold_the_targets() -> None:
    known = figures(Reader(OFFICES), [one for one in (*sentences(), *sentences(OF_OTHERS)) if not one.untouched])

    assert known.category_top1 >= 0.85
    assert known.category_top3 >= 0.95
    assert known.place >= 0.98
    assert known.when >= 0.97


def test_the_day_and_hour_that_appointments_ask_for_are_read() -> None:
    asked = sentences(MOMENTS)

    right = [
        when_said(without_address(one.text), TODAY)
        == (date.fromisoformat(one.day) if one.day else None, time.fromisoformat(one.time) if one.time else None)
        for one in asked
    ]

    assert sum(right) / len(asked) >= 0.97


def test_no_sentence_is_given_to_a_wrong_office() -> None:
    assert figures(Reader(OFFICES), (*sentences(), *sentences(OF_OTHERS))).wrong_office == 0


def test_there_are_enough_sentences_in_both_languages() -> None:
    by_language = [one.language for one in sentences()]
    assert by_language.count("ar") >= 150
    assert by_language.count("en") >= 100


@pytest.mark.parametrize(
    ("text", "block", "road", "building"),
    [
        ("Block 338 Road 3831", 338, "3831", ""),
        ("مجمع ٣٣٨ طريق ٣٨٣١", 338, "3831", ""),
        ("بمجمع 338 مبنى 12أ", 338, "", ""),
        ("blk 338 rd 12 bldg 5", 338, "12", "5"),
        ("block 338 and block 339", None, "", ""),  # which of them nobody can tell
        ("since 338 days, 500 dinars", None, "", ""),
        ("block 99", None, "", ""),
    ],
)
def test_a_number_is_taken_for_what_it_is_called(text: str, block: int | None, road: str, building: str) -> None:
    place = read(text).place
    assert (place.block, place.road, place.building) == (block, road, building)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("bins in Riffa", {"southern"}),
        ("في سار", {"northern"}),
        ("بلدية المحرق", {"muharraq"}),
        ("شارع المحرق فيه حفر", set()),  # a road that is named after it
        ("Budaiya highway", set()),
        ("الجو حار", set()),  # weather, not the village
        ("I live in Riffa, it is in Muharraq", {"southern", "muharraq"}),
        ("حفرة في الشارع بالمحرق", {"muharraq"}),
        ("الجنوبية", {"southern"}),
        ("العاصمة", {"capital"}),
        ("garbage everywhere in northern area", {"northern"}),
        ("the bin in southern is overflowing", {"southern"}),
        ("in the southern governorate", {"southern"}),
        ("الزبالة متروسة في الجنوبية", {"southern"}),
        ("القمامة بالشمالية ما شالوها", {"northern"}),
        ("أنا من العاصمة والزبالة ما شالوها", {"capital"}),
        ("المنطقة الشمالية من البحرين", {"northern"}),
        ("northern side of the street is dirty", set()),
        ("garbage in northern side of street", set()),
        ("the bins in the northern area of the park", set()),
        ("south of the park", set()),
        ("the capital is dirty", set()),
        ("garbage in the capital", set()),
        ("الجهة الشمالية من الشارع وسخة", set()),
        ("في المنطقة الجنوبية من الحديقة", set()),
        ("البوابة الشمالية للحديقة", set()),
        ("العاصمة وسخة", set()),
        ("الزبالة متروسة في مدينة حمد", {"northern"}),
        ("bins in Hamad Town are full", {"northern"}),
        ("mita tjoon etshiloon el zbala fe 7amad town?", {"northern"}),
        ("el zbala fe m7rq", {"muharraq"}),
        ("7ofra fe rfa3", {"southern"}),
        ("7fra fe 3isa town", {"southern"}),
        ("el zbala b sitra", {"capital"}),
        ("rubbish in budaiya", {"northern"}),
        ("el zbala fe budaiya3", {"northern"}),
    ],
)
def test_a_place_is_meant_where_it_is_named_as_one(text: str, office: set[str]) -> None:
    assert read(text).place.named == office


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("موعد ٢٣ ديسمبر الساعة ١٠", date(2026, 12, 23), time(10)),
        ("appointment tomorrow at half", date(2026, 11, 29), None),
        ("موعد باجر الساعة تسع ونص", date(2026, 11, 29), time(9, 30)),
        ("book me next wednesday 10:30 am", date(2026, 12, 2), time(10, 30)),
        ("ابي موعد عقب باچر الساعة ٩ إلا ربع", date(2026, 11, 30), time(8, 45)),
        ("موعد باكر ١٠ وثلث", date(2026, 11, 29), time(10, 20)),
        ("موعد الأربعا الياي 9 الصبح", date(2026, 12, 2), time(9)),
        ("appt tmrw half past ten", date(2026, 11, 29), time(10, 30)),
        ("can i come day after tomorrow at quarter to one", date(2026, 11, 30), time(12, 45)),
        ("موعد ١٥ رمضان", date(2027, 2, 22), None),
        ("appointment in two weeks", date(2026, 12, 12), None),
        ("appointment for 3 people", None, None),
        ("موعد مو الأحد، الاثنين الساعة 9", date(2026, 11, 30), time(9)),
        ("my last appointment was on 11 November, now I want 2 December at 10", date(2026, 12, 2), time(10)),
        ("move my appointment from Sunday at 9 to Wednesday", date(2026, 12, 2), None),
        ("موعد الأحد أو الاثنين الساعة 9", None, time(9)),
        ("appointment tomorrow between 9 and 10", date(2026, 11, 29), time(9)),
        ("appointment on the first Wednesday of December", date(2026, 12, 2), None),
        ("موعد يوم 23 شهر 12", date(2026, 12, 23), None),
        ("موعد الأسبوع الياي يوم الثلاثاء", date(2026, 12, 1), None),
        ("an appointment for 10 people after 3 days", date(2026, 12, 1), None),
        ("موعد ثلاثة وعشرين ديسمبر قبل ١١", date(2026, 12, 23), time(11)),
        ("I cannot come on Sunday, book Monday at 8", date(2026, 11, 30), time(8)),
        ("appointment, the shop is open 24/7", None, None),
        ("appointment about block 338 road 12", None, None),
    ],
)
def test_a_day_and_a_time_are_found_in_a_sentence(text: str, day: date | None, clock: time | None) -> None:
    assert read(text).when == (day, clock)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("abi mawid", Want.BOOK),
        ("can I get an appointment on 16/12?", Want.BOOK),
        ("متى يوم العميل؟", Want.KNOW),
        ("أقترح زراعة أشجار", Want.SUGGESTION),
        ("لاحظت حفرة", Want.OBSERVATION),
        ("نبي حاوية", Want.SERVICE_REQUEST),
        ("كم الرسوم؟", Want.KNOW),
        ("تعبنا من الريحة", Want.COMPLAINT),
        ("hello there", None),
        ("الأربعاء القادم الساعة ١٠", Want.BOOK),  # nothing else is said
        ("Monday or Tuesday, 10 am", Want.BOOK),  # though not for which day
        ("any weekday but Wednesday, at 11", Want.BOOK),
        ("باجر الصبح بدري قبل لا يزحم الشارع", Want.BOOK),
        ("Sunday 9 am the bins were not emptied", None),
    ],
)
def test_what_is_wanted(text: str, want: Want | None) -> None:
    assert read(text).want is want


@pytest.mark.parametrize(
    ("text", "name", "companions", "phone"),
    [
        ("اسمي علي حسن ورقمي 33123456", "علي حسن", None, "+97333123456"),
        ("my name is John Peter and I need a bin", "John Peter", None, ""),
        ("me and my wife", "", 1, ""),
        ("احنا ٣ اشخاص", "", 2, ""),
        ("we are 12 people", "", 3, ""),  # more than may come along
        ("call 12345678901234", "", None, ""),
    ],
)
def test_who_it_is(text: str, name: str, companions: int | None, phone: str) -> None:
    known = read(text)
    assert (known.name, known.companions, known.phone) == (name, companions, phone)


def test_words_stand_in_any_form_and_misspelt() -> None:
    for text in ("الكلاب", "والكلاب", "للكلاب", "كلااااب"):
        assert read(text).about.categories[:1] == ("strays",), text
    assert read("cokroaches in my kitchen").about.categories[:1] == ("pests",)


def test_what_names_no_category_gets_none() -> None:
    assert not read("my flat on the second floor has no elevator").about.categories


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", "😀" * 50, "ا" * MAX_WORDS, "block " * 700, "1 " * 2000, "موعد " * 900]
)
def test_anything_can_be_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "text",
    ["سلك كهرباء مكشوف قرب المدرسة", "A bare wire hangs beside the school", "سلك كهربا مكشوف على الرصيف جدام المدرسة"],
)
def test_whoever_tells_of_a_danger_is_not_asked_what_it_is_about(text: str) -> None:
    known = read(text)
    assert (known.danger, known.category) == ("electricity", "lighting")
