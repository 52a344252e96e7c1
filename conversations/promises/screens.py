"""The screens on which staff record what came of a meeting: what, in which words, who, until when, and the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Responder, Rows
from conversations.promises import preview as foresight
from conversations.promises.draft import Asks, OutcomeDraft
from conversations.promises.draft import save as save_draft
from conversations.promises.texts import CHOICES, party_name, staff_lines
from conversations.staff import prompts
from conversations.staff.context import StaffContext, button, read
from conversations.staff.preview import laid_out
from conversations.texts.booking import subject_of, time_words, topic_name
from locales import N_, Localizer
from services import residents
from services.promises import moments, outcomes, parties
from services.promises.outcomes import OutcomeKind, OutcomeRow, Party
from services.promises.promises import Promise
from services.staff import permissions
from services.staff.prompts import WordsFor
from storage.ids import BookingId
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.residents import Resident

#: The verb of every button of the dialogue.
VERB = "outcome"
#: "Until when" as buttons, in days from today.
SPANS = (7, 14, 30)
_MOST_OPTIONS = 16
K = OutcomeKind

_PROMPTS: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        K.PROMISED: N_("{name}, reply to this message with what was promised. The visitor will see your words."),
        K.REFERRED: N_("{name}, reply to this message with what you want to add. The visitor will see your words."),
    }
)
_ANY_WORDS = N_("{name}, reply to this message with a few words. The visitor will see them.")
_HINTS: Mapping[OutcomeKind, str] = MappingProxyType({K.PROMISED: N_("What was promised")})
_ANY_HINT = N_("Words for the visitor")


def open_button(t: Localizer, booking: BookingId, label: str = "") -> Button:
    """Opens the dialogue for a meeting: for cards, the queue and the director's page."""
    return button(label or t.plain("🏁 Outcome"), VERB, booking)


def _button(draft: OutcomeDraft, label: str, argument: str) -> Button:
    return button(label, VERB, draft.booking, draft.mark, argument)


def show(context: StaffContext, booking: Booking, text: Markup, rows: Rows = ()) -> None:
    """In place of the tapped screen; what was typed is answered below it."""
    subject = subject_of(booking)
    if context.said.tap and _is_screen(context):
        context.say(text, rows, subject=subject, edit=context.said.message)
    else:
        context.say(text, rows, subject=subject, reply_to=context.said.message)


def _is_screen(context: StaffContext) -> bool:
    """Whether the tapped message is one of these screens: a card that opened the dialogue stays as it is."""
    tap = read(context.said.choice)
    return tap is not None and tap.verb == VERB and tap.version > 0


def heading(context: StaffContext, booking: Booking) -> Markup:
    """Which meeting: never whose."""
    t = context.t
    when = time_words(t, booking.source, booking.starts_at)
    about = t.dotted(
        t.ref(booking.reference), t.own(t.day(booking.day)), when, topic_name(context.work, t, booking.topic)
    )
    return Markup("<b>{}</b>").format(about)


# ---------------------------------------------------------------------------- one by one


async def ask_kind(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    """What came of it; where something is recorded, that, and that choosing corrects it."""
    t, now = context.t, await outcomes.newest(context.work, booking.id)
    recorded = now is not None and now.kind is not K.TAKEN_BACK
    names = await permissions.names(context.work)
    lines = staff_lines(t, context.work, booking.office, now, names) if now is not None and recorded else ()
    kinds = [_button(draft, t.plain(label), f"k.{kind}") for kind, label in CHOICES.items()]
    undo = (_button(draft, t.plain("↩️ Undo outcome"), "undo"),) if recorded else ()
    show(
        context,
        booking,
        t.join_lines(
            heading(context, booking),
            *lines,
            _recorded_by(context, now, names) if recorded else None,
            Markup() if recorded else None,
            t("To correct this, choose the right outcome. The visitor will be told what changed.")
            if recorded
            else t("What was the outcome of the meeting?"),
        ),
        (kinds[:2], kinds[2:4], kinds[4:], (*undo, _cancel(context, draft))),
    )
    save_draft(context, draft)


def _recorded_by(context: StaffContext, now: OutcomeRow | None, names: Mapping[str, str]) -> Markup | None:
    t = context.t
    if now is None:
        return None
    who = t.own(names.get(now.actor, ""), 60) if names.get(now.actor) else t("a member of staff")
    return t("Recorded by {name}, {moment}", name=who, moment=t.near_moment(now.at, context.work.today))


async def ask_words(context: StaffContext, booking: Booking, draft: OutcomeDraft, *, why: Markup | None = None) -> None:
    """The words, typed as a reply to a message of its own: what opens a reply has no room for a button."""
    t, kind = context.t, draft.kind or K.OTHER
    show(
        context,
        booking,
        t.join_lines(heading(context, booking), why, t("Write the text for the applicant below.")),
        ((_cancel(context, draft),),),
    )
    text = t(_PROMPTS.get(kind, _ANY_WORDS), name=prompts.named(context))
    await prompts.ask(context, WordsFor.OUTCOME, subject_of(booking), text, t.plain(_HINTS.get(kind, _ANY_HINT)))
    save_draft(context, draft.model_copy(update={"asks": Asks.WORDS, "asked_at": context.work.now}))


async def ask_party(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    """Who keeps it: a section, a member or another body, or whoever is typed."""
    t, work = context.t, context.work
    found = await _parties(context, booking, draft)
    names = await permissions.names(work)
    shown = draft.model_copy(
        update={
            "options": tuple(one.key for one in found),
            "asks": Asks.PARTY,
            "asked_at": work.now,
        }
    )
    buttons = [
        _button(shown, party_name(t, work, booking.office, one, names).striptags(), f"p.{n}")
        for n, one in enumerate(found)
    ]
    ask = t("Who will do it?") if draft.kind is K.PROMISED else t("Which body is responsible for this?")
    show(
        context,
        booking,
        t.join_lines(
            heading(context, booking),
            ask,
            t("Choose, or reply to this message with the name."),
        ),
        (*_two_by_two(buttons), (_cancel(context, shown),)),
    )
    await prompts.expect(context, WordsFor.OUTCOME, subject_of(booking))
    save_draft(context, shown)


async def _parties(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> tuple[Party, ...]:
    work = context.work
    bodies = parties.bodies(work)
    if draft.kind is K.REFERRED:
        return bodies[:_MOST_OPTIONS]
    own = (*parties.sections(work, booking.office), *await parties.members(work, booking.office))
    return (*own, *bodies)[:_MOST_OPTIONS]


async def ask_until(context: StaffContext, booking: Booking, draft: OutcomeDraft, *, why: Markup | None = None) -> None:
    """Until when: by a button that says the day, or typed."""
    t, work = context.t, context.work
    shown = draft.model_copy(update={"asks": Asks.UNTIL, "asked_at": work.now})
    offered = zip(SPANS, await moments.working_days_from(work, booking.office, work.today, SPANS), strict=True)
    spans = [_button(shown, f"{_span(t, days)} · {t.day(day)}", f"u.{days}") for days, day in offered]
    show(
        context,
        booking,
        t.join_lines(
            heading(context, booking),
            why,
            t("Until when?"),
            t("Choose, or reply to this message with a date."),
        ),
        (*((one,) for one in spans), (_cancel(context, shown),)),
    )
    await prompts.expect(context, WordsFor.OUTCOME, subject_of(booking))
    save_draft(context, shown)


def _span(t: Localizer, days: int) -> str:
    weeks, months = days // 7, days // 30
    if months:
        return t.plain_plural("{n} month", "{n} months", months)
    return t.plain_plural("{n} week", "{n} weeks", weeks)


async def preview(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    """What the visitor will read, in their language, before it is sent."""
    t, work = context.t, context.work
    resident = await residents.by_id(work, booking.resident_id)
    before = await outcomes.newest(work, booking.id)
    rows = [
        (_button(draft, t.plain("✅ Send"), "send"),),
        (
            _button(draft, t.plain("✏️ Edit text") if draft.words else t.plain("✏️ Add text"), "words"),
            *_further(t, draft),
        ),
        (_cancel(context, draft),),
    ]
    seen = _foreseen(context, booking, draft, before, resident)
    text = laid_out(foresight.heading(t), seen, *foresight.notes(t, resident, draft.kind))
    show(context, booking, t.join_lines(heading(context, booking), text), rows)
    save_draft(context, draft)


def _further(t: Localizer, draft: OutcomeDraft) -> tuple[Button, ...]:
    who = _button(draft, t.plain("👤 Change who"), "who")
    if draft.kind is K.PROMISED:
        return who, _button(draft, t.plain("📅 Change date"), "until")
    return (who,) if draft.kind is K.REFERRED else ()


def _foreseen(
    context: StaffContext, booking: Booking, draft: OutcomeDraft, before: OutcomeRow | None, resident: Resident | None
) -> Markup:
    """The resident's own message."""
    t = foresight.visitors_own(context.catalogues, resident, context.t)
    now = OutcomeRow(
        booking_id=booking.id,
        version=draft.seen + 1,
        kind=draft.kind or K.OTHER,
        words=draft.words,
        party=draft.party,
        party_words=draft.party_words,
        due=draft.due,
        actor=context.person.actor,
        at=context.work.now,
    )
    responder = Responder(work=context.work, links=context.links, t=t)
    return foresight.foreseen(responder, booking, now, before)


async def recorded(
    context: StaffContext, booking: Booking, now: OutcomeRow, promise: Promise | None, case: Case | None
) -> None:
    """It is recorded: what, by whom, and how it is put right."""
    t = context.t
    names = await permissions.names(context.work)
    again = open_button(t, booking.id, t.plain("✏️ Correct"))
    opened = (
        (button(t.plain("📂 Open {reference}", reference=case.reference), "open", case.id, case.version),)
        if promise is not None and case is not None
        else ()
    )
    show(
        context,
        booking,
        t.join_lines(
            heading(context, booking),
            *staff_lines(t, context.work, booking.office, now, names),
            _recorded_by(context, now, names),
            t("Follow-up request: {reference}", reference=t.ref(case.reference)) if opened and case else None,
        ),
        ((again, *opened),),
    )


def _cancel(context: StaffContext, draft: OutcomeDraft) -> Button:
    return _button(draft, context.t.plain("✖️ Cancel"), "drop")


def _two_by_two(buttons: Sequence[Button]) -> Rows:
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
