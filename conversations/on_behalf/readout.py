"""What staff read out to a caller once it is filed, and how the caller can follow it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Rows, Turn
from conversations.on_behalf.step import Call, for_whom
from conversations.texts.booking import booked_time, where
from conversations.texts.case import KINDS, body_name, office_name
from conversations.texts.draw import draw_lines
from services.bookings.draws import Draw
from services.cases.resident_actions import Case, CaseStatus
from services.files import attachments
from storage.ids import FileId
from storage.records.bookings import Booking
from storage.records.files import FileStatus


def read_out(turn: Turn) -> Markup:
    """What the caller has to know before it is filed."""
    t = turn.t
    return t(
        "Read this out to the applicant. Tell them that the municipality will keep this "
        "information to deal with their request or appointment."
    )


def case_words(turn: Turn, call: Call, case: Case, lost: int = 0) -> Markup:
    """`lost` is how many files could not be kept."""
    t, offices = turn.t, turn.work.offices
    if case.status is CaseStatus.REFERRED:
        expected = t(
            "We have referred this to the responsible body: {body}.", body=body_name(t, offices, case.referred_to)
        )
    else:
        expected = t(
            "We expect {office} to finish this by {date}.",
            office=office_name(t, offices, case.office),
            date=t.date(case.close_due),
        )
    return t.join_lines(
        t("✅ <b>Recorded: {kind}</b>", kind=t(KINDS[case.kind])),
        for_whom(turn, call),
        "",
        t("Reference (read it out): {reference}", reference=t.ref(case.reference)),
        expected,
        t.plural("📎 We could not save {n} file.", "📎 We could not save {n} files.", lost) if lost else None,
        "",
        _how_to_follow(turn, call, known=case.resident_id != call.record),
    )


def joined_words(turn: Turn, call: Call, case: Case) -> Markup:
    t = turn.t
    return t.join_lines(
        t("🤝 <b>The applicant has joined an earlier request.</b>"),
        for_whom(turn, call),
        "",
        t("Reference (read it out): {reference}", reference=t.ref(case.reference)),
        "",
        _how_to_follow(turn, call, known=False),
    )


def booked_words(turn: Turn, call: Call, booking: Booking) -> Markup:
    t = turn.t
    return t.join_lines(
        t("✅ <b>The appointment is booked.</b>"),
        for_whom(turn, call),
        "",
        t("Reference (read it out): {reference}", reference=t.ref(booking.reference)),
        booked_time(t, booking),
        where(turn.work, t, booking.office),
        t("The applicant only needs to give the reference at reception."),
        "",
        _how_to_follow(turn, call, known=booking.resident_id != call.record),
    )


def applied_words(turn: Turn, call: Call, booking: Booking, draw: Draw | None) -> Markup:
    t = turn.t
    known = booking.resident_id != call.record
    return t.join_lines(
        t("🎲 <b>The application for the draw is recorded.</b>"),
        for_whom(turn, call),
        "",
        t("Reference (read it out): {reference}", reference=t.ref(booking.reference)),
        t.full_date(booking.day),
        where(turn.work, t, booking.office),
        *(() if draw is None else draw_lines(t, draw)),
        "",
        None if known else t("After the draw the team gets a card for each result. Please tell the caller."),
        _how_to_follow(turn, call, known=known),
    )


def one_already_words(turn: Turn, call: Call, other: Booking) -> Markup:
    t = turn.t
    return t.join_lines(
        for_whom(turn, call),
        t("Nothing was recorded: this person or number already takes part, or has an open appointment."),
        t.ref(other.reference),
    )


def _how_to_follow(turn: Turn, call: Call, *, known: bool) -> Markup:
    """How a caller sees it for themselves: by the number it was filed under, and by nothing else."""
    t, bot = turn.t, t_me(turn)
    if known:
        return t("We have added this to the account with this phone number and sent a message there.")
    if not call.phone:
        return t(
            "We have no phone number for the applicant. To follow it, they can call the hotline on "
            "{hotline} and give the reference.",
            hotline=t.phone(turn.work.offices.hotline),
        )
    return t(
        "To follow it, the applicant can open {bot} in Telegram, choose “{requests}” and share this phone number.",
        bot=bot,
        requests=t("My requests"),
    )


def t_me(turn: Turn) -> Markup:
    return turn.t.ref(turn.links.channel.shown())


async def lost_files(turn: Turn, files: tuple[FileId, ...]) -> int:
    """How many of the files that came with it could not be kept, as far as they were fetched by now."""
    found = [await attachments.by_id(turn.work, file) for file in files]
    return sum(file is None or file.status in {FileStatus.REFUSED, FileStatus.GONE} for file in found)


def afterwards(turn: Turn, call: Call) -> Rows:
    t = turn.t
    return (
        (Button(label=t.plain("Record another"), route="intake", value=call.office),),
        (Button(label=t.plain("Main menu"), route="menu"),),
    )
