"""The director's page: a Mini App in the private chat with today's line, one visitor's brief, a button for each step.

Whoever opens it is known by what Telegram signed. What they may is asked of the database at every request, at the
office that the request is about, and a refusal is written to the audit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.connections import read_body
from bot.context import AppContext
from bot.pages.director_texts import texts
from bot.pages.director_view import day_view, other_bodies, promise_parties, promise_preview
from bot.pages.hall_view import time_of
from bot.pages.passes import Passes
from bot.pages.responses import headers, html, json, shell
from bot.telegram.init_data import AppUser
from conversations.briefs.words import lines
from conversations.engine.step import localizer_of
from locales import DEFAULT, Language, Localizer, language_of
from locales.html import to_plain
from services.actors import NO_SUBJECT
from services.briefs import briefs
from services.promises import outcomes
from services.promises.follow_up import NewPromise
from services.promises.outcomes import Outcome, OutcomeKind
from services.promises.parties import LONGEST_NAME, Party
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Act, Person
from services.unit_of_work import Work
from services.visits import holds, line, page_taps
from services.visits.page_links import DIRECTOR
from storage import residents, sessions
from storage.ids import BookingId, OfficeId, SessionId
from storage.lines import Held

_T = TypeVar("_T", bound=BaseModel)
#: Telegram's own clients show a Mini App in a frame of theirs.
_HEADERS = headers(framed_by="https://web.telegram.org https://*.telegram.org")
_LARGEST = 16 * 1024  # bytes of a request
_KEY = r"^[0-9a-f]{32}$"


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    booking: Annotated[int, Field(gt=0, lt=2**53)]


class _Promised(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    what: Annotated[str, Field(max_length=outcomes.LONGEST)]
    party: Annotated[str, Field(max_length=80)] = ""
    party_words: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    due: date

    def promise(self) -> NewPromise:
        party = Party(self.party) if self.party else Party(words=self.party_words)
        return NewPromise(what=self.what, party=party, due=self.due)


class _Foresee(_Asked):
    """A promise that is to be read before it is sent. `version` is that of the outcome that the page has."""

    version: Annotated[int, Field(ge=0, lt=2**31)]
    promise: _Promised


class _LaneTap(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=_KEY)]
    session: Annotated[int, Field(gt=0, lt=2**53)]
    act: page_taps.LaneAct
    seen: Annotated[str, Field(max_length=80)]
    minutes: Annotated[int, Field(ge=0, le=holds.LONGEST // timedelta(minutes=1))] = 0
    held: Literal[Held.BREAK, Held.DELAY] = Held.BREAK

    def tap(self) -> page_taps.LaneTap:
        return page_taps.LaneTap(self.key, SessionId(self.session), self.act, self.seen, self.minutes, self.held)


class _Tap(_Asked):
    key: Annotated[str, Field(pattern=_KEY)]
    act: page_taps.Act
    version: Annotated[int, Field(ge=0, lt=2**31)]
    kind: OutcomeKind | None = None
    promise: _Promised | None = None
    party: Annotated[str, Field(max_length=80)] = ""  # to whom the matter was referred
    party_words: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    withdraws: Annotated[int, Field(ge=0, lt=2**31)] = 0
    resumes: bool = False

    def tap(self) -> page_taps.Tap:
        promise = None if self.promise is None else self.promise.promise()
        party = Party(self.party) if self.party else Party(words=self.party_words)
        outcome = None if self.kind is None else Outcome(self.kind, promise=promise, party=party)
        booking = BookingId(self.booking)
        return page_taps.Tap(self.key, booking, self.act, self.version, outcome, self.withdraws, self.resumes)


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Who asks, and for how long they are known."""

    user: AppUser
    person: Person
    new_pass: str


class DirectorPage:
    """`GET /director`, and what its script asks for."""

    def __init__(self, context: AppContext, passes: Passes) -> None:
        self._context = context
        self._passes = passes
        spoken = {one.value: texts(context.catalogues.localizer(one)) for one in Language}
        title = context.catalogues.localizer(DEFAULT).plain("Today in the room")
        given = {"texts": spoken, "main": DEFAULT.value}
        self._page = shell("director.html", given, lang=DEFAULT.value, dir=DEFAULT.direction, title=title)

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.get(DIRECTOR, self._serve),
            web.get(f"{DIRECTOR}/day", self._day),
            web.post(f"{DIRECTOR}/brief", self._brief),
            web.post(f"{DIRECTOR}/preview", self._preview),
            web.post(f"{DIRECTOR}/tap", self._tap),
            web.post(f"{DIRECTOR}/lane", self._tap_lane),
        )

    async def _serve(self, _: web.Request) -> web.Response:
        return html(self._page, _HEADERS)

    # ------------------------------------------------------------------ reading

    async def _day(self, request: web.Request) -> web.Response:
        """Today's line. Where it is as the page has it, that is all that is said."""
        visitor = self._who(request)
        if visitor is None:
            return _refused(401)
        async with self._context.read() as work:
            t = await self._localizer(work, visitor.user)
            mine = await _offices(work, visitor.person)
            if not mine:
                return await self._denied(visitor.person)
            office = await _office(work, mine, request.query.get("office", ""))
            hall = await line.positions(work, office, work.today)
            view = {**await day_view(work, t, hall, mine), "language": t.language.value}
        tag = f'"{hashlib.blake2s(orjson.dumps(view), digest_size=12).hexdigest()}"'
        now = time_of(work.now, work.now.astimezone(work.offices.zone))
        more = {**_HEADERS, "ETag": tag, "X-Pass": visitor.new_pass}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=more)
        return json({**view, "time": now}, more=more)

    async def _brief(self, request: web.Request) -> web.Response:
        """What is known of one visitor; each look is audited."""

        async def look(work: Work, visitor: _Visitor, asked: _Asked) -> dict[str, object] | None:
            booking = BookingId(asked.booking)
            t = await self._localizer(work, visitor.user)
            brief = await briefs.of_booking(work, visitor.person, booking)
            if brief is None:
                return None
            outcome = await outcomes.newest(work, booking)
            return {
                "lines": [{"label": label, "text": to_plain(text)} for label, text in lines(work, t, brief)],
                "outcome": 0 if outcome is None else outcome.version,
                "parties": await promise_parties(work, t, brief.booking.office),
                "bodies": other_bodies(work, t),
            }

        return await self._answered(request, _Asked, look)

    async def _preview(self, request: web.Request) -> web.Response:
        """What the visitor will read of a promise. Nothing is recorded, so asking again is harmless."""

        async def look(work: Work, visitor: _Visitor, asked: _Foresee) -> dict[str, object] | None:
            t = await self._localizer(work, visitor.user)
            outcome = Outcome(OutcomeKind.PROMISED, promise=asked.promise.promise())
            booking = BookingId(asked.booking)
            found = await outcomes.foresee(work, visitor.person, booking, outcome, asked.version)
            if isinstance(found, outcomes.Denied):
                return None
            return await promise_preview(work, self._context, t, found)

        return await self._answered(request, _Foresee, look)

    # ------------------------------------------------------------------ acting

    async def _tap(self, request: web.Request) -> web.Response:
        """One tap, carried out once however often it is sent."""

        async def act(work: Work, visitor: _Visitor, asked: _Tap) -> dict[str, object] | None:
            tapped = await page_taps.tap(work, visitor.person, asked.tap())
            if tapped.result is page_taps.Result.DENIED:
                return None
            visit = tapped.visit
            return {
                "result": tapped.result.value,
                "status": "" if visit is None else visit.status.value,
                "version": 0 if visit is None else visit.version,
            }

        return await self._answered(request, _Tap, act)

    async def _tap_lane(self, request: web.Request) -> web.Response:
        """A break or a delay begins, is changed or ends."""

        async def act(work: Work, visitor: _Visitor, asked: _LaneTap) -> dict[str, object] | None:
            tapped = await page_taps.tap_lane(work, visitor.person, asked.tap())
            return None if tapped.result is page_taps.Result.DENIED else {"result": tapped.result.value}

        return await self._answered(request, _LaneTap, act)

    async def _answered(
        self,
        request: web.Request,
        shape: type[_T],
        act: Callable[[Work, _Visitor, _T], Awaitable[Mapping[str, object] | None]],
    ) -> web.Response:
        """Do what was sent, for whoever sent it: 401 to a stranger, 400 for what has another shape, 403 for None."""
        visitor = self._who(request)
        if visitor is None:
            return _refused(401)
        asked = await _read(request, shape)
        if asked is None:
            return _refused(400)
        found = await self._context.attempt(lambda work: act(work, visitor, asked))
        return _refused(403) if found is None else json(found, more={**_HEADERS, "X-Pass": visitor.new_pass})

    # ------------------------------------------------------------------ who asks

    def _who(self, request: web.Request) -> _Visitor | None:
        now = self._context.clock()
        user = self._passes.who(request.headers.get("Authorization", ""), now)
        if user is None:
            return None
        return _Visitor(user, Person(TELEGRAM, user.address, user.name), self._passes.give(user, now))

    async def _localizer(self, work: Work, user: AppUser) -> Localizer:
        """In the language and digits that they have chosen in the chat."""
        known = await residents.at(work.tx, TELEGRAM, user.address)
        if known is not None:
            return localizer_of(self._context.catalogues, known)
        return self._context.catalogues.localizer(language_of(user.language))

    async def _denied(self, person: Person) -> web.Response:
        async with self._context.begin() as work:
            permissions.deny(work, person, Act.BRIEF, NO_SUBJECT)
        return _refused(403)


async def _offices(work: Work, person: Person) -> tuple[OfficeId, ...]:
    """The offices whose day they may see: those where they receive people and read briefs."""
    member = await permissions.member(work, person)
    every = tuple(office.id for office in work.offices.all)
    return (
        ()
        if member is None
        else tuple(office for office in member.offices(Act.RECEIVE, every) if member.may(Act.BRIEF, office))
    )


async def _office(work: Work, mine: tuple[OfficeId, ...], wanted: str) -> OfficeId:
    """The one they turned to; else the first that has a session today."""
    if wanted in mine:
        return OfficeId(wanted)
    held = {one.office for one in await sessions.of_day(work.tx, permissions.EVERY_OFFICE, work.today)}
    return next((office for office in mine if office in held), mine[0])


async def _read(request: web.Request, kind: type[_T]) -> _T | None:
    """A request's body; None where it is not what the page sends."""
    body = await read_body(request, _LARGEST)
    try:
        return None if body is None else kind.model_validate_json(body)
    except ValidationError:
        return None


def _refused(status: int) -> web.Response:
    return web.Response(status=status, headers=_HEADERS)
