"""One turn of a conversation: what arrived, where the person stood, where they stand now, what they are told.

Here lives what is the same at every step: back, menu, commands, buttons of old messages, double taps,
typed button labels, unexpected photos, albums, drafts set aside. Flows know none of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from markupsafe import Markup
from pydantic import AliasChoices, Field, TypeAdapter, ValidationError

from conversations.engine.edits import corrected
from conversations.engine.form import FormStep, question_of
from conversations.engine.messages import Choice, Incoming, Kind, Message, Outgoing
from conversations.engine.registry import FlowRegistry
from conversations.engine.step import (
    Answer,
    Button,
    EndFlow,
    Next,
    NoReply,
    OutboundMessage,
    Prompt,
    Reask,
    Redirect,
    Step,
    Turn,
    route_choice,
)
from conversations.engine.typed_yes_no import agrees
from services.files import attachments
from services.text.normalise import normalise
from services.text.stored_drafts import DRAFT_LIFE, SavedDraft, files_in, read_saved, still_kept, write_saved
from storage.ids import FileId, ResidentId

BACK = "back"
MENU = "menu"
RESUME = "resume"
CONFIRM = frozenset({"confirm", "submit"})  # values of buttons that a typed "yes" stands for: they end or erase nothing
DRAFTS_KEPT = 3
ALBUM_QUIET = timedelta(seconds=1.5)  # an album's photos arrive one by one; one answer follows the last
DOUBLE_TAP = timedelta(seconds=5)  # so soon the same tap again is a slip of the thumb; later it is meant
_ROUTES_IN_A_ROW = 5  # flows that redirect in a circle are a defect
_CONTENT = frozenset({Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})


class Offered(Message):
    """A button as it was shown: what may come back, and the words that mean the same when typed."""

    label: str
    value: str = ""
    route: str = Field(
        default="", validation_alias=AliasChoices("route", "door")
    )  # "door": as earlier releases stored it


_OFFERED: TypeAdapter[tuple[Offered, ...]] = TypeAdapter(tuple[Offered, ...])
_NOTHING: tuple[Offered, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a person stands."""

    step: Step
    turn: int = 0  # grows with every question, so that an old question's buttons are known by it
    offered: tuple[Offered, ...] = _NOTHING
    saved: tuple[Step, ...] = ()  # drafts set aside, the newest first
    dead_at: tuple[datetime, ...] = ()  # when each of them was
    last_choice: str = ""  # what was tapped last, on which message, when (see `_is_double_tap`)
    album: str = ""
    keyboard: bool = False  # a share button is up and must be taken away
    fresh: bool = False  # nothing was said yet: the first contact
    lapsed: bool = False  # an unfinished draft was too old, or no longer readable


def read(
    registry: FlowRegistry,
    *,
    step: str,
    turn: int,
    offered: str,
    saved: str,
    last_choice: str,
    album: str,
    keyboard: bool,
    updated_at: datetime,
    now: datetime,
) -> Conversation:
    """A stored conversation. What this version cannot read is dropped and does no harm."""
    old = now - updated_at > DRAFT_LIFE
    here = None if old else _step(registry, step)
    try:
        drafts = read_saved(still_kept(saved, updated_at, now - DRAFT_LIFE), updated_at)
        shown = _OFFERED.validate_json(offered)
    except ValidationError:
        drafts, shown = [], _NOTHING
    kept = [(draft, one.at) for one in drafts if (draft := _step(registry, one.step)) is not None]
    home = registry.home()
    return Conversation(
        step=here or home,
        turn=turn,
        offered=shown if here else _NOTHING,
        saved=tuple(draft for draft, _ in kept),
        dead_at=tuple(at for _, at in kept),
        last_choice=last_choice,
        album=album,
        keyboard=keyboard,
        lapsed=here is None and f'"{home.step}"' not in step,
    )


def _step(registry: FlowRegistry, text: str) -> Step | None:
    try:
        return registry.steps.validate_json(text)
    except ValidationError:
        return None


def write(conversation: Conversation) -> dict[str, str | int | bool]:
    """The columns `read` reads."""
    return {
        "step": conversation.step.model_dump_json(),
        "turn": conversation.turn,
        "offered": _OFFERED.dump_json(conversation.offered, exclude_defaults=True).decode(),
        "saved": write_saved(
            [
                SavedDraft(step=step.model_dump_json(), at=at)
                for step, at in zip(conversation.saved, conversation.dead_at, strict=True)
            ]
        ),
        "last_choice": conversation.last_choice,
        "album": conversation.album,
        "keyboard": conversation.keyboard,
    }


# ---------------------------------------------------------------------------- a turn


async def play(registry: FlowRegistry, turn: Turn, before: Conversation) -> Conversation:
    """Play one turn. What is to be sent is in `turn.out`, the short answer to a tap in `turn.toast`."""
    known = turn.resident
    after = await _play(registry, turn, before)
    contact, now = turn.said.contact, turn.resident
    if (contact is not None and contact.own) or (now.phone_own and (now.phone, True) != (known.phone, known.phone_own)):
        await registry.number_verified(turn)
    if before.saved or after.saved:
        after = replace(after, dead_at=_when_saved(before, after, turn.work.now))
    if held := _files_of(before):
        attachments.discard(turn.work, held - _files_of(after))
    return after


def _when_saved(before: Conversation, after: Conversation, now: datetime) -> tuple[datetime, ...]:
    """When each draft was set aside; what else the person does makes it no younger."""
    known = {id(step): at for step, at in zip(before.saved, before.dead_at, strict=True)}
    return tuple(known.get(id(step), now) for step in after.saved)


def _files_of(conversation: Conversation) -> frozenset[FileId]:
    """What was sent for all that is being written."""
    steps = (conversation.step, *conversation.saved)
    return frozenset[FileId]().union(*(files_in(step.model_dump_json()) for step in steps))


async def _play(registry: FlowRegistry, turn: Turn, before: Conversation) -> Conversation:
    turn.here, turn.saved = before.step, before.saved
    turn.first = before.fresh
    if before.fresh:
        registry.welcome(turn)
    await registry.first_thing(turn)
    said = turn.said
    if said.kind is Kind.CHOICE:
        return await _tapped(registry, turn, before)
    if said.kind is Kind.COMMAND:
        return await _commanded(registry, turn, before)
    if before.lapsed and _holds_button(before, said) is None:
        turn.say(
            turn.t(
                "We deleted your unfinished draft after {drafts} to protect your data.",
                drafts=turn.t.duration(DRAFT_LIFE),
            )
        )
    after = await _apply(registry, turn, before, await _heard(registry, turn, before))
    return after if after.album == said.album else replace(after, album=said.album)


async def _heard(registry: FlowRegistry, turn: Turn, before: Conversation) -> Next:
    """Something was said, sent or shared."""
    said, step = turn.said, before.step
    if said.edited:
        return await corrected(registry, turn, step)
    if turn.about and said.kind in _CONTENT:
        return await registry.replied(turn)
    if said.album and said.album == before.album and (more := await step.absorb_unexpected(turn)) is not None:
        return more
    if (button := _holds_button(before, said)) is not None:
        return await _pressed(registry, turn, before, button)
    if isinstance(step, FormStep) and said.kind is Kind.TEXT:
        polite = None if step.yes_or_no and agrees(said.text) else registry.courtesy(turn)
        beside = polite or await registry.aside(turn, step)
        if beside is not None:
            return beside  # "thanks" describes nothing
    if said.kind in step.accepts:
        return await step.handle_answer(turn, Answer(said))
    if said.kind in _CONTENT:
        kept = await step.absorb_unexpected(turn)
        if kept is None:
            return await registry.anything(turn)
        return kept if isinstance(kept, Reask) else Reask(turn.t("We have added this to your request."), kept)
    if not before.fresh and said.message is not None:
        turn.react("👌", said.message)  # a sticker wants no form
        return NoReply()
    return Reask(
        turn.t(
            "We cannot read this type of message. Send text, a photo, a voice note, a video, a document or a location."
        )
    )


def _holds_button(before: Conversation, said: Incoming) -> Offered | None:
    """The button whose label was typed, or tapped on a keyboard of plain words."""
    if said.kind is not Kind.TEXT or not said.text or len(said.text) > 64:
        return None
    typed = normalise(said.text)
    named = next((button for button in before.offered if normalise(button.label) == typed), None)
    return named or (_confirming(before) if agrees(said.text) else None)


def _confirming(before: Conversation) -> Offered | None:
    """The button that a typed "yes" stands for."""
    return next((button for button in before.offered if button.value in CONFIRM), None)


async def _pressed(registry: FlowRegistry, turn: Turn, before: Conversation, button: Offered) -> Next:
    if button.route:
        return Redirect(button.route, button.value)
    if button.value == BACK:
        return await before.step.back(turn) or registry.home()
    return await before.step.handle_answer(turn, Answer(turn.said, button.value))


async def _tapped(registry: FlowRegistry, turn: Turn, before: Conversation) -> Conversation:
    """A button was tapped. Its data comes from outside: only what was offered counts."""
    data = turn.said.choice
    tapped = f"{data} {turn.said.message}"  # a message may come twice after a crash: its buttons are others
    if not data.endswith(":0") and _is_double_tap(before.last_choice, tapped, turn.work.now):
        return before
    flow, name, value, number = (*data.split(":"), "", "", "", "")[:4]
    now = number == str(before.turn)
    marked = replace(before, last_choice=f"{tapped} {turn.work.now.isoformat()}")
    if flow == "do":
        if name == RESUME or name in registry.routes:
            return await _apply(registry, turn, marked, Redirect(name, value), edit=now and number != "0")
        return await _stale(registry, turn, marked)
    button = next((b for b in before.offered if not b.route and b.value == value), None)
    if f"{flow}:{name}" != before.step.step or not now or button is None:
        return await _stale(registry, turn, marked)
    return await _apply(registry, turn, marked, await _pressed(registry, turn, marked, button), edit=True)


def _is_double_tap(last_choice: str, tapped: str, now: datetime) -> bool:
    """Whether the very same was tapped a moment ago. What may happen only once is guarded by its turn or its state."""
    last, _, at = last_choice.rpartition(" ")
    return last == tapped and now - datetime.fromisoformat(at) < DOUBLE_TAP


async def _stale(registry: FlowRegistry, turn: Turn, before: Conversation) -> Conversation:
    turn.toast = turn.t.plain("That step has expired")
    return await _apply(registry, turn, before, before.step)


async def _commanded(registry: FlowRegistry, turn: Turn, before: Conversation) -> Conversation:
    said = turn.said
    route = registry.commands.get(said.command)
    if route is None:
        named = "/" + said.command[:32]
        why = turn.t("{command} is not a command. Use {help} to see the commands.", command=named, help="/help")
        return await _apply(registry, turn, before, Reask(why))
    return await _apply(registry, turn, before, Redirect(route, said.argument))


async def _apply(
    registry: FlowRegistry, turn: Turn, before: Conversation, following: Next, *, edit: bool = False
) -> Conversation:
    """Carry out where an answer leads: move, ask, set drafts aside."""
    for _ in range(_ROUTES_IN_A_ROW):
        if not isinstance(following, Redirect):
            break
        if following.route == RESUME:
            following = await _resumed(registry, turn, before.step, following.argument)
        elif (route := registry.routes.get(following.route)) is not None:
            following = await route(turn, following.argument)
        else:  # a button that an older version showed
            following = registry.home()
    else:
        raise RuntimeError(f"routes lead in a circle from {before.step.step}")
    if isinstance(following, NoReply):
        _place_edit(turn, before, edit=False)
        return replace(before, saved=turn.saved)
    if isinstance(following, EndFlow):
        _drop_keyboard(turn, before, Markup())
        _place_edit(turn, before, edit=edit)
        kept = () if following.forget else _without(turn.saved, before.step.discards())
        return replace(before, step=registry.home(), turn=before.turn + 1, offered=_NOTHING, saved=kept, keyboard=False)
    why = Markup()
    if isinstance(following, Reask):
        why, following = following.why, following.step or before.step
    step = await question_of(registry.forms, turn, following) or registry.home()
    _save_draft(turn, before.step, step)
    prompt = _with_progress(registry, turn, step, await step.ask(turn))
    number = before.turn + 1
    if prompt.ask_for is None and _drop_keyboard(turn, before, why):
        why = Markup()
    message, offered = _show(turn, step, prompt, why, number)
    in_place = edit and not turn.out and not before.keyboard and prompt.ask_for is None and not prompt.files
    if in_place:
        message = message.model_copy(update={"edit": turn.said.message})
    elif edit and prompt.ask_for is not None:
        _take_buttons_away(turn)
    turn.out.append(OutboundMessage(message, prompt.subject, key=question_key(turn.resident.id, number, turn.said)))
    return replace(
        before,
        step=step,
        turn=number,
        offered=offered,
        saved=turn.saved,
        keyboard=prompt.ask_for is not None,
        fresh=False,
        lapsed=False,
    )


async def _resumed(registry: FlowRegistry, turn: Turn, here: Step, flow: str) -> Next:
    """Take a draft up again where it was left; another of the same flow that is at hand changes places with it."""
    draft = next((step for step in turn.saved if _flow(step) == flow), None)
    if draft is None:
        return here if _flow(here) == flow else registry.home()
    others = _without(turn.saved, flow)
    swapped = _flow(here) == flow and here.draft_title(turn)
    turn.saved = (here, *others) if swapped else others
    form = registry.forms.get(flow)
    return await draft.resumed(turn) if form is None else await form.resume(turn, draft)


def _save_draft(turn: Turn, left: Step, entered: Step) -> None:
    """Set the draft of a flow that is left aside; the main menu offers to go on with it."""
    flow = _flow(left)
    if flow == _flow(entered):
        return
    turn.saved = _without(turn.saved, left.discards())
    if not turn.handed_over and left.draft_title(turn):
        turn.saved = (left, *_without(turn.saved, flow))[:DRAFTS_KEPT]


def question_key(resident: ResidentId, turn: int, said: Incoming | None = None) -> str:
    """By which the message of a question is found again; without what led to it, how the key begins."""
    return f"asked:{resident}:{turn}:{'' if said is None else said.update_id}"


def is_answered(before: Conversation, after: Conversation) -> bool:
    """Whether a question with buttons of its own was left: those that open something work wherever one stands."""
    asked = any(button.value and not button.route for button in before.offered)
    return after.turn != before.turn and asked and not before.keyboard


def _flow(step: Step) -> str:
    return step.step.partition(":")[0]


def _without(saved: tuple[Step, ...], flow: str) -> tuple[Step, ...]:
    return tuple(step for step in saved if _flow(step) != flow)


# ---------------------------------------------------------------------------- showing a question


def _with_progress(registry: FlowRegistry, turn: Turn, step: Step, prompt: Prompt) -> Prompt:
    """Say how far a form has come, so that nobody gives up one question before its end."""
    form = registry.forms.get(_flow(step))
    progress = None if form is None else form.progress(turn, step)
    if progress is None:
        return prompt
    number, total = progress
    line = turn.t("<i>Question {n} of {total}</i>", n=turn.t.number(number), total=turn.t.number(total))
    return replace(prompt, text=turn.t.join_lines(prompt.text, line))


def _show(turn: Turn, step: Step, prompt: Prompt, why: Markup, number: int) -> tuple[Outgoing, tuple[Offered, ...]]:
    t = turn.t
    buttons = [list(row) for row in prompt.rows if row]
    if foot := _foot(turn, prompt):
        buttons.append(foot)
    rows = t.mirror(tuple(tuple(_choice(step, button, number) for button in row) for row in buttons))
    offered = tuple(
        Offered(label=button.label, value=button.value, route=button.route)
        for row in buttons
        for button in row
        if not (button.url or button.copies)
    )
    message = Outgoing(
        text=t.join_lines(why, Markup(), prompt.text) if why else prompt.text,
        rows=rows,
        ask_for=prompt.ask_for,
        ask_label=prompt.ask_label,
        files=prompt.files,
        place=prompt.place,
    )
    return message, offered


def _foot(turn: Turn, prompt: Prompt) -> list[Button]:
    foot = []
    if prompt.back:
        foot.append(Button(label=turn.t.plain("Back"), value=BACK))
    if prompt.menu:
        foot.append(Button(label=turn.t.plain("Main menu"), route=MENU))
    return foot


def _choice(step: Step, button: Button, number: int) -> Choice:
    if button.url or button.route or button.copies:
        return route_choice(button, number)
    return Choice(label=button.label, data=f"{step.step}:{button.value}:{number}", emphasis=button.emphasis)


def _drop_keyboard(turn: Turn, before: Conversation, why: Markup) -> bool:
    """Take a share button away. Only a message without buttons of its own can do that; whether it says `why`."""
    if not before.keyboard:
        return False
    for index, said in enumerate(turn.out):
        if not said.message.rows and not said.message.files:
            turn.out[index] = replace(said, message=said.message.model_copy(update={"drop_keyboard": True}))
            return False
    shared = turn.said.kind in {Kind.LOCATION, Kind.CONTACT}
    words = why or (turn.t("Thank you.") if shared else turn.t("OK."))
    turn.out.insert(0, OutboundMessage(Outgoing(text=words, drop_keyboard=True)))
    return bool(why)


def _take_buttons_away(turn: Turn) -> None:
    """The question was answered, and its message cannot become the next one: its buttons would do nothing any more."""
    if all(said.message.edit != turn.said.message for said in turn.out):
        turn.out.insert(0, OutboundMessage(Outgoing(edit=turn.said.message)))


def _place_edit(turn: Turn, before: Conversation, *, edit: bool) -> None:
    """The question that was tapped becomes the first thing said, where one can turn into the other."""
    if not edit or not turn.out or before.keyboard:
        return
    first = turn.out[0]
    if first.message.text and not first.message.files and first.message.place is None:
        turn.out[0] = replace(first, message=first.message.model_copy(update={"edit": turn.said.message}))
