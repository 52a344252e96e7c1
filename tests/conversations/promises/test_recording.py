"""Staff record what came of a meeting, in the group and in private; the resident reads it in their language."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conversations.promises.screens import VERB
from locales import without_marks
from services.bookings.bookings import Booking
from storage.ids import OfficeId
from storage.reports import Reader
from tests.conversations.promises.conftest import MeetingTown
from tests.conversations.staff_town import Colleague, in_arabic, is_refusal
from tests.conversations.town import Person
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)  # it names days


async def _opens(who: Person, booking: Booking) -> None:
    await who.taps_data(f"desk:{VERB}:{booking.id}:0:")


async def _promises(who: Colleague, booking: Booking, until: str = "2 weeks") -> None:
    """All the way to the preview."""
    await _opens(who, booking)
    await who.taps("🤝 Promised")
    await who.replies(who.last, "We will mend the drain")
    await who.taps("Director General")
    await who.taps(until)


async def test_a_promise_is_recorded_by_taps_and_told_in_writing(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _promises(town.huda, booking)
    assert "The visitor will see" in town.huda.last.text
    assert "Fatima" not in town.huda.last.text
    await town.huda.taps("✅ Send")
    case = await town.followed()
    town.huda.sees(case.reference)
    told = fatima.sees("The municipality promised you")
    for part in ("We will mend the drain", "Director General", "9 December", case.reference):
        assert part in told.text
    assert (await town.card(case)).text  # as any request


async def test_the_resident_reads_it_in_their_language_and_the_words_as_they_were_typed(town: MeetingTown) -> None:
    booking = await town.met(await town.living("1002", "Ali", "ar"))
    await _promises(town.huda, booking)
    assert in_arabic(town.huda.last.text)  # the preview shows what is sent
    await town.huda.taps("✅ Send")
    ali = town.resident("1002", "Ali", "ar")
    told = ali.sees("نتيجة اللقاء")
    assert "We will mend the drain" in told.text


async def test_an_outcome_without_a_promise_takes_two_taps(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    await town.huda.taps("✅ Solved")
    await town.huda.taps("✅ Send")
    fatima.sees("Your problem was solved in the meeting")
    assert not await town.rows("SELECT id FROM promises")


async def test_a_referral_names_the_body_and_how_to_reach_it(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    await town.huda.taps("↗️ Referred")
    await town.huda.taps("Ministry of Works")
    await town.huda.taps("✏️ Add text")
    await town.huda.replies(town.huda.last, "They plan the road")
    await town.huda.taps("✅ Send")
    told = fatima.sees("The responsible body for this is now")
    for part in ("Ministry of Works", "8000 1810", "They plan the road"):
        assert part in told.text

    await fatima.says("/start track_" + booking.reference)  # and whenever they look
    assert "The responsible body for this is now" in fatima.last.text
    assert "Ministry of Works" in fatima.last.text
    async with town.database.transaction() as tx:
        found = await Reader(tx, (OfficeId("capital"),), None).referrals(booking.day, booking.day)
    assert found == {"body:works": 1}


async def test_who_and_until_when_may_be_typed(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    await town.huda.taps("🤝 Promised")
    await town.huda.replies(town.huda.last, "A new bin")
    await town.huda.replies(town.huda.last, "The parks section")
    await town.huda.replies(town.huda.last, "whenever")
    assert "That is not a date" in town.huda.last.text
    await town.huda.replies(town.huda.last, "١٠/١٢")
    await town.huda.taps("✅ Send")
    told = fatima.sees("The parks section")
    assert "10 December" in told.text


async def test_a_section_is_known_by_its_name_in_either_language(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.yusuf, booking)
    await town.yusuf.taps("🤝")
    await town.yusuf.replies(town.yusuf.last, "سنصلح المجرى")
    await town.yusuf.replies(town.yusuf.last, "المدير العام")
    await town.yusuf.taps("أسبوع واحد")
    await town.yusuf.taps("✅")
    assert [str(row["party"]) for row in await town.rows("SELECT party FROM promises")] == ["lane:director"]
    assert "Director General" in fatima.sees("سنصلح المجرى").text


async def test_in_private_what_was_asked_for_may_be_typed_without_replying(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    director = town.director
    await director.says(f"/outcome {booking.reference}")
    await director.taps("🤝 Promised")
    await director.says("I will see to it myself")
    await director.taps("Director General")
    await director.says("in 3 weeks")
    await director.taps("✅ Send")
    assert "16 December" in fatima.sees("I will see to it myself").text


async def test_what_is_typed_an_hour_later_is_meant_for_something_else(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.director, booking)
    await town.director.taps("🤝 Promised")
    await town.wait(timedelta(hours=2))
    await town.director.says("Where are the bins?")
    assert not any(
        "Where are the bins?" in str(row["state"]) for row in await town.rows("SELECT state FROM outcome_drafts")
    )


async def test_of_two_at_once_the_second_is_shown_what_the_first_recorded(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    await town.huda.taps("💬 Explained")
    huda = town.huda.last
    await _opens(town.maryam, booking)
    await town.maryam.taps("✅ Solved")
    await town.maryam.taps("✅ Send")
    choice = huda.find("✅ Send")
    assert choice is not None
    await town.huda.taps_data(choice.data, huda.number)
    assert "Someone else recorded an outcome" in town.huda.toast
    assert "Solved" in town.huda.last.text
    fatima.does_not_see("explained the subject")


async def test_a_colleague_cannot_tap_through_anothers_draft(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    await town.maryam.taps("✅ Solved")
    assert "not for you" in town.maryam.toast
    await _opens(town.maryam, booking)
    choice = town.huda.messages[-2].find("✅ Solved")
    assert choice is not None
    await town.maryam.taps_data(choice.data)
    assert "not for you" in town.maryam.toast


async def test_a_correction_says_what_changed(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _promises(town.huda, booking)
    await town.huda.taps("✅ Send")
    await town.maryam.taps("✏️ Correct")
    assert "Recorded by Huda" in without_marks(town.maryam.last.text)
    await town.maryam.taps("🤝 Promised")
    await town.maryam.replies(town.maryam.last, "We will mend the drain")
    await town.maryam.taps("Director General")
    await town.maryam.taps("1 month")
    await town.maryam.taps("✅ Send")
    told = fatima.sees("Correction")
    assert "What changed" in told.text
    assert "Date before: Wednesday 9 December 2026" in without_marks(told.text)


async def test_an_outcome_that_was_a_mistake_is_undone_and_the_resident_told(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _promises(town.huda, booking)
    await town.huda.taps("✅ Send")
    await _opens(town.huda, booking)
    await town.huda.taps("↩️ Undo outcome")
    told = fatima.sees("It was recorded by mistake")
    assert "We have closed the follow-up request" in told.text
    assert (await town.followed()).status == "withdrawn"


async def test_the_draft_survives_a_restart(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await _promises(town.huda, booking)
    again = MeetingTown(town.database)
    again.now, again.chats, again.numbers, again.updates = town.now, town.chats, town.numbers, town.updates
    await again.huda.taps("✅ Send")
    assert "mend the drain" in again.resident().sees("promised you").text


async def test_who_may_not_records_nothing(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    for who in (town.council, town.stranger):
        await _opens(who, booking)
        assert is_refusal(who.toast)
    await fatima.taps_data(f"desk:{VERB}:{booking.id}:0:")
    assert is_refusal(fatima.toast)


@pytest.mark.parametrize("argument", ["k.taken_back", "k.nonsense", "p.99", "u.3", "x", "", "p.-1"])
async def test_a_forged_button_records_nothing(town: MeetingTown, fatima: Person, argument: str) -> None:
    booking = await town.met(fatima)
    await _opens(town.huda, booking)
    mark = (
        str((await town.rows("SELECT state FROM outcome_drafts"))[0]["state"]).partition('"mark":')[2].partition(",")[0]
    )
    await town.huda.taps_data(f"desk:{VERB}:{booking.id}:{mark}:{argument}")
    await town.huda.taps_data(f"desk:{VERB}:999:{mark}:send")
    assert not await town.rows("SELECT id FROM meeting_outcomes")


async def test_nothing_is_recorded_before_the_day(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    town.now -= timedelta(days=2)
    await _opens(town.huda, booking)
    assert "on the day of the meeting" in town.huda.toast


# ---------------------------------------------------------------------------- was it done?

DUE = date(2026, 12, 9)


async def _asked(town: MeetingTown, fatima: Person) -> Booking:
    booking = await town.met(fatima)
    await _promises(town.huda, booking)
    await town.huda.taps("✅ Send")
    await town.looks(DUE, "09:00")
    fatima.sees("Was it done?")
    return booking


async def test_the_resident_says_that_it_was_done(town: MeetingTown, fatima: Person) -> None:
    await _asked(town, fatima)
    await fatima.taps("✅ Yes, it was done")
    assert "the promise was kept" in fatima.last.text
    assert (await town.followed()).status == "closed"
    await fatima.taps("❌ No")
    assert fatima.toast == "The answer to this is already recorded"


async def test_no_reopens_and_tells_the_team_and_the_director(town: MeetingTown, fatima: Person) -> None:
    await _asked(town, fatima)
    await fatima.taps("❌ No")
    assert "Sorry. We have recorded" in fatima.last.text
    assert "a promise was not kept" in town.director.sees("promise was not kept").text
    assert (await town.followed()).priority == 2
    await fatima.taps("Tell us what is missing")
    assert "Fatima" not in town.director.last.text


@pytest.mark.parametrize(
    ("words", "recorded"),
    [
        ("لا ما سووا شي", "was not kept"),
        ("no nothing was done", "was not kept"),
        ("yes it is done", "the promise was kept"),
    ],
)
async def test_whether_it_was_done_can_be_said_in_words(
    town: MeetingTown, fatima: Person, words: str, recorded: str
) -> None:
    await _asked(town, fatima)

    await fatima.says(words)

    assert recorded in fatima.last.text


async def test_anothers_promise_is_answered_by_nobody_else(town: MeetingTown, fatima: Person) -> None:
    await _asked(town, fatima)
    eve = await town.living("1666", "Eve")
    for data in ("1.no", "1.maybe", "999.yes", "1", "x.yes"):
        await eve.taps_data(f"do:was_done:{data}:0")
    assert [row["status"] for row in await town.rows("SELECT status FROM promises")] == ["open"]


async def test_of_a_visitor_without_the_bot_staff_record_the_answer(town: MeetingTown, fatima: Person) -> None:
    booking = await town.met(fatima)
    await town.work(
        lambda work: work.tx.run("UPDATE residents SET channel = 'desk' WHERE id = :id", id=booking.resident_id)
    )
    await _opens(town.huda, booking)
    await town.huda.taps("🤝 Promised")
    await town.huda.replies(town.huda.last, "We will mend the drain")
    await town.huda.taps("Director General")
    await town.huda.taps("2 weeks")
    assert "Tell them in person" in town.huda.last.text
    await town.huda.taps("✅ Send")
    await town.looks(DUE, "09:00")
    await town.huda.taps("✅ نعم")
    assert [row["status"] for row in await town.rows("SELECT status FROM promises")] == ["kept"]
    assert [row["settled_by"] for row in await town.rows("SELECT settled_by FROM promises")] == ["staff:9001"]
