"""After submitting: looking, adding, answering, taking back, opening again, judging."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind, IncomingFile, Kind
from locales import clean
from services.cases import due as case_due
from services.cases import resident_actions
from services.unit_of_work import Work
from storage.ids import MessageId, Reference
from storage.records.cases import CaseStatus, Outcome
from tests.conversations.case_town import CaseTown, complain
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import by_address


async def events(town: CaseTown) -> list[tuple[str, str]]:
    async with town.database.transaction() as tx:
        rows = await tx.all("SELECT what, words FROM case_events ORDER BY id")
    return [(str(row["what"]), str(row["words"])) for row in rows]


async def attached(town: CaseTown) -> int:
    async with town.database.transaction() as tx:
        return len(await tx.all("SELECT * FROM case_files"))


def reply_to(person: Person, part: str) -> MessageId:
    return person.sees(part).number


# ---------------------------------------------------------------------------- the list


async def test_the_list_shows_open_requests_first_and_is_paged(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    references = [await complain(fatima, block=f"Block 338 Road {number + 1}") for number in range(8)]
    await town.rejects(references[7], "Not ours")
    await fatima.says("/my")
    assert "7 open" in fatima.last.text
    assert references[6] in fatima.last.text
    assert references[7] not in fatima.last.text  # it has ended: behind the open ones
    assert len(fatima.buttons) == 6 + 1 + 1
    await fatima.taps("More")
    assert "Not accepted" in fatima.last.text
    await fatima.taps("Previous")
    await fatima.taps(references[6])
    assert references[6] in fatima.last.text
    await fatima.taps("Back")
    assert "7 open" in fatima.last.text


async def test_an_empty_list_offers_a_beginning(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("My requests")
    fatima.sees("You have no requests yet.")
    await fatima.taps("Submit a complaint")
    assert fatima.last.find("Bins")


# ---------------------------------------------------------------------------- one request


@pytest.mark.starts_at(SUNDAY)
async def test_a_request_shows_its_state_the_next_step_and_what_happened(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    shown = fatima.last.text
    assert reference in shown
    assert "Received" in shown
    assert "we will review it by Monday 23 November 2026" in clean(shown)
    await town.takes_up(reference)
    await fatima.says(f"/track {reference}")
    shown = fatima.last.text
    assert "Under review" in shown
    assert "Next: we will send a" in shown
    assert "A member of staff is looking into this." in shown
    for code in CaseStatus:
        assert "_" not in code or code not in shown


async def test_a_date_that_passed_is_said_plainly(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.wait(timedelta(days=5))
    await fatima.says(f"/track {reference}")
    assert "is late" in fatima.last.text


async def test_a_reference_that_is_not_found_leads_to_the_list_but_out_of_no_draft(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.says("/track C-7K3M-2QX")
    assert "We could not find" in fatima.last.text
    assert fatima.last.find(reference)
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full")
    await fatima.says("/track C-7K3M-2QX")
    assert "We could not find" in fatima.last.text
    assert "Where is it?" in fatima.last.text


async def test_a_reference_is_found_however_it_is_typed(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    for typed in (reference.lower(), reference.replace("-", " "), reference.replace("-", "")):
        await fatima.says(f"/track {typed}")
        assert "The bins overflow" in fatima.last.text
        await fatima.says("/my")
        await fatima.says(typed)
        assert "The bins overflow" in fatima.last.text


@pytest.mark.parametrize("route", ["case", "track", "add", "answer", "withdraw", "reopen", "fixed", "notfixed", "rate"])
async def test_anothers_request_is_not_found(town: CaseTown, route: str) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali)
    await town.resolves(reference)
    fatima = await town.living_in("capital")
    for argument in (reference, "C-7K3M-2QX", "nonsense", f"{reference}.9"):
        sent = f"{argument}.5" if route == "rate" else argument
        await fatima.taps_data(f"do:{route}:{sent}:0", fatima.last.number)
        assert "We could not find" in fatima.last.text
        await fatima.says("/start")
    assert (await town.case(reference)).status is CaseStatus.RESOLVED


# ---------------------------------------------------------------------------- adding


async def test_information_is_added_by_button(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("Add a photo")
    await fatima.says("Now it smells too")
    assert reference in fatima.sees("We have added this to").text
    await fatima.sends()
    await fatima.taps("Done")
    assert "Now it smells too" in fatima.last.text
    assert "You added a file." in fatima.last.text
    assert await attached(town) == 1


async def test_an_album_added_is_one_thing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await complain(fatima)
    await fatima.taps("Add a photo")
    before = len(fatima.messages)
    for number in range(4):
        await fatima.sends(album="a1", caption="Since yesterday" if number == 0 else "")
    await town.wait(timedelta(seconds=2))
    assert len(fatima.messages) == before + 1
    assert [what for what, _ in await events(town)] == ["received", "information"]
    assert await attached(town) == 4


async def test_what_is_sent_while_a_request_is_on_show_is_asked_about(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.says("It is worse today", message=MessageId("6001"))
    fatima.sees("Add this to request")
    await fatima.edits(MessageId("6001"), "It is much worse today")
    await fatima.taps("Add it")
    fatima.sees("We have added this to")
    assert (await events(town))[-1] == ("information", "It is much worse today")
    await fatima.taps("Done")
    await fatima.says("The street light is broken")
    await fatima.taps("Start a new complaint")
    fatima.sees("We understood:")
    await fatima.says("Block 338 Road 99")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    assert len(await town.cases()) == 2
    assert (await town.case(reference)).words == "The bins overflow"


async def two_requests(town: CaseTown) -> tuple[Person, str, str]:
    fatima = await town.living_in("capital")
    return fatima, await complain(fatima), await complain(fatima, block="Block 338 Road 77")


def continues(person: Person) -> list[str]:
    return [clean(label) for row in person.buttons for label in row if "Continue" in label]


async def test_what_was_sent_for_two_requests_is_asked_about_one_after_the_other(town: CaseTown) -> None:
    fatima, first, second = await two_requests(town)
    await fatima.says(f"/track {first}")
    await fatima.says("About the first")
    await fatima.says("/start")
    await fatima.says(f"/track {second}")
    await fatima.sends(caption="About the second")
    await fatima.says("/start")
    assert continues(fatima) == [f"Continue: For request {second} and 1 more"]
    await fatima.taps("Continue")
    assert second in fatima.last.text
    await fatima.taps("Add it")
    assert f"We have added this to request {second}" in clean(fatima.last.text)
    assert f"Add this to request {first}?" in clean(fatima.last.text)
    assert "About the first" in fatima.last.text
    await fatima.taps("Add it")
    assert [words for what, words in await events(town) if what == "information"] == [
        "About the second",
        "About the first",
    ]
    await fatima.says("/start")
    assert continues(fatima) == []


async def test_more_for_the_same_request_joins_what_was_sent_before(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.says("It is worse")
    await fatima.taps("Back")
    assert "The bins overflow" in fatima.last.text
    await fatima.says("Much worse")
    assert "It is worse\nMuch worse" in clean(fatima.last.text)
    await fatima.says(f"/track {reference}")
    await fatima.taps("Add information")
    await fatima.says("/start")
    await fatima.taps("Continue")
    await fatima.taps("Add it")
    assert (await events(town))[-1] == ("information", "It is worse\nMuch worse")


async def test_what_waits_for_another_request_survives_a_new_complaint(town: CaseTown) -> None:
    fatima, first, second = await two_requests(town)
    await fatima.says(f"/track {first}")
    await fatima.says("About the first")
    await fatima.says(f"/track {second}")
    await fatima.says("The street light is broken")
    await fatima.taps("Start a new complaint")
    await fatima.says("/start")
    assert continues(fatima)[1] == f"Continue: For request {first}"
    await fatima.taps(f"For request {first}")
    await fatima.taps("Discard it")
    assert "OK. Nothing was saved." in fatima.last.text
    assert [what for what, _ in await events(town)] == ["received", "received"]


async def test_a_photo_of_what_is_not_fixed_is_not_lost_by_going_elsewhere(town: CaseTown) -> None:
    fatima, first, second = await two_requests(town)
    await town.resolves(first)
    await fatima.taps("❌ Not fixed")
    await fatima.sends()
    await fatima.says(f"/track {second}")
    await fatima.says("/start")
    await fatima.taps("Continue")
    fatima.sees("Send the request back with this?")
    await fatima.taps("Send it back")
    assert (await town.case(first)).status is CaseStatus.REOPENED
    assert await attached(town) == 1


async def reopened_elsewhere(work: Work, reference: str) -> None:
    """The same person, at the same moment, on another device."""
    person = await by_address(work.tx, "telegram", "1001")
    assert person is not None
    await resident_actions.confirm_fixed(work, Reference(reference), person, False)


async def test_what_was_written_to_reopen_a_request_that_was_reopened_meanwhile_can_be_added(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.taps("❌ Not fixed")
    await fatima.sends()
    await town.work(lambda work: reopened_elsewhere(work, reference))
    await fatima.says("Still full")
    assert "You can no longer do that." in fatima.last.text
    assert "Still full" in fatima.last.text
    await fatima.taps("Add it")
    assert (await events(town))[-1] == ("information", "Still full")
    assert await attached(town) == 1


async def test_a_reply_to_a_message_about_a_request_adds_to_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    about = reply_to(fatima, "We have received your")
    await fatima.says("/suggest")  # something else is going on
    await fatima.says("One more thing", reply_to=about)
    assert reference in fatima.sees("We have added this to").text
    assert (await events(town))[-1] == ("information", "One more thing")
    await fatima.taps("Public cleanliness")  # and goes on
    fatima.sees("Write your suggestion in your")


async def test_a_reply_is_understood_by_the_message_itself_where_nothing_else_is_known_of_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    text = f"Your complaint was received. Reference: {reference}"

    await fatima.says("One more thing", reply_to=MessageId("9999"), reply_text=text)

    assert (await events(town))[-1] == ("information", "One more thing")


async def test_a_reference_that_is_not_theirs_is_no_way_into_anothers_request(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    stranger = town.resident("1002", "Stranger")

    await stranger.says("Let me add this", reply_to=MessageId("9999"), reply_text=f"Request {reference} was not found.")

    assert [what for what, _ in await events(town)] == ["received"]


async def test_a_photo_alone_in_reply_counts_and_an_album_is_one_thing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await complain(fatima)
    about = reply_to(fatima, "We have received your")
    before = len(fatima.messages)
    for _ in range(3):
        await reply_with_photo(fatima, about, album="a7")
    await town.wait(timedelta(seconds=2))
    assert len(fatima.messages) == before + 1
    assert [what for what, _ in await events(town)] == ["received", "information"]
    assert await attached(town) == 3


async def reply_with_photo(person: Person, about: MessageId, album: str = "") -> None:
    number = next(person.town.numbers)
    photo = IncomingFile(kind=FileKind.PHOTO, remote_id=f"r{number}", unique_id=f"u{number}", size=1000)
    await person.does(kind=Kind.MEDIA, files=(photo,), album=album, reply_to=about)


# ---------------------------------------------------------------------------- a question


async def test_a_question_is_answered_by_reply_with_three_open_requests(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    references = [await complain(fatima, block=f"Block 338 Road {number + 1}") for number in range(3)]
    await town.asks(references[1], "Which side of the road?")
    await town.takes_up(references[2])
    asked = fatima.sees("Which side of the road?")
    assert "Reply to this message or" in asked.text
    await fatima.says("The north side", reply_to=asked.number)
    assert references[1] in fatima.sees("We have received your").text
    assert (await town.case(references[1])).status is CaseStatus.RECEIVED
    assert (await town.case(references[2])).status is CaseStatus.UNDER_REVIEW
    assert (await events(town))[-1] == ("information", "The north side")


async def test_a_question_is_answered_by_button_with_a_photo(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which side of the road?")
    await fatima.taps("Reply to question")
    assert "Which side of the road?" in fatima.last.text
    await fatima.sends()
    fatima.sees("We have received your")
    assert (await town.case(reference)).status is CaseStatus.RECEIVED
    await fatima.taps("Done")
    assert "You added a file." in fatima.last.text


async def test_an_open_question_stands_in_the_request(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which side of the road?")
    await fatima.says(f"/track {reference}")
    assert "The municipality asks: “Which side of the road?”" in clean(fatima.last.text)
    assert fatima.last.find("Reply to question")


# ---------------------------------------------------------------------------- taking back, opening again


async def test_a_request_is_withdrawn_and_reopened(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.taps("Withdraw")
    await fatima.taps("Back")
    await fatima.taps("Withdraw")
    await fatima.taps("Withdraw it")
    assert (await town.case(reference)).status is CaseStatus.WITHDRAWN
    assert "You have withdrawn request" in fatima.last.text
    await fatima.taps("Reopen")
    await fatima.says("It came back")
    assert (await town.case(reference)).status is CaseStatus.REOPENED
    assert "You have reopened" in fatima.last.text
    assert (await events(town))[-1] == ("reopened", "It came back")


async def test_a_typed_no_withdraws_nothing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.taps("Withdraw")
    await fatima.says("لا")
    assert (await town.case(reference)).status is CaseStatus.RECEIVED
    assert "OK. Nothing was changed." in fatima.last.text


async def test_the_reason_for_withdrawing_is_kept(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.taps("Withdraw")
    await fatima.says("They came already")
    assert "“They came already”" in clean(fatima.last.text)
    assert (await town.case(reference)).status is CaseStatus.RECEIVED
    await fatima.taps("Withdraw for this reason")
    assert (await events(town))[-1] == ("withdrawn", "They came already")


async def test_a_withdrawal_that_comes_too_late(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.taps("View request")
    await fatima.taps("Withdraw")
    await town.rejects(reference, "Private land")
    await fatima.taps("Withdraw it")
    fatima.sees("You can no longer do that.")


async def test_after_thirty_days_it_stays_closed(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.rejects(reference, "Private land")
    await town.wait(timedelta(days=31))
    await fatima.taps("Reopen")
    fatima.sees("You can no longer do that.")
    assert fatima.last.find("Reopen") is None
    assert (await town.case(reference)).status is CaseStatus.REJECTED


async def test_words_to_an_ended_request_offer_to_reopen_it_with_them(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.rejects(reference, "Private land")
    rejected = fatima.sees("Private land")
    await fatima.says("It is a public road", reply_to=rejected.number)
    assert "We are no longer working on request" in fatima.last.text
    await fatima.taps("Reopen")
    assert (await town.case(reference)).status is CaseStatus.REOPENED
    assert (await events(town))[-1] == ("reopened", "It is a public road")


# ---------------------------------------------------------------------------- fixed or not, how content


async def test_fixed_closes_and_a_tap_rates_at_once(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference, "Emptied and washed")
    await fatima.taps("✅ Fixed")
    case = await town.case(reference)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.FIXED)
    await fatima.taps("4 ⭐")
    assert await ratings(town) == [(4, "")]
    fatima.sees("4 out of 5")
    await fatima.says("Quick work")
    fatima.sees("Thank you")
    assert await ratings(town) == [(4, "Quick work")]
    await fatima.says(f"/track {reference}")
    assert "Your rating: 4 out of 5. You can change it." in fatima.last.text
    await fatima.taps("5 ⭐")
    assert await ratings(town) == [(5, "Quick work")]


async def test_a_second_tap_changes_the_rating_and_a_comment_is_optional(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.taps("✅ Fixed")
    stars = fatima.last
    await fatima.taps_data(f"do:rate:{reference}.2:0", stars.number)
    await fatima.taps_data(f"do:rate:{reference}.5:0", stars.number)
    await fatima.taps("Nothing to add")
    assert await ratings(town) == [(5, "")]


async def test_a_comment_is_quoted_and_taken_only_soon_after_the_rating(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.taps("✅ Fixed")
    await fatima.taps("4 ⭐")
    await fatima.says("Quick work")
    assert "“Quick work”" in clean(fatima.last.text)
    await fatima.says(f"/track {reference}")
    await fatima.taps("5 ⭐")
    await town.wait(timedelta(hours=20))
    await fatima.says("There is a broken water pipe on Road 12")
    assert await ratings(town) == [(5, "Quick work")]
    assert "What is this about?" in fatima.last.text


async def test_not_fixed_asks_why_and_goes_back_to_the_office(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.takes_up(reference)
    await town.resolves(reference)
    await fatima.taps("❌ Not fixed")
    await fatima.sends()
    fatima.sees("Send the request back with this?")
    await fatima.says("Still full, see the photo")
    case = await town.case(reference)
    assert (case.status, case.outcome, case.owner) == (CaseStatus.REOPENED, Outcome.NOT_FIXED, "staff:1")
    assert ("reopened", "Still full, see the photo") in await events(town)
    assert await attached(town) == 1
    assert "We have sent request" in fatima.last.text
    assert "You said it is not fixed. “Still full, see the photo” 📎 1 attachment" in clean(fatima.last.text)
    card = clean(town.staff_sees("-1001")[-1])  # one card tells it all
    assert "Still full, see the photo" in card
    assert "📎 مرفق واحد" in card


async def test_words_about_a_solved_request_can_say_that_it_is_not_fixed(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.taps("My requests")
    await fatima.taps(reference)
    await fatima.says("Still full")
    await fatima.taps("Add it")
    fatima.sees("Is the problem fixed?")
    await fatima.taps("❌ Not fixed")
    await fatima.taps("Send it back")
    assert (await town.case(reference)).status is CaseStatus.REOPENED


async def test_what_is_added_after_an_answer_is_not_called_a_reply(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which bin?")
    await fatima.taps("Reply to question")
    await fatima.says("The green one")
    assert "We have received your reply" in fatima.last.text
    await fatima.says("And it smells")
    assert "We have added this" in fatima.last.text


async def test_staffs_photos_are_not_counted_as_the_residents_own(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.takes_up(reference)
    await town.resolves(reference)
    await fatima.taps("❌ Not fixed")
    await fatima.sends()
    await fatima.says("See the photo")
    await fatima.says("/my")
    await fatima.taps(reference)
    description = clean(fatima.last.text).partition("Progress so far")[0]
    assert "📎 1 attachment" in description


async def test_not_fixed_without_a_reason(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.taps("❌ Not fixed")
    await fatima.taps("Send it back")
    assert (await town.case(reference)).status is CaseStatus.REOPENED


async def test_fixed_tapped_after_not_fixed_says_so(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    proposed = fatima.last
    await fatima.taps("❌ Not fixed")
    await fatima.taps("Send it back")
    fixed = proposed.find("✅ Fixed")
    assert fixed is not None
    await fatima.taps_data(fixed.data, proposed.number)
    fatima.sees("You can no longer do that.")
    assert (await town.case(reference)).status is CaseStatus.REOPENED


async def test_silence_closes_and_still_asks_how_it_was(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    town.now += timedelta(days=8)
    await town.work(case_due.run_due)
    await town.by_day()
    case = await town.case(reference)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.UNCONFIRMED)
    fatima.sees("We closed this request")
    await fatima.taps("1 ⭐")
    assert await ratings(town) == [(1, "")]


async def test_judging_a_request_in_the_middle_of_another_loses_nothing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.resolves(reference)
    await fatima.says("/complain")
    await fatima.taps("Public cleanliness")
    await fatima.says("Litter everywhere")
    await fatima.taps("✅ Fixed")
    await fatima.taps("5 ⭐")
    await fatima.taps("Nothing to add")
    await fatima.taps("Continue: ")
    await fatima.says("338")
    await fatima.taps("With my name")
    assert "Litter everywhere" in fatima.last.text


async def ratings(town: CaseTown) -> list[tuple[int, str]]:
    async with town.database.transaction() as tx:
        rows = await tx.all("SELECT stars, comment FROM ratings ORDER BY id")
    return [(int(str(row["stars"])), str(row["comment"])) for row in rows]


# ---------------------------------------------------------------------------- in Arabic


async def test_following_up_in_arabic(town: CaseTown) -> None:
    fatima = await town.living_in("capital", language="ar")
    await fatima.says("/complain")
    await fatima.taps("الحاويات")
    await fatima.says("الحاوية ممتلئة")
    await fatima.says("مجمع 338")
    await fatima.taps("باسمي")
    await fatima.taps("إرسال")
    [case] = await town.cases()
    await town.asks(case.reference, "أي جانب من الطريق؟")
    await fatima.taps("الرد")
    await fatima.says("الجانب الشمالي")
    fatima.sees("وصل ردكم بشأن")
    await town.resolves(case.reference, "تم تفريغ الحاوية")
    fatima.sees("تم تفريغ الحاوية")
    await fatima.taps("✅ تم الحل")
    await fatima.taps("5 ⭐")
    await fatima.says("شكراً")
    fatima.sees("شكراً لكم")
    assert await ratings(town) == [(5, "شكراً")]
    await fatima.says("/my")
    fatima.sees("طلباتكم")
    await fatima.taps(case.reference)
    fatima.sees("سجل المتابعة")


async def test_a_reply_to_the_request_on_show_adds_to_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await fatima.says(f"/track {reference}")
    await fatima.says("Still so", reply_to=fatima.last.number)
    fatima.sees("We have added this to")
    assert (await events(town))[-1] == ("information", "Still so")


async def test_a_reply_about_nothing_of_ours_is_asked_about(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await complain(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE outbox SET subject = 'booking:1' WHERE subject = 'case:1'")
    await fatima.says("What now?", reply_to=fatima.sees("We have received your").number)
    fatima.sees("What is this about?")
