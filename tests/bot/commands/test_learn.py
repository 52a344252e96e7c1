from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.app import open_context
from bot.commands.learn import report
from bot.settings import Settings
from services.cases import resident_actions
from services.cases.resident_actions import NewCase
from services.unit_of_work import Work
from storage import residents
from storage.ids import CategoryId, OfficeId
from storage.records.cases import Case, CaseKind

SINCE = date(2000, 1, 1)


async def told(settings: Settings, *requests: tuple[str, str, str]) -> list[str]:
    """Requests by their words, category and office; their references."""
    references: list[str] = []
    async with open_context(settings) as context:
        for number, (words, category, office) in enumerate(requests):

            async def submit(
                work: Work, number: int = number, words: str = words, category: str = category, office: str = office
            ) -> Case:
                resident = await residents.add(work.tx, "telegram", str(5000 + number), "Fatima", "en", work.now)
                new = NewCase(
                    kind=CaseKind.COMPLAINT, category=CategoryId(category), office=OfficeId(office), words=words
                )
                case = await resident_actions.submit(work, resident, new)
                assert isinstance(case, Case)
                return case

            references.append((await context.attempt(submit)).reference)
    return references


async def test_what_was_misunderstood_is_named_by_reference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=tmp_path)
    _, wrong, _, _ = await told(
        settings,
        ("Stray dogs bark all night", "strays", "capital"),
        ("Stray dogs bark all night", "parks", "capital"),
        ("The whatsit is wobbly", "parks", "capital"),
        ("A wobbly whatsit again", "parks", "capital"),
    )

    assert await report(settings, SINCE) == 0

    said = capsys.readouterr().out
    assert "4 requests with words" in said
    assert f"taken for strays, was parks: 1 ({wrong})" in said
    assert "not understood in parks: " in said
    assert "whatsit" in said
    assert "bark all night" not in said


async def test_a_wrong_office_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=tmp_path)
    right, wrong = await told(
        settings, ("Full bins in block 225", "bins", "muharraq"), ("Full bins in block 225", "bins", "capital")
    )

    await report(settings, SINCE)

    said = capsys.readouterr().out
    assert f"office: recognised 2, wrong 1 ({wrong})" in said
    assert right not in said


async def test_nothing_to_learn_from_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await report(Settings(data_dir=tmp_path), SINCE)
    assert "no requests with words" in capsys.readouterr().out
