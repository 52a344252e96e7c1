"""What people are told unasked: the applicant, who joined, the staff."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from locales import clean
from services.actors import Subject, staff_actor
from services.cases import due as case_due
from services.cases.by_name import apply_by_name
from services.cases.staff_actions import Result
from services.files.attachments import Refusal
from services.notify.enqueue import notify_resident
from services.notify.notices.cases import FileRefused
from services.unit_of_work import Work
from storage import files
from storage.ids import FileId, Reference, ResidentId
from storage.records.cases import CaseStatus
from storage.records.files import FileStatus
from tests.conversations.case_town import MANAMA, REFERENCE, CaseTown, complain
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.services import by_staff


async def _apply(reference: Reference, move: str, words: str, work: Work) -> Result:
    return await apply_by_name(work, reference, move, words, staff_actor("1"))


async def with_a_joiner(town: CaseTown, language: str = "ar") -> tuple[Person, Person, str]:
    """Ali submitted, Fatima joined."""
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali)
    fatima = await town.living_in("capital", language=language)
    await fatima.says("/complain")
    await fatima.says("bins")
    await fatima.taps("الحاويات" if language == "ar" else "Bins")
    await fatima.says("طافحة" if language == "ar" else "Overflowing")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("الانضمام إلى الطلب" if language == "ar" else "Join request")
    return ali, fatima, reference


@pytest.mark.starts_at(SUNDAY)
async def test_progress_is_told_in_plain_words_with_the_next_step(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.takes_up(reference)
    told = clean(fatima.last.text)
    assert f"Your request {reference} (Bins and refuse bags)" in told
    assert "A member of staff is looking into this." in told
    assert "Next: we will send a first reply by Sunday 29 November 2026." in told
    await fatima.taps("View request")
    assert "Under review" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("language", "apology", "hotline"),
    [
        ("ar", "نعتذر عن التأخير", "بالخط الساخن: 8000 8188"),
        ("en", "Sorry, this was due by Monday 23 November 2026 and is late.", "call the hotline: 8000 8188"),
    ],
)
async def test_the_bot_says_itself_that_a_date_has_passed(
    town: CaseTown, language: str, apology: str, hotline: str
) -> None:
    ali, fatima, reference = await with_a_joiner(town, language)
    before = len(fatima.messages), len(ali.messages)
    for _ in range(4):
        await town.wait(timedelta(days=1))
        await town.work(case_due.run_due)
        await town.deliver()
    [told] = fatima.messages[before[0] :]
    assert reference in told.text
    assert apology in clean(told.text)
    assert hotline in clean(told.text).replace("+973 ", "")
    assert len(ali.messages) == before[1] + 1


@pytest.mark.starts_at(SUNDAY)
async def test_of_what_was_taken_up_by_then_no_delay_is_told(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    case = await town.case(await complain(fatima))
    town.now += timedelta(days=3)
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await case_due.run_due(work)
        await by_staff.take_up(work, case.id, "staff:1")  # before the message has gone out
    await town.deliver()
    assert [shown.text for shown in fatima.messages if "is late" in shown.text] == []


async def test_a_question_says_how_to_answer(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which <b>side</b> of the road?")
    told = fatima.sees("Which <b>side</b> of the road?")
    assert "Reply to this message or use the button. We" in told.text
    assert told.find("Reply to question")


async def test_a_question_already_answered_is_no_longer_asked(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    case = await town.case(reference)
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await by_staff.ask(work, case.id, "staff:1", "Which side?")
        await by_staff.start_work(work, case.id, "staff:1")
    await town.deliver()
    fatima.does_not_see("Which side?")
    fatima.sees("Work has started.")


async def test_an_open_question_is_recalled(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which side?")
    for _ in range(14):  # three working days, over whatever holidays there are
        town.now += timedelta(days=1)
        await town.by_day()
        await town.work(case_due.run_due)
        if "The municipality is still waiting" in fatima.last.text:
            break
    fatima.sees("The municipality is still waiting")
    await fatima.says("The north side", reply_to=fatima.last.number)
    assert (await town.case(reference)).status is CaseStatus.RECEIVED


async def test_a_proposed_closure_asks_the_applicant_only(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town)
    await town.resolves(reference, "Emptied and washed")
    proposed = ali.sees("The municipality says this")
    assert "Emptied and washed" in proposed.text
    assert "we will close it on" in proposed.text
    assert proposed.buttons == [["✅ Fixed", "❌ Not fixed"]]
    told = fatima.sees("أفادت البلدية بحل الموضوع")
    assert "الذي انضممتم إليه" in told.text
    assert "إفادة مقدم الطلب" in told.text
    assert told.find("تم الحل") is None


async def test_who_joined_is_told_in_their_language_and_may_rate(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town)
    await town.takes_up(reference)
    assert "الذي انضممتم إليه" in fatima.sees("يتولى أحد الموظفين").text
    await town.resolves(reference)
    await ali.taps("✅ Fixed")
    fatima.sees("أكد مقدم الطلب حل الموضوع، وتم إغلاق")
    await fatima.taps("3 ⭐")
    async with town.database.transaction() as tx:
        assert [row["stars"] for row in await tx.all("SELECT stars FROM ratings")] == [3]


async def test_who_joined_reads_nothing_of_what_the_applicant_wrote(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town, language="en")
    await town.asks(reference, "Which side?")
    await ali.says("My villa's, number 14", reply_to=ali.sees("Which side?").number)
    await town.resolves(reference)
    await ali.taps("❌ Not fixed")
    await ali.says("Still full before my gate")
    fatima.sees("The applicant said it is not fixed.")
    await fatima.says(f"/track {reference}")
    fatima.does_not_see("villa")
    fatima.does_not_see("my gate")
    fatima.does_not_see("Ali")
    assert fatima.last.find("Withdraw") is None


async def test_a_question_about_a_request_they_joined_can_be_answered(town: CaseTown) -> None:
    _, fatima, reference = await with_a_joiner(town, language="en")
    await town.asks(reference, "Which side?")
    asked = fatima.sees("which you joined")
    await fatima.says("Both", reply_to=asked.number)
    assert (await town.case(reference)).status is CaseStatus.RECEIVED


async def test_who_joined_is_told_what_they_can_do_not_what_the_applicant_can(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town, language="en")
    await town.asks(reference, "Which side?")
    await fatima.says(f"/track {reference}")
    assert "Waiting for a reply" in fatima.last.text
    assert "Next: we will continue as soon as we have" in fatima.last.text
    await town.rejects(reference, "Private land")
    assert "You can reopen this request until" in ali.last.text
    told = fatima.last
    assert "reopened" not in told.text
    assert "If the problem continues, you can submit" in told.text
    await fatima.says(f"/track {reference}")
    assert "reopened" not in fatima.last.text
    await fatima.taps("Submit a new request")
    assert "Complaint" in fatima.last.text


async def test_a_duplicate_leads_to_the_earlier_request(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    main = await complain(ali, block="Block 338 Road 77")
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    case = await town.case(reference)
    await town.work(lambda work: by_staff.mark_duplicate(work, case.id, "staff:1", Reference(main)))
    assert main in fatima.last.text
    await fatima.taps("View request")
    assert "You joined this request." in fatima.last.text
    await fatima.says(f"/track {reference}")
    await fatima.taps("Follow the earlier request")
    assert main in fatima.last.text


async def test_a_closing_asks_how_it_was_in_the_digits_that_were_chosen(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET digits = 'arabic' WHERE address = '1001'")
    await town.resolves(reference)
    await ali.taps("✅ Fixed")
    assert "من ١ (ضعيف) إلى ٥ (ممتاز)" in clean(fatima.last.text)
    await fatima.taps("٣ ⭐")
    assert "٣ من ٥" in clean(fatima.last.text)


async def test_a_rejection_gives_the_reason_and_the_way_back(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.rejects(reference, "Private land")
    told = fatima.sees("Private land")
    assert "Sorry, we could not accept this request." in told.text
    assert "You can reopen this request until" in told.text
    await fatima.taps("Reopen")
    await fatima.says("It is a public road")
    assert (await town.case(reference)).status is CaseStatus.REOPENED


async def test_another_bodys_matter_names_the_body_and_its_number(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    case = await town.case(reference)
    await town.work(lambda work: by_staff.outside_remit(work, case.id, "staff:1", "works", "A sewer, not a drain"))
    told = clean(fatima.sees("A sewer, not a drain").text)
    assert "Ministry of Works" in told
    assert "+973 8000 1810" in told


async def test_a_transfer_names_the_new_office_and_reaches_its_staff(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.transfers(reference, "northern")
    assert "We transferred this request to Northern Area Municipality." in clean(fatima.last.text)
    assert any(reference in text for text in town.staff_sees("-1003"))


async def test_every_kind_of_news_has_words_in_both_languages(town: CaseTown) -> None:
    for language, address in (("en", "1"), ("ar", "2")):
        person = await town.living_in("capital", language=language, address=address)
        await town.living_in("capital", language=language, address=address)
        reference = await complain_in(person, language)
        case = await town.case(reference)
        for move, words in (
            ("take_up", ""),
            ("start_work", ""),
            ("reply", "Done soon"),
            ("recategorise", "cleanliness"),
            ("refer", "electricity EWA-1"),
            ("transfer", "northern Yours"),
            ("resolve", "Done"),
        ):
            seen = len(person.messages)
            await town.work(partial(_apply, case.reference, move, words))
            assert len(person.messages) == seen + 1, move
            assert reference in person.last.text


async def complain_in(person: Person, language: str) -> str:
    if language == "en":
        return await complain(person, block=f"Block 338 Road {person.address}")
    await person.says("/complain")
    await person.taps("الحاويات")
    await person.says("طافحة")
    await person.says(f"مجمع 338 طريق {person.address}")
    await person.taps("باسمي")
    await person.taps("إرسال")
    found = REFERENCE.search(person.sees("تم استلام شكواكم").text)
    assert found
    return found[0]


# ---------------------------------------------------------------------------- staff


async def test_a_card_tells_staff_the_matter_and_nothing_of_the_person(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(caption="Overflowing & smelly")
    await fatima.shares_place(*MANAMA)
    await fatima.says("Fatima Ali Alkhalifa")
    await fatima.taps("Phone")
    await fatima.says("33123456")
    await fatima.taps("Submit")
    [case] = await town.cases()
    [card] = town.chats["-1001"]
    text = clean(card.text)
    assert case.reference in text
    assert "🆕" in text
    assert "بلا مسؤول" in text
    assert "الفئة: الحاويات وأكياس القمامة" in text
    assert "Overflowing & smelly" in text
    assert "📎 مرفق واحد" in text
    assert "⏳ الإغلاق في موعد" in text
    assert "Fatima" not in text
    assert "3312" not in text
    assert card.buttons[:2] == [["💬 رد رسمي", "✋ استلام المهمة"], ["📝 ملاحظة داخلية", "❓ استفسار"]]


async def test_staff_read_what_the_resident_answered(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    await town.asks(reference, "Which side?")
    await fatima.says("The north side", reply_to=fatima.last.number)
    card = clean(town.staff_sees("-1001")[-1])
    assert "رد مقدم الطلب" in card
    assert "The north side" in card


async def test_staff_read_whose_words_were_added(town: CaseTown) -> None:
    ali, fatima, reference = await with_a_joiner(town)
    assert "أضاف أحد المنضمين إلى الطلب معلومات" in clean(
        town.staff_sees("-1001")[-1]
    )  # what she wrote before she joined
    await town.asks(reference, "Which side?")
    await fatima.says("كلاهما", reply_to=fatima.last.number)
    assert "رد أحد المنضمين إلى الطلب" in clean(town.staff_sees("-1001")[-1])
    await ali.says("/track " + reference)
    await ali.taps("Add information")
    await ali.says("Worse today")
    assert "أضاف مقدم الطلب معلومات" in clean(town.staff_sees("-1001")[-1])


async def test_long_words_are_shortened_on_a_card_and_whole_below_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await complain(fatima, words="word " * 700)
    card, below = town.staff_sees("-1001")
    assert below == ""  # the document with all of them
    assert len(card) < 1500
    assert "…" in card


# ---------------------------------------------------------------------------- files


async def test_a_file_that_could_not_be_kept_is_told_with_its_reason(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(caption="Full", name="bin.jpg")
    file = FileId(1)

    async def refuse(work) -> None:
        await files.settle(work.tx, file, FileStatus.REFUSED, Refusal.DAMAGED)
        await notify_resident(work, ResidentId(1), FileRefused(file=file), key="file:1", subject=Subject("file:1"))

    await town.work(refuse)
    told = clean(fatima.last.text)
    assert "we could not save the file bin.jpg." in told
    assert "damaged" in told
    assert "We have saved everything else you sent." in told


async def test_the_photo_that_shows_it_comes_before_the_words(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    reference = await complain(fatima)
    case = await town.case(reference)

    async def resolve_with_photo(work) -> None:
        row = await files.want(
            work.tx,
            resident=case.resident_id,
            channel="telegram",
            remote_id="after",
            unique_id="after",
            kind="photo",
            name="after.jpg",
            mime="image/jpeg",
            size=10,
            at=work.now,
        )
        await files.stored(work.tx, row.id, sha256="a" * 64, mime="image/jpeg", name="after.jpg", size=10)
        await by_staff.resolve(work, case.id, "staff:1", "Emptied", (row.id,))

    await town.work(resolve_with_photo)
    photo, words = fatima.messages[-2:]
    assert [file.sha256 for file in photo.message.files] == ["a" * 64]
    assert "Emptied" in words.text
    await fatima.says("Thank you", reply_to=photo.number)
    fatima.sees("We have added this to")
