"""When the next Customer Day is, for an answer that says so: of one's own office, or briefly of all."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Turn
from services.bookings import sessions
from services.offices.offices import Office
from storage.ids import OfficeId

_LOOKED_AT = 12  # sessions of an office: several a day, and closed ones among them


async def date_lines(turn: Turn, office: OfficeId) -> list[Markup]:
    """The next open day with its hours and the first free time; where no office is known, the day of each."""
    t, offices = turn.t, turn.work.offices
    known = offices.get(office)
    if known is not None and known in offices.with_customer_day:
        return await _of_one(turn, known)
    days = [(one, await _next(turn, one)) for one in offices.with_customer_day]
    planned = [(one, when) for one, when in days if when is not None]
    if not planned:
        return [t("No Customer Day is planned at the moment.")]
    if len(planned) == len(days) > 1 and len({when for _, when in planned}) == 1:
        return [t("📅 Next Customer Day at every office: {when}", when=planned[0][1])]
    return [t("• {office}: {when}", office=t.pick(one.name), when=when) for one, when in planned]


async def _of_one(turn: Turn, office: Office) -> list[Markup]:
    t = turn.t
    when = await _next(turn, office)
    if when is None:
        return [t("No Customer Day is planned at the moment.")]
    free = await sessions.nearest_free(turn.work, office.id, limit=1)
    return [
        t("📅 Next Customer Day: {when}", when=when),
        *(t("⚡ First free appointment: {moment}", moment=t.moment(slot.starts_at)) for _, slot in free),
    ]


async def _next(turn: Turn, office: Office) -> Markup | None:
    """The day, and from when to when the office receives people on it."""
    t = turn.t
    found = [one for one in await sessions.upcoming(turn.work, office.id, _LOOKED_AT) if one.state != "closed"]
    if not found:
        return None
    same = [one.session for one in found if one.session.day == found[0].session.day]
    hours = t.span(min(one.opens_at for one in same), max(one.closes_at for one in same))
    return t("{date}, {hours}", date=t.near_date(found[0].session.day, turn.work.today), hours=hours)
