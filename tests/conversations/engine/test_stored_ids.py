"""What was stored when Telegram's ids were numbers is still read; new ids are text of any kind."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from conversations.engine.drafts import Piece, Words
from conversations.engine.messages import Outgoing
from conversations.staff.context import button_mark
from conversations.staff.pending_replies import Waiting
from storage.ids import MessageId


def test_a_message_owed_since_then_names_the_same_messages() -> None:
    owed = Outgoing.model_validate_json('{"text":"x","edit":12,"reply_to":13,"topic":3}')
    assert (owed.edit, owed.reply_to, owed.topic) == ("12", "13", "3")
    assert Outgoing.model_validate_json('{"delete":12}').delete == "12"
    assert Outgoing.model_validate_json(owed.model_dump_json(exclude_defaults=True)) == owed


def test_a_draft_since_then_is_of_the_same_message() -> None:
    words = Words.model_validate_json('{"pieces":[{"message":6,"text":"Bins"},{"message":null,"text":"x"}]}')
    assert words.pieces == (Piece(message=MessageId("6"), text="Bins"), Piece(message=None, text="x"))
    assert words.amended(MessageId("6"), "Full bins") is not None


def test_words_that_wait_since_then_are_found() -> None:
    state = Waiting.model_validate_json(
        '{"about":"words","sayings":[{"key":8,"case":1,"manner":"ask","words":"Which","files":[],"messages":[8],'
        '"parts":["Which"],"at":"2026-11-22T06:00:00Z","album":"","template":"","day":"","turn":0}],'
        '"prompt":{"case":1,"manner":"ask","instead_of":8,"until":null},"album":null}'
    )
    (saying,) = state.replies
    assert state.find(MessageId("8")) == state.of_message(MessageId("8")) == state.marked("8") == saying
    assert state.prompt is not None
    assert state.without(saying) == Waiting()


@pytest.mark.parametrize("wrong", ["true", "[12]", "{}"])
def test_nothing_but_a_number_or_text_is_an_id(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Outgoing.model_validate_json(f'{{"text":"x","edit":{wrong}}}')


@pytest.mark.parametrize("message", ["1", "2147483647", "wamid.HBgLOTczMzMxMjM0NTY=", "a.b", "", "x" * 300, "٥"])
def test_a_button_can_name_any_message(message: str) -> None:
    mark = button_mark(MessageId(message))
    assert mark.isascii()
    assert mark.isalnum()
    assert len(mark) <= 12
    assert mark == button_mark(MessageId(message))


def test_buttons_name_different_messages_by_different_marks() -> None:
    assert len({button_mark(MessageId(f"wamid.HBgLOTczMzMx{number}AA==")) for number in range(10_000)}) == 10_000
    assert button_mark(MessageId("4711")) == "4711"
