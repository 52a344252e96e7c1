"""Arabic in Latin letters, read as the Arabic words that the rules know."""

from __future__ import annotations

import pytest

from services.understanding.latin_arabic import LatinArabic, is_latin_arabic
from services.understanding.words import words

KNOWN = LatinArabic(words("رخصة بناء رسوم زبالة حاوية طريق مستندات مطلوبة بيارة سيارتي"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shlon atla3 rokhsat el bina2", "شلون atla3 رخصه بنا"),
        ("chm rsoom el baladiya", "كم رسوم بلديه"),
        ("wain el 7awiya", "وين حاويه"),
        ("meno yensa7 el bayyara", "منو yensa7 بياره"),
        ("ana abi el mostanadat el matlooba", "انا ابي مستندات مطلوبه"),
        ("wain sayyarti", "وين سيارتي"),
    ],
)
def test_words_are_known_by_their_consonants(typed: str, meant: str) -> None:
    assert " ".join(KNOWN.read(words(typed))) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "may I come at 10am on the 3rd, building 12 road 337?",
        "the lamp at block 338 has been out since Monday",
        "reference C-9PLD-4WX please tell me the progress",
        "متى دوامكم",
        "hi",
    ],
)
def test_other_languages_stay_as_they_are(typed: str) -> None:
    assert not is_latin_arabic(words(typed))
    assert KNOWN.read(words(typed)) == words(typed)


def test_a_part_is_read_as_the_message_that_it_is_of() -> None:
    message = words("ay sa3a tshelon el zbala, el rsoom")

    assert KNOWN.read(words("el rsoom"), message) == ["رسوم"]
