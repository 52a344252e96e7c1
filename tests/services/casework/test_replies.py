"""Words of the staff: said once, corrected, taken back; what of it the resident is owed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases import due as case_due
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEvent, CaseEventKind, CaseStatus
from services.cases.staff_actions import Denied
from services.cases.targets import Target
from services.cases.workflow import NotAllowed
from services.casework import replies
from services.casework.replies import Answered, Nothing, Origin, ReplyKind, Told, TooLate, Unchanged, Undone, Words
from services.notify.notices.cases import CaseUpdate
from services.notify.notices.kinds import ANY_NOTICE
from services.privacy import retention
from services.staff.permissions import TELEGRAM, Person
from storage import cases as rows
from storage import staff as staff_rows
from storage.database import Database
from storage.ids import ChatId, MessageId
from storage.records.residents import Resident
from tests.known import known
from tests.roles import give_role
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, NORTHERN, Casework

E = CaseEventKind
HUDA, YUSUF, NADA = (Person(TELEGRAM, f"900{n}", name) for n, name in enumerate(("Huda", "Yusuf", "Nada"), 1))
HERE = Origin(TELEGRAM, ChatId("-1001"), (MessageId("501"),))


@pytest.fixture
async def casework(database: Database) -> Casework:
    """Huda and Yusuf work at the capital's desk, Nada at the northern one."""
    made = Casework(database)
    async with made.work() as work:
        for person, office in ((HUDA, CAPITAL), (YUSUF, CAPITAL), (NADA, NORTHERN)):
            await give_role(work.tx, person, office, made.now)
    return made


async def _filed(casework: Casework) -> tuple[Resident, Case]:
    resident = await casework.resident()
    return resident, await casework.case(resident)


async def _say(
    casework: Casework,
    case: Case,
    kind: ReplyKind,
    text: str,
    person: Person = HUDA,
    texts: dict[str, str] | None = None,
) -> CaseEvent:
    told = await casework.do(replies.say, person, case.id, kind, Words(text, texts=texts or {}), HERE)
    assert isinstance(told, Told), told
    return told.event


async def _owed(casework: Casework, resident: Resident) -> list[tuple[int, str]]:
    """Of which events the resident is, or was, to be told: (event, state of the message)."""
    async with casework.database.transaction() as tx:
        found = await tx.all("SELECT payload, status FROM outbox WHERE resident_id = :id ORDER BY id", id=resident.id)
    notices = [(ANY_NOTICE.validate_json(str(row["payload"])), str(row["status"])) for row in found]
    return [(notice.event, status) for notice, status in notices if isinstance(notice, CaseUpdate)]


async def _sent(casework: Casework) -> None:
    """Everything owed so far has been said."""
    async with casework.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'sent' WHERE status = 'pending'")


async def _history(casework: Casework, case: Case) -> list[CaseEvent]:
    async with casework.work() as work:
        return (await rows.events(work.tx, case.id))[1:]


# ---------------------------------------------------------------------------- saying


@pytest.mark.parametrize(
    ("kind", "what", "status"),
    [
        (ReplyKind.ASK, E.ASKED, CaseStatus.AWAITING_RESIDENT),
        (ReplyKind.REPLY, E.REPLIED, CaseStatus.RECEIVED),
        (ReplyKind.NOTE, E.NOTED, CaseStatus.RECEIVED),
        (ReplyKind.RESOLVE, E.RESOLVED, CaseStatus.RESOLVED),
        (ReplyKind.REJECT, E.REJECTED, CaseStatus.REJECTED),
    ],
)
async def test_words_become_one_line_of_the_history(
    casework: Casework, kind: ReplyKind, what: CaseEventKind, status: CaseStatus
) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, kind, "words")
    assert (event.what, event.words, event.actor) == (what, "words", "staff:9001")
    assert (await casework.again(case)).status is status
    assert await _owed(casework, resident) == ([] if kind is ReplyKind.NOTE else [(event.id, "pending")])
    assert await casework.do(replies.of_message, TELEGRAM, ChatId("-1001"), MessageId("501")) == event
    assert await casework.do(replies.of_message, TELEGRAM, ChatId("-1002"), MessageId("501")) is None


@pytest.mark.parametrize("kind", list(ReplyKind))
async def test_another_offices_staff_may_say_nothing(casework: Casework, kind: ReplyKind) -> None:
    resident, case = await _filed(casework)
    said = await casework.do(replies.say, NADA, case.id, kind, Words("words"), HERE)
    assert said == Denied()
    assert await _history(casework, case) == []
    assert await _owed(casework, resident) == []
    act = kind.right
    assert ("staff:9003", f"denied.{act}") in await casework.audited(f"case:{case.id}")


async def test_what_a_state_does_not_have_is_not_said(casework: Casework) -> None:
    _, case = await _filed(casework)
    await _say(casework, case, ReplyKind.REJECT, "Private")
    said = await casework.do(replies.say, HUDA, case.id, ReplyKind.ASK, Words("Why?"), HERE)
    assert said == NotAllowed(CaseStatus.REJECTED)


async def test_words_in_several_languages_are_read_in_ones_own(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.ASK, "Where?", texts={"ar": "أين؟"})
    assert (await casework.do(replies.in_language, event, "ar")).words == "أين؟"
    assert (await casework.do(replies.in_language, event, "en")).words == "Where?"
    asked = await casework.do(resident_actions.open_question, case.id, "ar")
    assert asked is not None
    assert asked.words == "أين؟"
    case = await casework.again(case)
    assert (await casework.do(resident_actions.timeline, case, resident.id, "ar"))[-1].words == "أين؟"
    assert (await casework.do(resident_actions.timeline, case, resident.id))[-1].words == "Where?"


# ---------------------------------------------------------------------------- correcting


async def test_a_reply_that_was_sent_is_corrected_and_both_are_kept(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.REPLY, "On Sunday")
    await _sent(casework)
    told = await casework.do(replies.correct, HUDA, event, "On Monday", HERE)
    assert isinstance(told, Told)
    assert replies.corrects(told.event)
    assert [(one.words, one.public) for one in await _history(casework, case)] == [
        ("On Sunday", True),
        ("On Monday", True),
    ]
    assert await _owed(casework, resident) == [(event.id, "sent"), (told.event.id, "pending")]
    assert await casework.do(replies.of_message, TELEGRAM, ChatId("-1001"), MessageId("501")) == told.event


async def test_a_reply_that_was_not_sent_yet_is_replaced(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.REPLY, "On Sunday")
    told = await casework.do(replies.correct, HUDA, event, "On Monday", HERE)
    assert isinstance(told, Told)
    assert not replies.corrects(told.event)
    assert [(one.words, one.public) for one in await _history(casework, case)] == [
        ("On Sunday", False),
        ("On Monday", True),
    ]
    assert await _owed(casework, resident) == [(event.id, "dropped"), (told.event.id, "pending")]


async def test_a_correction_that_was_not_sent_yet_is_replaced_by_the_next(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.REPLY, "On Sunday")
    await _sent(casework)
    first = await casework.do(replies.correct, HUDA, event, "On Monday", HERE)
    assert isinstance(first, Told)
    second = await casework.do(replies.correct, HUDA, first.event, "On Tuesday", HERE)
    assert isinstance(second, Told)
    assert second.event.detail == first.event.detail
    assert [status for _, status in await _owed(casework, resident)] == ["sent", "dropped", "pending"]


@pytest.mark.parametrize("kind", [ReplyKind.RESOLVE, ReplyKind.REJECT])
async def test_a_closures_words_are_corrected_by_a_reply(casework: Casework, kind: ReplyKind) -> None:
    _, case = await _filed(casework)
    event = await _say(casework, case, kind, "Emtied")
    told = await casework.do(replies.correct, HUDA, event, "Emptied", HERE)
    assert isinstance(told, Told)
    assert told.event.what is E.REPLIED
    assert replies.corrects(told.event)
    assert (await casework.again(case)).status is (
        CaseStatus.RESOLVED if kind is ReplyKind.RESOLVE else CaseStatus.REJECTED
    )


async def test_an_answered_question_is_not_corrected(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.ASK, "Which side?")
    await casework.do(resident_actions.add_information, case.reference, resident, "North")
    assert await casework.do(replies.correct, HUDA, event, "Which end?", HERE) == Answered()


async def test_only_its_author_corrects_and_only_what_differs(casework: Casework) -> None:
    _, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.REPLY, "On Sunday")
    assert await casework.do(replies.correct, YUSUF, event, "Never", HERE) == Nothing()
    assert await casework.do(replies.correct, HUDA, event, "On Sunday", HERE) == Unchanged()
    async with casework.work() as work:
        await staff_rows.revoke(work.tx, TELEGRAM, HUDA.address, CAPITAL, None, casework.now)
    assert await casework.do(replies.correct, HUDA, event, "Never", HERE) == Denied()
    assert len(await _history(casework, case)) == 1


# ---------------------------------------------------------------------------- taking back


async def _undo(casework: Casework, event: CaseEvent, person: Person = HUDA) -> object:
    return await casework.do(replies.undo, person, event)


@pytest.mark.parametrize("kind", list(ReplyKind))
async def test_what_was_not_sent_yet_is_withdrawn(casework: Casework, kind: ReplyKind) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, kind, "words")
    undone = await _undo(casework, event)
    assert isinstance(undone, Undone)
    assert undone.before_sent
    assert [one.public for one in await _history(casework, case)] == [False, False]
    assert [status for _, status in await _owed(casework, resident)] == ([] if kind is ReplyKind.NOTE else ["dropped"])
    after = await casework.again(case)
    assert after.status is case.status
    assert (after.closed_at, after.resolved_at, after.round) == (None, None, 0)
    assert await _undo(casework, event) == Nothing()


@pytest.mark.parametrize("kind", [ReplyKind.ASK, ReplyKind.REPLY, ReplyKind.RESOLVE, ReplyKind.REJECT])
async def test_what_was_sent_is_asked_to_be_disregarded(casework: Casework, kind: ReplyKind) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, kind, "words")
    await _sent(casework)
    undone = await _undo(casework, event)
    assert isinstance(undone, Undone)
    assert not undone.before_sent
    assert replies.undoes(undone.event)
    assert undone.event.public
    assert await _owed(casework, resident) == [(event.id, "sent"), (undone.event.id, "pending")]
    assert (await casework.again(case)).paused_at is None


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("kind", [ReplyKind.ASK, ReplyKind.RESOLVE, ReplyKind.REJECT])
async def test_a_question_that_was_open_before_is_open_again(casework: Casework, kind: ReplyKind, told: bool) -> None:
    resident, case = await _filed(casework)
    first = await _say(casework, case, ReplyKind.ASK, "Which side?")
    before = await casework.again(case)
    event = await _say(casework, case, kind, "words", YUSUF)
    if told:
        await _sent(casework)
    await _undo(casework, event, YUSUF)
    after = await casework.again(case)
    assert (after.status, after.before_question) == (CaseStatus.AWAITING_RESIDENT, CaseStatus.RECEIVED)
    assert after.paused_at == before.paused_at
    assert known(await casework.do(resident_actions.open_question, case.id)).id == first.id
    await casework.do(resident_actions.add_information, case.reference, resident, "North")
    assert (await casework.again(case)).status is CaseStatus.RECEIVED


@pytest.mark.parametrize("kind", [ReplyKind.RESOLVE, ReplyKind.REJECT])
async def test_what_was_referred_is_referred_again_and_older_buttons_are_stale(
    casework: Casework, kind: ReplyKind
) -> None:
    _, case = await _filed(casework)
    referred = await casework.do(by_staff.refer, case.id, HUDA.actor, "works", "W-1")
    assert isinstance(referred, Case)
    event = await _say(casework, case, kind, "words")
    closed = await casework.again(case)
    await _undo(casework, event)
    after = await casework.again(case)
    assert (after.status, after.referred_to, after.external_reference) == (CaseStatus.REFERRED, "works", "W-1")
    assert after.version > closed.version


@pytest.mark.parametrize("kind", [ReplyKind.ASK, ReplyKind.REPLY, ReplyKind.RESOLVE, ReplyKind.REJECT])
async def test_what_nobody_was_told_meets_no_target(casework: Casework, kind: ReplyKind) -> None:
    _, case = await _filed(casework)
    await _undo(casework, await _say(casework, case, kind, "words"))
    assert (await casework.again(case)).answered_at is None
    casework.now = case.update_due
    for _ in range(72):  # over the weekend
        casework.wait(hours=1)
        await casework.do(case_due.run_due)
    events = [(one.what, one.detail) for one in await _history(casework, case)]
    assert (E.OVERDUE, Target.UPDATE) in events


@pytest.mark.parametrize("earlier", [True, False])
async def test_another_answer_still_meets_the_target(casework: Casework, earlier: bool) -> None:
    _, case = await _filed(casework)
    taken_back = None if earlier else await _say(casework, case, ReplyKind.REPLY, "Wrong case")
    answer = await _say(casework, case, ReplyKind.REPLY, "On Monday", YUSUF)
    casework.wait(minutes=1)
    await _undo(casework, taken_back or await _say(casework, case, ReplyKind.REPLY, "Wrong case"))
    assert (await casework.again(case)).answered_at == answer.at


async def test_what_was_sent_and_taken_back_had_answered(casework: Casework) -> None:
    _, case = await _filed(casework)
    answer = await _say(casework, case, ReplyKind.REPLY, "On Monday")
    await _sent(casework)
    await _undo(casework, answer)
    assert (await casework.again(case)).answered_at == answer.at


async def test_it_is_not_taken_back_by_others_late_or_after_the_answer(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.ASK, "Which side?")
    assert await _undo(casework, event, YUSUF) == Nothing()
    await casework.do(resident_actions.add_information, case.reference, resident, "North")
    assert await _undo(casework, event) == Answered()
    reply = await _say(casework, case, ReplyKind.REPLY, "Thanks")
    casework.now += timedelta(minutes=2, seconds=1)
    assert await _undo(casework, reply) == TooLate()


async def test_a_closure_the_resident_confirmed_stays(casework: Casework) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, ReplyKind.RESOLVE, "Emptied")
    await casework.do(resident_actions.confirm_fixed, case.reference, resident, True)
    assert await _undo(casework, event) == Answered()
    assert (await casework.again(case)).status is CaseStatus.CLOSED


async def test_the_last_words_are_those_that_stand(casework: Casework) -> None:
    _, case = await _filed(casework)
    first = await _say(casework, case, ReplyKind.NOTE, "first")
    await _say(casework, case, ReplyKind.NOTE, "Yusuf's", YUSUF)
    second = await _say(casework, case, ReplyKind.NOTE, "second")
    assert await casework.do(replies.last_of, HUDA, case.id) == second
    await _undo(casework, second)
    assert await casework.do(replies.last_of, HUDA, case.id) == first


async def test_words_that_nobody_sent_are_kept_for_a_day(casework: Casework) -> None:
    async with casework.work() as work:
        staff_rows.put_talk(work.tx, TELEGRAM, ChatId("-1001"), HUDA.address, "{}", casework.now)
    casework.wait(hours=23)
    await casework.do(retention.apply_retention)
    async with casework.work() as work:
        assert await staff_rows.talks_in(work.tx, TELEGRAM, ChatId("-1001"))
    casework.wait(hours=2)
    await casework.do(retention.apply_retention)
    async with casework.work() as work:
        assert await staff_rows.talks_in(work.tx, TELEGRAM, ChatId("-1001")) == []


@pytest.mark.parametrize("kind", [ReplyKind.REPLY, ReplyKind.NOTE, ReplyKind.RESOLVE])
@pytest.mark.parametrize("told", [False, True])
async def test_what_was_taken_back_is_not_said_again_by_an_edit(
    casework: Casework, kind: ReplyKind, told: bool
) -> None:
    resident, case = await _filed(casework)
    event = await _say(casework, case, kind, "words")
    if told:
        await _sent(casework)
    await _undo(casework, event)
    owed = await _owed(casework, resident)
    assert await casework.do(replies.correct, HUDA, event, "other words", HERE) == Nothing()
    assert await _owed(casework, resident) == owed
