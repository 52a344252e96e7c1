"""QR codes as pictures."""

from __future__ import annotations

import io

import segno
from PIL import Image

_MODULE = 10  # pixels of one of the code's squares: sharp on a telephone held to a camera
_QUIET = 4  # squares of white around it, as ISO/IEC 18004 asks
_WIDTH = 2  # times the height: as wide as a chat, and low enough to leave the words below it on the screen


def qr_png(text: str) -> bytes:
    """A wide PNG with a QR code in its middle that says `text`. It reads with a quarter dirty or cracked (level Q)."""
    code, picture = io.BytesIO(), io.BytesIO()
    segno.make_qr(text, error="q").save(code, kind="png", scale=_MODULE, border=_QUIET)
    with Image.open(code) as square:
        wide = Image.new("1", (square.width * _WIDTH, square.height), color=1)
        wide.paste(square.convert("1"), ((wide.width - square.width) // 2, 0))
    wide.save(picture, format="PNG", optimize=True)
    return picture.getvalue()
