"""A simulated Customer Day: people come to two lines of one office, staff call them in, and time is moved by a clock.

The bot is `customer-day run` in a process of its own. Whatever happens is planned from a seed; what the bot does about
it is waited for before time goes on. Two members of staff call the next one at the same moment, in the group or on
the director's page, and now and then undo what one of them tapped by mistake.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from benchmarks.residents import FIRST, Seen, book
from benchmarks.room import Room
from benchmarks.slips import Slip
from bot.context import AppContext
from bot.sandbox import STAFF_AR, STAFF_EN
from bot.sandbox.events import BotStarted
from bot.sandbox.people import BotMessage
from services.bookings import attendance, sessions
from services.bookings.bookings import Booking
from services.casework.intake import Caller
from services.staff.permissions import TELEGRAM, Person
from services.visits import due, undo, visits, walk_ins
from services.visits.grace import GRACE
from storage.ids import BookingId, OfficeId, Reference
from storage.records.sessions import Session
from storage.visits import Visit
from tests.e2e.process import Municipality

CAPITAL = OfficeId("capital")
_DOOR = Person(TELEGRAM, str(STAFF_EN), "Ahmed")
_STEP = timedelta(seconds=60)
_PATIENCE = 20.0
_LOOKED = "SELECT count(*) AS n FROM lines WHERE look_at <= :now"
_OWED = "SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND not_before <= :now"
_MINUTE = timedelta(minutes=1)
_TOLD_EVERY = timedelta(minutes=15)
_TOLD = """SELECT told_for FROM line_places JOIN bookings ON bookings.id = booking_id
    WHERE told_for IS NOT NULL AND bookings.status = 'confirmed'"""
_LATE = """SELECT reference FROM bookings JOIN slots ON slots.id = slot_id
    WHERE status = 'confirmed' AND starts_at < :now ORDER BY starts_at DESC"""
_CALLED = "SELECT booking_id, ticket FROM session_visits WHERE session_id = :line AND status = 'called'"

Tell = Callable[[str], None]  # a line of how far it is


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen."""

    booked: int = 60
    no_shows: int = 9
    walk_ins: int = 7
    seed: int = 1
    wanderers: int = 3  # who are not there when they are called, and come back
    leavers: int = 2  # who cannot stay
    patient: int = 3  # who ask for more time
    slips: int = 3  # of each kind of wrong tap, undone
    wrong_no_shows: int = 2  # who were said not to have come before their time, undone
    delay: int = 25  # minutes, in the first line, announced before it opens
    pause: int = 20  # minutes, in the second line
    pause_after: timedelta = timedelta(minutes=80)  # from the opening
    kill_after: timedelta = timedelta(minutes=130)
    meeting: tuple[float, float] = (5, 16)  # minutes, at least and at most


class Morning:
    """The day, played from a heap of what is to happen next."""

    def __init__(self, town: Municipality, desk: AppContext, room: Room, plan: Plan, tell: Tell) -> None:
        self.town, self.desk, self.room, self.plan, self.tell = town, desk, room, plan, tell
        self.chance = random.Random(plan.seed)
        self.seen = Seen()
        self.lines: Sequence[Session] = ()
        self.people: dict[BookingId, int] = {}  # who has which booking: their account
        self.came: set[BookingId] = set()
        self.away: set[BookingId] = set()
        self.slips: deque[Slip] = deque()  # that are to be made at the next call
        self.slips_inside: deque[Slip] = deque()  # and of whoever goes in next
        self.undone: Counter[str] = Counter()
        self._next: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._order = itertools.count()

    # ---------------------------------------------------------------- before

    async def prepare(self) -> None:
        """People who have appointments, in both lines by turns, and panels in the group."""
        town, plan = self.town, self.plan
        for n in range(plan.booked):
            town.sandbox.world.commit(BotStarted(FIRST + n))
        self.lines = [one for one in await self._today() if one.office == CAPITAL]
        booked = [await self.desk.attempt(partial(book, n=n, line=self.lines[n % 2].id)) for n in range(plan.booked)]
        self.people = {one.id: FIRST + n for n, one in enumerate(booked)}
        absent = set(self.chance.sample([one.id for one in booked], plan.no_shows))
        coming = [one for one in booked if one.id not in absent]
        self.away = {one.id for one in self.chance.sample(coming, plan.wanderers)}
        for booking in coming:
            assert booking.starts_at is not None
            self.at(booking.starts_at + self._offset(), partial(self._arrive, booking))
        opens = self.lines[0].opens_at
        for _ in range(plan.walk_ins):
            self.at(opens + timedelta(minutes=self.chance.uniform(0, 120)), self._walk_in)
        self.at(opens - timedelta(minutes=20), self._delay)
        self.at(opens + plan.pause_after, self._pause)
        self.at(opens + plan.kill_after, self._kill)
        for line in self.lines:
            self.at(line.opens_at, partial(self._call, line))
        for n in range(plan.leavers):
            self.at(opens + timedelta(minutes=50 + 20 * n), self._leave)
        for n in range(plan.patient):
            self.at(opens + timedelta(minutes=25 + 30 * n), self._ask_for_time)
        slips = [slip for slip in Slip for _ in range(plan.slips)]
        self.chance.shuffle(slips)
        for n, slip in enumerate(slips):
            self.at(opens + timedelta(minutes=15 + 7 * n), partial(self._plan_slip, slip))
        for n in range(plan.wrong_no_shows):
            self.at(opens + timedelta(minutes=35 + 30 * n), self._wrong_no_show)
        self.town.sandbox.world.listeners.add(self.seen.heard)

    async def _today(self) -> Sequence[Session]:
        async with self.desk.begin() as work:
            await sessions.plan_sessions(work)
        async with self.desk.begin() as work:
            found = [await sessions.upcoming(work, CAPITAL, 8)]
        today = self.town.clock().date()
        return sorted((one.session for one in found[0] if one.session.day == today), key=lambda one: one.id)

    def _offset(self) -> timedelta:
        """How long before or after their time somebody comes."""
        return timedelta(minutes=self.chance.triangular(-45, 8, -15))

    def at(self, when: datetime, act: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._next, (when, next(self._order), act))

    def soon(self, minutes: float, act: Callable[[], Awaitable[None]]) -> None:
        self.at(self.town.clock() + timedelta(minutes=minutes), act)

    # ---------------------------------------------------------------- time

    async def play(self) -> None:
        """Until nothing is left to happen, and nobody's turn is kept any more."""
        await self.settle()
        told = self.town.clock()
        for staff in (STAFF_EN, STAFF_AR):
            await self.town.staff(staff).says("/hall")
            await self.settle()
        while self._next:
            when, _, act = heapq.heappop(self._next)
            await self._until(when)
            if when - told >= _TOLD_EVERY:
                told = when
                await self._tell_how_it_stands()
            await act()
            await self.settle()
        self.tell("nothing is left to happen but to mark who never came")
        while (kept := await self._kept_until()) > self.town.clock():
            await self._until(kept)

    async def _kept_until(self) -> datetime:
        """When the last who may still come are marked as not having come."""
        closed = max(line.closes_at for line in self.lines) + due.AFTER
        told = (datetime.fromisoformat(str(row["told_for"])) + GRACE for row in await self.town.rows(_TOLD))
        return max((closed, *told)) + 2 * _MINUTE

    async def _until(self, when: datetime) -> None:
        while (left := when - self.town.clock()) > timedelta():
            self.town.clock.advance(min(left, _STEP))
            await self.settle()

    async def _tell_how_it_stands(self) -> None:
        done = await self.town.count("SELECT count(*) AS n FROM session_visits WHERE status = 'done'")
        now = self.town.clock().astimezone(self.desk.offices.zone)
        self.tell(f"{now:%H:%M} at the office: {len(self.came)} came, {done} were received")

    async def settle(self) -> None:
        """Wait until the bot has looked at every line and nothing is owed."""
        await self.town.sandbox.drained(_PATIENCE)
        await self.town.eventually(_LOOKED, 0, _PATIENCE, now=self.town.clock())
        await self.town.eventually(_OWED, 0, _PATIENCE, now=self.town.clock())

    # ---------------------------------------------------------------- residents

    async def _arrive(self, booking: Booking) -> None:
        """They come, unless they were told meanwhile to come later."""
        told = await self.town.rows("SELECT told_for FROM line_places WHERE booking_id = :id", id=booking.id)
        by = datetime.fromisoformat(str(told[0]["told_for"])) if told and told[0]["told_for"] else None
        if by is not None and by - self.town.clock() > timedelta(minutes=12):
            self.at(by - timedelta(minutes=self.chance.uniform(0, 10)), partial(self._arrive, booking))
            return
        came = await self.desk.attempt(partial(visits.receive, person=_DOOR, reference=booking.reference))
        assert isinstance(came, Visit), came
        self.came.add(booking.id)

    async def _walk_in(self) -> None:
        """Somebody without an appointment or Telegram, as staff add them at the door."""
        caller = Caller(name="Walk-in", phone=f"+97336{self.chance.randrange(10**6):06}")
        line = self.lines[self.chance.randrange(len(self.lines))].id
        added = await self.desk.attempt(partial(walk_ins.add, person=_DOOR, session=line, caller=caller, topic="other"))
        assert isinstance(added, walk_ins.Added), added
        self.came.add(added.booking.id)

    async def _waiting(self, besides: int = 0) -> int | None:
        """The account of somebody who waits, some places from the front."""
        rows = await self.town.rows(
            "SELECT booking_id FROM session_visits WHERE status = 'waiting' ORDER BY due_at, booking_id"
        )
        waiting = (BookingId(int(str(row["booking_id"]))) for row in rows)
        accounts = [self.people[booking] for booking in waiting if booking in self.people]
        return accounts[besides] if len(accounts) > besides else None

    async def _leave(self) -> None:
        who = await self._waiting(2)
        if who is None:
            return
        person = self.town.person(who)
        await person.taps("I have to leave")
        await person.sees("Leave the queue?")
        await person.taps("Yes, I have to leave")
        await person.sees("You have left the queue")

    async def _ask_for_time(self) -> None:
        who = await self._waiting()
        if who is not None:
            await self.town.person(who).taps("Let others go first for 10 minutes")
            await self.town.person(who).sees("Those who are here go first.")

    async def _come_back(self, booking: BookingId) -> None:
        person = self.town.person(self.people[booking])
        await person.taps("🙋 I am here")
        await person.sees("You are in the queue.")

    # ---------------------------------------------------------------- staff

    def panel(self, line: Session) -> BotMessage:
        """The newest panel of a line in the group."""
        title = {0: "Director General", 1: "Projects"}[self.lines.index(line)]
        shown = [one for one in self.town.staff(STAFF_EN).messages if one.text.startswith("🪑") and title in one.text]
        return shown[-1]

    async def tap(self, line: Session, label: str, *, by: int = 1) -> bool:
        """Tap a button of a panel, so many members at once; whether there is one."""
        panel = self.panel(line)
        data = next((one.data for row in panel.keys for one in row if label in one.label), None)
        if data is None:
            return False
        staff = (self.town.staff(STAFF_EN), self.town.staff(STAFF_AR))[:by]
        await asyncio.gather(*(one.taps_data(data, panel.id) for one in staff))
        return True

    async def _call(self, line: Session) -> None:
        """Call the next one, until nobody is left to come."""
        await self._call_next(line)
        await self.settle()
        rows = await self.town.rows(_CALLED, line=line.id)
        if not rows:
            if await self._is_over(line):
                return
            self.soon(1, partial(self._call, line))
            return
        booking, ticket = BookingId(int(str(rows[0]["booking_id"]))), int(str(rows[0]["ticket"]))
        if booking in self.away:
            self.away.discard(booking)
            self.soon(3, partial(self._not_here, line, booking, ticket))
        elif self.slips:
            self.soon(0.5, partial(self._slip, line, booking, ticket, self.slips.popleft()))
        else:
            self.soon(1, partial(self._enter, line, ticket))

    async def _call_next(self, line: Session) -> None:
        """Two members at the same moment: both in the group, both on the page, or one here and one there."""
        in_group, on_page = self.chance.choice(((2, 0), (0, 2), (1, 1)))
        called = self.room.calls_next(line.id, (STAFF_AR, STAFF_EN)[:on_page])
        await asyncio.gather(called, self.tap(line, "Call next", by=in_group) if in_group else _nothing())

    # ---------------------------------------------------------------- wrong taps

    async def _plan_slip(self, slip: Slip) -> None:
        (self.slips_inside if slip.inside else self.slips).append(slip)

    async def _slip(self, line: Session, booking: BookingId, ticket: int, slip: Slip) -> None:
        """Somebody taps what is wrong of who was called, or called them too early."""
        if slip.tapped:
            assert await self.tap(line, f"{ticket} {slip.tapped}")
        self.soon(0.5, partial(self._undo, line, booking, ticket, slip))

    async def _undo(self, line: Session, booking: BookingId, ticket: int, slip: Slip) -> None:
        """Two members notice at the same moment. The visitor stands as before, and the morning goes on."""
        await self._take_back(line, booking, ticket, slip)
        ((row,)) = await self.town.rows("SELECT status FROM session_visits WHERE booking_id = :id", id=booking)
        assert row["status"] == slip.before, f"{slip.undo(ticket)} left them {row['status']}"
        self.undone[slip.name] += 1
        if slip.inside:
            return  # the meeting goes on
        if row["status"] == "called":
            self.soon(0.5, partial(self._enter, line, ticket))
        else:
            self.soon(1, partial(self._call, line))

    async def _take_back(self, line: Session, booking: BookingId, ticket: int, slip: Slip) -> None:
        if self.chance.random() < 1 / 2:
            await self.room.undoes(line.id, booking, (STAFF_AR, STAFF_EN))
        elif slip is Slip.RECORDED:  # the bot shows the outcome and asks first
            assert await self.tap(line, slip.undo(ticket))
            await self.settle()
            asked = self.town.staff(STAFF_EN).messages[-1]
            data = next(key.data for row in asked.keys for key in row if "withdraw" in key.label)
            staff = (self.town.staff(STAFF_EN), self.town.staff(STAFF_AR))
            await asyncio.gather(*(one.taps_data(data, asked.id) for one in staff))
        else:
            assert await self.tap(line, slip.undo(ticket), by=2)
        await self.settle()
        if slip is Slip.RECORDED:
            kinds = "SELECT kind FROM meeting_outcomes WHERE booking_id = :id ORDER BY version"
            found = [row["kind"] for row in await self.town.rows(kinds, id=booking)]
            assert found == ["solved", "taken_back"], f"the outcomes of {booking} are {found}"

    async def _slip_inside(self, line: Session, booking: BookingId, ticket: int, slip: Slip) -> None:
        """The meeting is said to be over while it goes on."""
        if slip is Slip.RECORDED:
            await self.room.records(line.id, booking, (STAFF_AR, STAFF_EN), outcome=0)
        else:
            assert await self.tap(line, f"{ticket} {slip.tapped}")
        self.soon(0.5, partial(self._undo, line, booking, ticket, slip))

    async def _wrong_no_show(self) -> None:
        """Somebody who is late is said not to have come. It is undone at once: they may still come."""
        rows = await self.town.rows(_LATE, now=self.town.clock())
        if not rows:
            self.soon(3, self._wrong_no_show)
            return
        reference = Reference(str(rows[0]["reference"]))
        marked = await self.desk.attempt(partial(attendance.mark_no_show, reference=reference, actor=_DOOR.actor))
        assert isinstance(marked, Booking), marked
        await self.settle()
        expected = await self.desk.attempt(partial(undo.no_show, person=_DOOR, booking=marked))
        assert isinstance(expected, Booking), expected
        self.undone["NO_SHOW"] += 1

    async def _is_over(self, line: Session) -> bool:
        """Whether nobody waits and nobody is to come any more."""
        here = "SELECT count(*) AS n FROM session_visits WHERE session_id = :line AND status IN ('waiting', 'absent')"
        if await self.town.count(here, line=line.id):
            return False
        return self.town.clock() > line.closes_at + timedelta(minutes=12)

    async def _not_here(self, line: Session, booking: BookingId, ticket: int) -> None:
        assert await self.tap(line, f"{ticket} Not here")
        self.soon(4, partial(self._come_back, booking))
        self.soon(0.2, partial(self._call, line))

    async def _enter(self, line: Session, ticket: int) -> None:
        assert await self.tap(line, f"{ticket} In")
        least, most = self.plan.meeting
        if self.slips_inside:
            booking = await self._inside(line)
            self.soon(1, partial(self._slip_inside, line, booking, ticket, self.slips_inside.popleft()))
        self.soon(self.chance.triangular(least, most, (2 * least + most) / 3), partial(self._done, line, ticket))

    async def _inside(self, line: Session) -> BookingId:
        await self.settle()
        inside = "SELECT booking_id FROM session_visits WHERE session_id = :line AND status = 'inside'"
        ((row,)) = await self.town.rows(inside, line=line.id)
        return BookingId(int(str(row["booking_id"])))

    async def _done(self, line: Session, ticket: int) -> None:
        assert await self.tap(line, f"{ticket} Done")
        self.soon(0.3, partial(self._call, line))

    async def _delay(self) -> None:
        assert await self.tap(self.lines[0], "Delay")
        await self.settle()
        await self.town.staff(STAFF_EN).taps(f"{self.plan.delay} minutes")

    async def _pause(self) -> None:
        assert await self.tap(self.lines[1], "Break")
        await self.settle()
        await self.town.staff(STAFF_EN).taps(f"{self.plan.pause} minutes")

    async def _kill(self) -> None:
        """Kill -9 while two members tap."""
        await self.tap(self.lines[0], "Call next", by=2)
        await self.tap(self.lines[1], "Call next", by=2)
        await self.town.process.kill()
        await self.town.process.start()


async def _nothing() -> None:
    pass
