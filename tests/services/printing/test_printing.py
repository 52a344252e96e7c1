"""Pages for a printer: looked at as a reader of PDF sees them."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image

from services.printing import printing
from services.printing.printing import (
    Code,
    Document,
    Facts,
    Gap,
    Heading,
    Kept,
    Line,
    Part,
    PrintingFailed,
    Size,
    Table,
    Text,
)

_LAMP = "عمود الإنارة في مجمع 338 لا يعمل"
_WIDE = "It is as wide as a reader needs to tell that lines run across the page and not down."
_A4 = (595, 842)


def _opened(made: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(made)


def _text(made: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in _opened(made))


def _dark(made: bytes) -> tuple[int, int]:
    """How many dark points the left and the right half of the first page have."""
    picture: Image.Image = _opened(made)[0].render(scale=1).to_pil().convert("L").point(lambda v: 255 * (v < 128))
    half = picture.width // 2
    left, right = picture.crop((0, 0, half, picture.height)), picture.crop((half, 0, picture.width, picture.height))
    return left.histogram()[255], right.histogram()[255]


def _page(*blocks: printing.AnyBlock, rtl: bool = False) -> Document:
    return Document(title="Customer Day", parts=(Part(blocks=blocks),), rtl=rtl)


async def test_english_reads_from_the_left_on_a4() -> None:
    made = await printing.pdf(_page(Text(text="Street light on road 3802", size=Size.LARGE)))
    assert tuple(round(side) for side in _opened(made)[0].get_size()) == _A4
    assert "Street light on road 3802" in _text(made)
    left, right = _dark(made)
    assert left > right


async def test_arabic_is_shaped_and_reads_from_the_right() -> None:
    made = await printing.pdf(_page(Text(text="إنارة الشوارع"), rtl=True))
    left, right = _dark(made)
    assert right > left
    # Joined letters are narrower than the same letters each on its own.
    apart = await printing.pdf(_page(Text(text="\u200c".join("إنارة الشوارع")), rtl=True))
    assert sum(_dark(made)) < sum(_dark(apart))


async def test_numbers_and_english_keep_their_order_in_arabic() -> None:
    made = await printing.pdf(_page(Facts(rows=(("الموضوع", _LAMP), ("الهاتف", "+973 3312 3456"))), rtl=True))
    text = _text(made)
    assert "338" in text
    assert "3312" in text


async def test_a_phone_number_inside_an_arabic_line_reads_from_the_left() -> None:
    isolated = await printing.pdf(_page(Text(text="رقم \u2066+973 3312 3456\u2069 للمراجعة"), rtl=True))
    bare = await printing.pdf(_page(Text(text="رقم +973 3312 3456 للمراجعة"), rtl=True))
    assert _opened(isolated)[0].render().to_pil().tobytes() != _opened(bare)[0].render().to_pil().tobytes()


async def test_a_number_after_a_time_stays_on_its_own_side_of_an_arabic_line() -> None:
    made = await printing.pdf(_page(Text(text="إلى \u206612:00\u2069 · 7 مراجعين"), rtl=True))
    page = _opened(made)[0].get_textpage()
    text = page.get_text_range()
    assert page.get_charbox(text.index("7"))[2] < page.get_charbox(text.index(":"))[0]


async def test_words_quoted_in_another_language_do_not_turn_a_line_around() -> None:
    made = await printing.pdf(_page(Text(text="\u2068سنصلح العمود\u2069 · promised 13 days ago")))
    page = _opened(made)[0].get_textpage()
    text = page.get_text_range()
    assert page.get_charbox(text.index("promised"))[0] > 100  # points: the quoted words come first, at the left


async def test_every_kind_of_block_is_drawn() -> None:
    made = await printing.pdf(
        _page(
            Kept(blocks=(Heading(text="09:00"), Facts(rows=(("Words", "The lamp\nis broken"),)))),
            Line(),
            Gap(),
            Table(head=("No.", "Name"), rows=(("1", "John – خالد"), ("2", "فاطمة")), widths=(1, 4)),
            Code(holds="https://example.test/checkin"),
        )
    )
    text = _text(made)
    assert all(word in text for word in ("09:00", "The lamp", "No.", "John"))
    assert any(isinstance(one, pypdfium2.PdfImage) for one in _opened(made)[0].get_objects())


async def test_a_part_begins_on_a_page_of_its_own_and_shrinks_to_fit_it() -> None:
    longer = tuple(Text(text=f"Line {number}") for number in range(58))
    document = Document(title="Two", parts=(Part(blocks=longer), Part(blocks=(Text(text="second"),))))
    pages = _opened(await printing.pdf(document))
    assert len(pages) == 2
    assert "second" in pages[1].get_textpage().get_text_range()


async def test_what_does_not_fit_goes_on_over_pages_without_losing_a_line() -> None:
    made = await printing.pdf(_page(*(Text(text=f"Line {number}. {_WIDE}") for number in range(200))))
    text = "".join(_text(made).split())
    assert len(_opened(made)) > 2
    assert all(f"Line{number}.It" in text for number in range(200))


@pytest.mark.parametrize(
    "hostile",
    ["😀🏛\ufe0f\u200d", "\u0000\u202e\u2066\u2069\u2068", "汉字", "<b>&amp;**bold**", "a" * 3000, "\n\n\n"],
)
async def test_whatever_people_write_can_be_printed(hostile: str) -> None:
    made = await printing.pdf(_page(Text(text=hostile), Facts(rows=((hostile, hostile),)), rtl=True))
    assert len(_opened(made)) >= 1


async def test_the_same_document_is_the_same_file() -> None:
    document = _page(Text(text=_LAMP), rtl=True)
    assert await printing.pdf(document) == await printing.pdf(document)


async def test_too_slow_is_a_failure_and_nothing_for_who_can_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    document = _page(Text(text="slow"))
    with pytest.raises(PrintingFailed):
        await printing.pdf(document, seconds=0.01)
    monkeypatch.setattr(printing, "MOST_BYTES", 10)
    assert await printing.pdf_or_none(document) is None
