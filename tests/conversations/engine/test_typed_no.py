"""A typed "no": what says nothing else is one; a reason stays a reason."""

from __future__ import annotations

import pytest

from conversations.engine.typed_yes_no import refuses


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "No.",
        "NO THANKS",
        "no, thank you very much",
        "Please, no",
        "Keep it.",
        "No, keep it please",
        "no please keep my appointment",
        "leave it as it is",
        "I want to keep it",
        "don't cancel",
        "No! Don’t cancel it",
        "I do not want to cancel the appointment",
        "no, I don't want to withdraw my request",
        "No, sorry, by mistake",
        "no I changed my mind",
        "No, I'll come",
        "لا",
        "لأ",
        "كلا، شكراً",
        "لا شكرا",
        "لا، شكراً جزيلاً",
        "لا مشكورين الله يعطيكم العافية",
        "لا أريد الإلغاء",
        "لا أرغب في الإلغاء",
        "لا أريد إلغاء الموعد",
        "لا أريد إلغاءه",
        "ما أبي ألغي الموعد",
        "ما أبغى ألغيه",
        "لا أريد سحب الطلب",
        "لا تلغوا الموعد",
        "لا تلغونه",
        "لا، أريد الإبقاء عليه",
        "لا خلوه",
        "لا سأحضر",
        "لا بالغلط",
    ],
)
def test_what_only_says_no_is_a_no(words: str) -> None:
    assert refuses(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "thanks",
        "شكراً",
        "Yes",
        "no time",
        "No longer needed",
        "no need for it any more",
        "no, cancel it",
        "No, I can't come",
        "I don't want it",
        "I do not want the appointment",
        "I will not come",
        "Nobody at home can drive me",
        "not well",
        "I will come another day",
        "a mistake",
        "لا أستطيع الحضور",
        "لا يناسبني الوقت",
        "لا أريد الموعد",
        "لا حاجة إليه",
        "لا، ألغوه",
        "ما أقدر أحضر",
        "لا أرغب في الحضور",
        "لم أعد بحاجة إلى الموعد",
        "لا يوجد وقت",
        "تم حل الموضوع",
        "بالخطأ",
    ],
)
def test_what_says_more_is_a_reason(words: str) -> None:
    assert not refuses(words)
