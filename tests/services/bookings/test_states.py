"""The table of booking states agrees with the schema, with itself, and with what the services do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, transitions, waiting_list
from services.bookings.bookings import Booking
from services.bookings.states import EXPECTED, KEPT, LIVE, RULES, SEATED, Transition, can
from services.unit_of_work import Work
from services.visits.states import RULES as VISIT_RULES
from storage.booking_states import STATES, listed
from storage.database import Database, Dialect
from storage.records.bookings import BookingEventKind, BookingStatus
from storage.records.residents import Resident
from storage.records.sessions import Slot
from tests.services.booking_builders import DeskUnderTest, offices, rule

S = BookingStatus
VERSIONS = Path(__file__).parents[3] / "storage" / "migrations" / "versions"
STAFF = staff_actor("1")


# ---------------------------------------------------------------------------- the schema


def _states_of_index(name: str) -> set[str]:
    """The states that the newest definition of an index names."""
    found = [
        match[1]
        for path in sorted(VERSIONS.glob("*.sql"))
        for match in re.finditer(rf"INDEX {name} ON .*?WHERE (.*?);", path.read_text(), re.DOTALL)
    ]
    return set(re.findall(r"'(\w+)'", found[-1]))


def test_every_state_is_in_the_table() -> None:
    assert set(STATES) == set(BookingStatus)


def test_a_seat_is_taken_where_the_schema_says_so() -> None:
    assert _states_of_index("one_live_seat") == set(SEATED)


def test_a_booking_is_live_where_the_schema_says_so() -> None:
    assert _states_of_index("one_live_booking") | _states_of_index("one_hold") == set(LIVE)


def test_a_booking_runs_out_where_the_schema_says_so() -> None:
    assert _states_of_index("bookings_with_deadline") == set(KEPT)


def test_states_are_listed_as_the_schema_lists_them() -> None:
    [written] = re.findall(r"one_live_seat.*?IN (\(.*?\))", (VERSIONS / "0001_start.sql").read_text(), re.DOTALL)
    assert listed(SEATED) == written


def test_what_is_kept_or_expected_is_live_and_has_a_seat() -> None:
    assert KEPT | EXPECTED <= LIVE & SEATED


# ---------------------------------------------------------------------------- the table


def test_every_transition_has_a_rule() -> None:
    assert set(RULES) == set(Transition)


def test_every_line_of_a_history_is_a_transitions_or_changes_nothing() -> None:
    said_only = {
        BookingEventKind.WILL_COME,
        BookingEventKind.DISOWNED,
        BookingEventKind.NOTED,
        BookingEventKind.ANSWERED,
        BookingEventKind.ANSWER_UNDONE,
        BookingEventKind.ASKED,
        BookingEventKind.REMINDED,
        BookingEventKind.UNANSWERED,
        BookingEventKind.SEEN,
        BookingEventKind.BESIDE,
    }
    of_visits = {rule.event for rule in VISIT_RULES.values()}
    assert {rule.event for rule in RULES.values()} | of_visits == set(BookingEventKind) - said_only


#: What may follow each state, written once more: a slip in the table is then seen.
FOLLOWS = {
    S.HELD: {S.CONFIRMED, S.EXPIRED, S.CANCELLED_BY_MUNICIPALITY},
    S.WAITING: {S.OFFERED, S.CONFIRMED, S.EXPIRED, S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY},
    S.OFFERED: {S.CONFIRMED, S.WAITING, S.EXPIRED, S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY},
    S.CONFIRMED: {S.CHECKED_IN, S.ATTENDED, S.NO_SHOW, S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY},
    S.CHECKED_IN: {S.ATTENDED, S.NO_SHOW, S.CANCELLED_BY_MUNICIPALITY},
    S.ATTENDED: {S.NO_SHOW, S.CHECKED_IN},
    S.NO_SHOW: {S.ATTENDED, S.CONFIRMED},
    S.EXPIRED: {S.CONFIRMED},
    S.CANCELLED_BY_RESIDENT: set(),
    S.CANCELLED_BY_MUNICIPALITY: set(),
}


@pytest.mark.parametrize("status", BookingStatus)
def test_what_may_follow_a_state(status: BookingStatus) -> None:
    following = {rule.to or status for rule in RULES.values() if status in rule.allowed}
    assert following - {status} == FOLLOWS[status]


@pytest.mark.parametrize("status", [S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY])
def test_nothing_follows_a_cancelled_booking(status: BookingStatus) -> None:
    assert [transition for transition, rule in RULES.items() if status in rule.allowed] == []


def test_every_state_is_reached_from_a_beginning() -> None:
    reached = {rule.to for rule in RULES.values() if rule.begins}
    while more := {rule.to for rule in RULES.values() if rule.to and rule.allowed & reached} - reached:
        reached |= more
    assert reached == set(BookingStatus)


# ---------------------------------------------------------------------------- what the services do


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    """A seat on each of two days."""
    casework = DeskUnderTest(database, offices(tmp_path, rule(closes="09:15", capacity=1)))
    await casework.tick()
    return casework


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody's booking on a day whose only seat another has, so that nobody who waits is offered one."""

    booking: Booking
    resident: Resident
    slot: Slot
    elsewhere: Slot


@pytest.fixture
async def scene(casework: DeskUnderTest) -> Scene:
    first, second = await casework.days()
    [slot], [elsewhere] = await casework.slots(first), await casework.slots(second)
    await casework.book(slot)
    resident = await casework.resident()
    return Scene(await casework.wait(first, resident), resident, slot, elsewhere)


Act = Callable[[Work, Scene], Awaitable[object]]
#: What residents and staff do, by which transitions, and how long before or after the appointment begins.
ACTS: dict[str, tuple[Act, set[Transition], timedelta]] = {
    "cancel": (
        lambda work, scene: bookings.cancel(work, scene.booking.reference, scene.resident),
        {Transition.CANCEL, Transition.RELEASE_HOLD},
        timedelta(days=-2),
    ),
    "cancel by the municipality": (
        lambda work, scene: bookings.cancel_by_municipality(work, scene.booking.id, "", STAFF),
        {Transition.CALL_OFF},
        timedelta(days=-2),
    ),
    "move": (
        lambda work, scene: bookings.reschedule(work, scene.booking.reference, scene.resident, scene.elsewhere.id),
        {Transition.MOVE},
        timedelta(days=-2),
    ),
    "add a note": (
        lambda work, scene: bookings.add_note(work, scene.booking.reference, scene.resident, "and a lamp"),
        {Transition.ADD},
        timedelta(days=-2),
    ),
    "decline": (
        lambda work, scene: waiting_list.decline_offer(work, scene.booking.reference, scene.resident),
        {Transition.DECLINE},
        timedelta(days=-2),
    ),
    "check in": (
        lambda work, scene: bookings.check_in(work, scene.booking.reference, STAFF),
        {Transition.CHECK_IN},
        timedelta(minutes=-5),
    ),
    "receive": (
        lambda work, scene: bookings.mark_attended(work, scene.booking.reference, STAFF),
        {Transition.MARK_ATTENDED},
        timedelta(minutes=5),
    ),
    "miss": (
        lambda work, scene: bookings.mark_no_show(work, scene.booking.reference, STAFF),
        {Transition.MARK_NO_SHOW},
        timedelta(minutes=5),
    ),
}


class _Undo(Exception):
    """The transaction is not to be kept."""


async def put(work: Work, scene: Scene, status: BookingStatus) -> None:
    """Bring the booking into a state as if it had come there by itself."""
    seat = None if status is S.WAITING else 2
    await work.tx.run(
        "UPDATE bookings SET status = :status, slot_id = :slot, seat = :seat, deadline = :deadline WHERE id = :id",
        id=scene.booking.id,
        status=status,
        slot=None if seat is None else scene.slot.id,
        seat=seat,
        deadline=work.now + timedelta(minutes=5) if status in KEPT else None,
    )


async def becomes(casework: DeskUnderTest, scene: Scene, status: BookingStatus, act: Act, now: datetime) -> object:
    """What an act says of the booking in a state; nothing of it is kept."""
    outcome: object = None
    with suppress(_Undo):
        async with casework.database.transaction() as tx:
            work = Work(tx, now, casework.offices, casework.calendar, casework.random)
            await put(work, scene, status)
            outcome = await act(work, scene)
            raise _Undo
    return outcome


@pytest.mark.parametrize("name", ACTS)
async def test_what_can_be_done_with_a_booking_is_what_the_table_says(
    casework: DeskUnderTest, scene: Scene, name: str
) -> None:
    act, by, when = ACTS[name]
    for status in BookingStatus:
        outcome = await becomes(casework, scene, status, act, scene.slot.starts_at + when)
        found = [RULES[one] for one in by if status in RULES[one].allowed]
        if found:
            assert isinstance(outcome, Booking), (status, outcome)
            assert outcome.status is (found[0].to or status)
        elif isinstance(outcome, Booking):  # done before: doing it twice is doing it once
            assert (outcome.status, outcome.updated_at) == (status, scene.booking.updated_at)
            assert status in {RULES[one].to for one in by}


async def test_a_transition_that_the_table_does_not_have_is_a_defect(casework: DeskUnderTest, scene: Scene) -> None:
    board = (await casework.do(transitions.lock_sessions, scene.booking.session_id))[scene.booking.session_id]
    for status in BookingStatus:
        booking = scene.booking.model_copy(update={"status": status})
        for transition in Transition:
            if not can(booking, transition):
                with pytest.raises(ValueError, match=f"is {status}, which has no {transition.name}"):
                    await casework.do(transitions.apply, board, booking, transition, STAFF)


@pytest.mark.parametrize(
    "transition", sorted(set(Transition) - {Transition.HOLD, Transition.JOIN, Transition.WALK_IN}, key=str)
)
async def test_a_booking_begins_as_a_hold_on_the_waiting_list_or_at_the_door(
    casework: DeskUnderTest, scene: Scene, transition: Transition
) -> None:
    board = (await casework.do(transitions.lock_sessions, scene.booking.session_id))[scene.booking.session_id]
    with pytest.raises(ValueError, match=f"no booking begins with {transition.name}"):
        await casework.do(transitions.begin, board, scene.resident, transition, {})
