from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from locales import Catalogues, Digits, Language, Localizer, language_of, load, without_marks
from locales.bidi import rtl_lines
from locales.build.store import compile_all
from locales.html import fit, to_plain

FSI, LRI, PDI, RLM = "\u2068", "\u2066", "\u2069", "\u200f"
REQUESTS = """
msgid "{n} request"
msgid_plural "{n} requests"
msgstr[0] "لا توجد طلبات"
msgstr[1] "طلب واحد"
msgstr[2] "طلبان"
msgstr[3] "{n} طلبات"
msgstr[4] "{n} طلباً"
msgstr[5] "{n} طلب"
"""


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "لا توجد طلبات"),
        (1, "طلب واحد"),
        (2, "طلبان"),
        (3, "3 طلبات"),
        (10, "10 طلبات"),
        (11, "11 طلباً"),
        (99, "99 طلباً"),
        (100, "100 طلب"),
        (101, "101 طلب"),
        (102, "102 طلب"),
        (103, "103 طلبات"),
    ],
)
def test_arabic_counts_in_six_forms(catalogue: Callable[..., Path], n: int, said: str) -> None:
    t = load(catalogue(Language.AR, REQUESTS)).localizer(Language.AR)
    assert t.plural("{n} request", "{n} requests", n).lstrip(RLM) == said
    assert t.plain_plural("{n} request", "{n} requests", n) == said


@pytest.mark.parametrize(("n", "said"), [(0, "0 minutes"), (1, "1 minute"), (2, "2 minutes"), (1234, "1,234 minutes")])
def test_english_counts_in_two_forms(en: Localizer, n: int, said: str) -> None:
    assert en.plural("{n} minute", "{n} minutes", n) == said


def test_a_text_no_catalogue_holds_is_said_in_english(ar: Localizer) -> None:
    assert ar("Not translated") == f"{RLM}Not translated"


def test_own_words_are_escaped_and_isolated(en: Localizer) -> None:
    assert en("Dear {name}", name="<b>Ali</b> & 'co'") == f"Dear {FSI}&lt;b&gt;Ali&lt;/b&gt; &amp; &#39;co&#39;{PDI}"


def test_markup_goes_in_as_it_is(en: Localizer) -> None:
    assert en("Case {ref}", ref=en.ref("C-7K3M-2QX")) == f"Case {LRI}<code>C-7K3M-2QX</code>{PDI}"


def test_braces_in_own_words_are_just_words(en: Localizer) -> None:
    assert en("You wrote {words}", words="{ref} {0}") == f"You wrote {FSI}{{ref}} {{0}}{PDI}"


def test_a_missing_value_is_a_defect(en: Localizer) -> None:
    with pytest.raises(KeyError):
        en("Dear {name}")


def test_own_words_cannot_turn_the_message_round(ar: Localizer) -> None:
    attack = "ok\u202eevil\u2066\u2069\u2069\u200f\u061c"
    assert ar.own(attack) == f"{FSI}okevil{PDI}"


def test_quotation_marks_are_turned_as_the_words_in_them(ar: Localizer) -> None:
    said = ar("“{words}”", words=ar.own("The bins are full"))
    assert said == f"{RLM}{FSI}«The bins are full»{PDI}"
    assert fit(said, 12).endswith(f"…»{PDI}")


@pytest.mark.parametrize("ending", ["\u2029", "\u2028", "\r", "\x85", "\x1c", "\x0b", "\x0c", "\r\n"])
def test_every_line_of_own_words_is_isolated_by_itself(en: Localizer, ending: str) -> None:
    assert en.own(f"one{ending}two") == f"{FSI}one{PDI}\n{FSI}two{PDI}"


@settings(deadline=None)
@given(words=st.text())
def test_nothing_typed_breaks_out_of_its_isolate(shipped: Catalogues, words: str) -> None:
    said = shipped.localizer(Language.AR).own(words)
    for line in said.split("\n"):
        inside = line.removeprefix(RLM)
        assert inside == "" or (inside[0], inside[-1]) == (FSI, PDI)
        assert not any(mark in inside[1:-1] for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "<" not in said


@pytest.mark.parametrize("text", ["مرحبا", "<b>مرحبا</b>", f"{RLM}Hi"])
def test_a_line_that_begins_in_arabic_is_left_alone(catalogue: Callable[..., Path], text: str) -> None:
    home = catalogue(Language.AR, f'msgid "Hi"\nmsgstr "{text}"\n')
    assert load(home).localizer(Language.AR)("Hi") == text


@pytest.mark.parametrize("text", ["✅ تم", "3 طلبات", "<b>PDF</b> جاهز", "«مرحبا»", "٣ طلبات", "&amp; مرحبا"])
def test_any_other_line_begins_with_a_mark(catalogue: Callable[..., Path], text: str) -> None:
    home = catalogue(Language.AR, f'msgid "Hi"\nmsgstr "{text}"\n')
    assert load(home).localizer(Language.AR)("Hi") == RLM + text


def test_the_mark_goes_before_each_line_that_needs_it(catalogue: Callable[..., Path]) -> None:
    home = catalogue(Language.AR, 'msgid "Hi {n}"\nmsgstr "مرحبا\\n\\n{n} مرة\\nوداعا"\n')
    assert load(home).localizer(Language.AR)("Hi {n}", n=2) == f"مرحبا\n\n{RLM}2 مرة\nوداعا"


def test_lines_joined_each_begin_right(ar: Localizer, en: Localizer) -> None:
    assert ar.join_lines(ar.ref("C-1"), None, "", Markup("شكرا")) == f"{RLM}{ar.ref('C-1')}\n\nشكرا"
    assert en.join_lines(Markup("<b>a</b>"), "a < b") == f"<b>a</b>\n{FSI}a &lt; b{PDI}"


def test_a_text_inside_a_sentence_brings_no_mark_of_its_own(catalogue: Callable[..., Path]) -> None:
    entries = 'msgid "Hi {x}"\nmsgstr "مرحبا {x}"\n\nmsgid "{n} times"\nmsgstr "{n} مرات"\n'
    t = load(catalogue(Language.AR, entries)).localizer(Language.AR)
    inside = t("{n} times", n=3)
    assert inside == f"{RLM}3 مرات"
    assert t("Hi {x}", x=inside) == "مرحبا 3 مرات"
    assert t.plain("Hi {x}", x=inside) == "مرحبا 3 مرات"
    assert t.join([Markup("مرحبا"), inside]) == "مرحبا و3 مرات"
    assert t.dotted(Markup("مرحبا"), None, inside) == "مرحبا · 3 مرات"
    assert t.join_lines(Markup("مرحبا"), inside) == f"مرحبا\n{inside}"


def test_a_label_has_no_html_and_keeps_its_values_apart(en: Localizer) -> None:
    assert en.plain("Call {name} & go", name="A\n<b>\u202e") == f"Call {FSI}A <b>{PDI} & go"
    assert en.plain("Case {ref}", ref=en.ref("C-1")) == f"Case {LRI}C-1{PDI}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PDF تنزيل", f"{RLM}PDF تنزيل"),
        ("✅ تأكيد", "✅ تأكيد"),
        ("10 دقائق", "10 دقائق"),
        ("{x} تأكيد", f"{FSI}A{PDI} تأكيد"),
        ("✖️ {x}، {x}", f"{RLM}✖️ {FSI}A{PDI}، {FSI}A{PDI}"),
    ],
)
def test_an_arabic_label_runs_right_to_left(catalogue: Callable[..., Path], text: str, shown: str) -> None:
    t = load(catalogue(Language.AR, f'msgid "Hi"\nmsgstr "{text}"\n')).localizer(Language.AR)
    assert t.plain("Hi", x="A") == shown


def test_a_label_sent_back_can_be_compared_without_its_marks() -> None:
    assert without_marks(f"{RLM}PDF {FSI}تنزيل{PDI}\u200e ") == "PDF تنزيل"


@pytest.mark.parametrize(
    ("words", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("longer words", 8, "longer…"),
        ("😀😀😀", 5, "😀😀…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("👩\u200d🚒👩\u200d🚒", 8, "👩\u200d🚒…"),
        ("a<b<c<d", 4, "a&lt;b…"),
    ],
)
def test_own_words_are_shortened_between_characters(en: Localizer, words: str, limit: int, shown: str) -> None:
    assert en.own(words, limit=limit) == f"{FSI}{shown}{PDI}"


def test_names_kept_in_several_languages(ar: Localizer, en: Localizer) -> None:
    name = {"ar": "بلدية المحرق", "en": "Muharraq <Municipality>"}

    class Name:
        def get(self, language: str) -> str:
            return name[language]

    assert en.pick(Name()) == f"{FSI}Muharraq &lt;Municipality&gt;{PDI}"
    assert ar.pick_plain(Name()) == "بلدية المحرق"


def test_lists(ar: Localizer, en: Localizer) -> None:
    assert to_plain(en.join(["a", "b", "c"])).translate({ord(FSI): None, ord(PDI): None}) == "a, b and c"
    assert ar.join([Markup("شكوى"), Markup("مقترح"), Markup("ملاحظة")]) == "شكوى ومقترح وملاحظة"
    assert en.join([]) == ""


def test_buttons_are_mirrored_in_arabic_only(ar: Localizer, en: Localizer) -> None:
    rows = (("back", "next"), ("menu",))
    assert ar.mirror(rows) == (("next", "back"), ("menu",))
    assert en.mirror(rows) == rows


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("ar", "ar"), ("", "ar"), ("fr", "ar"), ("enm", "ar")],
)
def test_arabic_unless_the_device_says_english(code: str, language: str) -> None:
    assert language_of(code) == Language(language)


def test_every_language_offers_the_others() -> None:
    for language in Language:
        assert {language, *language.others} == set(Language)
    assert [(language.own_name, language.rtl) for language in Language] == [("العربية", True), ("English", False)]


def test_the_same_choice_is_the_same_tongue(shipped: Catalogues) -> None:
    assert shipped.localizer(Language.AR) is shipped.localizer(Language.AR, Digits.LATIN)
    assert shipped.localizer(Language.AR) is not shipped.localizer(Language.AR, Digits.ARABIC)


def test_domains_are_one_lookup(catalogue: Callable[..., Path]) -> None:
    catalogue(Language.AR, 'msgid "Hi"\nmsgstr "مرحبا"\n', domain="greeting")
    t = load(catalogue(Language.AR, 'msgid "Bye"\nmsgstr "وداعا"\n', domain="parting")).localizer(Language.AR)
    assert (t("Hi"), t("Bye")) == ("مرحبا", "وداعا")


def test_a_compiled_catalogue_older_than_its_source_is_not_used(catalogue: Callable[..., Path]) -> None:
    home = catalogue(Language.AR, 'msgid "Hi"\nmsgstr "قديم"\n')
    (compiled,) = compile_all(home)
    catalogue(Language.AR, 'msgid "Hi"\nmsgstr "جديد"\n')
    os.utime(compiled, (1, 1))
    assert load(home).localizer(Language.AR)("Hi") == "جديد"


def test_compiled_catalogues_alone_are_enough(catalogue: Callable[..., Path]) -> None:
    home = catalogue(Language.AR, 'msgid "Hi"\nmsgstr "مرحبا"\n')
    (compiled,) = compile_all(home)
    compiled.with_suffix(".po").unlink()
    assert load(home).localizer(Language.AR)("Hi") == "مرحبا"


def test_the_mark_of_a_quotation_stands_inside_it() -> None:
    quoted = rtl_lines("<b>ما تم استلامه</b>\n<blockquote>5 stars</blockquote>")  # not a text
    assert quoted == "<b>ما تم استلامه</b>\n<blockquote>\u200f5 stars</blockquote>"
