"""What people put into a message beside its text is in the words that are kept of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.engine.messages import Kind
from tests.telegram.test_incoming import BOT, GROUP, POLL, PRIVATE, SALEM, SENT, a_photo, message, read, wrote


def marked(text: str, part: str, type_: str, **more: Any) -> dict[str, Any]:
    """A text with an entity over one of its parts; Telegram counts in UTF-16."""
    before = text[: text.index(part)].encode("utf-16-le")
    length = len(part.encode("utf-16-le")) // 2
    return {"text": text, "entities": [{"type": type_, "offset": len(before) // 2, "length": length, **more}]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            marked("😀 the form is here, please", "here", "text_link", url="https://example.bh/form?a=1"),
            "😀 the form is here (https://example.bh/form?a=1), please",
        ),
        (marked("النموذج هنا", "هنا", "text_link", url="https://example.bh/"), "النموذج هنا (https://example.bh/)"),
        (marked("See example.bh/form", "example.bh/form", "text_link", url="https://example.bh/form"), None),
        (marked("Ask him", "him", "text_mention", user=SALEM), "Ask him (Salem)"),
        (marked("Ask Salem", "Salem", "text_mention", user=SALEM), None),
        (marked("Building 12 14", "12 ", "strikethrough"), "Building ~12~ 14"),
        (marked("Look\nthey said\nthat\nno", "they said\nthat", "blockquote"), "Look\n> they said\n> that\nno"),
        (marked("a long one\nof two", "a long one\nof two", "expandable_blockquote"), "> a long one\n> of two"),
        (marked("until then", "then", "date_time", unix_time=SENT), "until then (2026-03-04 12:00)"),
        (marked("a 👍 b", "👍", "custom_emoji", custom_emoji_id="5368324170671202286"), None),
        (marked("run pip x", "pip x", "pre", language="sh"), None),
        (marked("of an app from tomorrow", "app", "hologram"), None),
    ],
)
def test_what_an_entity_says_stands_in_the_text(content, said):
    assert wrote(**content).text == (content["text"] if said is None else said)


def test_entities_within_each_other_all_say_theirs():
    entities = [
        {"type": "blockquote", "offset": 0, "length": 9},
        {"type": "text_link", "offset": 0, "length": 3, "url": "https://a.bh"},
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "strikethrough", "offset": 4, "length": 5},
    ]
    assert wrote(text="one three", entities=entities).text == "> one (https://a.bh) ~three~"


def test_an_entity_beyond_the_text_says_nothing():
    beyond = {"type": "text_link", "offset": 1, "length": 9, "url": "https://a.bh"}
    assert wrote(text="ab", entities=[beyond]).text == "ab"


def test_a_captions_entities_count_too():
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://a.bh"}]
    said = wrote(photo=[a_photo("p", 90)], caption="Here", caption_entities=entities)
    assert (said.kind, said.text) == (Kind.MEDIA, "Here (https://a.bh)")


def test_a_poll_is_its_question_and_its_options():
    options = [
        {"text": "Sunday", "voter_count": 0, "persistent_id": "0"},
        {"text": "الاثنين", "voter_count": 2, "persistent_id": "1"},
    ]
    said = wrote(poll={**POLL, "question": "Which day?", "options": options})
    assert (said.kind, said.text) == (Kind.TEXT, "📊 Which day?\n• Sunday\n• الاثنين")


def test_a_checklist_is_its_title_and_its_tasks():
    tasks = [{"id": 1, "text": "Bins", "completion_date": SENT, "completed_by_user": SALEM}, {"id": 2, "text": "Lamp"}]
    assert wrote(checklist={"title": "To do", "tasks": tasks}).text == "📋 To do\n✅ Bins\n⬜ Lamp"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "user", "sender_user": SALEM}, "Salem"),
        ({"type": "hidden_user", "sender_user_name": "A neighbour"}, "A neighbour"),
        ({"type": "chat", "sender_chat": GROUP}, "Follow-up team"),
        ({"type": "channel", "chat": {**GROUP, "type": "channel"}, "message_id": 4}, "Follow-up team"),
        ({"type": "hidden_user", "sender_user_name": "\u3164"}, ""),
    ],
)
def test_whose_words_are_forwarded(origin, name):
    said = wrote(text="No water", forward_origin={"date": SENT, **origin})
    assert (said.forwarded, said.forwarded_from) == (True, name)


def test_a_marked_part_and_a_message_of_another_chat_are_what_is_answered():
    replied = {"message_id": 40, "from": BOT, "chat": PRIVATE, "date": SENT - 5, "text": "Sunday or Monday?"}
    part = {"text": "Monday", "position": 10, "is_manual": True}
    assert wrote(text="This one", reply_to_message=replied, quote=part).quoted == "Monday"
    elsewhere = {"origin": {"type": "user", "sender_user": SALEM, "date": SENT}}
    said = wrote(text="True", external_reply=elsewhere, quote={"text": "No water", "position": 0})
    assert said.quoted == "Salem: No water"


@pytest.mark.parametrize(
    "name", ["\u3164", "\u115f\u1160\uffa0", "\u200b\u2060", "\u0301\u0302", "\u2800", "\U000e0041", " \u00ad"]
)
def test_a_name_in_which_there_is_nothing_to_see_is_none(name):
    person = {"id": 7001, "is_bot": False, "first_name": name}
    in_private = read({"message": {**message(text="x")["message"], "from": person}})
    in_group = read({"message": {**message(GROUP, text="x")["message"], "sender_chat": {**GROUP, "title": name}}})
    assert [said and said.sender.name for said in (in_private, in_group)] == ["", ""]


@pytest.mark.parametrize(
    "content",
    [
        {"web_app_data": {"data": "x", "button_text": "y"}},
        {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    ],
)
def test_what_a_button_sends_that_we_never_showed_is_answered(content):
    assert wrote(**content).kind is Kind.OTHER


_ENTITIES = st.lists(
    st.builds(
        lambda type_, offset, length: {"type": type_, "offset": offset, "length": length, "url": "https://a.bh"},
        st.sampled_from(["text_link", "strikethrough", "blockquote", "bold", "custom_emoji", "unheard_of"]),
        st.integers(-3, 12),
        st.integers(-3, 1 << 40),
    ),
    max_size=6,
)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9), _ENTITIES)
def test_whatever_the_entities_say_no_letter_of_the_text_is_lost(text, entities):
    said = iter(wrote(text=text, entities=entities).text)
    assert all(letter in said for letter in text)  # in this order
