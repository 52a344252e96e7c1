"""Documents: PDF, Word, Excel and plain text, told by their structure and refused where they hold active content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

import pikepdf
from defusedxml.ElementTree import fromstring

from services.files.kinds import DOCX, XLSX, Limits, Made, Refusal, Unacceptable

_BLANK = b"\xef\xbb\xbf \t\r\n\0"  # what may stand before a PDF's header
_HEADER_WITHIN = 1024  # ISO 32000-1, annex H.3
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MANY = 10_000  # entries of a package; a document has some dozens
_DEEPEST = 32  # values within values of a PDF

# ---------------------------------------------------------------------------- PDF


def is_pdf(content: bytes) -> bool:
    """Whether it begins with a PDF's header, which a byte-order mark and blanks may precede, and nothing else."""
    return content[:_HEADER_WITHIN].lstrip(_BLANK).startswith(b"%PDF-")


#: Names by which a PDF runs something, has it run, or carries it along (ISO 32000-1, 12.6.4 and 7.11.4).
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/RichMediaExecute"}
)
_CARRIERS = frozenset({"/JS", "/EmbeddedFiles", "/EmbeddedFile", "/RichMediaContent", "/XFA"})


def make_pdf(content: bytes, _limits: Limits) -> Made | Unacceptable:
    content = content.lstrip(_BLANK)
    # A second format behind it is how a file passes for two.
    if zipfile.is_zipfile(io.BytesIO(content)):
        return Unacceptable(Refusal.TYPE)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not len(document.pages):
                return Unacceptable(Refusal.EMPTY)
            if any(_is_active(one) for one in document.objects):
                return Unacceptable(Refusal.ACTIVE)
    except pikepdf.PasswordError:
        return Unacceptable(Refusal.PROTECTED)
    except pikepdf.PdfError:
        return Unacceptable(Refusal.DAMAGED)
    return Made(content, "application/pdf", ".pdf")


def _is_active(value: object, depth: int = 0) -> bool:
    """Whether an object, or a value in it, is an action that runs something or a file carried along."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, pikepdf.Stream):
        return str(value.stream_dict.get("/Type", "")) in _CARRIERS or _is_active(value.stream_dict, depth + 1)
    if isinstance(value, pikepdf.Dictionary):
        if str(value.get("/S", "")) in _ACTIONS or not _CARRIERS.isdisjoint(value.keys()):
            return True
        return any(_is_active(one, depth + 1) for one in _direct(one for _, one in value.items()))
    if isinstance(value, pikepdf.Array):
        return any(_is_active(one, depth + 1) for one in _direct(iter(value)))
    return False


def _direct(values: Iterator[object]) -> Iterator[object]:
    """Those that stand here: what is referred to is an object of its own, and met among them."""
    return (one for one in values if isinstance(one, pikepdf.Object) and not one.is_indirect)


# ---------------------------------------------------------------------------- Word and Excel


def is_package(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def is_protected(content: bytes) -> bool:
    """Whether it is a Word or Excel document under a password (MS-OFFCRYPTO, 2.3.4)."""
    return content.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in content


_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (DOCX, ".docx"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": (XLSX, ".xlsx"),
}
_MAIN_PART = re.compile(r"/officeDocument$")
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_ACTIVE_PARTS = (".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".hta", ".scr", ".lnk")
_ACTIVE_WORDS = ("vbaproject", "activex", "oleobject", "macro")
_HARMLESS_OUTSIDE = ("/hyperlink",)  # relations that may lead out of the document: nothing is fetched by itself


def make_package(content: bytes, limits: Limits) -> Made | Unacceptable:
    """A Word or Excel document (ECMA-376, part 2) that runs and fetches nothing, and unpacks to what it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > limits.unpacked or len(entries) > _MANY:
                return Unacceptable(Refusal.TOO_LARGE)
            if any(entry.flag_bits & 1 for entry in entries):
                return Unacceptable(Refusal.PROTECTED)
            if any(_leads_out(entry.filename) for entry in entries):
                return Unacceptable(Refusal.TYPE)
            parts = {entry.filename: _unpacked(package, entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError):
        return Unacceptable(Refusal.DAMAGED)
    found = _main_type(parts)
    if found is None:
        return Unacceptable(Refusal.TYPE)
    if any(_is_active_part(name) for name in parts) or _runs_or_fetches(parts):
        return Unacceptable(Refusal.ACTIVE)
    mime, suffix = found
    return Made(content, mime, suffix)


def _leads_out(name: str) -> bool:
    """Whether an entry would be unpacked outside the folder that it is unpacked into."""
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in PurePosixPath(path).parts or ":" in path


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """An entry's content. Raises BadZipFile where it is larger than it says, or its checksum is wrong."""
    with package.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename} is not as large as it says")
    return content


def _main_type(parts: dict[str, bytes]) -> tuple[str, str] | None:
    """The type of the part that the package says is its document, whatever it is called."""
    if "[Content_Types].xml" not in parts or "_rels/.rels" not in parts:
        return None
    types = fromstring(parts["[Content_Types].xml"])
    by_part = {one.get("PartName", ""): one.get("ContentType", "") for one in types.iter(f"{_TYPES}Override")}
    by_ending = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in types.iter(f"{_TYPES}Default")}
    for relation in fromstring(parts["_rels/.rels"]).iter(_RELATIONS):
        if _MAIN_PART.search(relation.get("Type", "")):
            part = "/" + relation.get("Target", "").lstrip("/")
            if part.lstrip("/") in parts:
                return _MAIN.get(by_part.get(part) or by_ending.get(part.rpartition(".")[2].lower(), ""))
    return None


def _is_active_part(name: str) -> bool:
    name = name.lower()
    return name.endswith(_ACTIVE_PARTS) or any(word in name for word in _ACTIVE_WORDS) or "/embeddings/" in name


def _runs_or_fetches(parts: dict[str, bytes]) -> bool:
    """Whether a part is a programme by its type, or something outside is fetched: a template, a picture, a sheet."""
    types = parts["[Content_Types].xml"].lower()
    if any(word in types for word in (b"macroenabled", b"vbaproject", b"activex")):
        return True
    return any(
        relation.get("TargetMode", "").lower() == "external"
        and not relation.get("Type", "").lower().endswith(_HARMLESS_OUTSIDE)
        for name, content in parts.items()
        if name.lower().endswith(".rels")
        for relation in fromstring(content).iter(_RELATIONS)
    )


# ---------------------------------------------------------------------------- plain text


def is_text(content: bytes) -> bool:
    return as_text(content) is not None


def make_plain(content: bytes, _limits: Limits) -> Made | Unacceptable:
    text = as_text(content)
    if text is None:
        return Unacceptable(Refusal.TYPE)
    return Made(text.encode(), "text/plain", ".txt") if text.strip() else Unacceptable(Refusal.EMPTY)


def as_text(content: bytes) -> str | None:
    """Text in the encodings that are met: UTF-8, UTF-16 with its mark, Arabic Windows. None where it is no text."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1256"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None
