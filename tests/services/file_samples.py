"""Small files of every kind, whole and made up."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from types import MappingProxyType

import pikepdf
from PIL import Image


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, "white").save(target, form, **more)
    return target.getvalue()


def hungry(side: int = 13_300) -> bytes:
    """A PNG of more pixels than its decoder has memory for. It holds the first row only: nobody comes to the next."""

    def chunk(kind: bytes, data: bytes = b"") -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)  # eight bits of red, green, blue and opacity
    row = zlib.compress(bytes(1 + 4 * side))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND")


def packed(*names: str, content: bytes = b"<x/>") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, content)
    return target.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*found: tuple[str, str, bool]) -> bytes:
    """Relations of a part: kind, target, whether it lies outside the package."""
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if outside else "/>")
        for n, (kind, target, outside) in enumerate(found)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'.encode()


def package(main: str, part: str = "word/document.xml", more: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """A Word or Excel document whose main part has that name."""
    types = f'<Types xmlns="{_PACKAGE}/content-types"><Override PartName="/{part}" ContentType="{main}"/></Types>'
    entries = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations(("officeDocument", part, False)),
        part: b"<x/>",
        **more,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return target.getvalue()


def pdf(password: str = "", root: Mapping[str, pikepdf.Object] = MappingProxyType({})) -> bytes:
    """A PDF of one page; `root` is added to its catalogue."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in root.items():
            document.Root[f"/{name}"] = document.make_indirect(value)
        document.save(target, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return target.getvalue()


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
FILM = (
    FTYP
    + box(
        b"moov",
        box(b"mvhd", bytes(100))
        + box(b"trak", box(b"tkhd", bytes(84)) + box(b"meta", b"Secret1"))
        + box(b"udta", box(b"\xa9xyz", b"+26.2285+050.5860/")),
    )
    + box(b"mdat", b"frames")
)
OGG = b"OggS\0\2" + bytes(20) + b"\x01\x13OpusHead" + bytes(60)
PDF = pdf()
MP3 = b"ID3\x04\0\0\0\0\0\x14" + b"TPE1 SecretSinger..." + b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\x90\x00"
DOCX, MACROS = package(WORD), package(WORD, more={"word/vbaProject.bin": b"x"})
XLSX = package(EXCEL, part="xl/workbook.xml")
