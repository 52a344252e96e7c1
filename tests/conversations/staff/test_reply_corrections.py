"""Editing a reply, cancelling it, correcting it once it is sent, taking it back."""

from __future__ import annotations

from datetime import timedelta

from locales import without_marks
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.casework import replies
from storage.ids import MessageId
from tests.conversations.staff_town import DeskTown

E = CaseEventKind


# ---------------------------------------------------------------------------- edit, cancel, several at once


async def test_edit_and_cancel(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "?Wich side")
    await town.huda.taps("Edit")
    await town.huda.replies(town.huda.sees("Edit your own message"), "Which side")
    assert "Which side" in town.huda.sees("The applicant will see").text
    await town.huda.taps("Cancel")
    town.huda.sees("Cancelled. Nothing was sent.")
    assert await town.said_of(case) == []
    assert fatima.messages == []


async def test_who_is_asked_for_the_new_text_may_cancel(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    await town.huda.replies(card, "?Wich side")
    await town.huda.taps("Edit")
    assert town.huda.sees("Edit your own message").buttons == [["✖️ Cancel"]]
    await town.huda.taps("Cancel")
    assert town.huda.last.text == "Cancelled. Nothing was sent."
    assert await town.said_of(case) == []
    await town.huda.replies(card, "The contractor was told")  # which is no new text of the question
    town.huda.sees("What type of message is")
    assert fatima.messages == []


async def test_the_buttons_of_an_earlier_preview_do_not_send_the_newer_words(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await town.huda.replies(await town.card(case), "?Wich side")
    old = town.huda.sees("Wich side").find("Send")
    assert old is not None
    await town.huda.edits(wrote, "?Which side")
    await town.huda.taps_data(old.data)
    assert "earlier version" in town.huda.toast
    assert fatima.messages == []
    await town.huda.taps("Send")
    assert "Which side" in fatima.last.text


async def test_two_things_said_in_a_row_wait_side_by_side(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    await town.huda.replies(card, "The lorry comes tomorrow")
    first = town.huda.sees("What type of message is")
    await town.huda.replies(card, "The driver is ill")
    await town.huda.taps("Internal note")
    choice = first.find("Official reply")
    assert choice is not None
    await town.huda.taps_data(choice.data, first.number)
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.NOTED, "The driver is ill"), (E.REPLIED, "The lorry comes tomorrow")]
    fatima.does_not_see("driver")


# ---------------------------------------------------------------------------- correcting, taking back


async def _replied(town: DeskTown, case: Case, text: str) -> MessageId:
    wrote = await town.huda.replies(await town.card(case), text)
    if not text.startswith(("?", "#")):
        await town.huda.taps("Official reply")
    if not text.startswith("#"):
        await town.huda.taps("Send")
    return wrote


async def test_an_edited_reply_reaches_the_resident_as_a_correction(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await _replied(town, case, "On Sunday")
    await town.huda.edits(wrote, "On Monday")
    assert "The municipality corrected its reply: “\u2068On Monday\u2069”" in fatima.last.text
    town.huda.sees("✏️ We have sent")
    assert await town.said_of(case) == [(E.REPLIED, "On Sunday"), (E.REPLIED, "On Monday")]
    count = len(fatima.messages)
    await town.huda.edits(wrote, "On Monday")  # a link's preview came, say
    assert len(fatima.messages) == count


async def test_an_edited_question_is_corrected_while_it_is_open(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await _replied(town, case, "?Which side")
    await town.huda.edits(wrote, "?Which end")
    assert "The municipality has corrected its question:" in fatima.last.text
    await fatima.says("The north end", reply_to=fatima.last.number)
    assert (await town.again(case)).status is CaseStatus.RECEIVED
    await town.huda.edits(wrote, "?Which corner")
    town.huda.sees("The question is no longer")
    fatima.does_not_see("corner")


async def test_an_edited_note_is_a_new_note(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await _replied(town, case, "#Call Ali")
    await town.huda.edits(wrote, "#Call Hasan")
    assert await town.said_of(case) == [(E.NOTED, "Call Ali"), (E.NOTED, "Call Hasan")]
    assert fatima.messages == []


async def test_undo_asks_the_resident_to_disregard_what_they_were_told(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await _replied(town, case, "On Sunday")
    await town.huda.says("/undo", reply_to=wrote)
    assert "Please ignore the municipality's" in fatima.last.text
    assert "“On Sunday”" in without_marks(town.huda.sees(". We had already").text)
    await town.huda.says("/undo", reply_to=wrote)
    town.huda.sees("You have nothing to")
    await town.huda.taps_data(f"desk:history:{case.id}:1:", (await town.card(case)).number)
    town.huda.sees("Message undone.")
    town.huda.does_not_see("Please ignore")


async def test_undo_before_it_was_sent_drops_it(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.huda.says(f"/undo {case.reference}")
    town.huda.sees("The applicant did not see it")
    await town.settle_files()
    await town.wait(timedelta(minutes=1))
    assert fatima.messages == []
    assert (await town.again(case)).status is CaseStatus.RECEIVED


async def test_undo_is_for_two_minutes_and_ones_own_words(town: DeskTown) -> None:
    fatima, case = await town.filed()
    wrote = await _replied(town, case, "On Sunday")
    await town.maryam.says("/undo", reply_to=wrote)
    assert "You have nothing to" in town.maryam.last.text
    town.now += timedelta(minutes=3)
    await town.huda.says("/undo", reply_to=wrote)
    assert "of sending it. You can still" in town.huda.last.text
    fatima.does_not_see("disregard")
    await town.huda.says("/undo")
    assert "of sending it. You can still" in town.huda.last.text
    await town.maryam.says("/undo")
    assert "You have nothing to" in town.maryam.last.text


async def test_undo_alone_takes_back_what_one_said_last_here(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await _replied(town, case, "On Sunday")
    await _replied(town, case, "On Monday")
    await town.huda.says("/undo")
    town.huda.sees(". We had already sent it")
    assert "Please ignore the municipality's" in fatima.last.text
    await town.huda.says("/undo", reply_to=(await town.card(case)).number)
    replied = [event for event in await town.events(case) if event.what is E.REPLIED]
    undone = [event.detail for event in await town.events(case) if replies.undoes(event)]
    assert undone == [f"undoes:{replied[1].id}", f"undoes:{replied[0].id}"]


async def test_a_note_is_never_taken_for_the_new_text_of_a_reply(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = (await town.card(case)).number
    await town.huda.says("On Sunday", reply_to=card)
    await town.huda.taps("Official reply")
    await town.huda.taps("Edit")
    await town.huda.says("#The contractor is late again", reply_to=card)
    town.huda.sees("📝 We have added")
    assert fatima.messages == []
    assert (await town.said_of(case))[-1] == (E.NOTED, "The contractor is late again")
