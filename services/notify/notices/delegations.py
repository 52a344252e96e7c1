"""What those who act for somebody, those acted for and staff are told of it."""

from __future__ import annotations

from typing import Literal

from services.actors import Subject
from services.notify.notices import Notice
from storage.ids import DelegationId


class DelegationNews(Notice):
    """To either side: it was agreed to, refused, recorded by staff or ended (`what`).

    `name` and whether it is `to_delegate` are for when it is gone.
    """

    about: Literal["delegation_news"] = "delegation_news"
    delegation: DelegationId
    what: str
    name: str
    to_delegate: bool = True


class DelegateActed(Notice):
    """To the person acted for: their delegate filed, booked or changed something."""

    about: Literal["delegate_acted"] = "delegate_acted"
    delegation: DelegationId
    subject: Subject
    what: str


class ForAnother(Notice):
    """To a delegate: what the person they act for is told of something that came through them."""

    about: Literal["for_another"] = "for_another"
    delegation: DelegationId
    said: str  # the notice, as JSON


class ConsentToAsk(Notice):
    """Somebody wants to act for a person without Telegram: the office is to call and ask them."""

    about: Literal["consent_to_ask"] = "consent_to_ask"
    delegation: DelegationId
