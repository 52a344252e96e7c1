"""/audit as an administrator meets it: what was done in words, page by page, by reference, person and period."""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import services
from conversations.admin.audit_words import DONE, TRIED
from services.cases.workflow import Transition
from services.staff.audit_trail import Selection, csv_lines
from services.staff.permissions import Act
from services.text.typed_days import Looking
from services.text.typed_periods import split_period
from services.visits.states import RULES
from storage import audit
from storage.audit_search import Entry
from storage.database import Database
from storage.ids import Actor, OfficeId, Subject
from storage.records.bookings import BookingEventKind, BookingStatus
from storage.records.staff import Role
from tests.conversations.staff_town import Colleague, DeskTown, in_arabic, is_refusal
from tests.conversations.town import Person
from tests.known import known
from tests.services import by_staff


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
def admin(town: DeskTown) -> Person:
    return private(town.admin)


def private(who: Colleague, language: str = "") -> Person:
    """The same person in their own chat with the bot."""
    return Person(who.town, who.address, who.name, language or who.language)


async def test_every_line_says_when_who_did_what_to_which_reference_and_from_where(
    town: DeskTown, admin: Person
) -> None:
    case = await town.case_of(await town.living())
    await town.work(lambda work: by_staff.claim(work, town.huda.person, case.id))
    await town.huda.says("/queue")  # the bot learns their name
    await admin.says(f"/audit {case.reference}")
    lines = admin.last.text.splitlines()
    claimed = next(at for at, line in enumerate(lines) if "claimed the request" in line)
    assert "Huda" in lines[claimed - 1]
    assert case.reference in lines[claimed]
    assert "in a chat" in lines[claimed]
    assert any("submitted the request" in line for line in lines)
    assert "a resident" in admin.last.text
    assert "Fatima" not in admin.last.text


async def test_it_speaks_the_language_of_who_asks(town: DeskTown) -> None:
    await town.joins(town.yusuf, Role.ADMIN, OfficeId(""))
    yusuf = private(town.yusuf)
    await yusuf.says("/audit")
    assert in_arabic(yusuf.last.text)
    assert "سجل التدقيق" in yusuf.last.text
    assert "الانضمام إلى فريق العمل" in yusuf.last.text


async def test_each_look_and_each_export_is_in_the_audit_itself(town: DeskTown, admin: Person) -> None:
    case = await town.case_of(await town.living())
    await admin.says(f"/audit {case.reference}")
    await admin.taps("📄 File (CSV)")
    assert await town.audited(f"case:{case.id}") == [
        *[one for one in await town.audited(f"case:{case.id}") if one[1].startswith("case.")],
        ("staff:9000", "audit.look"),
        ("staff:9000", "audit.export"),
    ]


async def test_pages_are_turned_in_the_same_message(town: DeskTown, admin: Person) -> None:
    case = await town.case_of(await town.living())
    for number in range(20):
        await _noted(town, case.id, number)
    await admin.says(f"/audit {case.reference}")
    first = admin.last
    assert ["Older"] in first.buttons
    await admin.taps("Older")
    assert admin.last.number == first.number
    assert ["Newer", "Older"] in admin.last.buttons
    second = admin.last.text
    await admin.taps("Older")
    await admin.taps("Newer")
    assert "claimed" not in admin.last.text
    assert _without_look(admin.last.text) == _without_look(second)


def _without_look(text: str) -> list[str]:
    """The lines but those about looking, of which each turn adds one."""
    return [line for line in text.splitlines() if "added a note" in line]


async def _noted(town: DeskTown, case: int, number: int) -> None:
    at = town.now - timedelta(hours=2) + timedelta(minutes=number)
    async with town.database.transaction() as tx:
        audit.record(tx, at, Actor("staff:9001"), "case.note", Subject(f"case:{case}"), f"event {number}")


async def test_a_person_is_found_by_name_and_several_are_offered(town: DeskTown, admin: Person) -> None:
    for who in (town.huda, town.maryam, town.yusuf):
        await who.says("/queue")
    await admin.says("/audit huda")
    assert "Person: Huda" in admin.last.text.replace("\u2068", "").replace("\u2069", "")
    await admin.says("/audit u")
    labels = [label for row in admin.last.buttons for label in row]
    assert {"Huda", "Yusuf"} <= set(labels)
    await admin.taps("Yusuf")
    assert "joined the staff" in admin.last.text
    await admin.says("/audit nobody")
    assert "We found no reference and no member of staff" in admin.last.text


async def test_a_period_is_typed_or_tapped(town: DeskTown, admin: Person) -> None:
    await _noted(town, (await town.case_of(await town.living())).id, 1)
    await admin.says("/audit 1/1/2020 2/1/2020")
    assert "Nothing was recorded in this period." in admin.last.text
    await admin.taps("Everything")
    assert "joined the staff" in admin.last.text
    await admin.taps("Today")
    assert admin.last.buttons[0][0].startswith("• ") or admin.last.buttons[1][0].startswith("• ")


async def test_a_period_said_backwards_or_in_words_is_looked_at(town: DeskTown, admin: Person) -> None:
    for typed in ("2/1/2020 1/1/2020", "1-2 Jan 2020", "من ١ إلى ٢ يناير ٢٠٢٠"):
        await admin.says(f"/audit {typed}")
        assert "Nothing was recorded in this period." in admin.last.text
        assert "1 January 2020" in admin.last.text


async def test_a_colleague_called_like_a_month_is_looked_up(town: DeskTown, admin: Person) -> None:
    await town.huda.says("/queue")
    may = Colleague(town, town.huda.address, "May", "en", town.huda.chat)
    await may.says("/queue")
    await admin.says("/audit May")
    assert "Person: \u2068May\u2069" in admin.last.text


async def test_buttons_that_are_made_up_or_expired_do_no_harm(town: DeskTown, admin: Person) -> None:
    await admin.says("/audit")
    number = admin.last.number
    for data in ("desk:audit:1:0:nothing", "desk:audit_days:77:0:x", "desk:audit_csv:0:0:", "desk:audit_who:0:0:666"):
        await admin.taps_data(data, number)
        assert "expired" in admin.toast or admin.last.text
    await town.huda.says("/find bin")
    await admin.taps_data("desk:audit_csv:0:0:zzz", number)
    assert "This list has expired" in admin.toast


@pytest.mark.parametrize("who", ["huda", "maryam", "council", "stranger"])
async def test_who_may_not_is_refused_in_private_and_in_the_group_and_written_down(town: DeskTown, who: str) -> None:
    somebody: Colleague = getattr(town, who)
    alone = private(somebody, "en")
    await alone.says("/audit")
    assert is_refusal(alone.last.text)
    await alone.taps_data("desk:audit_who:0:0:9001", alone.last.number)
    assert is_refusal(alone.toast)
    await somebody.says("/audit")
    assert is_refusal(somebody.last.text)
    found = await town.rows("SELECT action FROM audit WHERE actor = :actor", actor=f"staff:{somebody.address}")
    assert [row["action"] for row in found].count("denied.audit") == 3


async def test_in_a_group_it_leads_to_the_private_chat(town: DeskTown) -> None:
    await town.admin.says("/audit")
    assert "Other members of this group should not read this" in town.admin.last.text
    assert town.admin.last.message.rows[0][0].url.endswith("?start=admin")


async def test_who_administers_one_office_sees_what_is_about_it_alone(town: DeskTown) -> None:
    await town.joins(town.stranger, Role.ADMIN)
    await town.joins(town.huda, Role.AGENT, OfficeId("northern"))
    alone = private(town.stranger)
    await alone.says("/audit")
    assert "Capital" in alone.last.text
    assert "Northern" not in alone.last.text
    await alone.taps("📄 File (CSV)")
    (file,) = alone.last.message.files
    assert file.content is not None
    assert "office:northern" not in file.content.decode("utf-8-sig")


async def test_the_file_has_what_was_selected(town: DeskTown, admin: Person) -> None:
    case = await town.case_of(await town.living())
    await town.case_of(await town.living("1002", "Ali"))
    await admin.says(f"/audit {case.reference}")
    await admin.taps("📄 File (CSV)")
    (file,) = admin.last.message.files
    rows = list(csv.DictReader(io.StringIO(known(file.content).decode("utf-8-sig"))))
    assert {row["reference"] for row in rows} == {case.reference}
    assert [row["action"] for row in rows] == ["audit.look", "case.submit"]
    assert rows[0]["from"] == "chat"
    assert "Fatima" not in known(file.content).decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(town: DeskTown, sign: str) -> None:
    entry = Entry(
        id=1, at=town.now, actor="staff:1", action="x", subject="s", detail=f"{sign}1+1", origin="", reference=""
    )
    (row,) = csv.reader(io.StringIO(csv_lines([entry], {"staff:1": f"{sign}cmd|' /C calc'!A0"}), newline=""))
    assert row[1].startswith(f"'{sign}")
    assert row[6].startswith(f"'{sign}")


def test_everything_that_the_audit_says_has_words() -> None:
    cases = {f"case.{one}" for one in Transition}
    marks = {f"booking.{one}" for one in (BookingStatus.CHECKED_IN, BookingStatus.ATTENDED, BookingStatus.NO_SHOW)}
    visits = {f"visit.{rule.event}" for rule in RULES.values()} - {f"visit.{BookingEventKind.ATTENDED}"}
    assert cases | marks | visits | _written() <= DONE.keys()
    assert TRIED.keys() == {act.value for act in Act}


def _written() -> set[str]:
    """What the services write into the audit by its name."""
    calls = (
        node
        for path in (Path(services.__file__).parent).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record"
    )
    said = (part.value for call in calls for part in call.args if isinstance(part, ast.Constant))
    return {one for one in said if isinstance(one, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", one)}


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("", None, ""),
        ("huda", None, "huda"),
        ("1/11 15/11", (date(2026, 11, 1), date(2026, 11, 15)), ""),
        ("huda from 2026-11-01 to 15.11.2026", (date(2026, 11, 1), date(2026, 11, 15)), "huda"),
        ("مريم من ١/١١ إلى ٣/١١", (date(2026, 11, 1), date(2026, 11, 3)), "مريم"),
        ("30/12", (date(2025, 12, 30), date(2025, 12, 30)), ""),
        ("31/2 C-7K3M-2QF", None, "31/2 C-7K3M-2QF"),
        ("15/11 1/11", (date(2026, 11, 15), date(2026, 11, 1)), ""),
        ("2/12", (date(2025, 12, 2), date(2025, 12, 2)), ""),
        ("Huda 1-15 Nov", (date(2026, 11, 1), date(2026, 11, 15)), "Huda"),
        ("الشهر الماضي هدى", (date(2026, 10, 1), date(2026, 10, 31)), "هدى"),
        ("huda yesterday", (date(2026, 11, 27), date(2026, 11, 27)), "huda"),
        ("12", None, "12"),
    ],
)
def test_days_are_read_as_people_type_them(text: str, days: tuple[date, date] | None, words: str) -> None:
    assert split_period(text, date(2026, 11, 28), Looking.BACK) == (days, words)


def test_a_look_at_nobody_in_particular_is_about_every_office() -> None:
    assert Selection(since=date(2026, 11, 1)).audited_as == ("office:*", "2026-11-01..")
    assert Selection(actor="staff:7").audited_as == ("staff:7", "..")
