"""What needs several calls is split so that no part is over a limit and nothing is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.split import edits, split, split_text
from conversations.engine.messages import Choice, FileKind, Outgoing, OutgoingFile, Place, Request
from locales.bidi import FSI, LRI, PDI, RLI
from locales.html import length, to_plain
from storage.ids import ForumTopicId, MessageId

ROWS = ((Choice(label="Yes", data="y"),),)
PIN = Place(latitude=26.2, longitude=50.5)


def a_file(kind: FileKind, name: str = "f") -> OutgoingFile:
    return OutgoingFile(kind=kind, name=name, content=b"x")


PHOTO, VIDEO, VOICE, DOCUMENT = (
    a_file(kind) for kind in (FileKind.PHOTO, FileKind.VIDEO, FileKind.VOICE, FileKind.DOCUMENT)
)


def shape(message: Outgoing) -> list[str]:
    """Each part in a word or two."""
    return [_word(part) for part in split(message)]


def _word(part: Outgoing) -> str:
    words = ["edit"] if part.edit is not None else []
    words += ["+".join(file.kind.value for file in part.files)] if part.files else []
    words += ["pin"] if part.place else []
    words += ["text"] if part.text else []
    words += ["buttons"] if part.rows else []
    return " ".join(words)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Outgoing(text="Hello", rows=ROWS), ["text buttons"]),
        (Outgoing(text="x" * 5000, rows=ROWS), ["text", "text buttons"]),
        (Outgoing(text="See", files=(PHOTO,), rows=ROWS), ["photo text buttons"]),
        (Outgoing(text="x" * 1025, files=(PHOTO,), rows=ROWS), ["photo", "text buttons"]),
        (Outgoing(text="See", files=(PHOTO, VIDEO)), ["photo+video text"]),
        (Outgoing(text="See", files=(PHOTO, PHOTO), rows=ROWS), ["photo+photo", "text buttons"]),
        (Outgoing(files=(PHOTO, PHOTO), rows=ROWS), ["photo", "photo buttons"]),
        (Outgoing(files=(PHOTO, PHOTO, PHOTO), rows=ROWS), ["photo+photo", "photo buttons"]),
        (Outgoing(text="See", files=(DOCUMENT, PHOTO, DOCUMENT)), ["document+document text", "photo"]),
        (Outgoing(text="See", files=(VOICE, VOICE)), ["voice text", "voice"]),
        (Outgoing(files=(PHOTO,) * 11), ["+".join(["photo"] * 10), "photo"]),
        (Outgoing(place=PIN, rows=ROWS), ["pin buttons"]),
        (Outgoing(text="Here", place=PIN, rows=ROWS), ["pin", "text buttons"]),
        (Outgoing(text="Here", files=(PHOTO,), place=PIN), ["photo text", "pin"]),
        (Outgoing(text="Here", files=(PHOTO,), place=PIN, rows=ROWS), ["photo", "pin", "text buttons"]),
        (Outgoing(text="Claimed", edit=MessageId("5"), rows=ROWS), ["edit text buttons"]),
        (Outgoing(text="x" * 5000, edit=MessageId("5"), rows=ROWS), ["edit text", "text buttons"]),
        (Outgoing(text="Claimed", edit=MessageId("5"), files=(PHOTO,), rows=ROWS), ["edit photo text buttons"]),
        (Outgoing(text="Claimed", edit=MessageId("5"), files=(VOICE,), rows=ROWS), ["edit text buttons", "voice"]),
        (Outgoing(text="See", edit=MessageId("5"), files=(PHOTO, PHOTO)), ["edit text", "photo+photo"]),
        (Outgoing(edit=MessageId("5"), rows=ROWS), ["edit buttons"]),
        (Outgoing(edit=MessageId("5")), ["edit"]),
        (Outgoing(), [""]),
    ],
)
def test_a_message_becomes_its_parts(message, parts):
    assert shape(message) == parts


def test_only_the_first_part_is_a_reply_and_all_keep_topic_and_silence():
    parts = split(
        Outgoing(text="x" * 5000, files=(PHOTO,), reply_to=MessageId("5"), topic=ForumTopicId("9"), silent=True)
    )
    assert [part.reply_to for part in parts] == ["5", None, None]
    assert {(part.topic, part.silent) for part in parts} == {("9", True)}


def test_what_asks_for_something_goes_under_the_last_part():
    parts = split(Outgoing(text="Phone?", files=(PHOTO, PHOTO), ask_for=Request.CONTACT, ask_label="Share"))
    assert [part.ask_for for part in parts] == [None, Request.CONTACT]
    assert parts[1].ask_label == "Share"


def test_a_text_is_cut_at_a_line_end():
    first, second = split_text("a" * 3000 + "\n" + "b " * 1000)
    assert (first, second) == ("a" * 3000, ("b " * 1000).rstrip())


def test_a_heading_stays_with_what_it_heads():
    first, *_ = split_text("<b>Heading</b>\n" + "word " * 1000)
    assert first.startswith("<b>Heading</b>\nword ")
    assert length(first) > 4000


def test_what_is_open_at_a_cut_is_closed_and_opened_again():
    first, second = split_text(f"<blockquote>{FSI}" + "word " * 1000 + f"{PDI}</blockquote>")
    assert first.startswith(f"<blockquote>{FSI}word")
    assert first.endswith(f"word{PDI}</blockquote>")
    assert second.startswith(f"<blockquote>{FSI}word")
    assert second.endswith(f"{PDI}</blockquote>")


def test_a_text_of_nothing_but_space_has_one_empty_part():
    assert split_text("\n" * 5000) == ("",)


# ---------------------------------------------------------------------------- whatever the text

_ISOLATES = LRI + RLI + FSI + PDI
_characters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="<>&" + _ISOLATES)
_pieces = st.one_of(
    st.text(_characters, max_size=8),
    st.sampled_from(["&lt;", "&amp;", "&gt;", "\n", " ", "😀", "كلمة "]),
)
_AROUND = ("{}", "<b>{}</b>", "<code>{}</code>", '<a href="https://x.bh/?a=1&amp;b=2">{}</a>', f"{FSI}{{}}{PDI}")


def _within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(inner, max_size=5).map("".join)
    return st.builds(str.format, st.sampled_from(_AROUND), joined)


markups = st.lists(st.recursive(_pieces, _within, max_leaves=12), max_size=12).map("".join)


def _seen(markup: str) -> str:
    return re.sub(rf"[\s{LRI}{RLI}{FSI}{PDI}]", "", to_plain(markup))


def _balanced(markup: str) -> bool:
    opened: list[str] = []
    for token in re.findall(rf"</?[a-z]+|[{FSI}{PDI}]", markup):
        if token.startswith("</") or token == PDI:
            if not opened or opened.pop() != token:
                return False
        else:
            opened.append(PDI if token == FSI else "</" + token[1:])
    return not opened


@given(markups, st.integers(min_value=16, max_value=60))
def test_no_piece_of_a_text_is_too_long_or_torn_and_none_is_lost(markup, limit):
    pieces = split_text(markup, limit)
    assert all(length(piece) <= limit for piece in pieces)
    assert all(_balanced(piece) for piece in pieces)
    assert "".join(map(_seen, pieces)) == _seen(markup)


_files = st.lists(st.sampled_from(list(FileKind)), max_size=14).map(
    lambda kinds: tuple(a_file(kind, str(number)) for number, kind in enumerate(kinds))
)
_messages = st.builds(
    Outgoing,
    text=st.sampled_from(["", "Short", "x" * 1025, "line of words\n" * 400, "x" * 9000]),
    rows=st.sampled_from([(), ROWS]),
    ask_for=st.sampled_from([None, None, Request.LOCATION]),
    ask_label=st.just("Share"),
    drop_keyboard=st.booleans(),
    reply_hint=st.sampled_from(["", "Your text"]),
    files=_files,
    place=st.sampled_from([None, PIN]),
    edit=st.sampled_from([None, None, 5]),
    reply_to=st.sampled_from([None, 6]),
    topic=st.sampled_from([None, 9]),
    silent=st.booleans(),
)


@given(_messages)
def test_every_part_is_one_call_and_its_own_only_part(message):
    for part in split(message):
        assert split(part) == (part,)
        assert not (part.files and part.place)
        assert not (part.place and part.text)
        assert length(part.text) <= (CAPABILITIES.caption_length if part.files else CAPABILITIES.text_length)
        assert len(part.files) <= CAPABILITIES.album
        kinds = {file.kind for file in part.files}
        if len(part.files) > 1:
            assert part.rows == ()
            assert part.ask_for is None
            assert not part.drop_keyboard
            assert not part.reply_hint
            assert kinds == {FileKind.DOCUMENT} or kinds <= {FileKind.PHOTO, FileKind.VIDEO}


@given(_messages)
def test_nothing_of_a_message_is_lost_or_said_twice(message):
    parts = split(message)
    assert sorted(file.name for part in parts for file in part.files) == sorted(file.name for file in message.files)
    assert "".join(_seen(part.text) for part in parts) == _seen(message.text)
    assert sum(part.place is not None for part in parts) == (message.place is not None)
    assert [part.rows for part in parts if part.rows] == ([message.rows] if message.rows else [])
    edited = message.edit if edits(message) or parts[0] is message else None
    assert [part.edit for part in parts] == [edited, *[None] * (len(parts) - 1)]
