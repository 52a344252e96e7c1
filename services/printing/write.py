"""The process that makes pages: `python -m services.printing.write` reads a document as JSON and writes a PDF."""

from __future__ import annotations

import io
import re
import resource
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import segno
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from services.printing.printing import (
    AnyBlock,
    Code,
    Document,
    Facts,
    Gap,
    Heading,
    Kept,
    Line,
    Part,
    Size,
    Table,
    Text,
)

T = TypeVar("T")

_CPU_SECONDS = 40
_MEMORY = 1 << 30
_FAMILY = "DejaVu"  # has Arabic letters, and comes with matplotlib, which is not loaded for it: that takes long
_MARGIN, _FOOT = 14.0, 14.0  # millimetres
_POINTS = {Size.SMALL: 8.5, Size.NORMAL: 10.0, Size.LARGE: 16.0, Size.HUGE: 34.0}
_HEADING = 12.0
_LEADING = 0.52  # millimetres of a line for each point of its letters
_LABELS = 0.24  # of the width
_INK, _FAINT, _RULE, _SHADE = (29, 36, 51), (91, 100, 117), (185, 194, 207), (238, 241, 246)
#: How small letters may become so that a part fits on its page; the last is what it has where it does not fit.
_SCALES = (1.0, 0.9, 0.85, 0.8)
_UNKNOWN = "□"
_ISOLATED = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
_LTR, _RTL, _END = "\u202a", "\u202b", "\u202c"
_LRM, _RLM = "\u200e", "\u200f"
_GAP = re.compile(" {2,}")  # where a pictograph fell away


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.stdout.buffer.write(written(Document.model_validate_json(sys.stdin.buffer.read())))


def written(document: Document) -> bytes:
    """A document as PDF."""
    scales = [_scale(document, part) for part in document.parts]
    pages = _Pages(document)
    for part, scale in zip(document.parts, scales, strict=True):
        pages.add_part(part, scale)
    return bytes(pages.output())


def _scale(document: Document, part: Part) -> float:
    """The largest letters with which a part is on one page; where none are small enough, the usual ones."""
    for scale in _SCALES:
        with suppress(_Full):
            _OnePage(document).add_part(part, scale)
            return scale
    return _SCALES[1]


class _Full(Exception):
    """What was drawn does not fit on one page."""


def _fonts() -> Path:
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise RuntimeError("matplotlib is not installed: no letters to print with")
    return Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"


class _Pages(FPDF):
    """The pages of one document. Its texts are shaped, and each paragraph has the direction of its letters."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self.rtl, self.scale, self.foot = document.rtl, 1.0, ""
        self.mark = _RLM if document.rtl else _LRM
        self.start = Align.R if document.rtl else Align.L
        fonts = _fonts()
        self.add_font(_FAMILY, "", fonts / "DejaVuSans.ttf")
        self.add_font(_FAMILY, "B", fonts / "DejaVuSans-Bold.ttf")
        font = self.fonts[_FAMILY.lower()]
        self.known = frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset[int]()
        self.set_font(_FAMILY, "", _POINTS[Size.NORMAL])
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + _FOOT / 2)
        self.set_title(document.title)
        self.set_lang(document.language)
        self.set_creator("Customer Day")
        self.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))  # the same pages are the same file

    def add_part(self, part: Part, scale: float) -> None:
        self.scale, self.foot = scale, part.footer
        self.add_page()
        self.start_section(part.footer or str(self.page), strict=False)
        for block in part.blocks:
            self.draw(block)

    def footer(self) -> None:
        """What stands below each page; fpdf2 asks for it."""
        self.set_y(-_FOOT)
        self.letters(8, faint=True)
        self.direct(self.foot)
        number = str(self.page)
        wide = self.epw - 14
        first, second = (
            ((14, number, Align.L), (wide, self.shown(self.foot), Align.R))
            if self.rtl
            else (
                (wide, self.shown(self.foot), Align.L),
                (14, number, Align.R),
            )
        )
        for width, text, align in (first, second):
            self.cell(width, 5, text, align=align, new_x=XPos.RIGHT, new_y=YPos.TOP)

    # ------------------------------------------------------------------------ blocks

    def draw(self, block: AnyBlock) -> None:
        match block:
            case Kept():
                self.draw_kept(block.blocks)
            case Text():
                self.letters(_POINTS[block.size] * self.scale, bold=block.bold, faint=block.faint)
                self.paragraph(block.text, Align.C if block.centred else self.start)
            case Heading():
                self.draw_heading(block)
            case Facts():
                for label, text in block.rows:
                    self.draw_fact(label, text)
            case Table():
                self.draw_table(block)
            case Code():
                self.draw_code(block)
            case Line():
                self.draw_line()
            case Gap():
                self.ln(block.millimetres * self.scale)

    def draw_kept(self, blocks: Sequence[AnyBlock]) -> None:
        with self.offset_rendering() as trial:
            for block in blocks:
                trial.draw(block)
        if trial.page_break_triggered and self.get_y() > _MARGIN + 1:
            self.add_page()
        for block in blocks:
            self.draw(block)

    def draw_heading(self, block: Heading) -> None:
        size = _HEADING * self.scale
        if self.get_y() + 4 * size * _LEADING > self.page_break_trigger:
            self.add_page()
        self.letters(size, bold=True)
        self.paragraph(block.text, self.start)

    def draw_fact(self, label: str, text: str) -> None:
        size = _POINTS[Size.NORMAL] * self.scale
        wide = self.epw * _LABELS
        height = size * _LEADING
        self.letters(size)
        lines = 1 + int(self.get_string_width(self.shown(text)) / (self.epw - wide))
        if self.get_y() + min(lines, 3) * height > self.page_break_trigger:
            self.add_page()
        top, page = self.get_y(), self.page
        left = self.l_margin
        self.letters(size, faint=True)
        self.lines(label, wide, self.start, left=left + self.epw - wide if self.rtl else left)
        below = self.get_y()
        self.letters(size)
        self.set_y(top)
        self.lines(text, self.epw - wide, self.start, left=left if self.rtl else left + wide)
        if self.page == page:
            self.set_y(max(below, self.get_y()))

    def draw_table(self, block: Table) -> None:
        size = 9.0 * self.scale
        self.letters(size)
        self.mark = _RLM if self.rtl else _LRM
        self.set_text_shaping(use_shaping_engine=True, direction="rtl" if self.rtl else None)
        with self.table(
            col_widths=_ordered(block.widths, rtl=self.rtl),
            text_align=self.start,
            line_height=size * _LEADING,
            padding=0.8,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", fill_color=_SHADE),
            width=self.epw,
        ) as table:
            for row in (block.head, *block.rows):
                table.row([self.shown(cell) for cell in _ordered(row, rtl=self.rtl)])

    def draw_code(self, block: Code) -> None:
        picture = io.BytesIO()
        segno.make(block.holds, error="m", micro=False).save(picture, kind="png", scale=12, border=4)
        side = block.millimetres
        if self.get_y() + side > self.page_break_trigger:
            self.add_page()
        self.image(picture, x=(self.w - side) / 2, w=side, h=side)

    def draw_line(self) -> None:
        self.ln(1.2 * self.scale)
        self.set_draw_color(*_RULE)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(1.6 * self.scale)

    # ------------------------------------------------------------------------ letters

    def letters(self, points: float, *, bold: bool = False, faint: bool = False) -> None:
        self.set_font(_FAMILY, "B" if bold else "", round(2 * points) / 2)  # of odd sizes readers make no words
        self.set_text_color(*(_FAINT if faint else _INK))

    def paragraph(self, text: str, align: Align) -> None:
        self.lines(text, self.epw, align)

    def lines(self, text: str, width: float, align: Align, *, left: float | None = None) -> None:
        """Each line of a text below the one before, in its own direction."""
        for line in text.split("\n"):
            self.set_x(self.l_margin if left is None else left)
            self.direct(line)
            height = self.font_size_pt * _LEADING
            self.multi_cell(width, height, self.shown(line), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def direct(self, line: str) -> None:
        """The direction of a line: its own words decide, not what is quoted in it.

        In an Arabic document only what holds no Arabic reads from the left.
        """
        bare = _ISOLATED.sub("", line)
        first = next(filter(None, map(_direction, (*bare, *line))), "ltr")
        direction = "rtl" if self.rtl and _is_arabic(bare) else first
        self.mark = _RLM if direction == "rtl" else _LRM
        self.set_text_shaping(use_shaping_engine=True, direction=direction)

    def shown(self, text: str) -> str:
        """A text without what the font has no picture for: pictographs fall away, other letters become a box."""
        told_apart = _ISOLATED.sub(self.embedded, unicodedata.normalize("NFC", text))
        return _GAP.sub(" ", "".join(filter(None, map(self.letter, told_apart))))

    def embedded(self, found: re.Match[str]) -> str:
        """The font lacks the marks that isolate a part of a line; it has those that embed one.

        An embedded part reaches beyond its ends, for numbers beside it; a mark of the line's direction stops that.
        """
        return f"{self.mark}{_RTL if _is_arabic(found[1]) else _LTR}{found[1]}{_END}{self.mark}"

    def letter(self, one: str) -> str:
        if one == "\n" or ord(one) in self.known:
            return one
        return "" if unicodedata.category(one) in {"So", "Sk", "Cf", "Mn", "Cc", "Cs", "Co"} else _UNKNOWN


class _OnePage(_Pages):
    """Pages that are given up where the second would begin."""

    def footer(self) -> None:
        """fpdf2 asks for it once the page is full."""
        raise _Full


def _direction(letter: str) -> str:
    """Which direction a letter reads in; "" of a digit or a sign."""
    return {"L": "ltr", "R": "rtl", "AL": "rtl"}.get(unicodedata.bidirectional(letter), "")


def _is_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(one) in {"R", "AL"} for one in text)


def _ordered(row: Sequence[T], *, rtl: bool) -> tuple[T, ...]:
    return tuple(reversed(row)) if rtl else tuple(row)


if __name__ == "__main__":
    main()
