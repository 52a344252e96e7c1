"""What staff read out to a caller once it is filed, and how the caller can follow it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Turn
from conversations.on_behalf.step import Call, for_whom
from conversations.texts.booking import booked_time, where
from conversations.texts.case import KINDS, body_name, office_name
from services.cases.resident_actions import Case, CaseStatus
from storage.records import Booking


def read_out(turn: Turn) -> Markup:
    """What the caller has to know before it is filed."""
    t = turn.t
    return t("Please read this out, and say that the municipality keeps it to deal with it.")


def case_words(turn: Turn, call: Call, case: Case, lost: int = 0) -> Markup:
    """`lost` is how many files could not be kept."""
    t, offices = turn.t, turn.work.offices
    if case.status is CaseStatus.REFERRED:
        expected = t("It was passed on to {body}.", body=body_name(t, offices, case.referred_to))
    else:
        expected = t(
            "{office} deals with it, by {date}.",
            office=office_name(t, offices, case.office),
            date=t.date(case.close_due),
        )
    return t.join_lines(
        t("✅ <b>Filed: {kind}</b>", kind=t(KINDS[case.kind])),
        for_whom(turn, call),
        "",
        t("Reference, to be read out: {reference}", reference=t.ref(case.reference)),
        expected,
        t.plural("📎 {n} file could not be kept.", "📎 {n} files could not be kept.", lost) if lost else None,
        "",
        _how_to_follow(turn, call, known=case.resident_id != call.record),
    )


def joined_words(turn: Turn, call: Call, case: Case) -> Markup:
    t = turn.t
    return t.join_lines(
        t("🤝 <b>Joined with an earlier request</b>"),
        for_whom(turn, call),
        "",
        t("Reference, to be read out: {reference}", reference=t.ref(case.reference)),
        "",
        _how_to_follow(turn, call, known=False),
    )


def booked_words(turn: Turn, call: Call, booking: Booking) -> Markup:
    t = turn.t
    return t.join_lines(
        t("✅ <b>The appointment is booked.</b>"),
        for_whom(turn, call),
        "",
        t("Reference, to be read out: {reference}", reference=t.ref(booking.reference)),
        booked_time(t, booking),
        where(turn.work, t, booking.office),
        t("At reception the reference is enough."),
        "",
        _how_to_follow(turn, call, known=booking.resident_id != call.record),
    )


def _how_to_follow(turn: Turn, call: Call, *, known: bool) -> Markup:
    """How a caller sees it for themselves: by the number it was filed under, and by nothing else."""
    t, bot = turn.t, t_me(turn)
    if known:
        return t("The owner of this number has it in the bot already and was told.")
    if not call.phone:
        return t(
            "Without a phone number it can be followed by calling the hotline, {hotline}, with the reference.",
            hotline=t.phone(turn.work.offices.hotline),
        )
    return t(
        "To follow it, the caller opens {bot} in Telegram, then “{requests}”, and shares this number there.",
        bot=bot,
        requests=t("My requests"),
    )


def t_me(turn: Turn) -> Markup:
    return turn.t.ref(f"t.me/{turn.links.bot}")
