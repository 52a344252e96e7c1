"""Staff record what came of a meeting: the buttons of the dialogue, and what is typed on the way.

It works in the office's group and in private. Each member has one draft in each chat; of two who record the same
meeting the first one's counts, and the other is shown it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.messages import Kind
from conversations.promises import screens
from conversations.promises.draft import Asks, OutcomeDraft, begin, drop, load
from conversations.promises.until import typed_until
from conversations.staff import prompts
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from locales import N_
from services.actors import Subject, booking_in, booking_subject
from services.bookings import bookings
from services.cases import resident_actions
from services.notify.reply_subject import replied_subject
from services.promises import moments, outcomes, parties, promises
from services.promises.outcomes import LONGEST, Denied, NotPossible, OutcomeKind, Party, Recorded, Why
from services.promises.promises import Answered, NotAsked
from services.staff import permissions
from services.staff.permissions import Act
from services.text.normalise import clean, normalise
from services.text.references import BOOKING_EXAMPLE, parse_reference
from storage.ids import BookingId
from storage.records.bookings import Booking

K = OutcomeKind


# ---------------------------------------------------------------------------- opening


async def command(context: StaffContext) -> None:
    """/outcome REFERENCE."""
    t, typed = context.t, context.said.argument
    reference = parse_reference(typed)
    booking = None if reference is None else await bookings.by_reference(context.work, reference)
    if not typed:
        example = t.ref(f"/outcome {BOOKING_EXAMPLE}")
        answer(context, t("Type the reference after the command. For example: {example}", example=example))
    elif booking is None or not await _is_here(context, booking):
        answer(context, t("There is no appointment with that reference here."))
    else:
        await _open(context, booking)


async def open_for(context: StaffContext, booking: Booking) -> None:
    """Ask what came of a meeting, in a message of its own: behind "Done" of a card or of the queue."""
    now = await outcomes.newest(context.work, booking.id)
    await screens.ask_kind(context, booking, begin(context, booking.id, now.version if now else 0))


async def _open(context: StaffContext, booking: Booking) -> None:
    if booking.day > context.work.today:
        _say(context, context.t.plain("You can record the outcome on the day of the meeting."))
        return
    await open_for(context, booking)


async def _is_here(context: StaffContext, booking: Booking) -> bool:
    """Whether the meeting may be spoken of in this chat, by this member."""
    subject = booking_subject(booking.id)
    if await permissions.guard(context.work, context.person, Act.RECEIVE, booking.office, subject) is None:
        return False
    return booking.office in await context.offices_here()


# ---------------------------------------------------------------------------- taps


async def _tapped(context: StaffContext, tap: Tap) -> None:
    """A button of the dialogue. It names a booking and the screen that it stands on."""
    booking = await bookings.by_id(context.work, BookingId(int(tap.case)))
    if booking is None or not await _is_here(context, booking):
        refuse(context)
        return
    if not tap.version:
        await _open(context, booking)
        return
    draft = await load(context)
    if draft is None or draft.booking != booking.id or draft.mark != tap.version:
        _say(context, context.t.plain("These buttons are not for you, or no longer valid. Choose Outcome again."))
        return
    await _go_on(context, booking, draft, tap.argument)


async def _go_on(context: StaffContext, booking: Booking, draft: OutcomeDraft, argument: str) -> None:
    await prompts.close(context, booking_subject(booking.id))
    what, _, value = argument.partition(".")
    match what:
        case "k" if value in set(OutcomeKind) and value != K.TAKEN_BACK:
            await _next(context, booking, _of_kind(draft, OutcomeKind(value)))
        case "p" if value.isdecimal() and int(value) < len(draft.options):
            await _next(context, booking, draft.then(party=draft.options[int(value)], party_words=""))
        case "u" if value.isdecimal() and int(value) in screens.SPANS:
            work = context.work
            [day] = await moments.working_days_from(work, booking.office, work.today, [int(value)])
            await _next(context, booking, draft.then(due=day))
        case "words":
            await screens.ask_words(context, booking, draft.then())
        case "who":
            await screens.ask_party(context, booking, draft.then())
        case "until":
            await screens.ask_until(context, booking, draft.then())
        case "send":
            await _send(context, booking, draft)
        case "undo":
            await _undo(context, booking, draft)
        case "drop":
            drop(context)
            screens.show(context, booking, context.t("Cancelled. Nothing was sent."))
        case _:
            _say(context, context.t.plain("You cannot do this here"))


def _of_kind(draft: OutcomeDraft, kind: OutcomeKind) -> OutcomeDraft:
    """What was entered for another kind is not this one's, but for the words."""
    return draft.then(kind=kind, party="", party_words="", due=None, options=())


async def _next(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    """The first thing that is still open, else the preview."""
    named = draft.who.named
    if draft.kind is None:
        await screens.ask_kind(context, booking, draft)
    elif draft.kind is K.PROMISED and not draft.words:
        await screens.ask_words(context, booking, draft)
    elif draft.kind in {K.PROMISED, K.REFERRED} and not named:
        await screens.ask_party(context, booking, draft)
    elif draft.kind is K.PROMISED and draft.due is None:
        await screens.ask_until(context, booking, draft)
    else:
        await screens.preview(context, booking, draft)


async def _send(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    outcome = draft.outcome
    if outcome is None:
        await _next(context, booking, draft.then())
        return
    result = await outcomes.record(context.work, context.person, booking.id, outcome, draft.seen)
    if isinstance(result, Recorded):
        context.toast = context.t.plain("Sent")
    await _said(context, booking, draft, result)


async def _undo(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    await _said(context, booking, draft, await outcomes.take_back(context.work, context.person, booking.id, draft.seen))


async def _said(
    context: StaffContext, booking: Booking, draft: OutcomeDraft, result: Recorded | NotPossible | Denied
) -> None:
    match result:
        case Denied():
            refuse(context)
        case Recorded():
            drop(context)
            promise = result.promise
            case = None if promise is None else await resident_actions.by_id(context.work, promise.case_id)
            await screens.recorded(context, booking, result.outcome, promise, case)
        case NotPossible(why=Why.CHANGED, current=now):
            _say(context, context.t.plain("Someone else recorded an outcome in the meantime. Check it first."))
            again = draft.then(kind=None, seen=now.version if now else 0)
            await screens.ask_kind(context, booking, again)
        case NotPossible(why=why):
            await _impossible(context, booking, why)


async def _impossible(context: StaffContext, booking: Booking, why: Why) -> None:
    t = context.t
    match why:
        case Why.SETTLED:
            text = t("The visitor has already said if the promise was kept. You can no longer change the outcome.")
        case Why.INCOMPLETE:
            text = t("Something is no longer valid: the person or section may have left, or the date has passed.")
        case Why.NOTHING:
            text = t("There is nothing to undo.")
        case _:
            text = t("You cannot record an outcome: this appointment was cancelled, or nobody came.")
    drop(context)
    again = screens.open_button(t, booking.id)
    screens.show(context, booking, text, ((again,),) if why is Why.INCOMPLETE else ())


def _say(context: StaffContext, text: str) -> None:
    """Answer a tap by its toast, a command by a message."""
    if context.said.tap:
        context.toast = text
    else:
        answer(context, context.t.own(text))


# ---------------------------------------------------------------------------- typed on the way


async def replied(context: StaffContext, about: Subject | None = None) -> bool:
    """Take what a member wrote in reply to the dialogue's message (`about` says what it was about in private).

    False where it is for something else. What is written without replying comes by `conversations.staff.unreplied`.
    """
    said = context.said
    if said.kind is not Kind.TEXT or said.edited:
        return False
    if said.group and said.reply_to is not None:
        about = await replied_subject(context.work, said.channel, said.chat, said.reply_to, said.reply_text)
    number = booking_in(about or "")
    booking = None if number is None else await bookings.by_id(context.work, number)
    return booking is not None and await take(context, booking)


async def take(context: StaffContext, booking: Booking) -> bool:
    """Take what a member wrote for what they record of a meeting; False where they record nothing of it here."""
    draft = await load(context)
    if draft is None or not draft.expects(context.work.now) or draft.booking != booking.id:
        return False
    if not await _is_here(context, booking):
        return False
    await prompts.close(context, booking_subject(booking.id))
    await _take(context, booking, draft)
    return True


async def _take(context: StaffContext, booking: Booking, draft: OutcomeDraft) -> None:
    t, text = context.t, context.said.text
    match draft.asks:
        case Asks.WORDS:
            words = clean(text, LONGEST + 1)
            if len(words) > LONGEST:
                why = t("Your text must be {limit} characters or fewer.", limit=LONGEST)
                await screens.ask_words(context, booking, draft.then(), why=why)
                return
            await _next(context, booking, draft.then(words=words))
        case Asks.PARTY:
            found = await _named(context, booking, draft, text)
            await _next(context, booking, draft.then(party=found.key, party_words=found.words))
        case _:
            day = typed_until(text, context.work.today)
            if day is None:
                why = t(
                    "That is not a date in the coming year. For example: {example}", example=t.date(context.work.today)
                )
                await screens.ask_until(context, booking, draft.then(), why=why)
                return
            await _next(context, booking, draft.then(due=day))


async def _named(context: StaffContext, booking: Booking, draft: OutcomeDraft, text: str) -> Party:
    """The section, body or member whose name was typed, in any language; else the words."""
    wanted, names = normalise(text), await permissions.names(context.work)
    for key in draft.options:
        party = Party(key)
        known = parties.name_of(context.work, booking.office, party)
        called = known.texts if known is not None else (names.get(party.owner, ""),)
        if wanted in {normalise(one) for one in called if one}:
            return party
    return Party(words=clean(text, parties.LONGEST_NAME))


# ---------------------------------------------------------------------------- by phone


async def _by_phone(context: StaffContext, tap: Tap) -> None:
    """What somebody whom the bot cannot reach said on the phone, of a promise."""
    said = {"yes": True, "no": False, "unreached": None}
    if tap.argument not in said:
        refuse(context)
        return
    found = await promises.by_id(context.work, int(tap.case))
    if found is None or found.office not in await context.offices_here():
        refuse(context)
        return
    t = context.t
    match await promises.answer_by_phone(context.work, context.person, found.id, kept=said[tap.argument]):
        case Denied() | NotAsked.UNKNOWN:
            refuse(context)
        case NotAsked():
            context.toast = t.plain("The answer to this is already recorded")
        case Answered() as answered:
            text = t("☎️ {name} recorded the answer.", name=t.own(context.person.name, 60))
            result = {True: t("✅ Yes, it was done"), False: t("❌ No"), None: t("📵 Not reached")}[said[tap.argument]]
            subject = booking_subject(answered.promise.booking_id)
            context.say(t.join_lines(result, text), subject=subject, edit=context.said.message)


COMMANDS = (StaffCommand("outcome", N_("Record the outcome of a meeting"), Act.RECEIVE, command),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        screens.VERB: DeskButton(Act.RECEIVE, _tapped),
        "promise": DeskButton(Act.RECEIVE, _by_phone),
    }
)
