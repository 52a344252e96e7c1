"""What the card of an appointment says and its buttons. Nothing of it names the visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.booking.fields import detail_lines
from conversations.engine.step import Button, Responder, Rows
from conversations.promises.screens import open_button
from conversations.promises.texts import came_of_it
from conversations.staff.context import button
from conversations.texts.booking import SHORT_WORDS, booked_time, field, is_unrecorded, reason_words
from conversations.texts.delegate import through_delegate
from conversations.texts.meeting import in_person
from conversations.texts.source import TAKEN
from locales import N_, Localizer
from services.actors import booking_subject
from services.bookings import answers, bookings, linked_cases, releases, session_links
from services.bookings.event_details import FromTime, detail_of
from services.bookings.meeting_changes import others
from services.bookings.meetings import LINK, Meeting, meeting_of
from services.unit_of_work import Work
from services.visits import undo, visits
from services.visits.line import Visit, VisitStatus
from services.visits.states import Step, can
from storage.records.bookings import Booking, BookingEvent, BookingEventKind, BookingStatus

S, V, E = BookingStatus, VisitStatus, BookingEventKind

MARKS: Mapping[BookingStatus, str] = MappingProxyType(
    {
        S.CONFIRMED: "📅",
        S.CHECKED_IN: "🟢",
        S.ATTENDED: "✅",
        S.NO_SHOW: "❌",
        S.CANCELLED_BY_RESIDENT: "✖️",
        S.CANCELLED_BY_MUNICIPALITY: "✖️",
        S.WAITING: "🕓",
        S.OFFERED: "🕓",
    }
)
_STANDS: Mapping[BookingStatus, str] = MappingProxyType(
    {
        S.CONFIRMED: N_("Expected"),
        S.CHECKED_IN: N_("Arrived"),
        S.ATTENDED: N_("Attended"),
        S.NO_SHOW: N_("Did not attend"),
        S.CANCELLED_BY_RESIDENT: N_("Cancelled by the visitor"),
        S.CANCELLED_BY_MUNICIPALITY: N_("Cancelled by the municipality"),
        S.WAITING: N_("On the waiting list"),
        S.OFFERED: N_("A time is offered"),
        S.EXPIRED: N_("Expired"),
        S.HELD: N_("Being booked"),
    }
)
_IN_CALL: Mapping[VisitStatus, str] = MappingProxyType(
    dict.fromkeys(V, N_("The call has begun")) | {V.DONE: N_("Attended")}
)
_IN_LINE: Mapping[VisitStatus, str] = MappingProxyType(
    {
        V.WAITING: N_("Waiting, number {n}"),
        V.CALLED: N_("Called, number {n}"),
        V.INSIDE: N_("Inside, number {n}"),
        V.DONE: N_("Attended, number {n}"),
        V.ABSENT: N_("Not there when called, number {n}"),
        V.LEFT: N_("Left, number {n}"),
    }
)


def stamp(booking: Booking, visit: Visit | None) -> int:
    """What a button remembers of how things stood when it was shown."""
    return booking.version * 1000 + (0 if visit is None else visit.version % 1000)


async def card_of(responder: Responder, booking: Booking) -> tuple[Markup, Rows]:
    """What a card says, and its buttons."""
    t, work = responder.t, responder.work
    visit = await visits.of(work, booking.id)
    history = await bookings.history(work, booking.id)
    files = await bookings.files_of(work, booking.id)
    case = await linked_cases.case_of(work, booking)
    reason = await reason_words(work, t, booking)
    words = [field(t, N_("Description"), t.own(booking.words, SHORT_WORDS))] if booking.words else []
    text = t.join_lines(
        t(
            "{mark} <b>Appointment {reference}</b>",
            mark=MARKS.get(booking.status, "📅"),
            reference=t.ref(booking.reference),
        ),
        stands(responder.work, t, booking, visit),
        await _released(responder, booking),
        booked_time(t, booking),
        former_time(t, history),
        t(TAKEN[booking.source]) if booking.source in TAKEN else None,
        await through_delegate(responder, booking_subject(booking.id)),
        "",
        *detail_lines(responder, booking, words),
        await _own_link(responder, booking),
        t.plural("📎 {n} attachment", "📎 {n} attachments", len(files)) if files else None,
        t("🔗 About request {reference}", reference=t.ref(case.reference)) if case else None,
        field(t, N_("Reason"), reason) if reason else None,
        *_said(t, history),
        *await came_of_it(responder, booking),
    )
    on_the_day = booking.day <= work.today
    undoable = await _can_undo(work, booking, visit)
    return text, card_buttons(
        t,
        booking,
        visit,
        files=bool(files),
        on_the_day=on_the_day,
        undoable=undoable,
        other_ways=bool(others(work, booking)),
    )


async def _can_undo(work: Work, booking: Booking, visit: Visit | None) -> bool:
    """Whether the last step was taken a moment ago, and can be taken back."""
    if visit is not None:
        return undo.undoable(visit, work.now) is not None
    return await undo.can_undo_no_show(work, booking)


def stands(work: Work, t: Localizer, booking: Booking, visit: Visit | None) -> Markup:
    """How it stands, with the number in the hall of who is there."""
    if visit is not None and booking.status in {S.CHECKED_IN, S.ATTENDED}:
        return t(_IN_CALL[visit.status]) if visit.remote else t(_IN_LINE[visit.status], n=visit.ticket)
    return t("Day over, nothing recorded") if is_unrecorded(work, booking) else t(_STANDS[booking.status])


async def _released(responder: Responder, booking: Booking) -> Markup | None:
    """That its visitor has released it, while they can take that back: it still stands, and nobody else gets it."""
    release = await releases.pending(responder.work, booking)
    if release is None:
        return None
    return responder.t(
        "🕊 Released by the visitor, who can undo this until {time}", time=responder.t.time(release.due_at)
    )


async def _own_link(responder: Responder, booking: Booking) -> Markup | None:
    """The link that a meeting by video, or its session, has before the office's."""
    t = responder.t
    if meeting_of(booking) is not Meeting.VIDEO:
        return None
    if link := booking.answers.get(LINK):
        return field(t, N_("Link for this meeting"), t.own(link))
    session = await session_links.newest(responder.work, booking.session_id)
    return field(t, N_("Link for this session"), t.own(session.link)) if session and session.link else None


def former_time(t: Localizer, history: tuple[BookingEvent, ...]) -> Markup | None:
    """When a moved appointment was before."""
    moves = [event for event in history if event.what is E.MOVED]
    former = detail_of(moves[-1]) if moves else None
    return t("Previous time: {time}", time=t.moment(former.starts_at)) if isinstance(former, FromTime) else None


def _said(t: Localizer, history: tuple[BookingEvent, ...]) -> list[Markup]:
    """Whether they said that they will come, and the newest of what staff answered and noted."""
    lines = [t("👍 Attendance confirmed")] if any(event.what is E.WILL_COME for event in history) else []
    if history and history[-1].what is E.SEEN:
        lines.append(t("👀 Saw our last message"))
    said = [event for event in history if event.what is not E.ANSWERED] + [*answers.standing(history)]
    for kind, sign in ((E.ANSWERED, "💬"), (E.ASKED, "❓"), (E.NOTED, "📝")):
        words = [event.detail for event in said if event.what is kind and event.detail]
        lines += [t("{sign} “{words}”", sign=sign, words=t.own(words[-1], SHORT_WORDS))] if words else []
    return lines


# ---------------------------------------------------------------------------- buttons


def card_buttons(
    t: Localizer,
    booking: Booking,
    visit: Visit | None,
    *,
    files: bool,
    on_the_day: bool,
    undoable: bool = False,
    other_ways: bool = False,
) -> Rows:
    """What can be done in its state, first what is most likely. Whether a member may is asked when they tap.

    Before its day nobody arrives; what may make the visit needless comes first. `cards.show_day` has the card shown
    anew when the day begins.
    """
    seen = stamp(booking, visit)

    def one(label: str, verb: str) -> Button:
        return button(label, verb, booking.id, seen)

    contact = one(t.plain("👤 Show contact"), "bk_contact")
    history = one(t.plain("🕘 View history"), "bk_history")
    files_row = ((one(t.plain("📎 Show files"), "bk_files"),),) if files else ()
    back = ((one(t.plain("↩️ Undo the last step"), "bk_undo"),),) if undoable else ()
    more = (*back, (one(t.plain("📝 Note"), "bk_note"),), (contact, history), *files_row)
    match booking.status:
        case S.CONFIRMED:
            begin = (
                one(t.plain("🟢 Arrived"), "bk_arrived") if in_person(booking) else one(t.plain("📞 Call"), "bk_call")
            )
            came = (begin, one(t.plain("❌ Did not come"), "bk_no_show"))
            change = (one(t.plain("🔁 Move"), "bk_move"), one(t.plain("✖️ Cancel"), "bk_cancel"))
            link = ((one(t.plain("🎥 Change the link"), "bk_link"),),) if meeting_of(booking) is Meeting.VIDEO else ()
            changes = (change, (one(t.plain("🔀 Change how you meet"), "bk_meet"),)) if other_ways else (change,)
            changes = (*changes, *link)
            ask = one(t.plain("❓ Ask the visitor"), "bk_ask")
            if not on_the_day:
                return ((one(t.plain("💬 Answer before the day"), "bk_answer"),), (ask,), *changes, *more)
            return (came, *changes, (one(t.plain("💬 Answer the visitor"), "bk_answer"),), (ask,), *more)
        case S.CHECKED_IN:
            return (_in_the_hall(t, visit, one), *more)
        case S.NO_SHOW:
            return ((one(t.plain("✅ They came"), "bk_came"),), *more)
        case S.ATTENDED:
            return ((open_button(t, booking.id),), *more)
        case _:
            return more


def _in_the_hall(t: Localizer, visit: Visit | None, one: Callable[[str, str], Button]) -> tuple[Button, ...]:
    enter = (one(t.plain("🚪 In"), "bk_in"),) if visit is not None and can(visit, Step.ENTER) else ()
    return (*enter, one(t.plain("✅ Done"), "bk_done"))
