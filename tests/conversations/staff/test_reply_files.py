"""Replies with photos, albums, voice notes and documents."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conversations.engine.messages import Contact, FileKind, Kind, Place
from locales import clean
from services.cases.resident_actions import CaseEventKind
from services.files import attachments
from storage.ids import MessageId
from storage.records.files import FileStatus
from tests.conversations.staff_town import DeskTown

E = CaseEventKind


async def test_an_album_is_one_reply_with_all_its_photos(town: DeskTown) -> None:
    fatima, case = await town.filed()
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
    fatima, case = await town.filed()
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
    fatima, case = await town.filed()
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
    _, case = await town.filed()
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
    _, case = await town.filed()
    card = await town.card(case)
    kind = Kind.CONTACT if "contact" in sent else Kind.LOCATION if "place" in sent else Kind.TEXT
    await town.huda.does(kind=kind, reply_to=card.number, **sent)
    await town.huda.taps("Official reply")
    assert kept in clean(town.huda.last.text)


async def test_the_rest_of_a_noted_album_is_kept_with_the_note(town: DeskTown) -> None:
    _, case = await town.filed()
    card = await town.card(case)
    await town.huda.sends(caption="#the site today", album="a2", reply_to=card.number)
    await town.huda.sends(album="a2", reply_to=card.number)
    (noted,) = [event for event in await town.events(case) if event.what is E.NOTED]
    found = await town.rows("SELECT event_id FROM case_files WHERE case_id = :id", id=case.id)
    assert [row["event_id"] for row in found] == [noted.id, noted.id]


async def test_a_voice_note_alone_can_be_the_answer(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.sends(FileKind.VOICE, mime="audio/ogg", reply_to=(await town.card(case)).number)
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert fatima.messages[0].message.files[0].kind is FileKind.VOICE


async def test_a_photo_with_a_question_goes_before_the_question(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert fatima.messages[0].message.files
    assert "Is it this one" in fatima.messages[1].text


async def test_words_do_not_wait_for_a_file_for_ever(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.huda.taps("Send")
    await town.wait(timedelta(minutes=31))
    assert "Is it this one" in fatima.last.text


async def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.huda.sends(
        FileKind.DOCUMENT,
        name="run.exe",
        mime="application/x-msdownload",
        caption="?this",
        reply_to=(await town.card(case)).number,
    )
    assert "Nothing was sent" in town.huda.last.text
    assert await town.said_of(case) == []


async def test_a_file_refused_while_the_words_waited_stops_them(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.sends(caption="?Is it this one", reply_to=(await town.card(case)).number)
    await town.settle_files(FileStatus.REFUSED)
    await town.huda.taps("Send")
    assert "We could not save a file, so we did" in town.huda.last.text
    assert fatima.messages == []


async def test_a_file_that_is_gone_after_it_was_sent_is_told_in_the_group(town: DeskTown, tmp_path: Path) -> None:
    fatima, case = await town.filed()
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
    assert (await town.said_of(case))[-1] == (E.NOTED, "again tomorrow")


# ---------------------------------------------------------------------------- at once, at two workers


async def test_two_parts_of_an_album_that_come_at_once_are_both_kept(town: DeskTown) -> None:
    _, case = await town.filed()
    card = await town.card(case)
    await asyncio.gather(*(town.huda.sends(album="a3", reply_to=card.number) for _ in range(6)))
    await town.wait(timedelta(seconds=5))
    await town.huda.taps("Internal note")
    assert len(await town.rows("SELECT * FROM case_files WHERE case_id = :id", id=case.id)) == 6


async def test_send_tapped_twice_at_once_sends_once(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "?Which side")
    shown = town.huda.sees("The applicant will see")
    send = shown.find("Send")
    assert send is not None
    await asyncio.gather(*(town.huda.taps_data(send.data, shown.number) for _ in range(4)))
    assert await town.said_of(case) == [(E.ASKED, "Which side")]
    assert len([told for told in fatima.messages if "Which side" in told.text]) == 1
