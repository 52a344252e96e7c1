"""Files are judged by their structure, however they are spelt, and refused where they run or fetch something."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from services.files.decoder import DecoderDied, prepare_apart
from services.files.kinds import Limits, Prepared, Refusal, Unacceptable, bare_type
from services.files.sanitiser import prepare
from tests.services.file_samples import (
    DOCX,
    EXCEL,
    FILM,
    MP3,
    PDF,
    WORD,
    box,
    package,
    packed,
    pdf,
    picture,
    relations,
)


def kept(kind: str, name: str, mime: str, content: bytes) -> str:
    """The type it is stored as; "" and why where it is refused."""
    made = prepare(kind, name, mime, content)
    return made.mime if isinstance(made, Prepared) else f"refused: {made.reason}"


def film(brand: bytes, handler: bytes = b"vide") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13))))
    return box(b"ftyp", brand + bytes(4) + b"isom") + box(b"moov", track) + box(b"mdat", b"frames")


# ---------------------------------------------------------------------------- spellings and brands


@pytest.mark.parametrize(
    ("spelt", "bare"),
    [
        ("image/jpg", "image/jpeg"),
        ("IMAGE/JPEG", "image/jpeg"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("text/plain;charset=windows-1256", "text/plain"),
        (" audio/ogg ; codecs=opus", "audio/ogg"),
        ("application/octet-stream", ""),
        ("audio/x-m4a", "audio/mp4"),
        ("", ""),
    ],
)
def test_a_type_is_known_in_any_spelling(spelt: str, bare: str) -> None:
    assert bare_type(spelt) == bare


BRANDS = (b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"3gp5", b"dash", b"MSNV")
PICTURE_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})


@pytest.mark.parametrize("brand", BRANDS)
def test_a_film_of_any_brand_is_taken(brand: bytes) -> None:
    assert kept("video", "", "video/mp4", film(brand)) == "video/mp4"
    assert kept("document", "film.mp4", "", film(brand)) == "video/mp4"


@given(st.binary(min_size=4, max_size=4).filter(lambda brand: brand not in PICTURE_BRANDS))
def test_whatever_a_film_calls_itself_it_is_judged_by_its_tracks(brand: bytes) -> None:
    assert kept("document", "x.mp4", "video/mp4", film(brand)) in {"video/mp4", "refused: heic"}
    assert kept("document", "x.m4a", "audio/mp4", film(brand, b"soun")) in {"audio/mp4", "refused: heic"}


def test_sound_that_calls_itself_a_film_is_kept_as_sound() -> None:
    assert kept("document", "memo.mp4", "video/mp4", film(b"isom", b"soun")) == "audio/mp4"


@pytest.mark.parametrize("header", [b"\xff\xfb\x90\x00", b"\xff\xf3\x44\xc4", b"\xff\xf2\x44\xc4", b"\xff\xe3\x44\xc4"])
def test_mpeg_sound_of_every_version_is_taken(header: bytes) -> None:
    assert kept("document", "x.mp3", "audio/mpeg", header + bytes(400)) == "audio/mpeg"
    assert kept("voice", "", "audio/mp3", header + bytes(400)) == "audio/mpeg"


@pytest.mark.parametrize("header", [b"\xff\xf1\x50\x80", b"\xff\xfb\xf0\x00", b"\xff\xfb\x9c\x00", b"\xff\xeb\x90\x00"])
def test_what_only_resembles_mpeg_sound_is_none(header: bytes) -> None:
    assert kept("document", "x.mp3", "audio/mpeg", header + bytes(400)) == "refused: type"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n", b"  \n\xef\xbb\xbf", b"\n" * 900])
def test_blanks_may_precede_a_pdf(before: bytes) -> None:
    made = prepare("document", "x.pdf", "application/pdf", before + PDF)
    assert isinstance(made, Prepared)
    assert made.content.startswith(b"%PDF-")


def test_a_document_may_call_its_main_part_as_it_likes() -> None:
    assert kept("document", "x.docx", "", package(WORD, part="word/document2.xml")).endswith(
        "wordprocessingml.document"
    )
    assert kept("document", "x.xlsx", "", package(EXCEL, part="xl/book-1.xml")).endswith("spreadsheetml.sheet")
    assert kept("document", "x.docx", "", packed("[Content_Types].xml", "word/document.xml")).startswith("refused")


# ---------------------------------------------------------------------------- pictures


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    image = Image.new("I;16", (4, 1))
    for x, value in enumerate((0, 16_000, 40_000, 65_535)):
        image.putpixel((x, 0), value)
    target = io.BytesIO()
    image.save(target, "PNG")
    made = prepare("photo", "", "", target.getvalue())
    assert isinstance(made, Prepared)
    with Image.open(io.BytesIO(made.content)) as drawn:
        assert [drawn.convert("L").getpixel((x, 0)) for x in range(4)] == [0, 62, 155, 255]


def test_a_photo_of_64_megapixels_is_scaled_while_it_is_decoded() -> None:
    made = prepare("document", "x.jpg", "image/jpg", picture(size=(9248, 6936)))
    assert isinstance(made, Prepared)
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.size == (4096, 3072)


# ---------------------------------------------------------------------------- active content


def js() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": js()},
        {"OpenAction": Dictionary(S=Name.Launch, F=String("cmd.exe"))},
        {"Names": Dictionary(JavaScript=Dictionary(Names=Array([String("a"), js()])))},
        {"Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))},
        {"AA": Dictionary(WC=Dictionary(S=Name.SubmitForm, F=String("https://example.com")))},
        {"AcroForm": Dictionary(XFA=String("<xdp/>"))},
        {"Deep": Array([Array([Dictionary(K=Array([Dictionary(A=js())]))])])},
    ],
)
def test_a_pdf_that_runs_or_carries_something_is_refused(root: dict[str, pikepdf.Object]) -> None:
    assert kept("document", "x.pdf", "application/pdf", pdf(root=root)) == "refused: active"


def test_a_pdf_with_links_and_an_opening_page_is_welcome() -> None:
    link = Dictionary(S=Name.URI, URI=String("https://www.mun.gov.bh"))
    assert kept("document", "x.pdf", "application/pdf", pdf(root={"Link": Dictionary(A=link)})) == "application/pdf"


def test_a_pdf_under_a_password_is_said_to_be_so() -> None:
    assert kept("document", "x.pdf", "application/pdf", pdf(password="secret")) == "refused: protected"
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert kept("document", "x.docx", "", compound) == "refused: protected"


@pytest.mark.parametrize(
    "more",
    [
        {"word/_rels/settings.xml.rels": relations(("attachedTemplate", "https://evil.example/t.dotm", True))},
        {"word/_rels/document.xml.rels": relations(("image", "https://evil.example/pixel.png", True))},
        {"word/_rels/document.xml.rels": relations(("oleObject", "file:///c:/x", True))},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"word/activeX/activeX1.xml": b"<x/>"},
        {"word/vbaProject.bin": b"x"},
        {"customUI/run.js": b"x"},
    ],
)
def test_a_document_that_runs_or_fetches_something_is_refused(more: dict[str, bytes]) -> None:
    assert kept("document", "x.docx", "", package(WORD, more=more)) == "refused: active"


def test_a_document_with_links_is_welcome() -> None:
    links = relations(("hyperlink", "https://www.mun.gov.bh", True), ("image", "media/image1.png", False))
    assert kept("document", "x.docx", "", package(WORD, more={"word/_rels/document.xml.rels": links})).endswith(
        "document"
    )


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word\\..\\..\\x", "C:/x"])
def test_an_entry_that_leads_out_of_the_package_is_refused(name: str) -> None:
    assert kept("document", "x.docx", "", package(WORD, more={name: b"x"})) == "refused: type"


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    whole = bytearray(package(WORD, more={"word/media/big.bin": bytes(100_000)}))
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        offset = opened.getinfo("word/media/big.bin").header_offset
    central = whole.rindex(b"word/media/big.bin") - 46
    struct.pack_into("<I", whole, central + 24, 10)
    struct.pack_into("<I", whole, offset + 22, 10)
    assert kept("document", "x.docx", "", bytes(whole)) == "refused: damaged"


def test_entities_of_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>'
    assert kept("document", "x.docx", "", package(WORD, more={"word/_rels/document.xml.rels": bomb})).startswith(
        "refused"
    )


# ---------------------------------------------------------------------------- a process of its own


async def test_the_process_makes_what_the_function_makes() -> None:
    for kind, name, mime, content in (
        ("photo", "", "", picture()),
        ("document", "x.pdf", "", PDF),
        ("document", "x.docx", "", DOCX),
        ("video", "", "", FILM),
        ("voice", "", "", MP3),
        ("document", "x.exe", "", b"MZ" + bytes(90)),
    ):
        assert await prepare_apart(kind, name, mime, content) == prepare(kind, name, mime, content)


async def test_a_picture_that_takes_too_much_memory_costs_only_itself() -> None:
    hungry = picture("PNG", (12_000, 12_000), "RGBA")
    with pytest.raises(DecoderDied, match="MemoryError"):  # its time would not be over so soon
        await prepare_apart("photo", "", "", hungry, Limits(pixels=10**9))
    assert await prepare_apart("photo", "", "", hungry) == Unacceptable(Refusal.TOO_LARGE)


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DecoderDied, match="not done within"):
        await prepare_apart("photo", "", "", picture(), seconds=0.001)


async def test_the_largest_accepted_picture_fits_into_the_limits() -> None:
    largest = picture("PNG", (7_700, 7_700), "RGBA")
    assert isinstance(await prepare_apart("photo", "", "", largest), Prepared)
