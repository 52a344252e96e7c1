"""What residents and staff are told of an incident that many report."""

from __future__ import annotations

from typing import Literal

from services.notify.notices import Notice
from storage.ids import CaseId, IncidentId, OfficeId


class IncidentJoined(Notice):
    """A request that was submitted before an incident was opened has joined it."""

    about: Literal["incident_joined"] = "incident_joined"
    incident: IncidentId
    case: CaseId


class IncidentNews(Notice):
    """News for everybody who joined an incident. `case` is their own request, or one they joined."""

    about: Literal["incident_news"] = "incident_news"
    news: int
    case: CaseId


class IncidentCard(Notice):
    """Update the card of an incident."""

    about: Literal["incident_card"] = "incident_card"
    incident: IncidentId
    office: OfficeId


class IncidentEnds(Notice):
    """An incident ends soon, or has ended: somebody has to extend or close it."""

    about: Literal["incident_ends"] = "incident_ends"
    incident: IncidentId
