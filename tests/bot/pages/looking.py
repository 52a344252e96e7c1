"""A page in a real browser, as a phone or a wide screen, light or dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize

from tests.browser import PATIENCE

PICTURES = Path(__file__).absolute().parents[2] / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
TELEVISION: ViewportSize = {"width": 1920, "height": 1080}
WIDE: ViewportSize = {"width": 1280, "height": 720}

_SCROLLS = "document.documentElement.scrollWidth > innerWidth"
_PALE = """() => {  // texts without the contrast that WCAG asks for, and how much they have
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  };
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    const colour = rgb(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 || !element.parentElement ? colour : behind(element.parentElement);
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const said = Array.from(element.childNodes).filter((one) => one.nodeType === 3 && one.data.trim());
    if (!said.length || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(rgb(style.color)), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) found.push([element.textContent, Math.round(contrast * 10) / 10]);
  }
  return found;
}"""
_SMALLEST = """() => Math.min(...Array.from(document.querySelectorAll("body *"))
  .filter((one) => one.checkVisibility() && Array.from(one.childNodes).some((n) => n.nodeType === 3 && n.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


async def reads_well(page: Page, *, smallest: float) -> None:
    """Nothing needs sideways scrolling, is too pale for its background, or is set smaller than so many pixels."""
    assert not await page.evaluate(_SCROLLS), "wider than its window"
    assert await page.evaluate(_PALE) == []
    assert await page.evaluate(_SMALLEST) >= smallest


@asynccontextmanager
async def looking(
    browser: Browser,
    address: str,
    *,
    size: ViewportSize = WIDE,
    scheme: Literal["light", "dark"] = "light",
    language: str = "en-GB",
    still: bool = True,
) -> AsyncIterator[Page]:
    """The page at `address`. Fails where a script of it did, or asked for what its policy forbids."""
    context = await browser.new_context(
        viewport=size,
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce" if still else "no-preference",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda said: problems.append(said.text) if said.type == "error" and "Security Policy" in said.text else None,
    )
    await page.goto(address)
    yield page
    assert not await page.evaluate(_SCROLLS), "wider than its window"
    await context.close()
    assert problems == []
