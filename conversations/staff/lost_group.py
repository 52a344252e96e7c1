"""The bot is added to a group or removed from one, and what administrators hear where that was an office's."""

from __future__ import annotations

from conversations.engine.notices import Rendering
from conversations.engine.step import Responder
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import office_title
from conversations.staff.to_private import private_button
from services.actors import office_subject
from services.notify.notices.administration import OfficeChatLost
from services.staff import lost_chats
from storage.records.residents import Resident


async def removed(context: StaffContext) -> None:
    """The bot was removed: nothing can be said here any more."""
    said = context.said
    await lost_chats.lose(context.work, said.channel, said.chat, f"removed by {said.sender.address}")


async def added(context: StaffContext) -> None:
    """Greet a new group; in one that is an office's say what comes now. Nobody has to link that again."""
    t, said = context.t, context.said
    offices = await lost_chats.regain(context.work, said.channel, said.chat)
    if offices:
        context.say(
            t.join_lines(
                t(
                    "🔗 The bot is in this group again. The group is still linked to {offices}.",
                    offices=t.join(office_title(t, context.work.offices, office) for office in offices),
                ),
                t("What came in the meantime follows now. You do not need to link the group again."),
            )
        )
        return
    context.say(
        t.join_lines(
            t(
                "Hello. An administrator can link this group to an office with {command}. The office's "
                "appointments and requests will then appear here.",
                command="/link",
            ),
            t("Residents can use this service in the private chat."),
        ),
        ((private_button(context),),),
    )


async def tell_lost(responder: Responder, notice: OfficeChatLost, _: Resident) -> None:
    """To an administrator, as long as it is true."""
    lost = await lost_chats.of_office(responder.work, notice.office)
    if lost is None or lost.chat != notice.chat:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t(
                "⚠️ <b>The bot can no longer write in the group of {office}.</b>",
                office=office_title(t, responder.work.offices, notice.office),
            ),
            t("Since {moment}, the team there sees no new requests or appointments.", moment=t.moment(lost.lost_at)),
            t(
                "What is for them waits. Add the bot to the group again and let it write there, or send {link} in "
                "another group.",
                link="/link",
            ),
        ),
        subject=office_subject(notice.office),
    )


RENDERINGS = (Rendering(OfficeChatLost, tell_lost),)
