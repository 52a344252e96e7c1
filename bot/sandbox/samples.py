"""Photos, voice notes and documents made on the spot, for tests and for the page's sample buttons."""

from __future__ import annotations

import io
import struct
from enum import StrEnum
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter


class Scene(StrEnum):
    """What a sample photo shows: what residents photograph for their municipality."""

    BIN = "bin"
    POTHOLE = "pothole"
    FLOOD = "flood"
    TREE = "tree"


@lru_cache(maxsize=32)
def photo(scene: Scene = Scene.BIN, number: int = 0) -> bytes:
    """A JPEG of about 960 by 720; each `number` differs a little."""
    canvas = Image.new("RGB", (960, 720))
    draw = ImageDraw.Draw(canvas)
    _street(draw, number)
    {Scene.BIN: _bin, Scene.POTHOLE: _pothole, Scene.FLOOD: _flood, Scene.TREE: _tree}[scene](draw, number * 24)
    buffer = io.BytesIO()
    canvas.filter(ImageFilter.GaussianBlur(0.8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _street(draw: ImageDraw.ImageDraw, number: int) -> None:
    for y in range(400):
        shade = y / 400
        draw.line((0, y, 960, y), fill=(int(150 + 80 * shade), int(190 + 35 * shade), int(225 + 10 * shade)))
    draw.ellipse((720 - number * 30, 60, 800 - number * 30, 140), fill=(255, 240, 200))
    for x, top, width in ((0, 210, 190), (180, 150, 170), (350, 240, 220), (570, 180, 180), (745, 230, 215)):
        draw.rectangle((x, top, x + width, 430), fill=(226, 209, 182))
        draw.rectangle((x, top, x + width, top + 12), fill=(203, 182, 150))
        for row in range(top + 40, 380, 62):
            for column in range(x + 24, x + width - 30, 54):
                draw.rounded_rectangle((column, row, column + 26, row + 38), 12, fill=(120, 138, 150))
    draw.rectangle((0, 430, 960, 490), fill=(196, 188, 176))
    draw.rectangle((0, 490, 960, 720), fill=(96, 99, 104))
    for x in range(-40, 960, 180):
        draw.polygon(((x, 612), (x + 90, 612), (x + 78, 626), (x - 12, 626)), fill=(232, 228, 214))


def _bin(draw: ImageDraw.ImageDraw, shift: int) -> None:
    x = 380 + shift
    draw.polygon(((x, 360), (x + 200, 360), (x + 184, 560), (x + 16, 560)), fill=(46, 110, 84))
    draw.rounded_rectangle((x - 14, 340, x + 214, 372), 8, fill=(36, 90, 70))
    for left, top, size in ((-90, 500, 84), (-30, 520, 66), (190, 505, 80), (60, 290, 70), (120, 300, 62)):
        draw.ellipse((x + left, top, x + left + size, top + int(size * 0.8)), fill=(52, 54, 60))
        draw.polygon(
            (
                (x + left + size // 2 - 8, top + 6),
                (x + left + size // 2 + 8, top + 6),
                (x + left + size // 2, top - 12),
            ),
            fill=(72, 74, 80),
        )


def _pothole(draw: ImageDraw.ImageDraw, shift: int) -> None:
    x = 330 + shift
    draw.ellipse((x, 540, x + 320, 650), fill=(70, 72, 76))
    draw.ellipse((x + 18, 552, x + 300, 642), fill=(48, 46, 45))
    draw.ellipse((x + 70, 588, x + 240, 634), fill=(92, 104, 112))
    for points in ((x, 600, x - 90, 570, x - 150, 592), (x + 320, 590, x + 400, 620, x + 470, 604)):
        draw.line(points, fill=(60, 61, 64), width=6)


def _flood(draw: ImageDraw.ImageDraw, shift: int) -> None:
    draw.polygon(((0, 560), (220, 520), (960, 540), (960, 720), (0, 720)), fill=(104, 128, 138))
    for y, x, width in ((560, 160, 240), (600, 420, 300), (650, 120, 260), (680, 560, 260)):
        draw.arc((x + shift, y, x + shift + width, y + 30), 190, 350, fill=(176, 196, 202), width=4)


def _tree(draw: ImageDraw.ImageDraw, shift: int) -> None:
    x = 300 + shift
    draw.line((x, 610, x + 330, 520), fill=(110, 82, 58), width=34)
    for left, top, size in ((260, 420, 150), (330, 440, 160), (300, 500, 130), (380, 510, 120)):
        draw.ellipse((x + left, top, x + left + size, top + int(size * 0.75)), fill=(78, 118, 70))
    draw.ellipse((x - 40, 570, x + 40, 640), fill=(92, 68, 48))


@lru_cache(maxsize=4)
def sticker() -> bytes:
    """A WebP picture of a date palm, 512 by 512 as stickers are."""
    canvas = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(canvas)
    draw.polygon(((236, 480), (276, 480), (264, 200), (250, 200)), fill=(140, 104, 70))
    for end in ((60, 220), (110, 110), (220, 50), (300, 50), (400, 110), (452, 220)):
        draw.line((256, 200, *end), fill=(64, 130, 84), width=30)
        draw.ellipse((end[0] - 24, end[1] - 24, end[0] + 24, end[1] + 24), fill=(64, 130, 84))
    for x in (226, 256, 286):
        draw.ellipse((x - 16, 216, x + 16, 252), fill=(170, 92, 50))
    buffer = io.BytesIO()
    canvas.save(buffer, "WEBP")
    return buffer.getvalue()


def voice() -> bytes:
    """An Ogg container whose first page announces Opus: what a voice note begins with."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
    silence = b"\xf8\xff\xfe"
    return b"".join(
        _ogg_page(number, packet, kind) for number, (packet, kind) in enumerate(((head, 2), (tags, 0), (silence, 4)))
    )


def _ogg_page(number: int, packet: bytes, kind: int) -> bytes:
    position = 960 if kind == 4 else 0
    page = b"OggS" + struct.pack("<BBqIII", 0, kind, position, 1, number, 0) + bytes((1, len(packet))) + packet
    checksum = _ogg_checksum(page)
    return page[:22] + struct.pack("<I", checksum) + page[26:]


def _ogg_checksum(page: bytes) -> int:
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = ((register << 1) ^ 0x04C11DB7 if register & 0x80000000 else register << 1) & 0xFFFFFFFF
    return register


def document(text: str = "Sample document") -> bytes:
    """A one-page PDF with a line of text."""
    stream = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("ascii", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def video() -> bytes:
    """The opening box of an MP4 file; nobody plays it."""
    return struct.pack(">I", 24) + b"ftypisom" + struct.pack(">I", 512) + b"isomiso2"
