"""What a member types without replying to the message that asked for it.

In private it is what was asked for. In a group others talk too, so the member is asked whether these are the words:
one tap takes them as they were sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from conversations.appointments import words
from conversations.engine.messages import Incoming, Kind, Message, Outgoing
from conversations.engine.step import OutboundMessage
from conversations.promises import recording
from conversations.staff import duplicates, replies
from conversations.staff.context import StaffContext, Tap, button, button_mark
from conversations.staff.pending_replies import MOMENTS, may_be_cut, waiting
from conversations.staff.prompts import named
from conversations.staff.registry import DeskButton, StaffButton
from locales.bidi import shorten
from services.actors import booking_in, case_in, staff_actor
from services.bookings import bookings
from services.cases import resident_actions
from services.staff import permissions, prompts
from services.staff.permissions import Act
from services.staff.prompts import StaffPrompt, WordsFor
from services.text.normalise import clean
from storage.ids import MessageId
from storage.records.bookings import Booking
from storage.records.cases import Case

VERB = "typed"
_MOST = 4  # of what was typed last can be taken
_LABEL = 48  # characters of it on a button
_QUIET = timedelta(seconds=1.5)  # the parts of an album, and of a long text, arrive one by one


class Held(Message):
    """What was typed without replying: one message, an album, or a long text that the app has cut."""

    messages: tuple[Incoming, ...]

    @property
    def mark(self) -> str:
        """What a button calls it by."""
        return button_mark(self.messages[0].message or MessageId(""))

    def goes_on(self, said: Incoming) -> bool:
        """Whether a further message belongs to it."""
        last = self.messages[-1]
        if said.album or last.album:
            return said.album == last.album
        return may_be_cut(last.text) and said.at - last.at <= MOMENTS

    def and_then(self, said: Incoming) -> Held:
        return self.model_copy(update={"messages": (*self.messages, said)})


_HELD: TypeAdapter[tuple[Held, ...]] = TypeAdapter(tuple[Held, ...])


def _held(prompt: StaffPrompt) -> tuple[Held, ...]:
    try:
        return _HELD.validate_json(prompt.held)
    except ValidationError:
        return ()  # of another release


# ---------------------------------------------------------------------------- who takes it


async def _for_case(context: StaffContext, prompt: StaffPrompt) -> None:
    number = case_in(prompt.subject)
    case = None if number is None else await resident_actions.by_id(context.work, number)
    if case is not None:
        await replies.said_to_card(context, case)


async def _for_appointment(context: StaffContext, prompt: StaffPrompt) -> None:
    if (booking := await _booking(context, prompt)) is not None:
        await words.said_about(context, booking)


async def _for_outcome(context: StaffContext, prompt: StaffPrompt) -> None:
    if (booking := await _booking(context, prompt)) is not None and not await recording.take(context, booking):
        context.say(context.t("You cannot do this here"), reply_to=context.said.message)


async def _booking(context: StaffContext, prompt: StaffPrompt) -> Booking | None:
    number = booking_in(prompt.subject)
    return None if number is None else await bookings.by_id(context.work, number)


_TAKERS: Mapping[WordsFor, Callable[[StaffContext, StaffPrompt], Awaitable[None]]] = MappingProxyType(
    {WordsFor.CASE: _for_case, WordsFor.APPOINTMENT: _for_appointment, WordsFor.OUTCOME: _for_outcome}
)
#: What each can be told.
_KINDS: Mapping[WordsFor, frozenset[Kind]] = MappingProxyType(
    {
        WordsFor.CASE: frozenset({Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT}),
        WordsFor.APPOINTMENT: frozenset({Kind.TEXT, Kind.LOCATION}),
        WordsFor.OUTCOME: frozenset({Kind.TEXT}),
    }
)


# ---------------------------------------------------------------------------- in private


async def in_private(context: StaffContext, asked_at: datetime | None) -> bool:
    """Take what was typed; False where it is for something else.

    `asked_at` is when the dialogue with residents asked them something: the newer question has the words.
    """
    said = context.said
    if said.reply_to is not None or said.edited or await context.member() is None:
        return False
    if await _goes_on(context):
        return True
    prompt = await prompts.current(context.work, context.person, said.chat)
    if prompt is None or said.kind not in _KINDS[prompt.words_for]:
        return False
    if asked_at is not None and asked_at > prompt.asked_at:
        return False
    await _TAKERS[prompt.words_for](context, prompt)
    return True


async def _goes_on(context: StaffContext) -> bool:
    """Take the rest of an album, or of a text that the app has cut, whose beginning was taken."""
    if context.said.album:
        return await replies.album_part(context)
    if context.said.kind is not Kind.TEXT:
        return False
    number = (await waiting(context)).continued(context.said.at)
    case = None if number is None else await resident_actions.by_id(context.work, number)
    if case is not None:
        await replies.said_to_card(context, case)
    return case is not None


# ---------------------------------------------------------------------------- in a group


async def in_group(context: StaffContext) -> None:
    """Ask whether it is what was asked for; nothing where nothing was, or where they answer somebody else."""
    said = context.said
    if (said.reply_to is not None and not said.reply_text) or await context.member() is None:
        return
    if not said.edited and await _goes_on(context):
        return
    prompt = await prompts.current(context.work, context.person, said.chat)
    if prompt is None or prompt.quiet or prompt.topic != said.topic or said.kind not in _KINDS[prompt.words_for]:
        return
    if prompt.words_for is WordsFor.CASE and not said.edited and await duplicates.names_one(context, prompt.subject):
        await _TAKERS[prompt.words_for](context, prompt)
        return
    held = _held(prompt)
    if said.edited:
        _reword(context, prompt, held)
        return
    if held and held[-1].goes_on(said):
        held = (*held[:-1], held[-1].and_then(said))
    else:
        held = (*held, Held(messages=(said,)))[-_MOST:]
    _keep(context, prompt, held)
    await _offer(context, prompt, held)


def _reword(context: StaffContext, prompt: StaffPrompt, held: Sequence[Held]) -> None:
    """What was typed was edited before it was taken."""
    said = context.said
    if not any(said.message == old.message for one in held for old in one.messages):
        return
    changed = tuple(
        one.model_copy(
            update={
                "messages": tuple(
                    said.model_copy(update={"edited": False, "at": old.at}) if old.message == said.message else old
                    for old in one.messages
                )
            }
        )
        for one in held
    )
    prompts.keep(context.work, prompt.model_copy(update={"held": _stored(changed)}))


def _stored(held: Sequence[Held]) -> str:
    return _HELD.dump_json(tuple(held), exclude_defaults=True).decode()


def _keep(context: StaffContext, prompt: StaffPrompt, held: Sequence[Held], *, quiet: bool = False) -> None:
    """Keep what was typed, and take away what offered it so far."""
    if prompt.offer is not None:
        context.out.append(OutboundMessage(Outgoing(delete=prompt.offer), prompt.subject))
    changes = {"held": _stored(held), "offer": None, "quiet": quiet}
    prompts.keep(context.work, prompt.model_copy(update=changes))


async def _offer(context: StaffContext, prompt: StaffPrompt, held: Sequence[Held]) -> None:
    t = context.t
    labels = [t.plain("✅ Use these words")] if len(held) == 1 else [_label(context, one) for one in held]
    uses = [
        button(label, VERB, version=prompt.mark, argument=f"use.{one.mark}")
        for label, one in zip(labels, held, strict=True)
    ]
    leave = button(t.plain("✖️ Leave it"), VERB, version=prompt.mark, argument="leave")
    reference = await _reference(context, prompt)
    which = (
        t("{name}, is this what you want to write about {reference}?", name=named(context), reference=reference)
        if len(held) == 1
        else t("{name}, which of these is for {reference}?", name=named(context), reference=reference)
    )
    context.say(
        t.join_lines(
            which,
            t(
                "You did not reply to my message, so nothing was done with it. Choose a button, or reply to this "
                "message."
            ),
        ),
        [(one,) for one in (*uses, leave)],
        subject=prompt.subject,
        reply_to=context.said.message,
        supersedes=prompts.offer_group(prompt.mark),
        not_before=context.work.now + _QUIET if _may_go_on(context.said) else None,
    )


def _may_go_on(said: Incoming) -> bool:
    return bool(said.album) or may_be_cut(said.text)


def _label(context: StaffContext, held: Held) -> str:
    t = context.t
    words_of = clean(held.messages[0].text, _LABEL * 2) or t.plain("A message without text")
    return shorten(t.plain("✅ “{words}”", words=words_of), _LABEL)


async def _reference(context: StaffContext, prompt: StaffPrompt) -> Markup:
    """What the words are for, as people call it."""
    found: Case | Booking | None = await _booking(context, prompt)
    if found is None and (number := case_in(prompt.subject)) is not None:
        found = await resident_actions.by_id(context.work, number)
    return context.t.ref(found.reference) if found is not None else Markup()


# ---------------------------------------------------------------------------- its buttons


async def _tapped(context: StaffContext, tap: Tap) -> None:
    """Take the words, or leave them. Only the one who typed them may."""
    t = context.t
    prompt = await prompts.current(context.work, context.person, context.said.chat)
    if prompt is None or prompt.mark != tap.version:
        await _not_theirs(context, tap.version)
        return
    what, _, mark = tap.argument.partition(".")
    if what == "leave":
        _keep(context, prompt, (), quiet=True)
        context.toast = t.plain("All right. To write the text, reply to the message that asked for it.")
        return
    all_held = _held(prompt)
    held = next((one for one in all_held if one.mark == mark), None)
    if what != "use" or held is None:
        context.toast = t.plain("You cannot do this here")
        return
    _keep(context, prompt, [one for one in all_held if one is not held])
    await _take(context, prompt, held)


async def _take(context: StaffContext, prompt: StaffPrompt, held: Held) -> None:
    """Take what was typed as if it had been a reply. What its last part is answered by answers all of it."""
    begin = len(context.out)
    for said in held.messages:
        before = len(context.out)
        one = replace(context, said=said.model_copy(update={"reply_to": None, "reply_text": ""}), toast="")
        await _TAKERS[prompt.words_for](one, prompt)
        if any(new.message.delete is None for new in context.out[before:]):
            earlier = [old for old in context.out[begin:before] if old.message.delete is not None]
            context.out[begin:before] = earlier


async def _not_theirs(context: StaffContext, mark: int) -> None:
    t, prompt = context.t, await prompts.marked(context.work, mark)
    if prompt is None or prompt.address == context.person.address:
        context.toast = t.plain("This has been answered already, or too much time has passed.")
        return
    name = (await permissions.names(context.work)).get(staff_actor(prompt.address), "")
    context.toast = (
        t.plain("{name} wrote this, so only they can choose", name=name)
        if name
        else t.plain("Only the person who wrote this can choose")
    )


#: The words are the member's own: whether these may be said is asked when they are taken.
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({VERB: DeskButton(Act.NOTE, _tapped)})
