"""Each kind of notice is put into words, once, and only for those whom it is for."""

from __future__ import annotations

import pytest

from conversations.engine.notices import Rendering, by_notice
from conversations.engine.step import Responder
from conversations.notice_texts import RENDERINGS
from services.notify.notices import Notice
from services.notify.notices.bookings import OfferLapsed
from services.notify.notices.kinds import ANY_NOTICE, KINDS
from storage.ids import BookingId
from storage.records.residents import Resident


async def _to_resident(_responder: Responder, _notice: OfferLapsed, _resident: Resident) -> None:
    """Says nothing."""


def test_every_kind_of_notice_is_put_into_words() -> None:
    assert set(RENDERINGS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_is_read_back_as_its_kind(kind: type[Notice]) -> None:
    about = kind.model_fields["about"].default
    assert [one for one in KINDS if one.model_fields["about"].default == about] == [kind]


def test_a_stored_notice_is_read_back() -> None:
    notice = OfferLapsed(booking=BookingId(7))
    assert ANY_NOTICE.validate_json(notice.model_dump_json()) == notice


def test_two_renderings_of_one_notice_are_a_defect() -> None:
    twice = Rendering(OfferLapsed, _to_resident)
    with pytest.raises(ValueError, match="rendered twice: OfferLapsed"):
        by_notice((twice, twice))
