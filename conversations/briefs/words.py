"""One visitor in words: the same lines in the chat and on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup

from conversations.promises.texts import CHOICES, party_name, party_of
from conversations.promises.texts import STATUS as PROMISE
from conversations.texts.booking import SHORT_WORDS, office_name, time_words, topic_name, visit_words, who_receives
from conversations.texts.case import category_name, status_name
from conversations.texts.field import root_cause
from conversations.texts.meeting import MEETINGS, in_person
from locales import N_, Localizer
from locales.html import to_plain
from services.bookings.meetings import meeting_of
from services.briefs.briefs import CaseLine, EarlierMeeting, Preparation, SessionBrief, VisitorBrief
from services.promises.outcomes import OutcomeKind
from services.promises.promises import OpenPromise
from services.unit_of_work import Work
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session

P = Preparation

PREPARE: Mapping[Preparation, str] = MappingProxyType(
    {
        P.WHEELCHAIR: N_("Keep the way free for a wheelchair."),
        P.SIGN_LANGUAGE: N_("Arrange a sign language interpreter."),
        P.INTERPRETER: N_("Arrange an interpreter."),
        P.ARRANGEMENTS: N_("Read which arrangements the visitor asked for."),
        P.CHAIRS: N_("Have chairs ready for the companions."),
        P.FILES: N_("Look at the attachments."),
        P.BROKEN_PROMISE: N_("Be ready to explain the promise that was not kept."),
        P.OPEN_PROMISE: N_("Find out how far the open promise is."),
        P.LINKED_CASE: N_("Read the request that the appointment is about."),
        P.MANY_AT_SPOT: N_("Ask the section why the same place is reported again and again."),
        P.MISSED_BEFORE: N_("The visitor missed an earlier appointment. Confirm that the time is suitable."),
    }
)

#: What stands beside a visitor in the short list.
MARKS: Mapping[Preparation, str] = MappingProxyType(
    {
        P.WHEELCHAIR: "♿",
        P.SIGN_LANGUAGE: "🤟",
        P.INTERPRETER: "🗣",
        P.ARRANGEMENTS: "🛠",
        P.FILES: "📎",
        P.BROKEN_PROMISE: "⚠️",
        P.OPEN_PROMISE: "🤝",
        P.LINKED_CASE: "🔗",
    }
)

Line = tuple[str, Markup]  # a label, and what stands beside it


def title(work: Work, t: Localizer, session: Session) -> Markup:
    """Which session: the office and who receives."""
    office = work.offices.get(session.office)
    lane = who_receives(t, office, session.lane) if office is not None else None
    return t.dotted(office_name(work, t, session.office), lane)


def when(t: Localizer, session: Session) -> Markup:
    return t.dotted(t.full_date(session.day), t.span(session.opens_at, session.closes_at))


def heading(work: Work, t: Localizer, brief: VisitorBrief) -> Markup:
    """When and about what: not who."""
    time = time_words(t, brief.booking.source, brief.booking.starts_at)
    return t.dotted(time, topic_name(work, t, brief.booking.topic))


def lines(work: Work, t: Localizer, brief: VisitorBrief, limit: int = SHORT_WORDS) -> Iterator[Line]:
    """All that is known, a label and its text each; `limit` is of what the visitor wrote."""
    booking = brief.booking
    yield t.plain("Name"), t.own(brief.name) if brief.name else t("Not given")
    if brief.delegate:
        yield t.plain("Acts for them"), t.own(brief.delegate)
    if brief.phone:
        yield t.plain("Phone"), t.phone(brief.phone)
    yield t.plain("Reference"), t.dotted(t.ref(booking.reference), source_words(t, booking))
    if brief.visit is not None and not brief.visit.remote:
        yield t.plain("Number in the queue"), t.number(brief.visit.ticket)
    if booking.words:
        yield t.plain("In their words"), t.own(booking.words, limit)
    if not in_person(brief.booking):
        yield t.plain("Meeting"), _remotely(t, booking)
    if brief.video_link is not None:
        yield t.plain("Video link"), t.own(brief.video_link)
    yield t.plain("Companions"), visit_words(t, booking.companions, booking.needs, booking.answers)
    if brief.files:
        yield t.plain("Attachments"), t.number(brief.files)
    if brief.answered is not None:
        yield t.plain("Answered before the visit"), _said(t, brief.answered.detail, brief.answered.at)
    if brief.linked is not None:
        yield t.plain("About the request"), _linked(work, t, brief)
    yield from _before(work, t, brief)
    if brief.preparations:
        yield t.plain("To prepare"), t.join_lines(*(t("• {what}", what=t(PREPARE[one])) for one in brief.preparations))


def _remotely(t: Localizer, booking: Booking) -> Markup:
    """How they are met who do not come, and between which times."""
    meeting = t(MEETINGS[meeting_of(booking)])
    if booking.starts_at is None or booking.ends_at is None:
        return meeting
    times = t.span(booking.starts_at, booking.ends_at)
    return t.dotted(meeting, t("we call at {times}", times=times))


def _before(work: Work, t: Localizer, brief: VisitorBrief) -> Iterator[Line]:
    if brief.promises:
        yield t.plain("Promises not kept yet"), t.join_lines(*(promise_line(t, one) for one in brief.promises))
    if brief.cases:
        yield t.plain("Earlier requests"), t.join_lines(*(case_line(work, t, one) for one in brief.cases))
    if brief.meetings:
        yield t.plain("Earlier meetings"), t.join_lines(*(meeting_line(work, t, one) for one in brief.meetings))
    if brief.recurring:
        yield t.plain("The same again"), root_cause(t, brief.recurring)
    if brief.spot:
        yield t.plain("Reported at the same place"), t.join_lines(*(case_line(work, t, one) for one in brief.spot))


def source_words(t: Localizer, booking: Booking) -> Markup | None:
    """How it came about, where not by the visitor themselves."""
    match booking.source:
        case "walk_in":
            return t("Without an appointment")
        case "phone":
            return t("By phone")
    return None


def _linked(work: Work, t: Localizer, brief: VisitorBrief) -> Markup:
    assert brief.linked is not None  # noqa: S101 - asked before
    case = brief.linked
    about = category_name(t, work.offices, case.category)
    stands = t.dotted(t.ref(case.reference), about, status_name(t, case.status, mine=False))
    said = brief.linked_said
    return stands if said is None else t.join_lines(stands, _said(t, said.words, said.at))


def _said(t: Localizer, words: str, at: datetime) -> Markup:
    """What the visitor was told in writing, and when. On lines of their own: the words are in any language."""
    return t.join_lines(t("“{words}”", words=t.own(words, SHORT_WORDS)), t("sent on {date}", date=t.own(t.day(at))))


def promise_line(t: Localizer, one: OpenPromise) -> Markup:
    """A promise with how old it is."""
    promise = one.promise
    late = t("overdue since {date}", date=t.own(t.day(promise.due))) if one.overdue else None
    until = None if one.overdue else t("until {date}", date=t.own(t.day(promise.due)))
    told = t.dotted(
        t("promised {age} ago", age=t.duration(one.age)) if one.age.days else t("promised today"),
        late or until,
        t(PROMISE[promise.status]) if one.broken or not promise.what else None,
        t.ref(one.case),
    )
    # On a line of their own: words in one language do not mix with those around them in another.
    return t.join_lines(t("“{words}”", words=t.own(promise.what, SHORT_WORDS)), told) if promise.what else told


def case_line(work: Work, t: Localizer, case: CaseLine) -> Markup:
    return t.dotted(
        t.ref(case.reference),
        category_name(t, work.offices, case.category),
        status_name(t, case.status, mine=False),
        t.own(t.day(case.created_at)),
    )


def meeting_line(work: Work, t: Localizer, one: EarlierMeeting) -> Markup:
    came = one.booking.status is not BookingStatus.NO_SHOW
    outcome = one.outcome
    said = None if outcome is None or outcome.kind not in CHOICES else t(CHOICES[outcome.kind])
    if outcome is not None and outcome.kind is OutcomeKind.REFERRED:
        said = t(
            "{what}: {party}",
            what=t(CHOICES[outcome.kind]),
            party=party_name(t, work, one.booking.office, party_of(outcome)),
        )
    return t.dotted(
        t.date(one.booking.day),
        topic_name(work, t, one.booking.topic),
        said if came else t("Did not attend"),
    )


def counted(t: Localizer, brief: SessionBrief) -> Markup:
    n = len(brief.visitors)
    return t.plural("{n} visitor", "{n} visitors", n) if n else t("No appointments")


def plain(text: Markup) -> str:
    """The same without tags, for a page or a cell."""
    return to_plain(text)
