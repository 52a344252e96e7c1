"""A complaint from the first photo to the stars, with the real process, in both languages."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from bot.sandbox import MOHAMMED, STAFF_AR, samples
from locales import Language
from tests.e2e.process import Municipality
from tests.e2e.talking import BOTH, STREETS, Resident

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.at_some_instants(2, together=True),
    pytest.mark.parametrize("language", BOTH),
]


async def test_a_complaint_goes_all_its_way(town: Municipality, language: Language) -> None:
    resident, desk = Resident.of(town, language), town.staff(STAFF_AR)

    def mine(words: str) -> str:
        """Words that nobody else wrote: the residents of both languages share one group of staff."""
        return f"{words} ({resident.person.id})"

    reference = await resident.complains(at=STREETS[language])

    assert resident.tapped + resident.typed <= 8
    card = await desk.sees(reference)
    assert resident.person.account.first_name not in card.text

    await town.moves(reference, "take_up")
    await town.moves(reference, "ask", "Which bin is it?")
    asked = await resident.sees("❓ The municipality asks:")
    await town.all_sent()  # nobody replies within the moment it takes to note which message it was
    await resident.says(mine("The one by the mosque"), reply_to=asked.id)
    await desk.sees(mine("The one by the mosque"))

    await town.moves(reference, "ask", "Since when?")
    await resident.sees("❓ The municipality asks:")
    await resident.taps("Reply to question")
    await town.sandbox.drained()
    await resident.says(mine("Since Sunday"))
    await desk.sees(mine("Since Sunday"))

    await town.moves(reference, "reply", "A truck is on its way")
    await town.all_sent()
    await resident.person.reacts("👍", (await resident.person.sees("A truck is on its way")).id)
    await desk.sees("👀")
    await town.moves(reference, "resolve", "Emptied")
    await resident.sees("🛠 The municipality says this is solved.")
    await resident.taps("❌ Not fixed")
    await resident.sees("What is not fixed yet? A photo helps.")
    await resident.says(mine("Still full"))
    await desk.sees(mine("Still full"))
    await town.moves(reference, "resolve", "Emptied now")
    await resident.sees("🛠 The municipality says this is solved.")
    await resident.taps("✅ Fixed")
    await resident.sees("✅ Request {reference} is closed.")
    await resident.person.taps("5 ⭐")
    await resident.sees("You can add a comment now.")
    await resident.says("Quick")
    await resident.sees("Thank you. This helps us improve the")
    await town.all_sent()
    (case,) = await town.rows("SELECT id, status, outcome FROM cases WHERE reference = :ref", ref=reference)
    assert (case["status"], case["outcome"]) == ("closed", "fixed")
    rated = await town.rows(
        "SELECT stars, comment FROM ratings WHERE subject_id = :id AND subject = 'case'", id=int(str(case["id"]))
    )
    assert rated == [{"stars": 5, "comment": "Quick"}]
    assert town.sandbox.violations == []


async def test_what_follows_a_question_can_be_taken_back_also_after_kill_9(
    town: Municipality, language: Language
) -> None:
    resident = Resident.of(town, language)
    reference = await resident.complains(at=STREETS[language])
    await town.moves(reference, "ask", "Which bin is it?")
    await resident.sees("❓ The municipality asks:")
    await town.all_sent()
    for answer in ("The one by the school", "The one by the market"):
        await resident.says(answer)
        await resident.sees("✅ This is your answer about request {ref}.")
        await town.sandbox.drained()
        await town.process.kill()
        await town.process.start()
        if answer.endswith("school"):
            await resident.taps("✖️ Not the answer")
            await resident.sees("OK, that was not your answer.")
            await resident.says("/menu")
            await resident.sees("<b>Main menu</b>")

    said = await town.rows(
        """
        SELECT e.words, e.public FROM case_events e JOIN cases c ON c.id = e.case_id
        WHERE c.reference = :ref AND e.what = 'information' ORDER BY e.id
        """,
        ref=reference,
    )
    assert [(row["words"], bool(row["public"])) for row in said] == [("", False), ("The one by the market", True)]
    told = "SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND key LIKE 'case:%:staff'"
    assert await town.count(told) == 1
    await resident.taps("✖️ Not the answer")
    await resident.sees("OK, that was not your answer.")
    await resident.says("/menu")
    await town.moves(reference, "resolve", "The bins are emptied")
    await town.all_sent()


async def test_a_photo_is_kept_once_by_its_hash_and_without_what_it_tells(
    town: Municipality, language: Language
) -> None:
    resident = Resident.of(town, language, MOHAMMED)
    resident.t = Resident.of(town, Language.AR).t
    with_place = _with_place(samples.photo(number=40 + len(language)))
    await resident.says("/start complain_northern")
    await resident.sees("When you submit a complaint, we will give you a reference and send you updates here.")
    await resident.taps("📢 Submit a complaint")
    await town.sandbox.drained()
    await resident.person.sends_photo(with_place)
    await resident.sees("We have added this to your request.")
    await town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'")

    row = (await town.rows("SELECT * FROM files ORDER BY id DESC"))[0]
    stored = list((town.settings.data_dir / "files").rglob(f"{row['sha256']}*"))
    assert row["status"] == "stored"
    assert len(stored) == 1
    content = stored[0].read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert content != with_place
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
    await resident.says("/cancel")


async def test_an_album_gets_one_answer(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language)
    await resident.says("/menu")
    await resident.sees("<b>Main menu</b>")
    await town.all_sent()
    before = len(resident.person.messages)

    await resident.person.sends_album(5)
    await resident.person.sees("5")
    await town.all_sent()
    await resident.person.quiet()

    assert len(resident.person.messages) - before == 1


def _with_place(photo: bytes) -> bytes:
    """The photo with a camera's notes about where it was taken."""
    with Image.open(io.BytesIO(photo)) as picture:
        exif = Image.Exif()
        exif[0x010F] = "Camera"
        exif.get_ifd(0x8825)[1] = "N"
        out = io.BytesIO()
        picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_staff_work_from_the_command_line(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language)
    reference = await resident.complains("The lamp is broken", photos=0, at=STREETS[language])

    said = await town.command("case", reference, "ask", "Which lamp?", "--actor", "Maryam")

    assert said.strip() == f"{reference}: awaiting_resident"
    assert "Which lamp?" in (await resident.sees("❓ The municipality asks:")).text
