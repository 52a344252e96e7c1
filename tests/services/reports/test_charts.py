"""Charts are pictures that a phone opens at once, in Arabic from the right and with joined letters."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from services.reports.charts import (
    MOST_BYTES,
    Chart,
    ChartKind,
    ChartsFailed,
    Series,
    draw,
    draw_or_none,
    drawing_environment,
)

WEEKS = tuple(f"{day} نوفمبر" for day in (1, 8, 15, 22, 29))  # not a text: what a chart is drawn of
RECEIVED = Series(name="الطلبات الجديدة", values=(12, 30, 22, 18, 4), shown=("12", "30", "22", "18", "4"))
CLOSED = Series(name="الطلبات المغلقة", values=(10, 25, 28, 20, 3), shown=("10", "25", "28", "20", "3"))
TOTALS = ("22", "55", "50", "38", "7")
ARABIC = Chart(
    kind=ChartKind.COLUMNS,
    title="الطلبات حسب الأسبوع",
    subtitle="أمانة العاصمة",
    labels=WEEKS,
    series=(RECEIVED, CLOSED),
    rtl=True,
)


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "PNG"
    return image.convert("RGB")


def differs(one: bytes, other: bytes) -> bool:
    first, second = opened(one), opened(other)
    return first.size != second.size or ImageChops.difference(first, second).getbbox() is not None


@pytest.mark.parametrize("kind", ChartKind)
async def test_a_chart_is_a_light_picture_as_wide_as_a_phone_shows(kind: ChartKind) -> None:
    for chart in (ARABIC, ARABIC.model_copy(update={"rtl": False, "title": "Requests by week"})):
        (picture,) = await draw([chart.model_copy(update={"kind": kind, "totals": TOTALS})])
        image = opened(picture)
        assert image.width == 900
        assert 300 <= image.height <= 900
        assert len(picture) <= MOST_BYTES
        assert len(image.getcolors(1 << 20) or ()) > 10  # something is on it


async def test_a_year_of_weeks_and_every_block_fit() -> None:
    many = tuple(str(number) for number in range(53))
    series = Series(name="n", values=tuple(float(number * 9000) for number in range(53)), shown=many)
    year = ARABIC.model_copy(update={"labels": many, "series": (series, series)})
    blocks = year.model_copy(update={"kind": ChartKind.BARS, "labels": many[:10], "series": (_first(series, 10),)})
    assert [len(picture) <= MOST_BYTES for picture in await draw([year, blocks])] == [True, True]


def _first(series: Series, count: int) -> Series:
    return series.model_copy(update={"values": series.values[:count], "shown": series.shown[:count]})


async def test_arabic_letters_are_joined() -> None:
    """With a sign between them that is not seen and keeps them apart, the same letters look otherwise."""
    apart = "\u200c".join("الطلبات")
    joined_picture, apart_picture = await draw([ARABIC, ARABIC.model_copy(update={"title": apart + " حسب الأسبوع"})])
    assert differs(joined_picture, apart_picture)


async def test_arabic_runs_from_the_right() -> None:
    first_bar = ARABIC.model_copy(
        update={
            "labels": WEEKS[:2],
            "series": (RECEIVED.model_copy(update={"values": (12.0, 0.0), "shown": ("", "")}),),
            "title": "",
            "subtitle": "",
        }
    )
    from_right, from_left = await draw([first_bar, first_bar.model_copy(update={"rtl": False})])
    assert _middle_of_bar(from_right) > 450 > _middle_of_bar(from_left)


def _middle_of_bar(picture: bytes) -> float:
    """Where across the picture the bar's colour is."""
    image = opened(picture)
    blue = [x for x in range(image.width) for y in range(100, 400, 20) if image.getpixel((x, y)) == (15, 92, 140)]
    return sum(blue) / len(blue)


async def test_one_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ChartsFailed, match="not drawn"):
        await draw([ARABIC], seconds=0.01)


async def test_a_chart_that_cannot_be_drawn_is_none() -> None:
    broken = ARABIC.model_copy(update={"labels": WEEKS[:2]})  # fewer than there are values
    with pytest.raises(ChartsFailed, match="ended with 1"):
        await draw([broken])
    assert await draw_or_none([broken]) == ()


async def test_the_process_that_draws_is_told_none_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMER_DAY_TELEGRAM_TOKEN", "123456:SECRET")
    assert "SECRET" not in str(drawing_environment())
