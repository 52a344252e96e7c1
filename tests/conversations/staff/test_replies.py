"""What a team says below a card: questions, official replies, notes; what the resident gets of it, and when."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.split import split
from conversations.engine.messages import Contact, FileKind, Kind, Place
from conversations.staff.context import button_mark
from locales import clean
from locales.html import length, to_plain
from services.bookings.schedule import plan_sessions
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.casework import replies
from services.files import attachments
from storage.database import Database
from storage.ids import MessageId
from storage.records.files import FileStatus
from storage.records.staff import Role
from tests.conversations.staff_town import DeskTown, in_arabic, is_refusal
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import by_address

E = CaseEventKind


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


async def _filed(town: DeskTown, **who: str) -> tuple[Person, Case]:
    person = await town.living(**who)
    return person, await town.case_of(person)


async def _what(town: DeskTown, case: Case) -> list[tuple[CaseEventKind, str]]:
    return [(event.what, event.words) for event in await town.events(case)][1:]


# ---------------------------------------------------------------------------- what the words are


async def test_words_without_a_prefix_are_asked_about_once_and_previewed(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "The lorry comes <tomorrow>")
    asked = town.huda.sees("What type of message is")
    assert asked.buttons == [["✉️ Official reply", "❓ Question"], ["📝 Internal note", "✖️ Cancel"]]
    assert asked.message.reply_to == town.huda.wrote
    await town.huda.taps("Official reply")
    shown = town.huda.sees("The applicant will see")
    assert "The municipality replied: “" in shown.text
    assert "The lorry comes <tomorrow>" in shown.text
    fatima.does_not_see("The lorry")
    await town.huda.taps("Send")
    assert town.huda.toast == "Sent"
    assert "The lorry comes <tomorrow>" in fatima.last.text
    assert await _what(town, case) == [(E.REPLIED, "The lorry comes <tomorrow>")]
    assert (await town.events(case))[-1].actor == "staff:9001"


async def test_the_preview_is_word_for_word_what_the_resident_gets(town: DeskTown) -> None:
    ali, case = await _filed(town, address="1002", name="Ali", language="ar")
    for text, reply in (("?أين الحاوية بالضبط", "Question"), ("Come and see", "Official reply")):
        await town.huda.replies(await town.card(case), text)
        if not text.startswith("?"):
            await town.huda.taps("Official reply")
        shown = town.huda.sees("The applicant will see")
        await town.huda.taps("Send")
        assert ali.last.text in shown.text, reply
        assert in_arabic(ali.last.text)


@pytest.mark.parametrize("text", ["? Which side of the road", "؟Which side of the road"])
async def test_a_question_mark_in_front_makes_it_a_question(town: DeskTown, text: str) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), text)
    await town.huda.taps("Send")
    assert "The municipality asks:" in fatima.last.text
    assert "Which side of the road" in fatima.last.text
    assert (await town.again(case)).status is CaseStatus.AWAITING_RESIDENT
    await fatima.says("The north side", reply_to=fatima.last.number)
    assert (await town.again(case)).status is CaseStatus.RECEIVED


async def test_a_hash_in_front_makes_it_a_note_at_once(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.yusuf.replies(await town.card(case), "#اتصلت بالمقاول")
    assert await _what(town, case) == [(E.NOTED, "اتصلت بالمقاول")]
    fatima.does_not_see("اتصلت")


async def test_a_question_at_the_end_offers_question_first(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.huda.replies(await town.card(case), "Is it the blue one?")
    assert town.huda.sees("What type of message is").buttons[0][0] == "❓ Question"


async def test_a_reply_to_any_message_below_the_card_reaches_the_same_case(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    other = await town.case_of(fatima, "The park is dark")
    await town.huda.replies(await town.card(case), "#first")
    await town.huda.replies(town.huda.sees("📝 We have added"), "#second")
    assert await _what(town, case) == [(E.NOTED, "first"), (E.NOTED, "second")]
    assert await _what(town, other) == []


async def test_words_that_reply_to_nothing_of_ours_are_the_teams_own(town: DeskTown) -> None:
    _, case = await _filed(town)
    before = len(town.huda.messages)
    await town.huda.says("Who takes lunch today?")
    await town.huda.says("I do", reply_to=town.huda.wrote)
    assert len(town.huda.messages) == before
    assert await _what(town, case) == []


# ---------------------------------------------------------------------------- who may


async def test_only_the_one_who_wrote_may_choose(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "The lorry comes tomorrow")
    await town.yusuf.taps("Official reply")
    assert "Huda" in town.yusuf.toast
    await town.huda.taps("Official reply")
    await town.yusuf.taps("Send")
    fatima.does_not_see("The lorry")
    await town.huda.taps("Send", repeat=2)
    assert await _what(town, case) == [(E.REPLIED, "The lorry comes tomorrow")]
    await town.huda.taps_data(f"desk:say:{case.id}:1:send.{button_mark(town.huda.wrote)}.0")
    assert town.huda.toast == "Already sent or cancelled. See the card."


@pytest.mark.parametrize("data", ["send.{key}.0", "edit.{key}.0", "refer.{key}.0", "send.x.y", "send.99999999999.0"])
async def test_a_forged_tap_says_and_sends_nothing(town: DeskTown, data: str) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "The lorry comes tomorrow")
    key = button_mark(town.huda.wrote)
    await town.huda.taps_data(f"desk:say:{case.id}:1:" + data.format(key=key))
    fatima.does_not_see("The lorry")
    assert await _what(town, case) == []


async def test_a_stranger_in_the_group_is_refused_and_it_is_written_down(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.stranger.replies(await town.card(case), "Nothing will be done")
    assert town.stranger.last.text == "You do not have permission to do this"
    await town.stranger.taps_data(f"desk:ask:{case.id}:1:")
    assert town.stranger.toast == "You do not have permission to do this"
    assert [entry for entry in await town.audited(f"case:{case.id}") if entry[0] == "staff:9666"] == [
        ("staff:9666", "denied.note"),
        ("staff:9666", "denied.ask"),
    ]
    assert await _what(town, case) == []
    assert fatima.messages == []


async def test_the_council_reads_along_and_says_nothing(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.council.replies(await town.card(case), "#I insist")
    assert is_refusal(town.council.last.text)
    assert await _what(town, case) == []


async def test_the_directors_words_are_a_note_and_their_question_is_refused(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.joins(town.stranger, Role.DIRECTOR)
    await town.stranger.replies(await town.card(case), "Please hurry")
    assert await _what(town, case) == [(E.NOTED, "Please hurry")]
    await town.stranger.replies(await town.card(case), "?Where is it")
    assert "Follow-up agent, Team manager and Administrator" in town.stranger.last.text


async def test_a_right_that_ended_before_send_is_no_right(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "?Which side")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE staff_roles SET revoked_at = :at WHERE address = '9001'", at=town.now)
    await town.huda.taps("Send")
    assert town.huda.toast == "You do not have permission to do this"
    assert fatima.messages == []


# ---------------------------------------------------------------------------- buttons of the card


async def test_the_ask_button_says_what_to_do_and_the_next_reply_is_the_question(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:ask:{case.id}:1:", (await town.card(case)).number)
    prompt = town.huda.sees("Huda")
    assert "reply to this message with the question" in prompt.text
    await town.huda.replies(prompt, "Which side of the road")
    await town.huda.taps("Send")
    assert "The municipality asks:" in fatima.last.text


async def test_a_prompt_is_for_the_one_who_tapped(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.huda.taps_data(f"desk:ask:{case.id}:1:", (await town.card(case)).number)
    await town.yusuf.replies(town.huda.sees("reply to this message"), "Which side")
    assert len(town.yusuf.last.buttons) == 2  # asked what it is
    assert await _what(town, case) == []


async def test_solved_goes_with_the_photo_that_shows_it(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:", (await town.card(case)).number)
    prompt = town.huda.sees("a photo that shows it")
    await town.huda.sends(caption="Emptied and washed", reply_to=prompt.number)
    assert "We will also send 1 file" in town.huda.sees("The applicant will see").text
    await town.huda.taps("Send")
    assert (await town.again(case)).status is CaseStatus.RESOLVED
    fatima.does_not_see("Bin emptied")  # before its photo was checked
    assert await town.settle_files() == 1
    await town.wait(timedelta(seconds=3))
    photo, told = fatima.messages[-2:]
    assert photo.message.files[0].kind is FileKind.PHOTO
    assert "Emptied and washed" in told.text
    assert told.buttons == [["✅ Fixed", "❌ Not fixed"]]


async def test_solved_without_a_photo_says_that_one_helps(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:")
    await town.huda.replies(town.huda.sees("a photo that shows it"), "Bin emptied")
    assert "📷 There is no" in town.huda.sees("The applicant will see").text


async def test_not_accepted_needs_a_reason(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:reject:{case.id}:1:")
    await town.huda.sends(reply_to=town.huda.sees("with the reason").number)
    missing = town.huda.sees("There is no text yet.")
    await town.huda.replies(missing, "It is a private plot")
    await town.huda.taps("Send")
    assert (await town.again(case)).status is CaseStatus.REJECTED
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert "It is a private plot" in fatima.last.text
    assert len(fatima.messages) == 2  # the photo came along


# ---------------------------------------------------------------------------- files


async def test_an_album_is_one_reply_with_all_its_photos(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    await town.huda.sends(caption="Before and after", album="a1", reply_to=card.number)
    await town.huda.sends(album="a1", reply_to=card.number)
    await town.huda.sends(album="a1")
    await town.wait(timedelta(seconds=5))
    assert len([shown for shown in town.huda.messages if "What type of message is" in shown.text]) == 1
    await town.huda.taps("Official reply")
    assert "We will also send 3 files" in town.huda.last.text
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert [bool(shown.message.files) for shown in fatima.messages] == [True, True, True, False]
    assert "Before and after" in fatima.last.text


async def test_each_caption_of_an_album_is_in_the_reply(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    await town.huda.sends(caption="Before", album="a1", reply_to=card.number)
    await town.huda.sends(album="a1", reply_to=card.number)
    await town.huda.sends(caption="After", album="a1", reply_to=card.number)
    last = town.huda.wrote
    await town.wait(timedelta(seconds=5))
    await town.huda.taps("Official reply")
    await town.huda.does(kind=Kind.MEDIA, album="a1", text="After, on Sunday", message=last, edited=True)
    await town.wait(timedelta(seconds=5))
    assert "Before\nAfter, on Sunday" in clean(town.huda.last.text)
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert "Before\nAfter, on Sunday" in clean(fatima.last.text)


async def test_an_edited_caption_corrects_its_own_line_of_what_was_said(town: DeskTown) -> None:
    """Of an item without a caption too; where the words are others by now, nobody knows whose line is which."""
    fatima, case = await _filed(town)
    card = await town.card(case)
    items = []
    for caption in ("Before", "", "After"):
        await town.huda.sends(caption=caption, album="a1", reply_to=card.number)
        items.append(town.huda.wrote)
    await town.wait(timedelta(seconds=5))
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    await town.settle_files()

    async def edits(item: MessageId | None, caption: str) -> None:
        await town.huda.does(kind=Kind.MEDIA, album="a1", text=caption, message=item, edited=True)
        await town.settle_files()
        await town.wait(timedelta(seconds=3))

    await edits(items[2], "After, on Monday")
    assert "Before\nAfter, on Monday" in clean(fatima.last.text)
    await edits(items[1], "The road")
    assert "Before\nThe road\nAfter, on Monday" in clean(fatima.last.text)
    await edits(items[0], "")
    assert (await town.events(case))[-1].words == "The road\nAfter, on Monday"

    await town.rows("UPDATE case_events SET words = 'The road\nAfter' WHERE case_id = :id", id=case.id)
    said = len(await town.events(case))
    await edits(items[2], "After, on Tuesday")
    assert "This was part of a longer text" in town.huda.last.text
    assert len(await town.events(case)) == said


async def test_a_caption_that_comes_after_its_album_was_noted_is_a_note_too(town: DeskTown) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    await town.huda.sends(caption="#the site today", album="a2", reply_to=card.number)
    await town.huda.sends(caption="and from the road", album="a2", reply_to=card.number)
    noted = [event for event in await town.events(case) if event.what is E.NOTED]
    assert [event.words for event in noted] == ["the site today", "and from the road"]
    found = await town.rows("SELECT event_id FROM case_files WHERE case_id = :id", id=case.id)
    assert [row["event_id"] for row in found] == [noted[0].id, noted[0].id]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"contact": Contact(phone="97333123456", name="The contractor")}, "The contractor +97333123456"),
        ({"place": Place(latitude=26.2, longitude=50.5), "text": "Gate 3"}, "Gate 3\nhttps://maps.google.com/?q=26.2"),
        ({"text": "Yes", "quoted": "road 3831"}, "> road 3831\nYes"),
        ({"text": "Water", "forwarded": True, "forwarded_from": "Salem"}, "Forwarded from Salem:\nWater"),
    ],
)
async def test_all_that_a_members_message_says_is_in_the_preview(
    town: DeskTown, sent: dict[str, Any], kept: str
) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    kind = Kind.CONTACT if "contact" in sent else Kind.LOCATION if "place" in sent else Kind.TEXT
    await town.huda.does(kind=kind, reply_to=card.number, **sent)
    await town.huda.taps("Official reply")
    assert kept in clean(town.huda.last.text)


async def test_the_rest_of_a_noted_album_is_kept_with_the_note(town: DeskTown) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    await town.huda.sends(caption="#the site today", album="a2", reply_to=card.number)
    await town.huda.sends(album="a2", reply_to=card.number)
    (noted,) = [event for event in await town.events(case) if event.what is E.NOTED]
    found = await town.rows("SELECT event_id FROM case_files WHERE case_id = :id", id=case.id)
    assert [row["event_id"] for row in found] == [noted.id, noted.id]


async def test_a_voice_note_alone_can_be_the_answer(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(FileKind.VOICE, mime="audio/ogg", reply_to=(await town.card(case)).number)
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert fatima.messages[0].message.files[0].kind is FileKind.VOICE


async def test_a_photo_with_a_question_goes_before_the_question(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert fatima.messages[0].message.files
    assert "Is it this one" in fatima.messages[1].text


async def test_words_do_not_wait_for_a_file_for_ever(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.wait(timedelta(minutes=31))
    assert "Is it this one" in fatima.last.text


async def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.huda.sends(
        FileKind.DOCUMENT,
        name="run.exe",
        mime="application/x-msdownload",
        caption="?this",
        reply_to=(await town.card(case)).number,
    )
    assert "Nothing was sent" in town.huda.last.text
    assert await _what(town, case) == []


async def test_a_file_refused_while_the_words_waited_stops_them(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.settle_files(FileStatus.REFUSED)
    await town.huda.taps("Send")
    assert "We could not save a file, so we did" in town.huda.last.text
    assert fatima.messages == []


async def test_a_file_that_is_gone_after_it_was_sent_is_told_in_the_group(town: DeskTown, tmp_path: Path) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")

    async def gone(_remote: str, _limit: int) -> bytes:
        raise attachments.Gone

    await attachments.fetch_due(town.desk.begin, gone, attachments.Store(tmp_path))
    await town.wait(timedelta(seconds=3))
    assert "Is it this one" in fatima.last.text
    assert len(fatima.messages) == 1
    town.huda.sees("تعذّر حفظ ملف مرفق بالطلب")  # in the office's language, below the card
    await town.huda.replies(town.huda.sees("تعذّر حفظ ملف"), "#again tomorrow")
    assert (await _what(town, case))[-1] == (E.NOTED, "again tomorrow")


# ---------------------------------------------------------------------------- what cannot be said


async def test_a_sticker_is_not_passed_on(town: DeskTown) -> None:
    _, case = await _filed(town)
    await town.huda.does(kind=Kind.STICKER, reply_to=(await town.card(case)).number)
    assert "We cannot send this type" in town.huda.last.text


async def test_a_question_mark_alone_asks_for_the_words(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "?")
    await town.huda.replies(town.huda.sees("There is no text yet. Reply"), "Which side")
    await town.huda.taps("Send")
    assert "Which side" in fatima.last.text


async def test_what_is_too_long_can_be_shortened_by_editing_it(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    wrote = [await town.huda.replies(card, text + "long " * 800) for text in ("?", "", "", "")]
    await town.wait(timedelta(seconds=2))
    assert "It has 15999." in town.huda.last.text.replace(",", "")
    for part in wrote[1:]:
        await town.huda.edits(part, "and short")
    await town.huda.edits(wrote[0], "?Short")
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Send")
    assert "“\u2068Short and short and short and short\u2069”" in fatima.last.text


def _parts(*marks: str) -> list[str]:
    """What an app makes of a text that is too long for one message: cut between words."""
    return [f"{mark} {'word ' * 800}{mark}." if mark == "second" else f"{mark} {'word ' * 810}{mark}" for mark in marks]


@pytest.mark.parametrize("prefix", ["", "?"])
async def test_a_text_in_three_messages_is_one_with_one_question(town: DeskTown, prefix: str) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    first, second, third = _parts("first", "second", "third")
    for part in (prefix + first, second, third):
        await town.huda.replies(card, part)
    await town.wait(timedelta(seconds=2))
    below = [shown for shown in town.huda.messages if shown.position > card.position]
    if not prefix:
        assert len(below) == 1
        await town.huda.taps("Official reply")
    else:
        assert len([shown for shown in below if "The applicant will see" in shown.text]) == 1
    seen = "\n".join(shown.text for shown in town.huda.messages if shown.position >= below[0].position)
    assert all(f"{mark} word" in seen and f"word {mark}" in seen for mark in ("first", "second", "third"))
    await town.huda.taps("Send")
    told = (await town.events(case))[-1].words
    assert told == f"{first} {second}\n{third}"
    arrived = split(fatima.last.message)
    assert all(length(one.text) <= CAPABILITIES.text_length for one in arrived)
    assert re.findall(r"\w+", to_plain("\n".join(one.text for one in arrived))).count("word") == 2420


async def test_a_part_that_is_edited_before_it_is_sent_leaves_the_others(town: DeskTown) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    first, second, third = _parts("first", "second", "third")
    await town.huda.replies(card, "?" + first)
    changed = await town.huda.replies(card, second)
    await town.huda.replies(card, third)
    await town.huda.edits(changed, "Much shorter.")
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Send")
    assert (await town.events(case))[-1].words == f"{first} Much shorter.\n{third}"
    await town.huda.edits(changed, "Shorter")
    assert "This was part of a longer text, so nothing" in town.huda.last.text
    assert len(await _what(town, case)) == 1


async def test_a_long_note_in_two_messages_asks_nothing(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    first, second = _parts("first", "second")
    await town.huda.replies(card, "#" + first)
    await town.huda.replies(card, second)
    await town.wait(timedelta(seconds=2))
    assert [what for what, _ in await _what(town, case)] == [E.NOTED, E.NOTED]
    assert len([shown for shown in town.huda.messages if shown.position > card.position]) == 1
    await town.wait(timedelta(seconds=30))
    await town.huda.replies(card, "We are on it")
    assert "What type of message is" in town.huda.last.text
    assert fatima.messages == []


async def test_what_follows_a_long_text_later_or_as_a_note_is_no_part_of_it(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    [long] = _parts("long")
    await town.huda.replies(card, "?" + long)
    await town.huda.replies(card, "#He never answers")
    await town.wait(timedelta(minutes=1))
    await town.huda.replies(card, "Where is it")
    assert "What type of message is" in town.huda.last.text
    await town.huda.taps("Send")
    assert await _what(town, case) == [(E.NOTED, "He never answers"), (E.ASKED, long)]
    assert not any("never" in shown.text for shown in fatima.messages)


async def test_a_place_goes_as_a_link_to_a_map(town: DeskTown) -> None:
    _, case = await _filed(town)
    card = await town.card(case)

    await town.huda.does(kind=Kind.LOCATION, place=Place(latitude=26.2, longitude=50.5), reply_to=card.number)
    await town.huda.taps("Internal note")
    assert await _what(town, case) == [(E.NOTED, "https://maps.google.com/?q=26.200000,50.500000")]


async def test_a_closed_case_takes_a_reply_but_no_question(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:reject:{case.id}:1:")
    await town.huda.replies(town.huda.sees("with the reason"), "A private plot")
    await town.huda.taps("Send")
    await town.huda.replies(await town.card(case), "?Was it yours")
    refused = town.huda.sees("You cannot do this")
    assert [label for row in refused.buttons for label in row] == ["✉️ Official reply", "📝 Internal note", "✖️ Cancel"]
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    assert "Was it yours" in fatima.last.text


async def test_a_withdrawn_case_takes_notes_only(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", fatima.address)
        assert resident is not None
    await town.work(lambda work: resident_actions.withdraw(work, case.reference, resident))
    await town.huda.replies(await town.card(case), "They called: it was emptied")
    assert await _what(town, case) == [(E.WITHDRAWN, ""), (E.NOTED, "They called: it was emptied")]


async def test_a_case_that_ended_during_the_preview_is_told(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "?Which side")
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", fatima.address)
        assert resident is not None
    await town.work(lambda work: resident_actions.withdraw(work, case.reference, resident))
    await town.huda.taps("Send")
    assert "You cannot do this" in town.huda.sees("Nothing was sent").text
    fatima.does_not_see("Which side")


async def test_who_has_no_chat_is_named_in_the_preview(town: DeskTown) -> None:
    _, case = await _filed(town)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET reachable = FALSE")
    await town.huda.replies(await town.card(case), "?Which side")
    assert "has stopped the bot" in town.huda.last.text


# ---------------------------------------------------------------------------- edit, cancel, several at once


async def test_edit_and_cancel(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "?Wich side")
    await town.huda.taps("Edit")
    await town.huda.replies(town.huda.sees("Edit your own message"), "Which side")
    assert "Which side" in town.huda.sees("The applicant will see").text
    await town.huda.taps("Cancel")
    town.huda.sees("Cancelled. Nothing was sent.")
    assert await _what(town, case) == []
    assert fatima.messages == []


async def test_who_is_asked_for_the_new_text_may_cancel(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    card = await town.card(case)
    await town.huda.replies(card, "?Wich side")
    await town.huda.taps("Edit")
    assert town.huda.sees("Edit your own message").buttons == [["✖️ Cancel"]]
    await town.huda.taps("Cancel")
    assert town.huda.last.text == "Cancelled. Nothing was sent."
    assert await _what(town, case) == []
    await town.huda.replies(card, "The contractor was told")  # which is no new text of the question
    town.huda.sees("What type of message is")
    assert fatima.messages == []


async def test_the_buttons_of_an_earlier_preview_do_not_send_the_newer_words(town: DeskTown) -> None:
    fatima, case = await _filed(town)
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
    fatima, case = await _filed(town)
    card = await town.card(case)
    await town.huda.replies(card, "The lorry comes tomorrow")
    first = town.huda.sees("What type of message is")
    await town.huda.replies(card, "The driver is ill")
    await town.huda.taps("Internal note")
    choice = first.find("Official reply")
    assert choice is not None
    await town.huda.taps_data(choice.data, first.number)
    await town.huda.taps("Send")
    assert await _what(town, case) == [(E.NOTED, "The driver is ill"), (E.REPLIED, "The lorry comes tomorrow")]
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
    fatima, case = await _filed(town)
    wrote = await _replied(town, case, "On Sunday")
    await town.huda.edits(wrote, "On Monday")
    assert "The municipality corrected its reply: “\u2068On Monday\u2069”" in fatima.last.text
    town.huda.sees("✏️ We have sent")
    assert await _what(town, case) == [(E.REPLIED, "On Sunday"), (E.REPLIED, "On Monday")]
    count = len(fatima.messages)
    await town.huda.edits(wrote, "On Monday")  # a link's preview came, say
    assert len(fatima.messages) == count


async def test_an_edited_question_is_corrected_while_it_is_open(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    wrote = await _replied(town, case, "?Which side")
    await town.huda.edits(wrote, "?Which end")
    assert "The municipality has corrected its question:" in fatima.last.text
    await fatima.says("The north end", reply_to=fatima.last.number)
    assert (await town.again(case)).status is CaseStatus.RECEIVED
    await town.huda.edits(wrote, "?Which corner")
    town.huda.sees("The question is no longer")
    fatima.does_not_see("corner")


async def test_an_edited_note_is_a_new_note(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    wrote = await _replied(town, case, "#Call Ali")
    await town.huda.edits(wrote, "#Call Hasan")
    assert await _what(town, case) == [(E.NOTED, "Call Ali"), (E.NOTED, "Call Hasan")]
    assert fatima.messages == []


async def test_undo_asks_the_resident_to_disregard_what_they_were_told(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    wrote = await _replied(town, case, "On Sunday")
    await town.huda.says("/undo", reply_to=wrote)
    assert "Please ignore the municipality's" in fatima.last.text
    town.huda.sees(". We had already")
    await town.huda.says("/undo", reply_to=wrote)
    town.huda.sees("You have nothing to")
    await town.huda.taps_data(f"desk:history:{case.id}:1:", (await town.card(case)).number)
    town.huda.sees("Message undone.")
    town.huda.does_not_see("Please ignore")


async def test_undo_before_it_was_sent_drops_it(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.huda.says(f"/undo {case.reference}")
    town.huda.sees("The applicant did not see it")
    await town.settle_files()
    await town.wait(timedelta(minutes=1))
    assert fatima.messages == []
    assert (await town.again(case)).status is CaseStatus.RECEIVED


async def test_undo_is_for_two_minutes_and_ones_own_words(town: DeskTown) -> None:
    fatima, case = await _filed(town)
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
    fatima, case = await _filed(town)
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
    fatima, case = await _filed(town)
    card = (await town.card(case)).number
    await town.huda.says("On Sunday", reply_to=card)
    await town.huda.taps("Official reply")
    await town.huda.taps("Edit")
    await town.huda.says("#The contractor is late again", reply_to=card)
    town.huda.sees("📝 We have added")
    assert fatima.messages == []
    assert (await _what(town, case))[-1] == (E.NOTED, "The contractor is late again")


# ---------------------------------------------------------------------------- ready texts


async def test_a_ready_text_is_shown_and_sent_in_the_residents_language(town: DeskTown) -> None:
    ali, case = await _filed(town, address="1002", name="Ali", language="ar")
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    assert town.huda.last.buttons[0] == ["Bin emptied", "Work done"]
    await town.huda.taps("Bin emptied")
    assert "تم تفريغ الحاوية" in town.huda.last.text
    await town.huda.taps("Send")
    assert "تم تفريغ الحاوية" in ali.last.text
    assert (await town.again(case)).status is CaseStatus.RESOLVED
    assert (await _what(town, case))[-1] == (E.RESOLVED, "تم تفريغ الحاوية وتنظيف محيطها.")


@pytest.mark.starts_at(SUNDAY)
async def test_a_ready_text_asks_for_the_day_it_speaks_of(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("Visit scheduled")
    labels = [label for row in town.huda.buttons for label in row]
    assert labels[0] == "Sun 22 Nov"
    assert "Fri 27 Nov" not in labels
    await town.huda.taps("Tue 24 Nov")
    await town.huda.taps("Send")
    assert "Capital Municipality will inspect the site on Tuesday 24 November 2026" in fatima.last.text


async def test_the_next_customer_day_is_offered_where_there_is_one(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.work(plan_sessions)
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("Invitation to Customer Day")
    await town.huda.taps("Send")
    assert f"Customer Day of Capital Municipality, on {town.date()}." in fatima.last.text


async def test_who_joined_reads_a_ready_text_in_their_own_language(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    ali = await town.living("1002", "Ali", "ar")
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", "1002")
        assert resident is not None
        await tx.run(
            "INSERT INTO case_followers (case_id, resident_id, joined_at) VALUES (:case, :who, :at)",
            case=case.id,
            who=resident.id,
            at=town.now,
        )
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("To be emptied next round")
    assert "1 resident who joined" in town.huda.last.text
    await town.huda.taps("Send")
    assert "empty the bin on their next round" in fatima.last.text
    assert "الجولة القادمة" in ali.last.text


async def test_a_changed_ready_text_goes_as_it_was_written(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("To be emptied next round")
    await town.huda.taps("Edit")
    await town.huda.replies(town.huda.sees("with the new text"), "Emptied tonight")
    await town.huda.taps("Send")
    assert "Emptied tonight" in fatima.last.text
    assert await town.rows("SELECT * FROM event_texts") == []


@pytest.mark.parametrize(
    "data", ["t.visit", "t.nothing", "d.visit.20200101", "l.ask.x", "l.nothing.0", "x", "t.pest_done", "d.visit."]
)
async def test_a_forged_choice_of_a_ready_text_sends_nothing(town: DeskTown, data: str) -> None:
    fatima, case = await _filed(town)
    await town.huda.taps_data(f"desk:tmpl:{case.id}:1:{data}")
    await town.stranger.taps_data(f"desk:tmpl:{case.id}:1:{data}")
    assert town.stranger.toast == "You do not have permission to do this"
    assert fatima.messages == []


# ---------------------------------------------------------------------------- at once, at two workers


async def test_two_parts_of_an_album_that_come_at_once_are_both_kept(town: DeskTown) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    await asyncio.gather(*(town.huda.sends(album="a3", reply_to=card.number) for _ in range(6)))
    await town.wait(timedelta(seconds=5))
    await town.huda.taps("Internal note")
    assert len(await town.rows("SELECT * FROM case_files WHERE case_id = :id", id=case.id)) == 6


async def test_send_tapped_twice_at_once_sends_once(town: DeskTown) -> None:
    fatima, case = await _filed(town)
    await town.huda.replies(await town.card(case), "?Which side")
    shown = town.huda.sees("The applicant will see")
    send = shown.find("Send")
    assert send is not None
    await asyncio.gather(*(town.huda.taps_data(send.data, shown.number) for _ in range(4)))
    assert await _what(town, case) == [(E.ASKED, "Which side")]
    assert len([told for told in fatima.messages if "Which side" in told.text]) == 1


# ---------------------------------------------------------------------------- the order of parts


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
async def test_parts_that_arrive_in_another_order_are_put_in_that_of_the_chat(
    town: DeskTown, order: tuple[int, ...]
) -> None:
    _, case = await _filed(town)
    card = await town.card(case)
    parts = _parts("first", "second", "third")
    for place in order:
        await town.huda.replies(card, parts[place], position=1_000 + place)
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Internal note")
    assert (await town.events(case))[-1].words == f"{parts[0]} {parts[1]}\n{parts[2]}"
