"""How long an announcement is: what is found to fit takes one message."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.telegram.split import split
from conversations.engine.messages import FileKind, Outgoing, OutgoingFile
from locales import Language
from locales.html import length
from services.announcements.faults import LONGEST_CAPTION, LONGEST_TEXT, shown_length
from tests.conversations.town import CATALOGUES

_WORDS = st.text(st.sampled_from("aب ١<&>\n🙂\u0301-*"), max_size=60)
_PHOTO = OutgoingFile(kind=FileKind.PHOTO, name="park.jpg", sha256="0" * 64)


def _shown(text: str, language: Language) -> str:
    t = CATALOGUES.localizer(language)
    return str(t.join_lines(t.own(text)))


@given(_WORDS, st.sampled_from(Language))
@example("a\n\nب", Language.AR)
def test_what_is_shown_is_no_longer_than_was_counted(text: str, language: Language) -> None:
    assert length(_shown(text, language)) <= shown_length(text)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("files", "limit"), [((), LONGEST_TEXT), ((_PHOTO,), LONGEST_CAPTION)])
def test_a_text_of_the_greatest_length_takes_one_message(language: Language, files, limit: int) -> None:
    text = "ا" * (limit - 3)
    assert shown_length(text) == limit
    assert len(split(Outgoing(text=_shown(text, language), files=files))) == 1
