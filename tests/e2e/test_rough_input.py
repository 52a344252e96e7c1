"""What breaks bots in the real world, thrown at the running process: it costs no more than itself, and is answered.

One process takes it all: files of other structures than their names say, updates that no server should send, words with
characters that nobody sees.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from pikepdf import Dictionary, Name, String
from PIL import Image

from bot.sandbox import JOHN, MOHAMMED, STAFF_EN
from bot.sandbox.wire import Wire
from locales import Language, clean
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident
from tests.services.file_samples import FILM, MACROS, PDF, WORD, hungry, package, pdf, picture

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(0)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("rough"), hired=True, webhook=True) as started:
        yield started


def grey() -> bytes:
    """A PNG of sixteen bits of grey: black on its left, white on its right."""
    image = Image.new("I;16", (64, 8))
    image.paste(65_535, (32, 0, 64, 8))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


#: What a file says it is, and what it is.
TAKEN = {
    "film.mp4": ("video/mp4", FILM.replace(b"ftypisom", b"ftypiso5", 1)),
    "talk.mp3": ("audio/mpeg", b"\xff\xf3\x44\xc4" + bytes(400)),
    "bom.pdf": ("application/pdf", b"\xef\xbb\xbf" + PDF),
    "letter.docx": ("application/octet-stream", package(WORD, part="word/document2.xml")),
    "photo.jpg": ("image/jpg", picture()),
    "grey.png": ("image/png; charset=binary", grey()),
}
_SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
REFUSED = {
    "invoice.pdf": ("application/pdf", b"MZ" + bytes(400)),
    "macros.docx": ("application/octet-stream", MACROS),
    "script.pdf": ("application/pdf", pdf(root={"OpenAction": _SCRIPT})),
    "hungry.png": ("image/png", hungry()),
}


async def test_a_file_is_what_its_structure_says_and_who_sent_another_is_told_why(town: Municipality) -> None:
    john, ahmed = Resident.of(town, Language.EN, JOHN), Member(town, STAFF_EN)
    reference = await john.complains(photos=0)
    card = await ahmed.card(reference)
    await ahmed.asks("What have you got?", card.id)
    asked = await john.sees("❓ The municipality asks:")
    for name, (mime, content) in (TAKEN | REFUSED).items():
        await john.person.sends_document(name, mime, content, reply_to=asked.id)
    await town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'", 0, 30)
    await town.all_sent()

    rows = await town.rows("SELECT name, status, sha256 FROM files")
    assert {str(row["name"]) for row in rows if row["status"] == "stored"} == {*TAKEN}
    assert {str(row["name"]) for row in rows if row["status"] == "refused"} == {*REFUSED}
    told = "\n".join(clean(one.text) for one in john.person.messages)
    assert [name for name in REFUSED if f"could not save the file {name}" not in told] == []
    assert "macros, scripts" in told
    (kept,) = [str(row["sha256"]) for row in rows if row["name"] == "grey.png"]
    (path,) = (town.settings.data_dir / "files").rglob(f"{kept}*")
    with Image.open(path) as image:
        assert image.convert("L").getextrema() == (0, 255)  # no white sheet
    assert town.sandbox.violations == []


async def delivers(town: Municipality, update: Wire) -> None:
    """As Telegram's server would: what is not taken comes again."""
    url = str(town.sandbox.world.settings["webhook_url"])
    headers = {"X-Telegram-Bot-Api-Secret-Token": "e2e", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(3):
            async with session.post(url, data=json.dumps(update)) as answer:
                if answer.status == 200:
                    return
    raise AssertionError(f"it comes for ever: {update}")


#: Beside these there is what Telegram says that there is.
ODD: tuple[Wire, ...] = (
    {"text": "half a \ud83d character"},
    {"text": "a\0b"},
    {"text": "hello", "date": 1 << 62},
    {"text": "hello", "message_id": "5"},
    {"text": "hello", "from": {"id": MOHAMMED, "first_name": "Mohammed"}},
    {"text": "hello", "entities": [{"type": "bold"}, None]},
    {"text": "hello", "forward_origin": {"type": "user"}},
    {"photo": [{"file_id": "p", "file_unique_id": "p", "width": "wide", "height": 3}]},
    {"location": {"latitude": 26.2}},
    {"web_app_data": {"data": "{", "button_text": "x"}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 7}]}},
    {"newer_than_this_bot": {"any": "thing"}},
)


async def test_an_update_that_is_wrong_costs_itself_at_most_and_its_sender_hears_a_word(town: Municipality) -> None:
    mohammed, john = Resident.of(town, Language.EN, MOHAMMED), Resident.of(town, Language.EN, JOHN)
    await mohammed.says("/start")
    await mohammed.is_answered()
    chat, sender = {"id": MOHAMMED, "type": "private"}, {"id": MOHAMMED, "is_bot": False, "first_name": "Mohammed"}
    told = "SELECT count(*) AS n FROM outbox WHERE chat = :chat AND status = 'sent'"
    for number, odd in enumerate(ODD):
        heard = await town.count(told, chat=str(MOHAMMED))
        message = {"message_id": 9000 + number, "date": 1_790_000_000, "chat": chat, "from": sender} | odd
        await delivers(town, {"update_id": (1 << 63) + number, "message": message})
        await town.all_sent()
        assert await town.count(told, chat=str(MOHAMMED)) > heard, odd
    await john.says("/help")
    await john.is_answered()
    assert await town.count("SELECT count(*) AS n FROM dead_letters") == 0


async def test_invisible_characters_and_other_spellings_hide_nothing(town: Municipality) -> None:
    john, ahmed = Resident.of(town, Language.EN, JOHN), Member(town, STAFF_EN)
    reference = await john.complains("رسالة إلى وزارة شؤون البلديات", photos=0, at=(26.2410, 50.5760))
    await ahmed.card(reference)
    await john.says(f"/track {reference[:4]}\u200b{reference[4:]}")
    assert reference in (await john.is_answered()).text
    await ahmed.says("/find شئون")
    assert reference in (await ahmed.person.sees(reference)).text


async def test_the_web_server_does_not_say_what_it_is(town: Municipality) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/readyz", "/nothing"):
            async with session.get(f"{town.process.url}{path}") as answer:
                assert "Server" not in answer.headers


async def test_a_delivery_whose_number_cannot_be_kept_keeps_nobody_else_waiting(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    john, mohammed = Resident.of(town, Language.EN, JOHN), Resident.of(town, Language.EN, MOHAMMED)
    await town.all_sent()
    with monkeypatch.context() as patch:
        patch.setattr(town.sandbox.world, "last_message", (1 << 63) + 5)
        await mohammed.says("/help")
        await mohammed.is_answered()
    await john.says("/help")
    await john.is_answered()  # which is noted: what cannot be is tried again by itself
    owed = "SELECT count(*) AS n FROM outbox WHERE chat = :chat AND status = 'pending'"
    await town.eventually(owed, 0, chat=str(JOHN))
