"""QR codes as pictures."""

from __future__ import annotations

import io

import segno

_MODULE = 10  # pixels of one of the code's squares: sharp on a telephone held to a camera
_QUIET = 4  # squares of white around it, as ISO/IEC 18004 asks


def qr_png(text: str) -> bytes:
    """A PNG of a QR code that says `text`. It reads with a quarter of it dirty or cracked (level Q)."""
    picture = io.BytesIO()
    segno.make_qr(text, error="q").save(picture, kind="png", scale=_MODULE, border=_QUIET)
    return picture.getvalue()
