"""Each rule about wording finds what it is for, and lets good texts pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from locales import Language
from locales.build import wording
from locales.build.data import data_faults
from locales.build.faults import message_faults
from locales.build.glossary import glossary


def arabic(text: str, english: str = "Text") -> list[str]:
    """What is wrong with an Arabic text of the catalogues."""
    return list(message_faults(Message(english, string=text), Language.AR))


def english(text: str) -> list[str]:
    return [
        *wording.english_faults(text),
        *wording.figure_faults(text),
        *glossary().wrong_words(text, Language.EN),
    ]


# ---------------------------------------------------------------------------- the glossary


@pytest.mark.parametrize(
    "text",
    [
        "توفر موعد شاغر الآن",
        "عند شغور موعد يُعرض عليكم",
        "⏳ مستحقة اليوم",
        "آخر موعد للرد الأول: {date}",
        "تم تدوين الملاحظة",
        "سؤال من البلدية",
        "والأسئلة",
        "خارج المملكة",
        "مع إحضار البطاقة الشخصية",
        "مكرر للطلب",
        "أدواري",
        "سجّل موظف آخر النتيجة",
        "طلب صاحب الشأن عدم ذكر اسمه",
        "وأماكن تواجدها",
        "تغيّرت البطاقة في الأثناء",
        "رسالتكم المُرسلة بتاريخ {moment}",
        "تم الإغلاق من قِبل البلدية",
        "ملغى من مقدم الطلب",
        "هل أنتم متأكدون",
        "لا توجد معلومات عن هذا الزائر",
        "حُوِّل إلى صف آخر",
        "استئناف الدور",
        "رقم التذكرة",
        "صالة الانتظار",
        "حضور من دون موعد",
        "تسجيل إتمام المقابلة",
        "تسجيل الوعد",
    ],
)
def test_a_word_that_the_glossary_has_another_one_for_is_a_fault(text: str) -> None:
    assert list(glossary().wrong_words(text, Language.AR))


@pytest.mark.parametrize(
    "text",
    [
        "مقعد متاح",
        "تنتهي مدتها اليوم",
        "هذه الصفة لديكم من قبل",
        "خارج مملكة البحرين",
        "دوركم في قائمة الانتظار",
        "تم تسجيل الملاحظة في هذه الأثناء",
        "مكرر، تم ضمه إلى طلب سابق",
    ],
)
def test_the_words_of_the_glossary_are_welcome(text: str) -> None:
    assert not list(glossary().wrong_words(text, Language.AR))


@pytest.mark.parametrize(
    "text",
    [
        "You have no role at a desk.",
        "What is the matter?",
        "We are sorry. Please try again.",
        "servers abroad",
        "Sorry, that slot was just taken.",
        "This cannot be taken back any more.",
        "Somebody was first.",
    ],
)
def test_english_words_are_checked_too(text: str) -> None:
    assert english(text)


@pytest.mark.parametrize(
    "text",
    ["Sorry, someone else has just booked that time.", "No matte paper", "Send it to your office, desktop or not"],
)
def test_a_part_of_a_word_is_no_word(text: str) -> None:
    assert not english(text)


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        ("Stay on the waiting list", "البقاء في القائمة", "البقاء في قائمة الانتظار"),
        ("Referred to the responsible body", "محال إلى الوزارة", "محال إلى الجهة المختصة"),
        ("Bring your identity card.", "يُرجى إحضار البطاقة.", "يُرجى إحضار بطاقة الهوية."),
        ("Continue", "متابعة", "استكمال"),
        ("Done", "إنهاء", "تم"),
    ],
)
def test_a_term_is_translated_by_its_word(source: str, wrong: str, right: str) -> None:
    assert any("is «" in fault for fault in arabic(wrong, source))
    assert arabic(right, source) == []


def test_an_exact_term_says_nothing_of_longer_texts() -> None:
    assert arabic("متابعة الطلب", "Continue the request") == []


# ---------------------------------------------------------------------------- figures and times


@pytest.mark.parametrize(
    "text",
    [
        "محجوز لمدة 10 دقائق",
        "محجوز لمدة ١٠ دقائق",
        "محجوز لكم لمدة عشر دقائق",
        "بعد مرور أربع وعشرين ساعة",
        "خلال ربع ساعة",
        "بثلاثة أرقام",
    ],
)
def test_a_number_typed_into_an_arabic_text_is_a_fault(text: str) -> None:
    assert any("is typed" in fault for fault in arabic(text))


@pytest.mark.parametrize("text", ["deleted after 10 minutes", "more than two minutes ago", "a quarter of an hour"])
def test_a_number_typed_into_an_english_text_is_a_fault(text: str) -> None:
    assert any("is typed" in fault for fault in english(text))


@pytest.mark.parametrize(
    "text", ["يُستخدم مرة واحدة", "يوم الاثنين", "ملف MP4 واحد", "<b>{n}</b> عشيرة", "&#39;نص&#39;"]
)
def test_what_only_looks_like_a_number_passes(text: str) -> None:
    assert not list(wording.figure_faults(text))
    assert not list(wording.figure_faults("One of the files is an MP4, &#39;tensely&#39; {n}"))


@pytest.mark.parametrize("text", ["📥 الجديد منذ {moment}: {n}", "<b>{time}</b>: {what}", "{time} : {n}"])
def test_no_colon_follows_a_clock_time(text: str) -> None:
    assert any("no colon after a time" in fault for fault in wording.arabic_faults(text))
    assert any("no colon after a time" in fault for fault in wording.english_faults(text))


@pytest.mark.parametrize("text", ["طلبات جديدة: {n} (منذ {moment})", "الموعد السابق: {time}", "{time} – {what}"])
def test_a_time_may_follow_a_colon(text: str) -> None:
    assert not list(wording.arabic_faults(text))


def test_a_duration_does_not_follow_a_bare_colon() -> None:
    assert any("genitive" in fault for fault in wording.arabic_faults("• المسودات: {drafts}."))
    assert not list(wording.arabic_faults("• المسودات: لمدة {drafts}."))


# ---------------------------------------------------------------------------- clauses and agreement


def test_a_semicolon_joins_no_english_clauses() -> None:
    assert english("Nothing was kept; it can be sent again.")
    assert english("↩️ {n} Later")
    assert not english("↩️ Undo: {n} called")
    assert not english("Nothing was kept. Send it again. Q &amp; A")


@pytest.mark.parametrize(
    "text",
    [
        "غادر {name} المجموعة",
        "وسبق {name} إلى ذلك",
        "تحتفظ {ministry} بما ترسلونه",
        "تحتفظ <b>{ministry}</b> بما ترسلونه",
        "{office} تستقبل المراجعين",
        "يتبع هذا الموقع {suggested}. هل يُرسل الطلب إليها",
        "ربط هذه المجموعة بـ {office}",
    ],
)
def test_nothing_agrees_with_a_placeholder(text: str) -> None:
    assert list(wording.arabic_faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "✖️ {name}: مغادرة المجموعة",
        "سبق إلى ذلك موظف آخر ({name})",
        "تُحفظ بياناتكم لدى {ministry}",
        "هذا الموقع تابع للجهة: {suggested}. هل يُرسل الطلب إليها",
        "ربط هذه المجموعة بالجهة ({office})",
        "تم تحويل الطلب إلى {office}",
    ],
)
def test_a_placeholder_stands_after_a_colon_or_a_preposition(text: str) -> None:
    assert not list(wording.arabic_faults(text))


# ---------------------------------------------------------------------------- plurals


@pytest.mark.parametrize(
    "counting",
    [
        ("{n} من مقدمي الطلبات", "{n} من مقدمي الطلبات", "{n} شخص آخر"),  # 3 and 4 are the same
        ("انضم {n} أشخاص", "انضم {n} شخصاً آخر", "انضم {n} شخص آخر"),  # 3 lost "other"
        ("{n} قيود أقدم", "{n} قيداً أقدم", "{n} قيد"),  # 5 lost "older"
        ("{n} طلبات", "{n} ملفاً", "{n} طلب"),  # 4 counts something else
    ],
)
def test_a_form_that_says_less_than_the_others_is_a_fault(counting: tuple[str, str, str]) -> None:
    assert list(wording.plural_faults(("لا شيء", "واحد", "اثنان", *counting)))


@pytest.mark.parametrize(
    "counting",
    [
        ("انضم {n} أشخاص آخرين", "انضم {n} شخصاً آخر", "انضم {n} شخص آخر"),
        ("📎 ستُرفق {n} ملفات بعد فحصها", "📎 سيُرفق {n} ملفاً بعد فحصها", "📎 سيُرفق {n} ملف بعد فحصها"),
        ("⏳ {n} طلبات تنتهي مدتها اليوم", "⏳ {n} طلباً تنتهي مدتها اليوم", "⏳ {n} طلب تنتهي مدتها اليوم"),
        ("{n} مواعيد متاحة", "{n} موعداً متاحاً", "{n} موعد متاح"),
        ("<b>{n} دقائق</b>", "<b>{n} دقيقة</b>", "<b>{n} دقيقة</b>"),
        ("{n} رسائل صوتية", "{n} رسالة صوتية", "{n} رسالة صوتية"),
        ("{n} أيام", "{n} يوماً", "{n} يوم"),
    ],
)
def test_inflection_makes_no_other_word(counting: tuple[str, str, str]) -> None:
    assert not list(wording.plural_faults(("لا شيء", "واحد", "اثنان", *counting)))


# ---------------------------------------------------------------------------- data files


def test_the_data_files_are_held_to_the_same_words(tmp_path: Path) -> None:
    folder = tmp_path / "services" / "data"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(
        "offices:\n  one:\n    note: { ar: موعد شاغر رقم 5, en: The desk is on floor 5 }\n"
        "  two:\n    note: { ar: موعد متاح رقم 5, en: The office is on floor 5 }\n",
        encoding="utf-8",
    )
    found = list(data_faults(tmp_path))
    assert [fault.split(": ")[1] for fault in found] == ["offices.one.note"] * 2
    assert "“desk”" in found[0]
    assert "“شاغر”" in found[1]
