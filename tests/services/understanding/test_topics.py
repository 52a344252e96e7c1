"""Which topic of a meeting is understood: a real match, or none."""

from __future__ import annotations

import pytest

from benchmarks.understanding import TODAY
from services.offices.offices import load_offices
from services.understanding.understanding import Understanding

RULES = Understanding(load_offices())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("أبي أشوف المدير عشان رخصة البناء متأخرة", "permits"),
        ("الزبالة ما تنشال من اسبوع عند بيتنا", "cleanliness"),
        ("الحاوية مكسورة", "cleanliness"),
        ("أبي شهادة سكن", "property"),
        ("رسوم البلدية عالية", "property"),
        ("الليت خربان في الحي", "neighbourhood"),
        ("el zbala matroosa", "cleanliness"),
        ("my licence", "permits"),
        ("My building permit is late since the summer", "permits"),
        ("rubbish has not been collected", "cleanliness"),
        ("the street lamp is out", "neighbourhood"),
        ("I am an investor and want to rent municipal land", "investment"),
        ("My complaint is still unsolved, I want to appeal", "unsolved"),
    ],
)
def test_a_topic_is_told_by_plain_words(text: str, topic: str) -> None:
    assert RULES.topic_of(text, TODAY) == topic


@pytest.mark.parametrize(
    "text",
    [
        "أبي أشوف المدير عشان المجاري اللي طافحة عند بيت أمي",  # sewage is no topic, and no near word of "projects"
        "مجاري الشارع طافحة",
        "أريد مقابلة المدير العام بشأن أرضي",
        "ممكن أقابل المدير",
        "ولدي مريض وأبي مساعدة",
        "الجيران يزعجونا بالليل",
        "el majari 6af7a",
        "sewage is overflowing at my mother's house",
        "I want to talk to the director",
        "my son needs a job",
        "my neighbour makes noise at night",
    ],
)
def test_no_topic_is_better_than_a_wrong_one(text: str) -> None:
    assert RULES.topic_of(text, TODAY) is None
