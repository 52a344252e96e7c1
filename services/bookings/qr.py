"""QR codes as pictures."""

from __future__ import annotations

import functools
import io

import segno
from PIL import Image

_MODULE = 10  # pixels of one of the code's squares: sharp on a telephone held to a camera
_QUIET = 4  # squares of white around it, as ISO/IEC 18004 asks
_WIDTH = 2  # times the height: as wide as a chat, and low enough to leave the words below it on the screen


@functools.lru_cache(maxsize=256)
def qr_png(text: str) -> bytes:
    """A wide PNG with a QR code in its middle that says `text`. It reads with a quarter dirty or cracked (level Q).

    It is kept a while: whoever was sent it on booking asks for it again at the door.
    """
    rows = [
        bytes(0 if dark else 255 for dark in row) for row in segno.make_qr(text, error="q").matrix_iter(border=_QUIET)
    ]
    side = len(rows) * _MODULE
    square = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).convert("1")
    wide = Image.new("1", (side * _WIDTH, side), color=1)
    wide.paste(square.resize((side, side), Image.Resampling.NEAREST), ((wide.width - side) // 2, 0))
    picture = io.BytesIO()
    wide.save(picture, format="PNG", optimize=True)
    return picture.getvalue()
