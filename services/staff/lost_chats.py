"""An office's group that the bot cannot write to: administrators are told, and what is owed there waits."""

from __future__ import annotations

from datetime import timedelta

from services.actors import chat_subject
from services.cases.updates import show_card
from services.notify import members
from services.notify.notices.administration import OfficeChatLost
from services.staff import permissions
from services.staff.permissions import MAY, TELEGRAM, Act
from services.unit_of_work import Work
from storage import cards
from storage import lost_chats as rows
from storage.ids import ChatId, OfficeId
from storage.lost_chats import LostChat
from storage.records.staff import StaffChat

#: So long after it failed, the bot tries a lost group again: nobody tells it that it may write there once more.
TRY_AGAIN = timedelta(hours=1)
_MOST_CARDS = 200  # that move to another group at once; the queues have the others


async def lose(work: Work, channel: str, chat: ChatId, reason: str) -> None:
    """The bot was removed from a group. What is owed there waits, if it is an office's."""
    if await permissions.offices_in(work, channel, chat):
        rows.lose(work.tx, channel, chat, reason, work.now, of_office=True)
        rows.hold(work.tx, channel, chat, work.now + TRY_AGAIN)


async def regain(work: Work, channel: str, chat: ChatId) -> tuple[OfficeId, ...]:
    """The bot is in a group again: what was owed to it is due. Whose group it is."""
    rows.regain(work.tx, channel, chat)
    rows.release(work.tx, channel, chat, work.now)
    return await permissions.offices_in(work, channel, chat)


async def move(work: Work, before: StaffChat | None, now: StaffChat) -> None:
    """An office works in another group now. What waited for its lost one comes to the new: cards as they stand."""
    rows.regain(work.tx, now.channel, now.chat)
    rows.release(work.tx, now.channel, now.chat, work.now)
    if before is None or (before.channel, before.chat) == (now.channel, now.chat):
        return
    for group in await rows.waiting_cards(work.tx, before.channel, before.chat, _MOST_CARDS):
        if (card := cards.of_group(group)) is not None and card[1] == now.office:
            show_card(work, *card)


async def of_office(work: Work, office: OfficeId) -> LostChat | None:
    """Since when the bot cannot write in an office's group; None where it can, or there is none."""
    chat = await permissions.chat_of(work, office)
    return None if chat is None else await rows.find(work.tx, chat.channel, chat.chat)


async def holds_back(work: Work, team: StaffChat, row: int) -> bool:
    """Whether a notice for this team waits because its group is lost."""
    if await rows.find(work.tx, team.channel, team.chat) is None:
        return False
    rows.hold_notice(work.tx, row, work.now + TRY_AGAIN)
    return True


# ---------------------------------------------------------------------------- telling


async def run_due(work: Work, limit: int = 20) -> int:
    """Tell administrators of the groups that were lost, once for each loss, and return how many groups."""
    found = await rows.untold(work.tx, limit)
    for lost in found:
        rows.told(work.tx, lost, work.now)
        for office in await permissions.offices_in(work, lost.channel, lost.chat):
            await _tell(work, lost, office)
    return len(found)


async def _tell(work: Work, lost: LostChat, office: OfficeId) -> None:
    """Whoever may link a group to the office hears of it, in their own chat."""
    notice = OfficeChatLost(office=office, chat=lost.chat)
    staff = await permissions.staff_of(work, office)
    may = {one.address for one in staff if one.channel == TELEGRAM and Act.LINK in MAY[one.role]}
    for address in sorted(may | work.admins):
        key = f"chat lost:{lost.chat}:{lost.lost_at.isoformat()}:{office}:{address}"
        await members.tell(work, address, notice, key=key, subject=chat_subject(lost.chat))
