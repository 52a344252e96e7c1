"""Every file's one way in: announced, fetched, checked, stored."""

from __future__ import annotations

import asyncio
import io
import itertools
import struct
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from services.cases import resident_actions
from services.files import attachments
from services.files.attachments import Gone, Refused, Sent, Store, TooLarge
from services.files.kinds import Limits, Prepared, Refusal, Unacceptable
from services.files.media import without_tags
from services.files.sanitiser import prepare
from storage import files as rows
from storage.database import Database
from storage.ids import FileId
from storage.records.files import FileRow, FileStatus
from storage.records.residents import Resident
from tests.services.case_builders import START, Casework
from tests.services.file_samples import DOCX, FILM, MACROS, MP3, OGG, PDF, XLSX, box, hungry, packed, picture

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo_with_exif(orientation: int = 6) -> bytes:
    """As a phone takes it: place, maker, lying on its side, a comment."""
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    exif[ORIENTATION] = orientation
    exif[GPS] = {1: "N", 2: (26.0, 13.0, 42.5), 3: "E", 4: (50.0, 35.0, 9.6)}
    return picture(size=(60, 40), exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)


# ---------------------------------------------------------------------------- pictures


def test_a_picture_is_kept_upright_and_without_its_place() -> None:
    original = photo_with_exif()
    assert b"SecretPhone" in original
    made = prepare("photo", "", "image/jpeg", original)
    assert isinstance(made, Prepared)
    assert b"Secret" not in made.content
    with Image.open(io.BytesIO(made.content)) as image:
        assert dict(image.getexif()) == {}
        assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
        assert image.size == (40, 60)
    assert (made.mime, made.name) == ("image/jpeg", "photo.jpg")


def test_a_png_loses_its_texts_and_keeps_its_transparency() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", "SecretPlace")
    made = prepare("document", "map.png", "image/png", picture("PNG", mode="RGBA", pnginfo=texts))
    assert isinstance(made, Prepared)
    assert b"SecretPlace" not in made.content
    with Image.open(io.BytesIO(made.content)) as image:
        assert (image.format, image.mode, image.info) == ("PNG", "RGBA", {})


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "1", "I;16", "RGB"])
def test_pictures_of_any_colours(mode: str) -> None:
    form = "PNG"
    target = io.BytesIO()
    Image.new(mode, (8, 8)).save(target, form)
    assert isinstance(prepare("photo", "", "", target.getvalue()), Prepared)


def test_what_follows_a_picture_is_not_kept() -> None:
    made = prepare("document", "x.jpg", "image/jpeg", picture() + packed("evil.sh", content=b"rm -rf /" * 50))
    assert isinstance(made, Prepared)
    assert not zipfile.is_zipfile(io.BytesIO(made.content))


def test_a_large_picture_is_scaled_down() -> None:
    made = prepare("photo", "", "", picture(size=(5000, 1000)), Limits(side=1000))
    assert isinstance(made, Prepared)
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.size == (1000, 200)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = picture("PNG", (20_000, 10_000), "1")  # 25 kB that would be 600 MB
    assert len(bomb) < 100_000
    assert prepare("photo", "", "", bomb) == Unacceptable(Refusal.TOO_LARGE)


def test_a_moving_picture_is_refused() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for form in ("PNG", "WEBP"):
        target = io.BytesIO()
        frames[0].save(target, form, save_all=True, append_images=frames[1:], duration=100)
        assert prepare("photo", "", "", target.getvalue()) == Unacceptable(Refusal.ANIMATED)


def test_a_phones_second_picture_is_no_animation() -> None:
    target = io.BytesIO()
    first = Image.new("RGB", (8, 8), "red")
    first.save(target, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")])
    assert isinstance(prepare("photo", "", "", target.getvalue()), Prepared)


def test_a_picture_that_breaks_off_is_damaged() -> None:
    whole = picture(size=(400, 400), quality=95)
    assert prepare("photo", "", "", whole[: len(whole) // 2]) == Unacceptable(Refusal.DAMAGED)


# ---------------------------------------------------------------------------- other kinds


@pytest.mark.parametrize(
    ("kind", "name", "mime", "content", "kept_as"),
    [
        ("document", "letter.PDF", "application/pdf", PDF, ("application/pdf", "letter.pdf")),
        ("document", "كتاب رسمي.docx", "", DOCX, (None, "كتاب رسمي.docx")),
        ("document", "list.xlsx", "application/octet-stream", XLSX, (None, "list.xlsx")),
        ("document", "note.txt", "text/plain", "السلام عليكم".encode("cp1256"), ("text/plain", "note.txt")),
        ("document", "", "", b"just words", ("text/plain", "document.txt")),
        ("document", "../../etc/passwd\u202e.txt", "text/plain", b"x", ("text/plain", "passwd.txt")),
        ("voice", "", "audio/ogg", OGG, ("audio/ogg", "voice.ogg")),
        ("voice", "", "", OGG, ("audio/ogg", "voice.ogg")),
        ("voice", "song.mp3", "audio/mpeg", MP3, ("audio/mpeg", "song.mp3")),
        ("voice", "memo.m4a", "audio/mp4", FILM.replace(b"isom", b"M4A ", 1), ("audio/mp4", "memo.m4a")),
        ("video", "", "video/mp4", FILM, ("video/mp4", "video.mp4")),
    ],
)
def test_what_is_taken(kind: str, name: str, mime: str, content: bytes, kept_as: tuple[str | None, str]) -> None:
    made = prepare(kind, name, mime, content)
    assert isinstance(made, Prepared), made
    assert made.name == kept_as[1]
    assert kept_as[0] in {None, made.mime}


@pytest.mark.parametrize(
    ("kind", "name", "mime", "content", "reason"),
    [
        ("photo", "", "image/jpeg", PDF, Refusal.TYPE),
        ("photo", "", "image/jpeg", picture("GIF"), Refusal.TYPE),
        ("photo", "", "image/heic", box(b"ftyp", b"heic\0\0\0\0mif1heic") + bytes(50), Refusal.HEIC),
        ("document", "x.pdf", "application/pdf", picture(), Refusal.TYPE),
        ("document", "x.jpg", "image/jpeg", PDF, Refusal.TYPE),
        ("document", "x.pdf", "application/pdf", PDF + packed("a"), Refusal.TYPE),
        ("document", "x.pdf", "application/pdf", b"GIF89a" + PDF, Refusal.TYPE),
        ("document", "x.pdf", "application/pdf", b"%PDF-1.7\nno end", Refusal.DAMAGED),
        ("document", "x.docx", "", MACROS, Refusal.ACTIVE),
        ("document", "x.docx", "", packed("a.txt"), Refusal.TYPE),
        ("document", "x.docx", "", DOCX[: len(DOCX) - 30], Refusal.DAMAGED),
        ("document", "x.txt", "text/plain", b"MZ\0\0\0", Refusal.TYPE),
        ("document", "run.exe", "", b"MZ" + bytes(100), Refusal.TYPE),
        ("document", "x.svg", "image/svg+xml", bytes(20), Refusal.TYPE),
        ("voice", "", "audio/ogg", MP3, Refusal.TYPE),
        ("voice", "", "", b"just words", Refusal.TYPE),
        ("document", "", "text/plain", b"\xff\xfe", Refusal.EMPTY),
        ("video", "", "video/mp4", OGG, Refusal.TYPE),
        ("video", "", "video/mp4", FILM + packed("a"), Refusal.DAMAGED),
        ("video", "", "video/mp4", FILM[:-3], Refusal.DAMAGED),
        ("photo", "", "", b"", Refusal.EMPTY),
    ],
)
def test_what_is_refused(kind: str, name: str, mime: str, content: bytes, reason: Refusal) -> None:
    assert prepare(kind, name, mime, content) == Unacceptable(reason)


def test_a_packed_bomb_is_refused_unopened() -> None:
    bomb = packed("[Content_Types].xml", "word/document.xml", content=bytes(2_000_000))
    assert prepare("document", "x.docx", "", bomb, Limits(unpacked=1_000_000)) == Unacceptable(Refusal.TOO_LARGE)


def test_a_film_loses_its_tags_and_nothing_in_it_moves() -> None:
    made = without_tags(FILM)
    assert len(made) == len(FILM)
    assert b"+26.2285" not in made
    assert b"Secret1" not in made
    assert made.index(b"mdat") == FILM.index(b"mdat")


def test_a_song_loses_its_tags() -> None:
    made = prepare("voice", "", "audio/mpeg", MP3 + b"TAG" + b"SecretAlbum".ljust(125))
    assert isinstance(made, Prepared)
    assert b"Secret" not in made.content
    assert made.content.startswith(b"\xff\xfb")


@given(
    st.sampled_from(["photo", "video", "voice", "document"]),
    st.text(max_size=20),
    st.sampled_from([picture(), PDF, DOCX, OGG, FILM, MP3, b""]),
    st.binary(max_size=60),
    st.integers(0, 400),
)
def test_no_content_whatever_breaks_the_check(kind: str, name: str, base: bytes, noise: bytes, where: int) -> None:
    content = base[:where] + noise + base[where + len(noise) :]
    outcome = prepare(kind, name, "", content)
    if isinstance(outcome, Prepared):
        assert outcome.content
        assert "/" not in outcome.name
        assert outcome.name.endswith((".jpg", ".png", ".pdf", ".docx", ".xlsx", ".txt", ".ogg", ".mp3", ".m4a", ".mp4"))


# ---------------------------------------------------------------------------- the store


def test_the_same_content_is_stored_once_and_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = store.put(b"x", START), store.put(b"x", START)
    assert first == second
    assert store.open(first) == b"x"
    assert [path.name for path in (tmp_path / first[:2]).iterdir()] == [first]
    store.remove(first)
    store.remove(first)
    with pytest.raises(FileNotFoundError):
        store.open(first)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_hash_names_a_content(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Store(tmp_path).open(name)


# ---------------------------------------------------------------------------- announced


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


async def _keep(casework: Casework, who: Resident, *sent: Sent) -> tuple[FileId, ...] | Refused:
    return await casework.do(attachments.keep, who, sent)


async def _row(casework: Casework, file: FileId) -> FileRow:
    async with casework.work() as work:
        row = await rows.by_id(work.tx, file)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (Sent("photo", "r", "u", size=21_000_000), Refusal.TOO_LARGE),
        (Sent("document", "r", "u", "virus.exe"), Refusal.TYPE),
        (Sent("document", "r", "u", "x.pdf", "application/x-msdownload"), Refusal.TYPE),
        (Sent("document", "r", "u", "x.heic", "image/heic"), Refusal.HEIC),
        (Sent("video", "r", "u", "x.mov", "video/quicktime"), Refusal.TYPE),
        (Sent("voice", "r", "u", "x.wav", "audio/wav"), Refusal.TYPE),
    ],
)
async def test_what_the_announcement_tells_is_refused_at_once(
    casework: Casework, fatima: Resident, sent: Sent, reason: Refusal
) -> None:
    refused = await _keep(casework, fatima, Sent("photo", "ok", "ok"), sent)
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    async with casework.work() as work:
        assert await rows.of_resident(work.tx, fatima.id) == []


async def test_the_same_file_from_the_same_person_is_one_row(casework: Casework, fatima: Resident) -> None:
    first = await _keep(casework, fatima, Sent("photo", "r1", "u"), Sent("photo", "r1", "u"))
    assert isinstance(first, tuple)
    assert len(first) == 1
    assert await _keep(casework, fatima, Sent("photo", "r2", "u")) == first
    ali = await casework.resident("Ali")
    assert await _keep(casework, ali, Sent("photo", "r1", "u")) != first


# ---------------------------------------------------------------------------- fetched


class Remote:
    """What the channel holds, and what befalls those who ask for it."""

    def __init__(self) -> None:
        self.holds: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    async def fetch(self, remote_id: str, limit: int) -> bytes:
        self.asked.append(remote_id)
        await asyncio.sleep(0)
        content = self.holds[remote_id]
        if isinstance(content, Exception):
            raise content
        if len(content) > limit:
            raise TooLarge
        return content


@pytest.fixture
def remote() -> Remote:
    return Remote()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


async def _one(casework: Casework, fatima: Resident, remote: Remote, content: bytes | Exception) -> FileId:
    remote.holds["r"] = content
    kept = await _keep(casework, fatima, Sent("photo", "r", "u"))
    assert isinstance(kept, tuple)
    return kept[0]


async def _notices(casework: Casework, who: Resident) -> list[str]:
    async with casework.work() as work:
        found = await work.tx.all("SELECT payload FROM outbox WHERE resident_id = :id", id=who.id)
    return [str(row["payload"]) for row in found]


async def test_what_is_wanted_is_fetched_checked_and_stored(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, photo_with_exif())
    assert await attachments.fetch_due(casework.work, remote.fetch, store) == 1
    row = await _row(casework, file)
    assert (row.status, row.mime, row.attempts) == (FileStatus.STORED, "image/jpeg", 1)
    content = store.open(row.sha256)
    assert row.size == len(content)
    assert b"Secret" not in content
    assert await attachments.fetch_due(casework.work, remote.fetch, store) == 0


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (PDF, FileStatus.REFUSED, Refusal.TYPE),
        (bytes(21_000_000), FileStatus.REFUSED, Refusal.TOO_LARGE),
        (Gone(), FileStatus.GONE, Refusal.GONE),
    ],
)
async def test_who_sent_what_cannot_be_kept_is_told_once(
    casework: Casework,
    fatima: Resident,
    remote: Remote,
    store: Store,
    content: bytes | Exception,
    status: FileStatus,
    reason: Refusal,
) -> None:
    file = await _one(casework, fatima, remote, content)
    for _ in range(3):
        await attachments.fetch_due(casework.work, remote.fetch, store)
        casework.wait(hours=1)
    row = await _row(casework, file)
    assert (row.status, row.reason) == (status, reason)
    assert await _notices(casework, fatima) == [f'{{"about":"file_refused","file":{file}}}']
    again = await _keep(casework, fatima, Sent("photo", "r", "u"))
    assert again == (file,) if status is FileStatus.GONE else isinstance(again, Refused)


async def test_a_failing_network_is_tried_again_with_growing_pauses_and_at_last_given_up(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, OSError("no route"))
    tried = []
    for _ in range(40 * 60):
        if await attachments.fetch_due(casework.work, remote.fetch, store):
            tried.append(casework.now)
        if (await _row(casework, file)).status is not FileStatus.WANTED:
            break
        casework.wait(minutes=1)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == timedelta(hours=2)
    assert (await _row(casework, file)).status is FileStatus.GONE
    assert len(await _notices(casework, fatima)) == 1


async def test_a_later_try_may_work(casework: Casework, fatima: Resident, remote: Remote, store: Store) -> None:
    file = await _one(casework, fatima, remote, OSError("no route"))
    await attachments.fetch_due(casework.work, remote.fetch, store)
    assert await attachments.fetch_due(casework.work, remote.fetch, store) == 0
    remote.holds["r"] = picture()
    casework.wait(seconds=30)
    await attachments.fetch_due(casework.work, remote.fetch, store)
    assert (await _row(casework, file)).status is FileStatus.STORED


async def test_whoever_is_killed_with_a_file_leaves_it_to_the_next(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, picture())
    async with casework.work() as work:
        taken = await rows.take_wanted(work.tx, work.now, work.now + attachments.LEASE, 8)
    assert [row.id for row in taken] == [file]  # and it dies here
    assert await attachments.fetch_due(casework.work, remote.fetch, store) == 0
    casework.now += attachments.LEASE
    assert await attachments.fetch_due(casework.work, remote.fetch, store) == 1
    assert (await _row(casework, file)).status is FileStatus.STORED


async def test_a_download_slower_than_the_lease_is_left_to_whoever_began_it(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, picture())
    others: list[int] = []

    async def slowly(remote_id: str, limit: int) -> bytes:
        for _ in range(3):
            casework.now += attachments.LEASE
            while await _ran_out(casework):  # noqa: ASYNC110 - until it is renewed
                await asyncio.sleep(0)
            others.append(await attachments.fetch_due(casework.work, remote.fetch, store))
        return await remote.fetch(remote_id, limit)

    await attachments.fetch_due(casework.work, slowly, store, renew_seconds=0.001)
    assert others == [0, 0, 0]
    row = await _row(casework, file)
    assert (row.status, row.attempts) == (FileStatus.STORED, 1)


async def _ran_out(casework: Casework) -> bool:
    async with casework.work() as work:
        return await work.tx.one("SELECT 1 FROM files WHERE not_before <= :now", now=casework.now) is not None


async def test_one_bad_file_does_not_keep_the_others(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    remote.holds |= {"bad": RuntimeError("a defect"), "good": picture()}
    kept = await _keep(casework, fatima, Sent("photo", "bad", "u1"), Sent("photo", "good", "u2"))
    assert isinstance(kept, tuple)
    with pytest.raises(RuntimeError, match="a defect"):
        await attachments.fetch_due(casework.work, remote.fetch, store)
    assert (await _row(casework, kept[1])).status is FileStatus.STORED
    assert (await _row(casework, kept[0])).status is FileStatus.WANTED


async def test_what_was_refused_is_counted_nowhere(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    good = await _one(casework, fatima, remote, picture())
    case = await casework.case(fatima, files=(good,))
    await attachments.fetch_due(casework.work, remote.fetch, store)
    remote.holds["bad"] = PDF
    kept = await _keep(casework, fatima, Sent("photo", "bad", "bad"))
    assert isinstance(kept, tuple)
    (bad,) = kept
    await casework.do(resident_actions.add_information, case.reference, fatima, "", (bad,))
    await attachments.fetch_due(casework.work, remote.fetch, store)
    assert (await _row(casework, bad)).status is FileStatus.REFUSED
    assert [file.id for file, _ in await casework.do(resident_actions.files_of, case.id)] == [good]
    assert await casework.do(attachments.usable, (bad, good)) == (good,)


async def test_a_file_that_kills_its_decoder_is_refused_after_the_third_try(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, hungry())
    for _ in range(3):
        assert (await _row(casework, file)).status is FileStatus.WANTED
        await attachments.fetch_due(casework.work, remote.fetch, store, limits=Limits(pixels=10**9))
        casework.wait(minutes=60)
    row = await _row(casework, file)
    assert (row.status, row.reason) == (FileStatus.REFUSED, Refusal.DAMAGED)
    assert len(await _notices(casework, fatima)) == 1


async def test_a_file_that_meets_a_defect_is_given_up_in_the_end(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, RuntimeError("a defect"))
    for _ in range(attachments.TRIES):
        with pytest.raises(RuntimeError, match="a defect"):
            await attachments.fetch_due(casework.work, remote.fetch, store)
        assert await attachments.fetch_due(casework.work, remote.fetch, store) == 0  # others have their turn
        casework.wait(hours=3)
    assert (await _row(casework, file)).status is FileStatus.GONE


def test_a_film_of_boxes_within_boxes_is_refused_and_breaks_nothing() -> None:
    boxes = b""
    for _ in range(3000):
        boxes = struct.pack(">I4s", len(boxes) + 8, b"moov") + boxes
    film = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + boxes

    assert isinstance(prepare("video", "film.mp4", "video/mp4", film), Unacceptable)


async def test_two_workers_fetch_each_file_once(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    remote.holds = {f"r{n}": picture(size=(n + 1, 1)) for n in range(6)}
    await _keep(casework, fatima, *(Sent("photo", f"r{n}", f"u{n}") for n in range(6)))
    tried = await asyncio.gather(
        *(attachments.fetch_due(casework.work, remote.fetch, store, batch=6) for _ in range(3))
    )
    assert sum(tried) == 6
    assert sorted(remote.asked) == sorted(remote.holds)


# ---------------------------------------------------------------------------- swept


async def test_what_no_row_names_is_removed_after_an_hour(
    casework: Casework, fatima: Resident, remote: Remote, store: Store
) -> None:
    file = await _one(casework, fatima, remote, picture())
    await attachments.fetch_due(casework.work, remote.fetch, store)
    kept = (await _row(casework, file)).sha256
    left_by_a_crash = store.put(b"nobody's", casework.now)
    casework.wait(minutes=59)
    assert await attachments.sweep(casework.work, store) == 0
    casework.wait(minutes=2)
    assert await attachments.sweep(casework.work, store) == 1
    assert store.open(kept)
    with pytest.raises(FileNotFoundError):
        store.open(left_by_a_crash)
