"""A team hears that a question was not answered, and decides; who writes as the group hears why they are not heard."""

from __future__ import annotations

from conversations.engine.messages import Kind
from services.actors import CLOCK
from services.cases.event_details import OfQuestion
from services.cases.resident_actions import Case, CaseEvent, CaseEventKind, CaseStatus
from services.cases.updates import tell_staff
from services.unit_of_work import Work
from storage import cases
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person, Shown

E, S = CaseEventKind, CaseStatus


async def _never_answered(town: DeskTown) -> tuple[Person, Case, Shown]:
    """A case with a question that nobody answered, and what its team reads of that."""
    fatima = await town.living()
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "?Which lamp is it")
    await town.huda.taps("Send")

    async def tell(work: Work) -> None:
        asked = await cases.last_question(work.tx, case.id)
        assert asked is not None
        detail = OfQuestion(asked.id).stored
        event: CaseEvent = await cases.add_event(
            work.tx, case.id, work.now, CLOCK, E.UNANSWERED, public=False, words=asked.words, detail=detail
        )
        now = await cases.by_id(work.tx, case.id)
        assert now is not None
        tell_staff(work, now, event)

    await town.work(tell)
    await town.deliver()
    return fatima, case, town.huda.sees("لم يصل رد مقدم الطلب على الاستفسار")


async def test_the_team_reads_the_question_and_what_it_can_do(town: DeskTown) -> None:
    _, _, told = await _never_answered(town)
    assert "Which lamp is it" in told.text
    assert {label for row in told.buttons for label in row} == {"❓ إعادة الاستفسار", "📞 اتصال", "🚫 إغلاق لعدم الرد"}


async def test_it_asks_again(town: DeskTown) -> None:
    _, case, _ = await _never_answered(town)
    await town.huda.taps("إعادة الاستفسار")
    await town.huda.replies(town.huda.last, "At which house?")
    await town.huda.taps("Send")
    assert [event.words for event in await town.events(case) if event.what is E.ASKED][-1] == "At which house?"


async def test_it_calls(town: DeskTown) -> None:
    await _never_answered(town)
    await town.huda.taps("📞 اتصال")
    assert "Fatima Ali" in town.huda.last.text


async def test_it_closes_with_a_ready_text_that_is_shown_before(town: DeskTown) -> None:
    fatima, case, _ = await _never_answered(town)
    await town.huda.taps("إغلاق لعدم الرد")
    assert (await town.again(case)).status is S.AWAITING_RESIDENT
    assert "have not received an answer" in town.huda.last.text
    await town.huda.taps("Send")
    assert (await town.again(case)).status is S.REJECTED
    await town.deliver()
    assert "have not received an answer" in fatima.last.text


async def test_what_was_answered_meanwhile_is_not_closed(town: DeskTown) -> None:
    fatima, case, told = await _never_answered(town)
    await fatima.does(kind=Kind.TEXT, text="The one at the gate", reply_to=fatima.sees("Which lamp").number)
    close = told.find("إغلاق لعدم الرد")
    assert close is not None
    await town.huda.taps_data(close.data, told.number)
    assert (await town.again(case)).status is not S.REJECTED
    assert "no longer possible" in town.huda.toast


# ---------------------------------------------------------------------------- who writes as the group


async def test_who_writes_as_the_group_hears_why_and_what_to_do(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima)
    card = await town.card(case)
    town.huda.address, town.huda.name = f"chat:{town.huda.chat}", "The team"
    for act in ("/queue", "/link capital", "/undo", "/help@desk_bot"):
        await town.huda.says(act)
        assert "turn off anonymous posting" in town.huda.last.text, act
    await town.huda.replies(card, "#nobody knows who says this")
    assert "turn off anonymous posting" in town.huda.last.text
    assert [event.what for event in await town.events(case)] == [E.RECEIVED]


async def test_a_stranger_under_their_own_name_is_told_nothing_more(town: DeskTown) -> None:
    await town.stranger.says("/queue")
    assert "anonymous" not in town.stranger.last.text
