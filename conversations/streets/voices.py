"""The buttons by which one of the others agrees, objects or leaves."""

from __future__ import annotations

from conversations.engine.messages import Emphasis
from conversations.engine.step import Button
from locales import Localizer
from storage.ids import Reference

AGREE, OBJECT, LEAVE = "street_yes", "street_no", "street_leave"


def voice_rows(t: Localizer, reference: Reference, offer: int) -> list[list[Button]]:
    value = f"{reference}.{offer}"
    return [
        [
            Button(label=t.plain("👍 I agree that they go"), route=AGREE, value=value, emphasis=Emphasis.CONFIRM),
            Button(label=t.plain("👎 I object"), route=OBJECT, value=value),
        ],
        [Button(label=t.plain("Leave this"), route=LEAVE, value=value)],
    ]
