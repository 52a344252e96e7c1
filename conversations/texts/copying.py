"""The button that puts a reference into the clipboard. Its message says it too: not every channel has such buttons."""

from __future__ import annotations

from conversations.engine.step import Button
from locales import Localizer
from storage.ids import Reference


def copy_button(t: Localizer, reference: Reference) -> Button:
    return Button(label=t.plain("📋 Copy the reference"), copies=reference)
