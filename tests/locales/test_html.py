from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from locales import Catalogues, Language, Localizer
from locales.html import fit, length, to_plain

FSI, PDI = "\u2068", "\u2069"


def test_length_is_what_telegram_counts() -> None:
    assert length(Markup("<b>a&amp;b</b> 😀")) == 6
    assert length(Markup('<a href="https://example.org/?a=1&amp;b=2">map</a>')) == 3


def test_plain_is_what_a_person_sees(en: Localizer) -> None:
    assert to_plain(en.own("<b> & &amp;")) == f"{FSI}<b> & &amp;{PDI}"


def test_what_fits_is_left_alone(en: Localizer) -> None:
    said = en("Dear {name}", name="Ali")
    assert fit(said, 100) == said


def test_own_words_give_way_first(en: Localizer) -> None:
    said = en("You wrote: {words}\n{name}, your reference is {ref}", words="x" * 500, name="Ali", ref=en.ref("C-1"))
    fitted = fit(said, 100)
    assert length(fitted) == 100
    assert fitted.endswith(f"x…{PDI}\n{FSI}Ali{PDI}, your reference is {en.ref('C-1')}")


def test_our_own_text_is_cut_at_its_end_and_closed() -> None:
    assert fit(Markup("<b>abc <i>defgh</i></b>"), 7) == "<b>abc <i>de…</i></b>"
    assert fit(Markup("a &amp; b &amp; c"), 4) == "a &amp;…"


@settings(deadline=None)
@given(first=st.text(max_size=60), second=st.text(max_size=60), limit=st.integers(min_value=12, max_value=150))
def test_a_fitted_message_is_whole(shipped: Catalogues, first: str, second: str, limit: int) -> None:
    t = shipped.localizer(Language.AR)
    said = t(
        "<b>{first}</b> and <i>{second}</i> were said. A long sentence follows that no person wrote.",
        first=first,
        second=second,
    )
    fitted = fit(said, limit)
    assert length(fitted) <= limit
    stack: list[str] = []
    for slash, name in re.findall(r"<(/?)(\w+)>", fitted):
        if slash:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []
    for line in to_plain(fitted).split("\n"):
        assert line.count(FSI) == line.count(PDI)
