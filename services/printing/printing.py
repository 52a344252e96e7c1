"""Pages for a printer, made in a process of their own.

Shaping Arabic and putting a font into a file takes seconds of computing, of what people wrote: it does not belong in
the process that answers them. The child may take so much time and memory, and no more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field

from services.child_process import ChildFailed, run_child

log = structlog.get_logger()

_SECONDS = 60.0
#: The largest file that is handed out.
MOST_BYTES = 5_000_000


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True)


class Size(StrEnum):
    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"  # read from across a room


class Text(_Block):
    """A paragraph. Its direction is its own: an English name in an Arabic page reads from the left."""

    block: Literal["text"] = "text"
    text: str
    size: Size = Size.NORMAL
    bold: bool = False
    faint: bool = False
    centred: bool = False


class Heading(_Block):
    """A line that begins a part; it stays with what follows it."""

    block: Literal["heading"] = "heading"
    text: str


class Facts(_Block):
    """Labels with what stands beside them."""

    block: Literal["facts"] = "facts"
    rows: tuple[tuple[str, str], ...]


class Table(_Block):
    """Rows below a head. `widths` are shares of the page."""

    block: Literal["table"] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


class Code(_Block):
    """A code to scan, in the middle of the page."""

    block: Literal["code"] = "code"
    holds: str
    millimetres: int = 60


class Line(_Block):
    """A thin line across the page."""

    block: Literal["line"] = "line"


class Gap(_Block):
    block: Literal["gap"] = "gap"
    millimetres: int = 4


_Simple = Annotated[Text | Heading | Facts | Table | Code | Line | Gap, Field(discriminator="block")]


class Kept(_Block):
    """Blocks that stay on one page."""

    block: Literal["kept"] = "kept"
    blocks: tuple[_Simple, ...]


AnyBlock = Annotated[Text | Heading | Facts | Table | Code | Line | Gap | Kept, Field(discriminator="block")]


class Part(_Block):
    """Begins on a page of its own, and fits on it if smaller letters, within reason, make it fit."""

    blocks: tuple[AnyBlock, ...]
    footer: str = ""  # below each of its pages, beside their number


class Document(_Block):
    """What is printed, in the words of its reader."""

    title: str
    parts: tuple[Part, ...]
    rtl: bool = False
    language: str = "en"


class PrintingFailed(Exception):
    """The pages could not be made in time, or at all."""


async def pdf_or_none(document: Document) -> bytes | None:
    """The same for who can do without: None where it could not be made, which is logged."""
    try:
        return await pdf(document)
    except PrintingFailed as failure:
        log.warning("pages not made", error=str(failure))
        return None


async def pdf(document: Document, *, seconds: float = _SECONDS) -> bytes:
    """The document as PDF on A4. Raises PrintingFailed. Ask `Work.prepare` for it inside a transaction."""
    given = document.model_dump_json().encode()
    try:
        made = await run_child("services.printing.write", given, seconds=seconds, environment={"LANG": "C.UTF-8"})
    except ChildFailed as failure:
        raise PrintingFailed(str(failure)) from None
    if len(made) > MOST_BYTES:
        raise PrintingFailed(f"the file is larger than {MOST_BYTES} bytes")
    return made
