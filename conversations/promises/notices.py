"""What is told and asked about promises outside a conversation. Each looks again whether it is still true."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder, Rows
from conversations.promises.texts import changes, party_name, quoted, told_lines
from conversations.staff.context import button
from conversations.texts.booking import field, main_menu, office_name, subject_of, topic_name
from locales import N_
from services.bookings import bookings
from services.cases import resident_actions
from services.notify.notices.bookings import MeetingOutcome, WhyNotCome
from services.notify.notices.promises import PromiseBroken, PromiseDue, PromiseToConfirm, WasItDone
from services.promises import no_shows, outcomes, promises
from services.promises.no_shows import Reason
from services.promises.outcomes import OutcomeKind, OutcomeRow
from services.promises.promises import Promise, PromiseStatus, party_of
from services.staff import permissions
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case
from storage.records.residents import Resident

_STANDING = frozenset({PromiseStatus.OPEN, PromiseStatus.DONE_SAID})


# ---------------------------------------------------------------------------- what came of it, in writing


async def outcome(responder: Responder, notice: MeetingOutcome, _resident: Resident) -> None:
    """The newest version alone: one that was corrected before it went out is not told, nor that it was a mistake."""
    booking = await bookings.by_id(responder.work, notice.booking)
    found = await outcomes.history(responder.work, notice.booking)
    if booking is None or not found or found[-1].version != notice.version:
        return
    before = await outcomes.told_before(responder.work, found[-1])
    if found[-1].kind is OutcomeKind.TAKEN_BACK and (before is None or before.kind is OutcomeKind.TAKEN_BACK):
        return
    case = await _case_of(responder, await promises.of_booking(responder.work, booking))
    say_outcome(responder, booking, found[-1], before, case)


def say_outcome(
    responder: Responder,
    booking: Booking,
    now: OutcomeRow,
    before: OutcomeRow | None,
    case: Reference | None,
) -> None:
    """What the resident reads of an outcome; where they were told another before, what is different."""
    t, work = responder.t, responder.work
    what = f"{topic_name(work, t, booking.topic)}"
    about = (
        field(t, N_("Reference"), t.ref(booking.reference)),
        t("Meeting: {date}", date=t.full_date(booking.day)),
        office_name(work, t, booking.office),
        field(t, N_("Topic"), Markup(what)),  # noqa: S704 - it was markup
    )
    told = before is not None and before.kind is not OutcomeKind.TAKEN_BACK
    if now.kind is OutcomeKind.TAKEN_BACK:
        lines: tuple[Markup | None, ...] = (
            t("↩️ <b>Please ignore what we told you about this meeting. It was recorded by mistake.</b>"),
            *about,
            t("We have closed the follow-up request.") if before is not None and before.due else None,
        )
    else:
        heading = t("✏️ <b>Correction: outcome of your meeting</b>") if told else t("📝 <b>Outcome of your meeting</b>")
        lines = (heading, *about, Markup(), *told_lines(t, work, booking.office, now, case))
        if told and before is not None:
            changed = changes(t, work, booking.office, before, now)
            lines = (*lines, *((Markup(), t("<b>What changed</b>"), *changed) if changed else ()))
    view = (Button(label=t.plain("View request"), route="case", value=case),) if case else ()
    responder.say(t.join_lines(*lines), ((*view, main_menu(t)),), subject=subject_of(booking))


async def _case_of(responder: Responder, promise: Promise | None) -> Reference | None:
    case = None if promise is None else await resident_actions.by_id(responder.work, promise.case_id)
    return None if case is None else case.reference


# ---------------------------------------------------------------------------- was it done?


async def was_it_done(responder: Responder, notice: WasItDone, resident: Resident) -> None:
    """Asked while nobody has said yet whether it was kept."""
    found = await _standing(responder, notice.promise)
    if found is None or found[1].resident_id != resident.id:
        return
    promise, booking, case = found
    t = responder.t
    heading = t("❓ <b>Was it done?</b>")
    if notice.again:
        heading = t("❓ <b>We asked you before and had no reply: was it done?</b>")
    responder.say(
        t.join_lines(
            heading,
            t("In your meeting on {date} the municipality promised you:", date=t.date(booking.day)),
            quoted(t, promise.what),
            t("Until: {date}", date=t.date(promise.due)),
            t("Follow-up request: {reference}", reference=t.ref(case.reference)),
        ),
        answer_rows(responder, promise),
        subject=subject_of(booking),
        asks=f"was_it_done:{promise.id}",
    )


def answer_rows(responder: Responder, promise: Promise) -> Rows:
    """Yes and no."""
    t = responder.t
    return (
        (
            Button(label=t.plain("✅ Yes, it was done"), route="was_done", value=f"{promise.id}.yes"),
            Button(label=t.plain("❌ No"), route="was_done", value=f"{promise.id}.no"),
        ),
    )


async def _standing(responder: Responder, promise_id: int) -> tuple[Promise, Booking, Case] | None:
    promise = await promises.by_id(responder.work, promise_id)
    if promise is None or promise.status not in _STANDING:
        return None
    return await _all_of(responder, promise)


async def _all_of(responder: Responder, promise: Promise) -> tuple[Promise, Booking, Case] | None:
    booking = await bookings.by_id(responder.work, promise.booking_id)
    case = await resident_actions.by_id(responder.work, promise.case_id)
    return None if booking is None or case is None else (promise, booking, case)


# ---------------------------------------------------------------------------- why they did not come


REASONS = {
    Reason.FORGOT: N_("I forgot"),
    Reason.COULD_NOT: N_("I could not come"),
    Reason.SOLVED: N_("It was already solved"),
    Reason.NOT_FOUND: N_("I could not find the place"),
    Reason.OTHER: N_("Another reason"),
}


async def why_not_come(responder: Responder, notice: WhyNotCome, _resident: Resident) -> None:
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status is not BookingStatus.NO_SHOW:
        return
    if await no_shows.reason_of(responder.work, booking) is not None:
        return
    t = responder.t
    rows = [
        (Button(label=t.plain(label), route="no_show", value=f"{booking.reference}.{reason}"),)
        for reason, label in REASONS.items()
    ]
    again = Button(label=t.plain("Book a new appointment"), route="book", value=booking.office)
    responder.say(
        t.join_lines(
            t("We missed you on {date}.", date=t.full_date(booking.day)),
            field(t, N_("Reference"), t.ref(booking.reference)),
            t("Why could you not come? Your answer helps us to improve. It has no consequences for you."),
        ),
        (*rows, (again,)),
        subject=subject_of(booking),
        asks=f"why_not_come:{booking.id}",
    )


# ---------------------------------------------------------------------------- to staff


async def due_soon(responder: Responder, notice: PromiseDue) -> None:
    """The owner has two working days left."""
    found = await _standing(responder, notice.promise)
    if found is not None:
        await _to_staff(
            responder, *found, responder.t("⏳ <b>A promise is due on {date}</b>", date=_due(responder, found[0]))
        )


async def due_soon_in_private(responder: Responder, notice: PromiseDue, _member: Resident) -> None:
    await due_soon(responder, notice)


async def to_confirm(responder: Responder, notice: PromiseToConfirm) -> None:
    """The bot cannot reach them: somebody rings, and records what they say."""
    found = await _standing(responder, notice.promise)
    if found is None:
        return
    promise, _, case = found
    t = responder.t
    heading = t("☎️ <b>Please call the visitor and ask: was it done?</b>")
    await _to_staff(
        responder,
        *found,
        heading,
        (
            (
                button(t.plain("✅ Yes, it was done"), "promise", promise.id, 0, "yes"),
                button(t.plain("❌ No"), "promise", promise.id, 0, "no"),
            ),
            (
                button(t.plain("📵 Not reached"), "promise", promise.id, 0, "unreached"),
                button(t.plain("👤 Show contact"), "contact", case.id, case.version),
            ),
        ),
    )


async def broken(responder: Responder, notice: PromiseBroken) -> None:
    promise = await promises.by_id(responder.work, notice.promise)
    found = None if promise is None else await _all_of(responder, promise)
    if found is None or found[0].status is not PromiseStatus.NOT_KEPT:
        return
    t = responder.t
    await _to_staff(
        responder,
        *found,
        t("❌ <b>The visitor says that a promise was not kept</b>"),
        after=t("The request is open and urgent. At the next booking the visitor may choose a time first."),
    )


async def broken_in_private(responder: Responder, notice: PromiseBroken, _member: Resident) -> None:
    await broken(responder, notice)


async def _to_staff(
    responder: Responder,
    promise: Promise,
    booking: Booking,
    case: Case,
    heading: Markup,
    rows: Rows = (),
    after: Markup | None = None,
) -> None:
    t, work = responder.t, responder.work
    names = await permissions.names(work)
    responder.say(
        t.join_lines(
            heading,
            office_name(work, t, promise.office),
            quoted(t, promise.what, 300),
            t("Who: {party}", party=party_name(t, work, promise.office, party_of(promise), names)),
            t("Until: {date}", date=_due(responder, promise)),
            t("Meeting: {date}", date=t.date(booking.day)),
            t("{booking} → {case}", booking=t.ref(booking.reference), case=t.ref(case.reference)),
            after,
        ),
        (*rows, (button(t.plain("📂 Open {reference}", reference=case.reference), "open", case.id, case.version),)),
        subject=subject_of(booking),
    )


def _due(responder: Responder, promise: Promise) -> Markup:
    return responder.t.near_date(promise.due, responder.work.today)


RENDERINGS = (
    Rendering(MeetingOutcome, outcome),
    Rendering(WasItDone, was_it_done),
    Rendering(WhyNotCome, why_not_come),
    Rendering(PromiseDue, due_soon_in_private, to_staff=due_soon),
    Rendering(PromiseToConfirm, to_staff=to_confirm),
    Rendering(PromiseBroken, broken_in_private, to_staff=broken),
)
