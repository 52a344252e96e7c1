"""What duties do and staff look up costs what it finds, not what there is: no statement reads a large table whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from storage import (
    announcement_lists,
    announcements,
    audiences,
    audit,
    audit_search,
    booking_cards,
    bookings,
    cards,
    cases,
    command_lists,
    configuration,
    crews,
    dangers,
    delegations,
    draws,
    improvements,
    incident_counts,
    incident_news,
    incidents,
    inquiries,
    lines,
    linked_cases,
    messages_by_hand,
    outbox,
    page_taps,
    personal,
    privacy_desk,
    queues,
    recipients,
    record_linking,
    referral_counts,
    releases,
    reports,
    residents,
    retention,
    search,
    session_news,
    sessions,
    spots,
    staff_prompts,
    streets,
    updates,
    visits,
)
from storage.announcements import Audience, Status
from storage.audit_search import NEWEST, Wanted
from storage.database import Database, Dialect, Row, Transaction, Value
from storage.ids import (
    AnnouncementId,
    BookingId,
    CaseId,
    CategoryId,
    ChatId,
    DelegationId,
    IncidentId,
    MessageId,
    OfficeId,
    ResidentId,
    SessionId,
    Subject,
)

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
START = (datetime.min.replace(tzinfo=UTC), 0)
CAPITAL = OfficeId("capital")
OFFICES = (CAPITAL, OfficeId("northern"))
WHO, OTHER = ResidentId(1), ResidentId(2)
INCIDENT = IncidentId(1)
BOX = crews.Box(south=26.0, north=26.1, west=50.0, east=50.1)
AREA = incidents.Gathering(
    incident_id=INCIDENT, category=CategoryId("rainwater"), office=CAPITAL, gathered_to=BEFORE, gathered_id=CaseId(1)
)
NEWS, NOBODY = AnnouncementId(1), ResidentId(0)
SOME = Audience(offices=OFFICES, language="ar", booked="has", open_case=True, category=CategoryId("bins"), block=338)

#: Indexes that hold nothing but what is waited for, and so may be read from end to end.
SHORT = {
    "bookings_waiting",
    "bookings_with_contact",
    "bookings_with_subject",
    "cases_to_index",
    "incident_areas_to_gather",
    "incident_news_under_way",
    "incidents_to_remind",
    "incidents_to_show",
    "announcements_at_work",
    "dead_letters_to_replay",
    "improvements_untold",
    "outbox_failed",
    "outbox_pending",
    "privacy_requests_open",
    "residents_with_farewell",
}
#: Tables that do not grow with the number of residents.
SMALL = {"staff_conversations", "staff_roles", "staff_searches", "leases"}


@pytest.fixture
def dialect() -> Dialect:
    """PostgreSQL plans by what it has counted, and in a test there is nothing to count."""
    return Dialect.SQLITE


class Noting:
    """A transaction that notes how each of its statements is carried out."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.dialect = tx.dialect
        self.plans: list[str] = []
        self._later: list[tuple[str, dict[str, Value]]] = []

    async def _note(self, sql: str, values: dict[str, Value]) -> None:
        rows: list[Row] = await self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)
        self.plans += [str(row["detail"]) for row in rows]

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        await self._note(sql, values)
        return await self._tx.one(sql, **values)

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        await self._note(sql, values)
        return await self._tx.all(sql, **values)

    async def run(self, sql: str, /, **values: Value) -> int:
        await self._note(sql, values)
        return await self._tx.run(sql, **values)

    def later(self, sql: str, /, **values: Value) -> None:
        self._later.append((sql, values))

    async def end(self) -> None:
        for sql, values in self._later:
            await self._note(sql, values)


def _reads_whole(plan: str) -> bool:
    """Whether a line of a plan goes through all of a table, or of an index that is as long."""
    words = plan.split()
    if words[0] != "SCAN" or "VIRTUAL" in words or words[1] in SMALL:
        return False
    if "INDEX" in words:
        return words[words.index("INDEX") + 1] not in SHORT
    return words[1] not in _RESULTS and not words[1].startswith("(")


#: What is read whole of a statement's own: results of its parts, which are bounded.
_RESULTS = {
    *("every", "fresh", "hits", "indexed", "lapsed", "m", "near", "old", "tried", "w", "page", "with_more", "CONSTANT"),
    *("behind", "ended", "cohort", "line", "placed", "queue", "took"),
}

Act = Callable[[Any], Awaitable[object]]


async def plans(database: Database, act: Act) -> list[str]:
    async with database.transaction() as tx:
        noting = Noting(tx)
        await act(noting)
        await noting.end()
    assert noting.plans
    return noting.plans


def at_once(act: Callable[[Any], None]) -> Act:
    async def done(tx: Any) -> None:
        act(tx)

    return done


def _queue(which: queues.Which) -> Act:
    return lambda tx: queues.page(tx, which, OFFICES, actor="staff:1", now=NOW, tonight=NOW, limit=8, offset=8)


async def _unlink(tx: Any) -> None:
    class Case:
        id, resident_id = CaseId(1), WHO

    case: Any = Case
    personal.unlink_case(tx, case, OTHER)


async def _forget_taps(tx: Any) -> None:
    page_taps.forget(tx, BEFORE)


async def _prompt_sent(tx: Any) -> None:
    staff_prompts.shown(tx, "staff_prompt:1", MessageId("1"))


def _report(act: Callable[[reports.Reader], Awaitable[object]]) -> Act:
    async def both(tx: Any) -> None:
        for category in (None, CategoryId("bins")):
            await act(reports.Reader(tx, OFFICES, category))

    return both


DUTIES: dict[str, Act] = {
    "drafts": lambda tx: retention.stale_conversations(tx, NOW, 9),
    "saved drafts": lambda tx: retention.with_saved_drafts(tx, START, 9),
    "staff conversations": lambda tx: retention.drop_staff_conversations(tx, NOW),
    "booking contacts": lambda tx: retention.bookings_with_contact(tx, NOW.date(), 9),
    "booking subjects": lambda tx: retention.bookings_with_subject(tx, NOW.date(), 9),
    "booking details": lambda tx: retention.clear_booking_details(tx, NOW, 9),
    "cases of the forgotten": lambda tx: retention.cases_of_the_forgotten(tx, 9),
    "case identities": lambda tx: retention.cases_ended_before(tx, NOW, 9),
    "callers": lambda tx: retention.callers_seen_before(tx, NOW, START, 9),
    "loose files": lambda tx: retention.loose_files(tx, NOW, START, 9),
    "drafts with files": lambda tx: retention.drafts_that_may_hold(tx, [WHO]),
    "attachments": lambda tx: retention.files_sent_before(tx, NOW, START, 9),
    "audit": lambda tx: retention.drop_audit(tx, NOW, 9),
    "seen updates": lambda tx: retention.drop_seen_updates(tx, NOW, 9),
    "dead letters": lambda tx: retention.drop_dead_letters(tx, NOW, 9),
    "messages": lambda tx: retention.drop_messages(tx, NOW, 9),
    "inquiries": lambda tx: inquiries.drop_before(tx, NOW, 9),
    "answers that were shown": lambda tx: inquiries.answers(tx, (OfficeId("capital"),), NOW, NOW),
    "what was not answered": lambda tx: inquiries.unanswered(tx, (OfficeId("capital"),), NOW, NOW),
    "farewells": lambda tx: retention.drop_farewells(tx, 9),
    "clear a booking": at_once(lambda tx: retention.clear_subject(tx, BookingId(1))),
    "unlink a case": _unlink,
    "reminders": lambda tx: bookings.to_remind(tx, NOW, 9),
    "cards of the day": lambda tx: booking_cards.sessions_to_show(tx, NOW.date(), 9),
    "the cards of a session": lambda tx: booking_cards.take_day(tx, SessionId(1), NOW.date()),
    "what was released": lambda tx: releases.due(tx, NOW, 9),
    "a release": lambda tx: releases.of(tx, BookingId(1)),
    "a release that is over": lambda tx: releases.take(tx, BookingId(1)),
    "draws": lambda tx: draws.due(tx, NOW, 9),
    "the draw of a day": lambda tx: draws.of(tx, SessionId(1)),
    "holds and offers": lambda tx: sessions.to_settle(tx, NOW, NOW, 9),
    "targets": lambda tx: cases.to_look_at(tx, NOW, 9),
    "words to index": lambda tx: search.to_index(tx, 9),
    "words into the index": lambda tx: search.add_to_index(tx, [CaseId(1)]),
    "digests": lambda tx: outbox.is_known(tx, "digest:capital:2026-11-22"),
    "stale prompts": lambda tx: staff_prompts.asked_before(tx, NOW, 9),
    "prompts of the forgotten": at_once(lambda tx: staff_prompts.forget(tx, Subject("case:1"))),
    "a prompt that was sent": _prompt_sent,
    "a prompt that a button names": lambda tx: staff_prompts.marked(tx, 1),
    "a member's prompt": lambda tx: staff_prompts.of(tx, "telegram", ChatId("-1"), "9001"),
    "replays": lambda tx: updates.to_replay(tx, "telegram", 9),
    "messages due": lambda tx: outbox.due_of(tx, NOW, 0, 9),
    "data requests": lambda tx: privacy_desk.erasures_under_way(tx, 9),
    "command lists": lambda tx: command_lists.owed(tx, NOW, 9),
    "a command list again": at_once(lambda tx: command_lists.again(tx, "telegram", "1", NOW)),
    "announcements at work": lambda tx: announcements.at_work(tx, NOW),
    "improvements to tell": lambda tx: improvements.to_tell(tx, NOW),
    "untold requests": lambda tx: improvements.untold(tx, 1, 50),
    "told of a request": at_once(lambda tx: improvements.note_told(tx, 1, CaseId(1), 1, NOW)),
    "an improvement's announcement": lambda tx: improvements.is_told(tx, NEWS),
    "an announcement's audience": lambda tx: audiences.take(tx, NEWS, SOME, NOBODY, OTHER),
    "newcomers": lambda tx: audiences.came_after(tx, SOME, WHO, 9),
    "the newest resident": audiences.newest,
    "recipients who wait": lambda tx: recipients.next_waiting(tx, NEWS, NOBODY, 9),
    "recipients owed": lambda tx: recipients.note_owed(tx, NEWS, 1, NOBODY, OTHER),
    "messages to recipients": at_once(
        lambda tx: recipients.owe(
            *(tx, NEWS, recipients.Batch(language="ar", digits="latin", until=OTHER), "w", ""),
            after=NOBODY,
            until=OTHER,
            expires_at=None,
            test=False,
            at=NOW,
        )
    ),
    "broadcasts that wait": recipients.count_pending,
    "recipients who have it": lambda tx: recipients.settle(tx, NEWS, NOW, 9),
    "recipients who have it no more": lambda tx: recipients.settle_recalls(tx, NEWS, 9),
    "recipients under way": lambda tx: recipients.is_under_way(tx, NEWS),
    "recipients to correct": lambda tx: recipients.behind(tx, NEWS, NOBODY, 9),
    "a tap of a page": lambda tx: page_taps.of(tx, "staff:1", "0" * 32),
    "old taps of pages": _forget_taps,
    "late recipients": lambda tx: recipients.these(tx, NEWS, [WHO, OTHER]),
    "messages to delete": lambda tx: recipients.messages_of(tx, NEWS, [WHO, OTHER]),
    "held": at_once(lambda tx: outbox.hold(tx, "announcement:1", NOW)),
    "news of sessions": lambda tx: session_news.undrafted(
        tx, now=NOW, today=NOW.date(), soon=NOW.date(), lately=NOW, limit=9
    ),
    "old recipients": lambda tx: retention.drop_recipients(tx, NOW, 9),
    "lines to look at": lambda tx: lines.to_look_at(tx, NOW, 9),
    "old taps": lambda tx: retention.drop_taps(tx, NOW, 9),
    "old opt-outs": lambda tx: retention.drop_opt_outs(tx, NOW, 9),
    "news of incidents": lambda tx: incident_news.next_due(tx, NOW),
    "who joined an incident": lambda tx: incidents.joined_after(tx, INCIDENT, CaseId(0), 9),
    "incidents to show": lambda tx: incidents.to_show(tx, NOW, 9),
    "incidents that end": lambda tx: incidents.to_remind(tx, NOW, 9),
    "incidents to gather for": incidents.to_gather,
    "reports before an incident": lambda tx: incidents.earlier(tx, AREA, NOW, 9),
    "notices that wait": lambda tx: outbox.count_due(tx, 1, NOW, 9),
    "places of members": lambda tx: crews.forget_places(tx, NOW, 9),
    "withdrawn": at_once(lambda tx: outbox.withdraw(tx, "reminder:1:")),
}

LOOK_UPS: dict[str, Act] = {
    **{f"queue: {which}": _queue(which) for which in queues.Which},
    "untaken dangers": lambda tx: dangers.untaken_at(tx, OFFICES, 5),
    "counts": lambda tx: queues.counts(tx, CAPITAL, since=NOW, now=NOW, tonight=NOW),
    "appointments": lambda tx: queues.appointments(tx, CAPITAL, NOW.date()),
    "by words": lambda tx: search.by_words(tx, OFFICES, ["full", "bin"], 8, 0),
    "by block": lambda tx: search.by_block(tx, OFFICES, 338, 8, 0),
    "by number": lambda tx: search.by_phone(tx, OFFICES, "+97333123456", 8, 0),
    "bookings by number": lambda tx: search.bookings_by_phone(tx, OFFICES, "+97333123456", 8),
    "audit by period": lambda tx: audit_search.older(tx, Wanted(NOW, NOW), NEWEST, 9),
    "audit by reference": lambda tx: audit_search.older(tx, Wanted(NOW, NOW, subject="case:1"), NEWEST, 9),
    "audit by person": lambda tx: audit_search.newer(tx, Wanted(NOW, NOW, actor="a", about="b"), START, 9),
    "data requests by hand": lambda tx: privacy_desk.by_hand(tx, 9),
    "messages not taken back": lambda tx: messages_by_hand.untaken(tx, 1),
    "messages by hand of a request": lambda tx: messages_by_hand.of_request(tx, 1, 9),
    "messages by hand in a chat": lambda tx: messages_by_hand.of_chat(tx, "telegram", ChatId("-1"), 9),
    "messages by hand to tell of": lambda tx: messages_by_hand.chats_to_tell(tx, NOW, 9),
    "messages by hand that are there": lambda tx: messages_by_hand.found_again(tx, 9),
    "erasures done by hand": lambda tx: messages_by_hand.requests_done(tx, 9),
    "words that staff typed": lambda tx: personal.typed_for(tx, 1),
    "latest data requests": lambda tx: privacy_desk.latest(tx, NOW, 9),
    "counts of data requests": lambda tx: privacy_desk.count_requests(tx, NOW),
    "who looked": lambda tx: audit.access_log(tx, OFFICES, NOW, 31),
    "cards not shown": lambda tx: cards.unshown(tx, CAPITAL),
    "cases nearby": lambda tx: cases.nearby(
        tx, category=CategoryId("bins"), resident=WHO, south=26.0, north=26.1, west=50.0, east=50.1, limit=9
    ),
    "cases at a road": lambda tx: cases.at_road(
        tx, category=CategoryId("bins"), office=CAPITAL, resident=WHO, block=338, road="1", limit=9
    ),
    "records of a number": lambda tx: record_linking.desk_residents(tx, "+97333123456"),
    "linking cases": lambda tx: record_linking.hand_over_cases(tx, WHO, OTHER, NOW),
    "linking followed cases": lambda tx: record_linking.hand_over_followed(tx, WHO, OTHER, NOW),
    "linking bookings": lambda tx: record_linking.hand_over_bookings(tx, WHO, OTHER, NOW),
    "linking files": at_once(lambda tx: record_linking.hand_over_files(tx, WHO, OTHER)),
    "older records": lambda tx: record_linking.has_older(tx, WHO, NOW),
    "a page of announcements": lambda tx: announcement_lists.page(tx, OFFICES, tuple(Status), 5),
    "a draft about a session": lambda tx: announcement_lists.draft_about(tx, Subject("session:1")),
    "people behind an improvement": lambda tx: improvements.count_people(tx, 1),
    "one person's part in an improvement": lambda tx: improvements.cases_of(tx, 1, WHO),
    "figures of improvements": lambda tx: improvements.figures(tx, OFFICES, NOW, NOW),
    "effect of an announcement": lambda tx: announcements.effect(tx, NEWS),
    "changes since": lambda tx: configuration.since(tx, 7),
    "newest change": configuration.version,
    "change to undo": lambda tx: configuration.by_version(tx, 7),
    "last changes of an office": lambda tx: configuration.newest(tx, OFFICES, 8),
    "last change of a place": lambda tx: configuration.last_of(tx, ("hotline",)),
    "who speaks for all": lambda tx: streets.of_case(tx, CaseId(1)),
    "the appointment for all": lambda tx: streets.of_booking(tx, BookingId(1)),
    "for whom somebody speaks": lambda tx: streets.spoken_for_by(tx, WHO),
    "what the others say": lambda tx: streets.voices(tx, CaseId(1)),
    "all voices of somebody": lambda tx: streets.of_resident(tx, WHO),
    "forgetting voices": at_once(lambda tx: streets.forget(tx, WHO)),
    "whom somebody acts for": lambda tx: delegations.of_delegate(tx, WHO),
    "who acts for somebody": lambda tx: delegations.of_principal(tx, WHO),
    "all who acted": lambda tx: delegations.touching(tx, WHO),
    "questions of a day": lambda tx: delegations.asked_since(tx, WHO, BEFORE),
    "a link": lambda tx: delegations.by_code(tx, "code"),
    "questions nobody answered": lambda tx: delegations.unanswered(tx, NOW, 9),
    "through whom a request came": lambda tx: delegations.of_case(tx, CaseId(1)),
    "through whom an appointment came": lambda tx: delegations.of_booking(tx, BookingId(1)),
    "what a delegate filed": lambda tx: delegations.cases(tx, DelegationId(1), 9),
    "what a delegate booked": lambda tx: delegations.bookings(tx, DelegationId(1), 9),
    "whom staff are to call": lambda tx: delegations.asked_at(tx, "+97333123456"),
    "linking delegations": lambda tx: delegations.hand_over(tx, WHO, OTHER),
    "forgetting delegations": at_once(lambda tx: delegations.forget(tx, WHO)),
    "old delegations": lambda tx: delegations.drop_old(tx, NOW, 9),
    "cases around a place": lambda tx: crews.around(tx, OFFICES, BOX, 9),
    "cases of a block without a pin": lambda tx: crews.in_block(tx, OFFICES, 338, 9),
    "photos of what was done": lambda tx: crews.proof_of(tx, CaseId(1)),
    "where a member is": lambda tx: crews.place_of(tx, "telegram", "9001"),
    "a spot by its road": lambda tx: spots.at_road(tx, CAPITAL, 338, "1", CaseId(1), BEFORE, 9),
    "a spot by its pin": lambda tx: spots.at_pin(
        tx, CAPITAL, south=26.0, north=26.1, west=50.0, east=50.1, but=CaseId(1), since=BEFORE, limit=9
    ),
    "the incident of a report": lambda tx: incidents.live_at(tx, CategoryId("rainwater"), CAPITAL, NOW),
    "the incident that a case joined": lambda tx: incidents.newest_of(tx, CaseId(1)),
    "a resident's part in an incident": lambda tx: incidents.of_resident(tx, INCIDENT, WHO, 9),
    "how an incident stands": lambda tx: incident_counts.counts(tx, INCIDENT, (CAPITAL,)),
    "where an incident is": lambda tx: incidents.places(tx, INCIDENT, 9),
    "news of an incident": lambda tx: incident_news.newest_begun(tx, INCIDENT, NOW),
    "figures of incidents": lambda tx: incident_counts.count_of(tx, OFFICES, NOW, NOW),
    "the appointment about a request": lambda tx: linked_cases.confirmed_about(tx, CaseId(1), NOW),
    "who came to a session": lambda tx: visits.of_session(tx, SessionId(1)),
    "sessions ahead": lambda tx: sessions.on_or_after(tx, NOW.date()),
    "who came to an office": lambda tx: lines.visits_of_day(tx, CAPITAL, NOW.date()),
    "who is to come": lambda tx: lines.awaited(tx, SessionId(1)),
    "what people of a line were told": lambda tx: lines.places_of_day(tx, CAPITAL, NOW.date(), (SessionId(1),)),
    "messages owed": outbox.count_pending,
    "messages that failed": outbox.count_failed,
    "messages that are not allowed": outbox.count_barred,
    "messages that failed of late": lambda tx: outbox.undelivered(tx, NOW, 9),
    "report: filed": _report(lambda rows: rows.filed(BEFORE, NOW)),
    "report: ended": _report(lambda rows: rows.ended(BEFORE, NOW)),
    "report: referred requests": lambda tx: referral_counts.received_between(tx, OFFICES, None, BEFORE, NOW, NOW),
    "report: blocks": _report(lambda rows: rows.blocks(BEFORE, NOW)),
    "report: received by week": _report(lambda rows: rows.received_by_week(BEFORE, NOW, BEFORE)),
    "report: closed by week": _report(lambda rows: rows.closed_by_week(BEFORE, NOW, BEFORE)),
    "report: first answers": _report(lambda rows: rows.first_answers(BEFORE, NOW, days="[]", now=NOW)),
    "report: closings": _report(lambda rows: rows.closings(BEFORE, NOW, days="[]")),
    "report: closed of earlier": _report(lambda rows: rows.closed_of_earlier(BEFORE, NOW, BEFORE)),
    "report: open": _report(lambda rows: rows.open(BEFORE, NOW)),
    "report: reopened": _report(lambda rows: rows.reopened(BEFORE, NOW)),
    "report: stars of cases": _report(lambda rows: rows.stars_of_cases(BEFORE, NOW)),
    "report: stars of meetings": _report(lambda rows: rows.stars_of_meetings(BEFORE, NOW)),
    "report: comments on cases": _report(lambda rows: rows.comments_on_cases(BEFORE, NOW, 9)),
    "report: comments on meetings": _report(lambda rows: rows.comments_on_meetings(BEFORE, NOW, 9)),
    "report: bookings": _report(lambda rows: rows.bookings(BEFORE.date(), NOW.date())),
    "report: ended by owner": _report(lambda rows: rows.ended_by_owner(BEFORE, NOW)),
    "report: open by owner": _report(lambda rows: rows.open_by_owner(NOW)),
}


@pytest.mark.parametrize("what", DUTIES)
async def test_a_duty_reads_what_is_due_and_not_what_there_is(database: Database, what: str) -> None:
    assert [plan for plan in await plans(database, DUTIES[what]) if _reads_whole(plan)] == []


@pytest.mark.parametrize("what", LOOK_UPS)
async def test_a_look_up_reads_what_it_shows_and_not_what_there_is(database: Database, what: str) -> None:
    assert [plan for plan in await plans(database, LOOK_UPS[what]) if _reads_whole(plan)] == []


async def test_letting_go_of_somebody_reads_no_table_of_messages_or_ratings_whole(database: Database) -> None:
    async with database.transaction() as tx:
        somebody = await residents.add(tx, "telegram", "1001", "A", "en", NOW)
    found = await plans(database, lambda tx: personal.erase_traces(tx, somebody))
    assert sum(plan.split()[1] == "outbox" for plan in found) == 2
    found += await plans(database, lambda tx: personal.told_for_a_while(tx, "session:1"))
    assert any("outbox_vanishing" in plan for plan in found)
    whole = ("SCAN outbox", "SCAN ratings", "SCAN line_panels")
    assert [plan for plan in found if plan.startswith(whole)] == []


@pytest.mark.parametrize("what", [f"queue: {which}" for which in queues.Which if which is not queues.Which.MINE])
async def test_a_queue_is_read_from_its_index_alone_but_for_the_cases_of_the_page(
    database: Database, what: str
) -> None:
    found = await plans(database, LOOK_UPS[what])
    assert sum("COVERING INDEX cases_queue" in plan for plan in found) == 2


async def test_the_audit_of_an_office_is_looked_for_among_some_lines_at_a_time(database: Database) -> None:
    wanted = Wanted(NOW, NOW, offices=OFFICES)
    found = await plans(database, lambda tx: audit_search.older(tx, wanted, NEWEST, 9))
    assert [plan for plan in found if _reads_whole(plan)] == ["SCAN a"], "what the index gave, and no more"
    assert sum(plan.startswith("SEARCH a USING") and "audit_by_time" in plan for plan in found) == 2


@pytest.mark.parametrize("what", ["an announcement's audience", "newcomers"])
async def test_an_audience_is_gone_through_by_the_residents_ids(database: Database, what: str) -> None:
    (line,) = [plan for plan in await plans(database, DUTIES[what]) if plan.split()[1] == "r"]
    assert line.startswith("SEARCH r USING INTEGER PRIMARY KEY (rowid>?")
