"""What an announcement says of the requests that it answers, to whoever writes it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Turn
from services.announcements.model import Announcement, Kind
from services.improvements import improvements


async def improvement_lines(turn: Turn, found: Announcement) -> list[Markup]:
    """How many requests an improvement answers, and how many people are told first, or were; nothing of other news."""
    linked = await improvements.linked(turn.work, found.id) if found.kind is Kind.IMPROVEMENT else None
    if linked is None or not linked.total:
        return []
    t = turn.t
    requests = t.plural("🔗 {n} linked request", "🔗 {n} linked requests", linked.total)
    if found.started_at is not None:
        return [requests, t("👤 Told personally: {n}", n=linked.told)]
    people = t.plural(
        "👤 {n} person will be told personally first", "👤 {n} people will be told personally first", linked.people
    )
    return [requests, people]
