"""The bank of ready answers: what the offices file may say of it, whose answer counts, and how well it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.inquiries import BEFORE_TUNING, OF_OTHERS, inquiries, measured, of_others
from services.offices.answers import AnswerId
from services.offices.offices import Offices, OfficesFileError, load_offices
from services.understanding.understanding import Understanding
from storage.ids import OfficeId

CAPITAL, MUHARRAQ, NOWHERE = OfficeId("capital"), OfficeId("muharraq"), OfficeId("")
OWN = """
    answers:
      hours:
        question: { ar: "ما أوقات الدوام؟", en: "What are the opening hours?" }
        text: { ar: نفتح مساء الأحد أيضاً., en: We are also open on Sunday evenings. }
        keywords: { ar: [دوامكم], en: [opening hours] }
      fish:
        question: { ar: "متى يفتح سوق السمك؟", en: "When does the fish market open?" }
        text: { ar: يفتح سوق السمك فجراً., en: The fish market opens at dawn. }
        keywords: { ar: [سوق السمك], en: [fish market] }
"""


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The shipped file with something changed in it."""
    shipped = Path(load_offices.__code__.co_filename).parents[1] / "data"
    text = (shipped / "bahrain.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (tmp_path / "offices.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "blocks.csv").write_bytes((shipped / "blocks.csv").read_bytes())
    return tmp_path / "offices.yaml"


@pytest.fixture
def with_own(tmp_path: Path) -> Offices:
    """The capital has two answers of its own, one in the place of a shared one."""
    return load_offices(edited(tmp_path, ("\n    keywords:\n      [المنامة", f"{OWN}    keywords:\n      [المنامة")))


def test_questions_are_recognised_and_find_their_answers() -> None:
    figures = measured(load_offices(), inquiries())

    assert figures.asks >= 0.95
    assert figures.answer_top1 >= 0.9
    assert figures.answer_offered >= 0.95
    assert figures.silent >= 0.8


def test_the_kinds_of_what_others_wrote_are_told_apart() -> None:
    figures = measured(load_offices(), of_others(OF_OTHERS))

    assert figures.asks >= 0.95
    assert figures.kind >= 0.94
    assert figures.answer_top1 >= 0.94
    assert figures.answer_offered >= 0.97


def test_first_messages_in_every_way_of_writing_are_told_apart() -> None:
    figures = measured(load_offices(), of_others(BEFORE_TUNING))

    assert figures.asks >= 0.93
    assert figures.kind >= 0.93
    assert figures.answer_top1 >= 0.88
    assert figures.answer_offered >= 0.9
    assert figures.silent >= 0.8


def test_a_school_in_a_question_is_no_matter_of_other_bodies() -> None:
    rules = Understanding(load_offices())

    assert rules.answers_to("من يركب مطب جدام المدرسة", CAPITAL)[:1] == ("roads",)
    assert rules.answers_to("how do i renew my driving licence", CAPITAL) == ()


def test_english_words_amid_latin_arabic_stay_english() -> None:
    assert "permit_apply" in Understanding(load_offices()).answers_to("shlon a6alle3 building permit", CAPITAL)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("بكم اجازة البنا", "permit_fees"),  # neither word is in the bank's question
        ("paperwork for the rukhsa: which documents for a رخصة بناء?", "permit_papers"),
        ("who is responsible for street lights?", "lights"),  # not for whose job what is in general
        ("housing certificate for the embassy, how do I get it", "housing"),
    ],
)
def test_answers_are_found_by_words_that_mean_the_same(asked: str, answer: str) -> None:
    assert Understanding(load_offices()).answers_to(asked, CAPITAL)[:1] == (answer,)


@pytest.mark.parametrize(
    "asked", ["how do I renew my passport", "شلون اجدد جوازي", "متى تنزل رواتب التقاعد", "what are the fees for a visa"]
)
def test_what_other_bodies_do_gets_no_answer_of_ours(asked: str) -> None:
    assert Understanding(load_offices()).answers_to(asked, CAPITAL) == ()


def test_an_offices_own_answer_takes_the_place_of_the_shared_one_there(with_own: Offices) -> None:
    hours = AnswerId("hours")
    assert "Sunday evenings" in with_own.answers_of(CAPITAL)[hours].text.en
    assert "public holidays" in with_own.answers_of(MUHARRAQ)[hours].text.en
    assert "public holidays" in with_own.answers_of(NOWHERE)[hours].text.en


def test_an_offices_own_answer_is_found_by_its_residents_alone(with_own: Offices) -> None:
    rules = Understanding(with_own)
    assert rules.answers_to("when does the fish market open?", CAPITAL)[:1] == (AnswerId("fish"),)
    assert AnswerId("fish") not in rules.answers_to("when does the fish market open?", MUHARRAQ)
    assert rules.answers_to("opening hours", CAPITAL)[:1] == (AnswerId("hours"),)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("{hours}\n        تُغلق", "{ours}\n        تُغلق", "answers.hours.text.ar: expected one of the placeholders"),
        ("Offices are closed on", "{hours} Offices are closed on", "expected {hours} on a line of its own"),
        ("{office} is open:", "We are open:", "expected the same placeholders in every language ({office}"),
        (
            "    category: housing\n    keywords:\n      ar:\n        [شهادة سكن",
            "    category: house\n    keywords:\n      ar:\n        [شهادة سكن",
            "answers.housing.category: expected one of the categories",
        ),
        (
            "    website: https://www.benayat.bh\n",
            "    website: benayat\n",
            "answers.permit_apply.website: expected an address",
        ),
        (
            "  permit_apply:\n    question: { ar: كيف",
            "  Permit:\n    question: { ar: كيف",
            "expected an id of at most 20",
        ),
        (
            "update: 7, close: 14",
            "update: 7, close: 3",
            "inquiries.targets.close: expected not fewer hours than “update” (7)",
        ),
        (
            "  category: other\n\noffices",
            "  category: others\n\noffices",
            "inquiries.category: expected one of the categories",
        ),
    ],
)
def test_what_is_wrong_with_the_bank_is_named(tmp_path: Path, before: str, after: str, wrong: str) -> None:
    with pytest.raises(OfficesFileError) as refused:
        load_offices(edited(tmp_path, (before, after)))
    assert wrong in str(refused.value)
