"""`customer-day check` on what an operator writes."""

from __future__ import annotations

from pathlib import Path

from bot.check import Finding, State, findings
from bot.settings import Settings


async def _found(what: str, **given: object) -> Finding:
    settings = Settings.model_validate(given)
    (found,) = [one async for one in findings(settings) if one.what == what]
    return found


async def test_the_shipped_ready_texts_are_counted(tmp_path: Path) -> None:
    found = await _found("templates", data_dir=tmp_path)
    assert found.state is State.OK
    assert "ready texts for staff" in found.text


async def test_a_mistake_in_the_ready_texts_is_shown_with_its_line(tmp_path: Path) -> None:
    ours = tmp_path / "ours.yaml"
    ours.write_text(
        "templates:\n  thanks:\n    title: { ar: شكر, en: Thanks }\n    text: { ar: شكراً, en: '{referense}' }\n"
    )
    found = await _found("templates", data_dir=tmp_path, templates=ours)
    assert found.state is State.WRONG
    assert "ours.yaml:4: templates.thanks.text.en: expected one of the placeholders: did you mean “reference”?" in (
        found.text
    )
    assert "CUSTOMER_DAY_TEMPLATES" in found.text
