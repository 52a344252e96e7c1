"""What administrators are told about the bot itself: that nothing reaches it, say."""

from __future__ import annotations

from conversations.engine.notices import Rendering
from conversations.engine.step import Responder
from services.notify.notices.administration import WebhookFailing
from storage.records.residents import Resident

_LONGEST = 200  # characters of what Telegram says


async def webhook_failing(responder: Responder, notice: WebhookFailing, _: Resident) -> None:
    t = responder.t
    responder.say(
        t.join_lines(
            t("⚠️ <b>Messages do not reach the bot.</b>"),
            t("Telegram has been unable to deliver them since {moment}.", moment=t.moment(notice.since)),
            t("Waiting for delivery: {n}", n=notice.pending),
            t("Telegram says: “{error}”", error=t.own(notice.error, _LONGEST)) if notice.error else None,
            t("Please ask whoever runs the server to check its address, certificate and reverse proxy."),
        )
    )


RENDERINGS = (Rendering(WebhookFailing, webhook_failing),)
