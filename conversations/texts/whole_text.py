"""A text that is longer than a card shows, whole: as a document that opens on every phone."""

from __future__ import annotations

from conversations.engine.messages import FileKind, OutgoingFile
from storage.ids import Reference

_MARK = "\ufeff"  # without it, some phones read Arabic in the wrong encoding


def whole_text(reference: Reference, words: str) -> OutgoingFile:
    """All that was written of a request or an appointment."""
    return OutgoingFile(
        kind=FileKind.DOCUMENT, name=f"{reference}.txt", mime="text/plain", content=f"{_MARK}{words}\n".encode()
    )
