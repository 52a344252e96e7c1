"""What no bot may take back, people delete: their chat is asked, reminded daily, and believed until it proves untrue.

Whether a message is gone the channel tells when it is asked to delete it: of one that is there it says that it may not.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

from services.actors import CLOCK, chat_subject
from services.notify.enqueue import notify_chat
from services.notify.notices.administration import MessagesByHand
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Person
from services.unit_of_work import Work
from storage import audit, messages_by_hand, outbox, privacy_desk
from storage.ids import ChatId, MessageId, OfficeId
from storage.messages_by_hand import ByHand
from storage.records.outbox import OutboxKind

__all__ = ["SHOWN", "ByHand", "confirm", "leave", "leave_moved", "left", "let_go", "origin", "run_due"]

REMIND_AFTER = timedelta(days=1)
#: So many are named in one message.
SHOWN = 50
_LAST = 2  # urgency


def origin(channel: str, chat: ChatId, message: MessageId) -> str:
    """The key of the message that takes another back."""
    return f"erased:{channel}:{chat}:{message}"


async def leave(work: Work, request: int) -> int:
    """Leave to people what an erasure could not take back; how many messages they are in all."""
    for one in await messages_by_hand.untaken(work.tx, request):
        await _leave(work, request, one.origin, one.channel, one.chat, one.message, one.sent_at)
    return await messages_by_hand.count(work.tx, request)


async def leave_moved(
    work: Work, request: int, channel: str, chat: ChatId, message: MessageId, sent_at: datetime | None
) -> None:
    """Leave a message to the people of a group that has moved since; by which id it goes there is not known."""
    newest = (await outbox.moved_chats(work.tx)).get((channel, chat), chat)
    await _leave(work, request, origin(channel, chat, message), channel, newest, None, sent_at)


async def _leave(
    work: Work,
    request: int,
    key: str,
    channel: str,
    chat: ChatId,
    message: MessageId | None,
    sent_at: datetime | None,
) -> None:
    offices = await permissions.offices_in(work, channel, chat)
    await messages_by_hand.add(
        work.tx,
        request,
        key,
        channel=channel,
        chat=chat,
        message=message,
        office=offices[0] if offices else EVERY_OFFICE,
        sent_at=sent_at,
        tell_at=work.now,
    )


# ---------------------------------------------------------------------------- by the clock


async def run_due(work: Work, limit: int) -> int:
    """Ask, remind, take up again what is still there, and close what is done."""
    back = await messages_by_hand.found_again(work.tx, limit)
    for one in back:
        messages_by_hand.is_still_there(work.tx, one, work.now)
        audit.record(work.tx, work.now, CLOCK, "privacy.still_there", chat_subject(one.chat), f"message {one.id}")
    chats = await messages_by_hand.chats_to_tell(work.tx, work.now, limit)
    for channel, chat in chats:
        await _ask(work, channel, chat)
    done = await messages_by_hand.requests_done(work.tx, limit)
    for request in done:
        await privacy_desk.finish(work.tx, request, work.now)
    return len(back) + len(chats) + len(done)


async def _ask(work: Work, channel: str, chat: ChatId) -> None:
    named = await left(work, channel, chat)
    times = max((one.told for one in named), default=0)
    offices = await permissions.offices_in(work, channel, chat)
    notice = MessagesByHand(channel=channel, chat=chat)
    key = f"by_hand:{channel}:{chat}:{max(one.id for one in named)}:{times}:{int(work.now.timestamp())}"
    notify_chat(work, channel, chat, offices[0] if offices else None, notice, key=key)
    messages_by_hand.was_told(work.tx, channel, chat, work.now + REMIND_AFTER)
    audit.record(work.tx, work.now, CLOCK, "privacy.by_hand", chat_subject(chat), f"{len(named)} messages")


# ---------------------------------------------------------------------------- by the people of the chat


async def left(work: Work, channel: str, chat: ChatId) -> list[ByHand]:
    """What is still to be deleted in a chat, as far as one message can name it."""
    return await messages_by_hand.of_chat(work.tx, channel, chat, SHOWN)


async def confirm(work: Work, person: Person, channel: str, chat: ChatId, newest: int) -> int | None:
    """A member says that what was named up to `newest` is deleted: how many messages, 0 where others said so before.

    None where they may not.
    """
    named = [one for one in await left(work, channel, chat) if one.id <= newest]
    for office in sorted({one.office for one in named}):
        if not await _may(work, person, office, chat):
            return None
    gone = [one for one in named if await messages_by_hand.say_gone(work.tx, one, person.actor, work.now)]
    for one in gone:
        _check(work, one)
    counted = Counter(one.request_id for one in gone)
    for request, count in sorted(counted.items()):
        detail = f"request {request}: {count} messages"
        audit.record(work.tx, work.now, person.actor, "privacy.deleted_by_hand", chat_subject(chat), detail)
    messages_by_hand.tell_soon(work.tx, channel, chat, newest, work.now)
    return len(gone)


async def _may(work: Work, person: Person, office: OfficeId, chat: ChatId) -> bool:
    """Whether they may say so: with a right at the chat's office, or in a chat that is none's at any."""
    if office != EVERY_OFFICE:
        return await permissions.guard(work, person, Act.NOTE, office, chat_subject(chat)) is not None
    member = await permissions.member(work, person)
    if member is not None and member.offices(Act.NOTE, tuple(one.id for one in work.offices.all)):
        return True
    permissions.deny(work, person, Act.NOTE, chat_subject(chat))
    return False


def _check(work: Work, one: ByHand) -> None:
    """Ask the channel to delete it once more: of a message that is gone it says so."""
    if one.message is None:
        return
    outbox.add(
        work.tx,
        channel=one.channel,
        chat=one.chat,
        kind=OutboxKind.MESSAGE,
        payload=json.dumps({"delete": one.message}),
        urgency=_LAST,
        key=f"by_hand:{one.id}:{one.checked + 1}",
        at=work.now,
    )


def let_go(work: Work, request: int, person: Person) -> None:
    """Whoever looks after data requests says that all of one is done."""
    messages_by_hand.request_is_done(work.tx, request, person.actor, work.now)
