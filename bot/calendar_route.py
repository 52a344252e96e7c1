"""Serves an appointment to a phone's calendar, at the link its confirmation carries."""

from __future__ import annotations

from aiohttp import web

from bot.context import AppContext
from conversations.booking.confirmation import calendar_entry
from conversations.engine.step import Responder, localizer_of
from services.bookings import bookings
from services.bookings.calendar_links import FOLDER, CalendarLinks
from storage import residents
from storage.records.bookings import BookingStatus as S

_SHOWN = frozenset(
    {S.CONFIRMED, S.CHECKED_IN, S.ATTENDED, S.NO_SHOW, S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY}
)
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


class CalendarFile:
    """`GET /calendar/<reference>.<code>.ics`: the appointment as it is now, in its holder's language."""

    def __init__(self, context: AppContext, links: CalendarLinks) -> None:
        self._context = context
        self._links = links

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.get(FOLDER + "{name}", self._serve),)

    async def _serve(self, request: web.Request) -> web.Response:
        reference = self._links.reference_in(request.match_info["name"])
        if reference is None:  # nothing was looked up, so that guessing costs the database nothing
            return _not_found()
        async with self._context.begin() as work:
            booking = await bookings.by_reference(work, reference)
            resident = None if booking is None else await residents.by_id(work.tx, booking.resident_id)
            if booking is None or resident is None or booking.status not in _SHOWN:
                return _not_found()
            t = localizer_of(self._context.catalogues, resident)
            entry = calendar_entry(Responder(work=work, links=self._context.links, t=t), booking)
        if entry is None:
            return _not_found()
        # Shown in place, not as a download: that is how a phone offers to add it to its calendar.
        shown = {**_HEADERS, "Content-Disposition": f'inline; filename="{entry.name}"'}
        return web.Response(body=entry.content, content_type=entry.mime, charset="utf-8", headers=shown)


def _not_found() -> web.Response:
    return web.Response(status=404, text="Not found", headers=_HEADERS)
