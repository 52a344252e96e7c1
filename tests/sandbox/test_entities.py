"""HTML to entities and back."""

from __future__ import annotations

import pytest

from bot.sandbox.entities import parse_html, plain, to_html


@pytest.mark.parametrize(
    "html",
    [
        "<b>a <i>b</i></b> c",
        '<a href="https://a.bh/?x=1&amp;y=2">رابط</a>',
        '<pre><code class="language-python">x &lt; 1</code></pre>',
        "<code>a</code><pre>b</pre>",
        "<blockquote expandable>\u2068نص\u2069</blockquote>",
        "🌴<tg-spoiler>🌴</tg-spoiler><u>a</u><s>b</s>",
    ],
)
def test_html_comes_back_as_it_went(html: str) -> None:
    rich = parse_html(html)
    assert to_html(rich.text, rich.entities) == html


def test_whitespace_around_is_dropped_and_entities_move() -> None:
    rich = parse_html("\n  <b> a</b> \n")
    assert rich.text == "a"
    assert rich.entities == ({"type": "bold", "offset": 0, "length": 1},)


def test_isolates_stay_and_old_bidi_controls_go() -> None:
    rich = parse_html("\u202b<b>\u2066+973\u2069</b>\u202c\u200f")
    assert rich.text == "\u2066+973\u2069\u200f"
    assert rich.entities == ({"type": "bold", "offset": 0, "length": 6},)


def test_commands_links_and_phones_are_found() -> None:
    kinds = [entity["type"] for entity in plain("/start @desk_bot https://a.bh/x. #يوم +97333123456 a@b.bh").entities]
    assert kinds == ["bot_command", "mention", "url", "hashtag", "phone_number", "email"]
    assert plain("and/or 12/5").entities == ()


def test_unknown_references_are_words() -> None:
    assert parse_html("&nbsp; &#1575; &amp;").text == "&nbsp; ا &"
