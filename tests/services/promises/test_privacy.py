"""What was said and promised in meetings is the resident's to have, and to have erased."""

from __future__ import annotations

from datetime import timedelta

from services.bookings import bookings
from services.privacy import data_export, erasure
from services.privacy.retention import Retention, apply_retention
from services.promises import no_shows, promises
from services.promises.no_shows import Reason
from services.promises.outcomes import Party
from storage.promises import PromiseStatus
from tests.services.promises.conftest import DUE, NOORA, Meetings


async def test_a_copy_of_their_data_has_outcomes_promises_and_reasons(desk: Meetings) -> None:
    booking, person = await desk.met()
    await desk.promised(booking, party=Party(f"staff:{NOORA.address}"))
    copy = await desk.do(data_export.export, person)
    (outcome,), (promise,) = copy.outcomes, copy.promises
    assert (outcome.booking, outcome.kind, outcome.words) == (booking.reference, "promised", "We will mend the drain")
    assert (promise.what, promise.due, promise.status) == ("We will mend the drain", DUE, "open")
    assert NOORA.address not in outcome.party + promise.party


async def test_why_they_did_not_come_is_in_the_copy_and_has_no_consequences(desk: Meetings) -> None:
    booking, person = await desk.met()
    await desk.do(bookings.mark_no_show, booking.reference, NOORA.actor)
    await desk.do(no_shows.say_why, booking.reference, person, Reason.OTHER, "My child was ill")
    copy = await desk.do(data_export.export, person)
    assert [(one.reason, one.words) for one in copy.no_shows] == [("other", "My child was ill")]
    assert person.blocked_until is None


async def test_who_is_forgotten_leaves_no_words_and_is_not_asked(desk: Meetings) -> None:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    await desk.do(erasure.forget, person, desk.now, bookings.cancel)
    assert not await desk.rows("SELECT id FROM meeting_outcomes WHERE words <> ''")
    assert not await desk.rows("SELECT id FROM promises WHERE what <> ''")
    desk.now = desk.at(DUE, "09:00")
    await desk.look()
    after = await desk.do(promises.by_id, kept.id)
    assert after is not None
    assert after.status is PromiseStatus.UNCONFIRMED
    assert not await desk.owed("was_it_done")


async def test_words_are_let_go_of_in_time(desk: Meetings) -> None:
    booking, _ = await desk.met()
    await desk.promised(booking)
    desk.now += Retention().case_identity - timedelta(days=1)
    await desk.do(apply_retention)
    assert await desk.rows("SELECT id FROM meeting_outcomes WHERE words <> ''")
    desk.now += timedelta(days=2)
    await desk.do(apply_retention)
    assert not await desk.rows("SELECT id FROM meeting_outcomes WHERE words <> ''")
    assert not await desk.rows("SELECT id FROM promises WHERE what <> ''")
