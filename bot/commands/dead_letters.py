"""`customer-day dead-letters`: lists, replays and discards updates that could not be handled, without their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.app import open_context
from bot.settings import Settings
from bot.telegram.ids import NotTelegrams, parse_update_id
from bot.telegram.outline import Outline, outline
from bot.time_source import Clock, now
from services.actors import Actor, staff_actor, update_subject
from services.staff import permissions
from services.unit_of_work import Work
from storage import audit, updates
from storage.ids import ChatId, OfficeId, UpdateId
from storage.updates import DeadLetter

ALL = "all"
_CHANNEL = "telegram"


class Standing(StrEnum):
    """What came to pass with an update that is set aside, or with whoever sent it."""

    WAITS = "set aside"
    GIVEN_BACK = "given back, not taken yet"
    HANDLED = "was handled since, having come again"
    OVERTAKEN = "its sender has done something since"


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """An update that is set aside, and what can be told of it."""

    update: DeadLetter
    about: Outline
    standing: Standing
    office: OfficeId | None = None  # whose chat it came from

    @property
    def id(self) -> str:
        return name(self.update.channel, self.update.update_id)


class Act(StrEnum):
    """What became of a wish."""

    DONE = "done"
    GONE = "gone"  # no such update is set aside
    BEFORE = "before"  # somebody has given it back already
    HANDLED = "handled"  # giving it back would do nothing


def name(channel: str, update_id: UpdateId) -> str:
    """What operators call an update by."""
    return f"{channel}:{update_id}"


# ---------------------------------------------------------------------------- what is done


async def listed(work: Work) -> list[DeadLetterView]:
    """Every update that is set aside, in the order they came."""
    chats = [await permissions.chat_of(work, office.id) for office in work.offices.all]
    offices = {(chat.channel, chat.chat): chat.office for chat in chats if chat is not None}
    return [await _known(work, update, offices) for update in await updates.dead_letters(work.tx)]


async def _known(work: Work, update: DeadLetter, offices: Mapping[tuple[str, ChatId], OfficeId]) -> DeadLetterView:
    about = outline(update.raw.encode())
    standing = await _standing(work, update, about)
    return DeadLetterView(update, about, standing, offices.get((update.channel, ChatId(about.chat))))


async def _standing(work: Work, update: DeadLetter, about: Outline) -> Standing:
    if await updates.seen(work.tx, update.channel, update.update_id):
        return Standing.HANDLED
    if update.replay_at is not None:
        return Standing.GIVEN_BACK
    if about.group:
        since = await audit.acted_since(work.tx, staff_actor(about.sender), update.first_at)
    else:
        since = await updates.counted_since(work.tx, update.channel, about.sender, update.first_at)
    return Standing.OVERTAKEN if since else Standing.WAITS


async def give_back(work: Work, channel: str, update_id: UpdateId, actor: Actor) -> Act:
    """Have the running bot take one once more, also where its sender has done something since."""
    found = await updates.dead_letter(work.tx, channel, update_id)
    if found is None:
        return Act.GONE
    if await updates.seen(work.tx, channel, update_id):
        return Act.HANDLED
    if not await updates.give_back(work.tx, channel, update_id, work.now):
        return Act.BEFORE
    audit.record(work.tx, work.now, actor, "dead_letter.replay", update_subject(name(channel, update_id)))
    return Act.DONE


async def give_all_back(work: Work, actor: Actor) -> tuple[int, tuple[DeadLetterView, ...]]:
    """Have the running bot take all whose sender waits; how many those are, and those that stay set aside."""
    given, stay = 0, []
    for dead_letters in await listed(work):
        update = dead_letters.update
        if dead_letters.standing is Standing.WAITS:
            given += await give_back(work, update.channel, update.update_id, actor) is Act.DONE
        elif dead_letters.standing is not Standing.GIVEN_BACK:
            stay.append(dead_letters)
    return given, tuple(stay)


async def drop(work: Work, channel: str, update_id: UpdateId, actor: Actor) -> Act:
    """Let one go for good."""
    if not await updates.drop_dead_letter(work.tx, channel, update_id):
        return Act.GONE
    audit.record(work.tx, work.now, actor, "dead_letter.drop", update_subject(name(channel, update_id)))
    return Act.DONE


# ---------------------------------------------------------------------------- the command


async def show(settings: Settings, clock: Clock = now) -> int:
    """List them."""
    async with open_context(settings, clock=clock) as context:
        found = await context.attempt(listed)
    if not found:
        return _said("no update is set aside")
    _show(found)
    return _said(f"{len(found)} in all; --replay ID or --replay all handles them once more, --discard ID deletes one")


async def replay(settings: Settings, which: str, actor: Actor, clock: Clock = now) -> int:
    """Give one or all back. Raises ValueError for what is no id."""
    if which == ALL:
        return await _replay_all(settings, actor, clock)
    channel, update_id = _id(which)
    async with open_context(settings, clock=clock) as context:
        act = await context.attempt(lambda work: give_back(work, channel, update_id, actor))
    which = name(channel, update_id)
    match act:
        case Act.DONE:
            return _said(f"{which} is given back: the running bot takes it within seconds")
        case Act.BEFORE:
            return _said(f"{which} was given back before, and waits for the running bot")
        case Act.HANDLED:
            return _said(f"{which} was handled since, having come again; --discard deletes it", 1)
    return _gone(which)


async def _replay_all(settings: Settings, actor: Actor, clock: Clock) -> int:
    async with open_context(settings, clock=clock) as context:
        given, stay = await context.attempt(lambda work: give_all_back(work, actor))
    _show(stay)
    said = f"{given} given back: the running bot takes them within seconds, in the order they came"
    return _said(f"{said}; {len(stay)} left: each is to be decided by its ID" if stay else said)


async def discard(settings: Settings, which: str, actor: Actor, clock: Clock = now) -> int:
    """Drop one. Raises ValueError for what is no id."""
    channel, update_id = _id(which)
    async with open_context(settings, clock=clock) as context:
        act = await context.attempt(lambda work: drop(work, channel, update_id, actor))
    which = name(channel, update_id)
    return _said(f"{which} is discarded") if act is Act.DONE else _gone(which)


def _id(text: str) -> tuple[str, UpdateId]:
    given = text.strip()
    channel, _, update = given.partition(":") if ":" in given else (_CHANNEL, "", given)
    try:
        return channel, parse_update_id(update) if channel == _CHANNEL else UpdateId(update)
    except NotTelegrams:
        example = name(_CHANNEL, UpdateId("123456789"))
        raise ValueError(f"{text!r} is no update's id; one looks like {example}") from None


def _show(found: Iterable[DeadLetterView]) -> None:
    for letter in found:
        print(_line(letter))  # noqa: T201


def _line(letter: DeadLetterView) -> str:
    update, about = letter.update, letter.about
    where = f"{'group' if about.group else 'private chat'} {about.chat or 'unknown'}"
    if letter.office is not None:
        where += f" of {letter.office}"
    return (
        f"{letter.id}  {update.first_at:%Y-%m-%d %H:%M} UTC  {about.kind} in {where}, {update.tries} tries: "
        f"{update.what}; {letter.standing}"
    )


def _gone(which: str) -> int:
    return _said(f"{which} is not set aside: replayed, discarded, forgotten with its sender, or older than 30 days", 1)


def _said(text: str, code: int = 0) -> int:
    print(text)  # noqa: T201
    return code
