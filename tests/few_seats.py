"""An offices file like the shipped one, with so few seats at the Capital Municipality that people meet over them."""

from __future__ import annotations

from pathlib import Path

from services.offices import offices

SHIPPED = Path(offices.__file__).parents[1] / "data" / "bahrain.yaml"


def few_seats(folder: Path, *, slots: int = 1, capacity: int = 1, weeks: int = 4) -> Path:
    """Write it. Each of the Capital's Customer Days, so many weeks ahead, has so many times of so many seats."""
    before, capital, after = SHIPPED.read_text(encoding="utf-8").partition("\n  capital:\n")
    closes = 9 * 60 + 15 * slots
    for old, new in (
        ("closes: 12:00", f"closes: {closes // 60:02}:{closes % 60:02}"),
        ("capacity: 1", f"capacity: {capacity}"),
        ("weeks_ahead: 4", f"weeks_ahead: {weeks}"),
    ):
        assert old in after
        after = after.replace(old, new, 1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "few-seats.yaml"
    path.write_text(before + capital + after, encoding="utf-8")
    # Whose a block is, is told by a file beside it.
    (folder / "blocks.csv").write_text((SHIPPED.parent / "blocks.csv").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def two_lines(folder: Path, *, slots: int = 12, slot_minutes: int = 15) -> Path:
    """Write one in which the Capital has a second line beside the Director General's, and its team reads English."""
    before, capital, after = SHIPPED.read_text(encoding="utf-8").partition("\n  capital:\n")
    closes = 9 * 60 + slot_minutes * slots
    start, end = after.index("      - lane: director"), after.index("    contacts:")
    rule = after[start:end]
    for old, new in (
        ("closes: 12:00", f"closes: {closes // 60:02}:{closes % 60:02}"),
        ("slot_minutes: 15", f"slot_minutes: {slot_minutes}"),
    ):
        assert old in rule
        rule = rule.replace(old, new, 1)
    second = rule.replace("lane: director", "lane: projects", 1)
    second = second.replace("{ ar: المدير العام, en: Director General }", "{ ar: المشاريع, en: Projects }", 1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "two-lines.yaml"
    path.write_text(
        f"{before}{capital}    staff_language: en\n{after[:start]}{rule}{second}{after[end:]}", encoding="utf-8"
    )
    (folder / "blocks.csv").write_text((SHIPPED.parent / "blocks.csv").read_text(encoding="utf-8"), encoding="utf-8")
    return path
