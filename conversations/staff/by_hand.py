"""Messages that only people can delete: their chat is told which, and somebody says when that is done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import Responder
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import refuse
from conversations.staff.registry import DeskButton, StaffButton
from services.notify.notices.administration import MessagesByHand
from services.privacy import by_hand
from services.privacy.by_hand import ByHand
from services.staff.permissions import Act

_SHOWN_ONE_BY_ONE = 10


async def ask(responder: Responder, notice: MessagesByHand) -> None:
    """Name what is to be deleted, by links or, where a group's messages have none, by a reply to each."""
    left = await by_hand.left(responder.work, notice.channel, notice.chat)
    if not left:
        return
    t = responder.t
    unlinked = [one for one in left if one.message is not None and _link(responder, one) is None]
    for one in unlinked[:_SHOWN_ONE_BY_ONE]:
        responder.say(t("👆 Please delete this message for everyone."), reply_to=one.message, silent=True)
    text = t.join_lines(
        t("🗑 <b>Please delete by hand</b>") if left[0].told <= 1 else t("⏰ <b>Still to be deleted by hand</b>"),
        t.plural(
            "{n} message in this chat is about someone who had their data erased. Telegram does not let the bot "
            "delete it:",
            "{n} messages in this chat are about someone who had their data erased. Telegram does not let the bot "
            "delete them:",
            len(left),
        ),
        *(_line(responder, one) for one in left),
        t("Delete each of them for everyone, then tap the button. We remind you each day until then."),
    )
    responder.say(text, ((button(t.plain("✅ All are deleted"), "by_hand", left[-1].id),),))


def _line(responder: Responder, one: ByHand) -> Markup:
    t, link = responder.t, _link(responder, one)
    when = t.near_moment(one.sent_at, responder.work.today) if one.sent_at is not None else t("open the message")
    if link is not None:
        return t("• {message}", message=Markup('<a href="{}">{}</a>').format(link, when))
    if one.message is None:
        return t("• {moment}, before this group became a supergroup", moment=when)
    return t("• {message}", message=when)


def _link(responder: Responder, one: ByHand) -> str | None:
    return None if one.message is None else responder.links.channel.message(one.chat, one.message)


async def _deleted(context: StaffContext, tap: Tap) -> None:
    said, t = context.said, context.t
    count = await by_hand.confirm(context.work, context.person, said.channel, said.chat, tap.case)
    if count is None:
        refuse(context, Act.NOTE)
        return
    if not count:
        context.toast = t.plain("This has already been done.")
        return
    context.toast = t.plain("Thank you. We check that they are gone.")
    text = t.plural(
        "✅ {n} message was deleted by hand, says {who}. If it is still there, we ask again.",
        "✅ {n} messages were deleted by hand, says {who}. If any are still there, we ask again.",
        count,
        who=t.own(said.sender.name, 100),
    )
    context.say(text, edit=said.message)


RENDERINGS = (Rendering(MessagesByHand, to_staff=ask),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"by_hand": DeskButton(Act.NOTE, _deleted)})
