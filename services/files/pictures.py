"""Pictures, drawn anew: neither the place and time they were taken at nor anything hidden behind them survives."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from services.files.kinds import Limits, Made, Refusal, Unacceptable

_DEEP = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N"})  # more than eight bits of grey


def is_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def make_picture(content: bytes, limits: Limits) -> Made | Unacceptable:
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        return Unacceptable(Refusal.DAMAGED)
    with image:
        form = image.format
        most = limits.scaled_pixels if form == "JPEG" else limits.pixels
        if image.width * image.height > most:
            return Unacceptable(Refusal.TOO_LARGE)
        # A phone's JPEG may hold a depth map as its second picture; that is no animation.
        if form in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
            return Unacceptable(Refusal.ANIMATED)
        # A JPEG is decoded no larger than needed; all else is made small before it is copied for anything.
        image.thumbnail((limits.side, limits.side), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(_in_eight_bits(image))
    return _as_png(upright) if form == "PNG" else _as_jpeg(upright)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits scaled to eight: a plain conversion would cut all but the darkest off as white."""
    if image.mode not in _DEEP:
        return image
    grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    grey.info = dict(image.info)
    return grey


def _as_png(image: Image.Image) -> Made:
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return Made(_written(image.convert("RGBA" if transparent else "RGB"), "PNG"), "image/png", ".png")


def _as_jpeg(image: Image.Image) -> Made:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    return Made(_written(image.convert("RGB"), "JPEG"), "image/jpeg", ".jpg")


def _written(image: Image.Image, form: str) -> bytes:
    """The picture alone: comments and profiles would be written out again."""
    image.info.clear()
    target = io.BytesIO()
    if form == "JPEG":
        image.save(target, form, quality=87, optimize=True)
    else:
        image.save(target, form)
    return target.getvalue()
