"""Whatever residents, staff and time do at Customer Day in whatever order, its invariants hold."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.actors import Actor, staff_actor
from services.bookings import bookings, sessions, waiting_list
from services.bookings.availability import look
from services.bookings.bookings import Booking, BookingStatus, OneAlready
from services.bookings.states import EXPECTED, LIVE, RULES, SEATED
from storage.ids import BookingId
from storage.open import open_database
from storage.records.sessions import Session, Slot
from storage.translations import Translations
from tests.databases import fresh_sqlite
from tests.services import booking_builders as builders
from tests.services.booking_builders import CAPITAL, DeskUnderTest, details, offices

T = TypeVar("T")
S = BookingStatus

PEOPLE = st.integers(0, 4)
SLOTS = st.integers(0, 3)
CANCELLED = {S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY}
#: What a booking is after each line of its history.
SAYS = {
    "held": {S.HELD},
    "hold_released": {S.EXPIRED},
    "hold_lapsed": {S.EXPIRED},
    "confirmed": {S.CONFIRMED},
    "joined": {S.WAITING},
    "offered": {S.OFFERED},
    "offer_lapsed": {S.EXPIRED, S.WAITING},
    "offer_declined": {S.CANCELLED_BY_RESIDENT, S.EXPIRED},
    "waiting_ended": {S.EXPIRED},
    "moved": {S.CONFIRMED},
    "cancelled": CANCELLED,
    "added": {S.WAITING, S.OFFERED, S.CONFIRMED, S.CHECKED_IN, S.ATTENDED, S.NO_SHOW},
    "checked_in": {S.CHECKED_IN},
    "attended": {S.ATTENDED},
    "no_show": {S.NO_SHOW},
}
_READ = """
SELECT b.*, s.day, sl.starts_at, sl.ends_at FROM bookings b JOIN sessions s ON s.id = b.session_id
LEFT JOIN slots sl ON sl.id = b.slot_id ORDER BY b.id
"""


class CustomerDay(RuleBasedStateMachine):
    """Five residents, each week a session of three seats, one of them released late, and one of a single seat."""

    empty: Path  # a migrated database to begin with

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        folder = Path(self.directory.name)
        shutil.copy(self.empty, folder / "day.db")
        sittings = builders.rule(closes="09:45", capacity=1, weeks_ahead=1, released_late=0.34)
        database = self.run(open_database(f"sqlite:///{folder / 'day.db'}"))
        beside = builders.rule("roads", closes="09:15", capacity=1, weeks_ahead=1)
        self.casework = DeskUnderTest(database, offices(folder, sittings, beside))
        self.before: dict[BookingId, Booking] = {}  # as they stood at the last look
        self.lines: dict[BookingId, int] = {}  # of their history, then

    def run(self, what: Awaitable[T]) -> T:
        return self.loop.run_until_complete(what)

    def teardown(self) -> None:
        self.run(self.casework.database.close())
        self.loop.close()
        self.directory.cleanup()

    @initialize()
    def open_up(self) -> None:
        self.run(self.casework.tick())
        self.people = self.run(self.casework.people(5))

    # ------------------------------------------------------------ what residents do

    @rule(who=PEOPLE, which=SLOTS)
    def choose(self, who: int, which: int) -> None:
        slot, before = self.slot(which), self.places(who)
        outcome = self.run(self.casework.do(bookings.reserve_seat, slot.id, self.people[who]))
        if isinstance(outcome, Booking):
            assert (outcome.slot_id, outcome.status) == (slot.id, S.HELD)
        self.nothing_lost(who, before)

    @rule(who=PEOPLE)
    def confirm(self, who: int) -> None:
        for hold in self.latest(who, S.HELD, S.EXPIRED):
            before = self.places(who)
            outcome = self.run(
                self.casework.do(bookings.confirm_seat, hold.id, self.people[who], details(self.people[who]))
            )
            if isinstance(outcome, Booking):
                assert outcome.slot_id == hold.slot_id
                assert [one.id for one in self.places(who) if one.session_id == hold.session_id] == [outcome.id]
                before = [one for one in before if one.session_id != hold.session_id]
            self.nothing_lost(who, before)

    @rule(who=PEOPLE)
    def answer_slowly(self, who: int) -> None:
        for hold in self.latest(who, S.HELD):
            self.run(self.casework.do(bookings.lengthen_hold, hold.id, self.people[who]))

    @rule(who=PEOPLE)
    def go_elsewhere(self, who: int) -> None:
        for hold in self.latest(who, S.HELD):
            before = self.places(who)
            self.run(self.casework.do(bookings.release_hold, hold.id, self.people[who]))
            self.nothing_lost(who, before)

    @rule(who=PEOPLE, which=SLOTS)
    def book(self, who: int, which: int) -> None:
        before = self.to_come(who)
        held = self.run(self.casework.do(bookings.reserve_seat, self.slot(which).id, self.people[who]))
        if isinstance(held, Booking):
            booked = self.run(
                self.casework.do(bookings.confirm_seat, held.id, self.people[who], details(self.people[who]))
            )
            assert isinstance(booked, OneAlready if before else Booking)

    @rule(who=PEOPLE, which=SLOTS)
    def move(self, who: int, which: int) -> None:
        for booked in self.latest(who, S.CONFIRMED):
            target = self.slot(which)
            moved = self.run(self.casework.do(bookings.reschedule, booked.reference, self.people[who], target.id))
            if isinstance(moved, Booking):
                assert (moved.id, moved.slot_id) == (booked.id, target.id)
                assert moved.version == booked.version + (booked.slot_id != target.id)

    @rule(who=PEOPLE)
    def cancel(self, who: int) -> None:
        for booked in self.latest(who, S.CONFIRMED, S.WAITING, S.OFFERED):
            ended = self.run(self.casework.do(bookings.cancel, booked.reference, self.people[who], "plans"))
            begun = booked.status is S.CONFIRMED and booked.starts_at and booked.starts_at <= self.casework.now
            assert isinstance(ended, Booking) != bool(begun)

    @rule(who=PEOPLE, day=st.integers(0, 1))
    def join(self, who: int, day: int) -> None:
        self.run(self.casework.do(waiting_list.join, self.day(day).id, self.people[who], details(self.people[who])))

    @rule(who=PEOPLE)
    def accept(self, who: int) -> None:
        for offered in self.latest(who, S.OFFERED):
            before = self.to_come(who)
            accepted = self.run(self.casework.do(waiting_list.accept_offer, offered.reference, self.people[who]))
            if before:
                assert isinstance(accepted, OneAlready)
                continue
            assert isinstance(accepted, Booking)
            assert (accepted.slot_id, accepted.seat) == (offered.slot_id, offered.seat)

    @rule(who=PEOPLE)
    def decline(self, who: int) -> None:
        for offered in self.latest(who, S.OFFERED):
            self.run(self.casework.do(waiting_list.decline_offer, offered.reference, self.people[who]))

    @rule(who=PEOPLE)
    def add(self, who: int) -> None:
        for booked in self.latest(who, *LIVE, *SEATED):
            noted = self.run(self.casework.do(bookings.add_note, booked.reference, self.people[who], "one more"))
            assert not isinstance(noted, Booking) or noted.status is booked.status

    # ------------------------------------------------------------ what the municipality and time do

    @rule(who=PEOPLE)
    def call_off(self, who: int) -> None:
        for booked in self.latest(who, S.CONFIRMED):
            self.run(self.casework.do(bookings.cancel_by_municipality, booked.id, "", staff_actor("1")))

    @rule(who=PEOPLE, which=SLOTS)
    def put_elsewhere(self, who: int, which: int) -> None:
        for booked in self.latest(who, S.CONFIRMED):
            self.run(self.casework.do(bookings.move_by_municipality, booked.id, self.slot(which).id, staff_actor("1")))

    @rule(who=PEOPLE, came=st.booleans())
    def receive(self, who: int, *, came: bool) -> None:
        for booked in self.latest(who, S.CONFIRMED, S.CHECKED_IN, S.ATTENDED, S.NO_SHOW):
            act = bookings.mark_attended if came else bookings.mark_no_show
            self.run(self.casework.do(act, booked.reference, staff_actor("1")))

    @rule(who=PEOPLE)
    def arrive(self, who: int) -> None:
        for booked in self.latest(who, S.CONFIRMED):
            self.run(self.casework.do(bookings.check_in, booked.reference, staff_actor("1")))

    @rule(day=st.integers(0, 1), again=st.booleans())
    def close(self, day: int, again: bool) -> None:
        on = self.day(day).day
        self.run(
            self.casework.do(
                sessions.close_day, CAPITAL, on, Translations({"ar": "عطلة", "en": "Holiday"}), Actor("admin:1")
            )
        )
        if again:
            self.run(self.casework.do(sessions.reopen_day, CAPITAL, on, Actor("admin:1")))

    @rule(minutes=st.sampled_from([1, 5, 9, 10, 16, 61, 300, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.run(self.casework.pass_time(minutes=minutes))
        assert self.run(self.casework.tick()) == 0  # nothing is done twice

    # ------------------------------------------------------------ what always holds

    @invariant()
    def no_seat_has_two_people(self) -> None:
        capacity = {row["id"]: int(str(row["capacity"])) for row in self.rows("SELECT id, capacity FROM slots")}
        seated = Counter(one.slot_id for one in self.all() if one.status in SEATED)
        assert all(count <= capacity[slot] for slot, count in seated.items())

    @invariant()
    def a_resident_has_one_live_booking_for_each_session_and_one_hold(self) -> None:
        places = {(one.session_id, one.resident_id): one for one in self.all() if one.status in LIVE - {S.HELD}}
        live = Counter((one.session_id, one.resident_id) for one in self.all() if one.status in LIVE - {S.HELD})
        holds = Counter(one.resident_id for one in self.all() if one.status is S.HELD)
        assert max([*live.values(), *holds.values()], default=0) <= 1
        for hold in (one for one in self.all() if one.status is S.HELD):
            beside = places.get((hold.session_id, hold.resident_id))
            assert beside is None or beside.status in {S.WAITING, S.OFFERED}

    @invariant()
    def a_resident_has_one_appointment_to_come(self) -> None:
        assert all(len(self.to_come(who)) <= 1 for who in range(5))

    @invariant()
    def what_becomes_of_a_booking_is_kept(self) -> None:
        """Rows and references stay; each change is in its history; what a calendar shows has a version of its own."""
        said: dict[BookingId, list[str]] = defaultdict(list)
        for row in self.rows("SELECT booking_id, what FROM booking_events ORDER BY id"):
            said[BookingId(int(str(row["booking_id"])))].append(str(row["what"]))
        now = {one.id: one for one in self.all()}
        assert now.keys() >= self.before.keys()
        assert len({one.reference for one in now.values()}) == len(now)
        for one in now.values():
            assert one.status in SAYS[said[one.id][-1]]
            before = self.before.get(one.id)
            if before is None:
                continue
            assert one.reference == before.reference
            assert one.version >= before.version
            if (one.status, one.slot_id, one.seat) != (before.status, before.slot_id, before.seat):
                assert len(said[one.id]) > self.lines[one.id]
            if before.status is S.CONFIRMED and (one.slot_id != before.slot_id or one.status in CANCELLED):
                assert one.version > before.version
        self.before, self.lines = now, {key: len(what) for key, what in said.items()}

    @invariant()
    def what_became_of_a_booking_is_a_way_through_the_table(self) -> None:
        ways: dict[BookingId, set[BookingStatus | None]] = defaultdict(lambda: {None})
        for row in self.rows("SELECT booking_id, what FROM booking_events ORDER BY id"):
            booking = BookingId(int(str(row["booking_id"])))
            rules = [one for one in RULES.values() if one.event == row["what"]]
            ways[booking] = {
                one.to or status
                for status in ways[booking]
                for one in rules
                if (one.begins if status is None else status in one.allowed)
            }
        for one in self.all():
            assert one.status in ways[one.id]

    @invariant()
    def everybody_is_told_once_of_what_was_done_for_them(self) -> None:
        told = Counter(str(row["key"]).rpartition(":")[0] for row in self.rows("SELECT key FROM outbox"))
        events = Counter(
            (row["what"], row["actor"] == "clock", row["booking_id"])
            for row in self.rows("SELECT booking_id, what, actor FROM booking_events")
        )
        for one in self.all():
            assert told[f"booking_cancelled:{one.id}"] == (one.status is S.CANCELLED_BY_MUNICIPALITY)
            assert told[f"seat_offered:{one.id}"] == events["offered", True, one.id]
            assert told[f"offer_lapsed:{one.id}"] == events["offer_lapsed", True, one.id]
            assert told[f"waiting_ended:{one.id}"] >= events["waiting_ended", True, one.id]

    @invariant()
    def no_offer_stands_too_long(self) -> None:
        until = {slot.id: slot.bookable_until for slot in map(Slot.of, self.rows("SELECT * FROM slots"))}
        for one in self.all():
            if one.status is S.OFFERED:
                assert one.deadline is not None
                assert one.slot_id is not None
                asleep = self.is_night(one.updated_at)
                longest = until[one.slot_id] if asleep else one.updated_at + timedelta(hours=1)
                assert one.deadline <= min(longest, until[one.slot_id])

    @invariant()
    def seats_were_offered_in_the_order_of_the_line(self) -> None:
        moved = {row["booking_id"] for row in self.rows("SELECT booking_id FROM booking_events WHERE what = 'moved'")}
        offers = self.rows("SELECT booking_id FROM booking_events WHERE what = 'offered'")
        offered = {row["booking_id"] for row in offers}  # who slept through one waits again
        lines: dict[int, list[Booking]] = defaultdict(list)
        for one in self.all():
            if one.waiting_since is not None and one.id not in moved:
                lines[one.session_id].append(one)
        for line in lines.values():
            before = [(one.waiting_since, one.id) for one in line if one.id in offered]
            still = [(one.waiting_since, one.id) for one in line if one.status is S.WAITING and one.id not in offered]
            assert not before or not still or max(before) < min(still)

    @invariant()
    def nobody_waits_while_a_seat_is_free_by_day(self) -> None:
        if self.is_night(self.casework.now):
            return
        for session in {one.session_id for one in self.all() if one.status is S.WAITING}:
            board = self.run(self.casework.do(look, session))
            assert board is not None
            assert not any(board.free(slot, self.casework.now) for slot in board.slots)

    @invariant()
    def what_is_owed_is_true(self) -> None:
        now = {one.id: one for one in self.all()}
        for row in self.rows("SELECT key FROM outbox WHERE status = 'pending'"):
            kind, booking, *_ = str(row["key"]).split(":")
            if kind == "seat_offered":
                assert now[BookingId(int(booking))].status is S.OFFERED
            if kind == "reminder":
                assert now[BookingId(int(booking))].status is S.CONFIRMED

    @invariant()
    def only_what_stands_is_recalled_and_kept(self) -> None:
        for one in self.all():
            assert one.remind_at is None or one.status is S.CONFIRMED
            assert (one.deadline is not None) == (one.status in {S.HELD, S.OFFERED})
            assert one.deadline is None or one.deadline > self.casework.now

    @invariant()
    def nobody_is_woken_for_what_can_wait(self) -> None:
        for row in self.rows(
            "SELECT e.at, s.opens_at FROM booking_events e JOIN bookings b ON b.id = e.booking_id "
            "JOIN sessions s ON s.id = b.session_id WHERE e.what = 'offered'"
        ):
            at, opens = (datetime.fromisoformat(str(row[name])) for name in ("at", "opens_at"))
            assert not self.is_night(at) or opens - at < timedelta(hours=12)

    # ------------------------------------------------------------ looking

    def is_night(self, instant: datetime) -> bool:
        return not 8 <= instant.astimezone(self.casework.offices.zone).hour < 21

    def rows(self, sql: str) -> list[dict[str, object]]:
        return [dict(row) for row in self.run(self.casework.rows(sql))]

    def all(self) -> list[Booking]:
        return [Booking.of(row) for row in self.rows(_READ)]

    def to_come(self, who: int) -> list[Booking]:
        """Their appointments that are not over."""
        now, mine = self.casework.now, self.people[who].id
        today = now.astimezone(self.casework.offices.zone).date()
        expected = [one for one in self.all() if one.resident_id == mine and one.status in EXPECTED]
        return [
            one
            for one in expected
            if one.day >= today and (one.status is S.CHECKED_IN or (one.ends_at is not None and one.ends_at > now))
        ]

    def latest(self, who: int, *statuses: BookingStatus) -> list[Booking]:
        """A resident's newest booking in one of these states, if there is any."""
        mine = [one for one in self.all() if one.resident_id == self.people[who].id and one.status in statuses]
        return mine[-1:]

    def places(self, who: int) -> list[Booking]:
        """A resident's appointments, offers and places in lines."""
        live = LIVE - {S.HELD}
        return [one for one in self.all() if one.resident_id == self.people[who].id and one.status in live]

    def nothing_lost(self, who: int, before: list[Booking]) -> None:
        """Whoever looks at times keeps what they have; one who waits may be offered what they let go of."""
        now = {one.id: one for one in self.places(who)}
        for one in before:
            again = now[one.id]
            offered = one.status is S.WAITING and again.status is S.OFFERED
            assert offered or again == one
            assert again.waiting_since == one.waiting_since

    def day(self, number: int) -> Session:
        return self.run(self.casework.days())[number]

    def slot(self, number: int) -> Slot:
        """The three slots of the next day, or the first of the other."""
        return self.run(self.casework.slots(self.day(number // 3)))[number % 3]


def test_customer_day_keeps_its_invariants(tmp_path: Path) -> None:
    async def prepare() -> Path:
        path = tmp_path / "empty.db"
        await fresh_sqlite(path)
        return path

    CustomerDay.empty = asyncio.run(prepare())
    run_state_machine_as_test(
        CustomerDay,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
