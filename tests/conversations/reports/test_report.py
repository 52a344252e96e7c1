"""/report: the figures of a period, an office and a category, and who is shown how much of them."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from PIL import Image

from conversations.engine.messages import FileKind
from locales.html import to_plain
from services.improvements import improvements
from services.staff import permissions
from storage.database import Database
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.conversations.reports.report_town import COUNCIL, MINISTRY, report_town
from tests.conversations.staff_town import Colleague, DeskTown
from tests.conversations.town import Person, Shown
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)
REFUSED = "You do not have permission to do this"


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await report_town(database)


def in_private(town: DeskTown, who: Colleague) -> Person:
    return Person(town, who.address, who.name, who.language)


def sheets(shown: Shown) -> openpyxl.Workbook:
    (file,) = shown.message.files
    return openpyxl.load_workbook(io.BytesIO(file.content or b""))


def tables(shown: Shown) -> dict[str, list[dict[str, object]]]:
    (file,) = shown.message.files
    found: dict[str, list[dict[str, object]]] = json.loads(file.content or b"")["tables"]
    return found


def plain(shown: Shown) -> str:
    return "".join(letter for letter in shown.text if letter not in "\u2066\u2067\u2068\u2069\u200e\u200f")


# ---------------------------------------------------------------------------- what it says


async def test_a_manager_reads_the_month_in_the_group(town: DeskTown) -> None:
    await town.maryam.says("/report")
    said = plain(town.maryam.last)
    for line in (
        "Report: Capital Municipality",
        "from Sunday 1 November 2026 to Monday 30 November 2026",
        "New: 8",
        "Open now: 8",
        "Within target: 100% (1 of 1)",
        "Not yet due: 7",
        "Half took up to: 2 working hours",
        "5 out of 5",
        "1 rating · 1 comment",
        "Block 338: 6",
        "Block 302: 2",
    ):
        assert line in said
    assert "thank you" not in said


async def test_what_residents_asked_for_and_got_is_counted(town: DeskTown) -> None:
    made = await town.work(lambda work: improvements.begin(work, town.admin.person, OfficeId("capital")))
    assert made is not None
    (case,) = await town.rows("SELECT reference FROM cases WHERE office = 'capital' ORDER BY id LIMIT 1")
    await town.work(lambda work: improvements.link(work, town.admin.person, made.id, str(case["reference"])))
    await town.maryam.says("/report")
    assert "You said, we did" not in town.maryam.last.text
    async with town.database.transaction() as tx:
        await tx.run("UPDATE improvements SET told = 3, told_at = :now", now=town.now)
    await town.maryam.says("/report")
    said = plain(town.maryam.last)
    assert "You said, we did\nImprovements: 1\nRequests they answer: 1\nPeople told: 3" in to_plain(said)


async def test_whoever_reads_arabic_reads_it_in_arabic(town: DeskTown) -> None:
    await town.joins(town.yusuf, Role.MANAGER)
    await town.yusuf.says("/report هذا الأسبوع")
    said = plain(town.yusuf.last)
    assert "تقرير: أمانة العاصمة" in said
    assert "من الأحد 22 نوفمبر 2026 إلى السبت 28 نوفمبر 2026" in said
    assert "الجديدة: 8" in said
    assert "ضمن المدة المحددة: 100% (1 من 1)" in said


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("last month", "from Thursday 1 October 2026 to Saturday 31 October 2026"),
        ("last-week", "from Sunday 15 November 2026 to Saturday 21 November 2026"),
        ("2026-11-01 2026-11-22", "from Sunday 1 November 2026 to Sunday 22 November 2026"),
        ("from 1/11/2026 to 22.11.2026", "from Sunday 1 November 2026 to Sunday 22 November 2026"),
        ("٢٠٢٦-١١-٢٢", "Sunday 22 November 2026"),
        ("capital 1-15 Nov", "from Sunday 1 November 2026 to Sunday 15 November 2026"),
        ("الشهر الماضي العاصمة", "from Thursday 1 October 2026 to Saturday 31 October 2026"),
        ("2/12", "Tuesday 2 December 2025"),
        ("yesterday", "Saturday 21 November 2026"),
        ("this year capital bins", "Category: Bins and refuse bags"),
        ("العاصمة", "Report: Capital Municipality"),
    ],
)
async def test_a_period_an_office_and_a_category_can_be_typed(town: DeskTown, typed: str, line: str) -> None:
    await town.maryam.says(f"/report {typed}")
    assert line in plain(town.maryam.last)


@pytest.mark.parametrize(
    "typed", ["soon", "2026-13-40", "2026-11-22 2026-11-01", "2001-01-01 2026-01-01", "😀", "northern"]
)
async def test_whatever_else_is_typed_is_answered_with_what_can_be(town: DeskTown, typed: str) -> None:
    await town.maryam.says(f"/report {typed}")
    assert "This is not a period, an office or a category" in plain(town.maryam.last)
    assert town.maryam.buttons == []


async def test_buttons_turn_the_message_into_another_period_office_and_category(town: DeskTown) -> None:
    await town.joins(town.maryam, Role.ADMIN)
    maryam = in_private(town, town.maryam)
    await maryam.says("/report capital")
    shown = len(maryam.messages)
    await maryam.taps("Period")
    await maryam.taps("Last month")
    assert "New: 0" in plain(maryam.last)
    await maryam.taps("Period")
    await maryam.taps("This month")
    await maryam.taps("Category")
    await maryam.taps("Street vendors")
    assert "Category: Street vendors" in plain(maryam.last)
    assert "New: 0" in plain(maryam.last)
    await maryam.taps("Category")
    await maryam.taps("All categories")
    assert "New: 8" in plain(maryam.last)
    assert len(maryam.messages) == shown  # it is one message


async def test_in_private_there_is_a_way_back_to_the_administration_menu(town: DeskTown) -> None:
    for who, back, menu in ((town.maryam, "Back", "Administration"), (town.yusuf, "رجوع", "الإدارة")):
        await town.joins(who, Role.MANAGER)
        reader = in_private(town, who)
        for typed in ("/report", "/report nothing of ours"):
            await reader.says(typed)
            shown = reader.last
            await reader.taps(back)
            assert menu in plain(reader.last)
            assert reader.last.number == shown.number
    await town.maryam.says("/report")
    assert town.maryam.last.find("Back") is None, "in a group others would read the menu"


# ---------------------------------------------------------------------------- files


async def test_charts_come_as_an_album_of_light_pictures(town: DeskTown) -> None:
    await town.maryam.says("/report")
    await town.maryam.taps("Charts")
    files = town.maryam.last.message.files
    assert [file.kind for file in files] == [FileKind.PHOTO] * 4
    for file in files:
        assert len(file.content or b"") < 200_000
        assert Image.open(io.BytesIO(file.content or b"")).size[0] == 900


async def test_a_period_without_anything_has_no_charts(town: DeskTown) -> None:
    await town.maryam.says("/report last year")
    await town.maryam.taps("Charts")
    assert "nothing to show in a chart" in plain(town.maryam.last)


async def test_the_spreadsheet_has_a_sheet_for_each_table(town: DeskTown) -> None:
    await town.maryam.says("/report")
    await town.maryam.taps("Excel")
    book = sheets(town.maryam.last)
    assert {"Summary", "First answer", "Blocks", "Weeks"} <= set(book.sheetnames)
    figures = {row[0]: row[1] for row in book["Summary"].iter_rows(min_row=2, values_only=True)}
    assert figures["New requests"] == 8


async def test_the_spreadsheet_says_to_whom_was_referred_and_what_is_there_still_for_how_long(town: DeskTown) -> None:
    async with town.database.transaction() as tx:
        referred = (
            "UPDATE cases SET status = 'referred', referred_to = 'works', paused_at = :at WHERE status = 'received'"
        )
        await tx.run(f"{referred} AND id % 3 = 0", at=town.now - timedelta(days=9))
        await tx.run(referred, at=town.now - timedelta(days=2))
        await tx.run("UPDATE cases SET referred_to = 'works' WHERE status <> 'referred'")  # taken back since
    await town.joins(town.yusuf, Role.MANAGER)
    for reader, sheet, body in ((town.maryam, "Referrals", "Works"), (town.yusuf, "الإحالات", "الأشغال")):
        await reader.says("/report")
        await reader.taps("Excel")
        header, row = sheets(reader.last)[sheet].iter_rows(values_only=True)
        assert body in str(row[0])
        assert row[1:] == (0, 8, 6, 2), header


async def test_the_spreadsheet_of_an_arabic_reader_is_in_arabic_from_the_right(town: DeskTown) -> None:
    await town.joins(town.yusuf, Role.MANAGER)
    await town.yusuf.says("/report")
    await town.yusuf.taps("Excel")
    book = sheets(town.yusuf.last)
    assert "الملخص" in book.sheetnames
    assert all(page.sheet_view.rightToLeft for page in book.worksheets)


async def test_open_data_names_nobody_and_hides_small_counts(town: DeskTown) -> None:
    await town.maryam.says("/report")
    await town.maryam.taps("JSON")
    found = tables(town.maryam.last)
    assert {"measure": "received", "count": 8} in found["summary"]
    assert {"measure": "ratings", "count": "<5"} in found["summary"]
    text = json.dumps(found)
    assert not any(word in text for word in ("Huda", "staff", "thank you", "C-"))
    await town.maryam.taps("CSV")
    (file,) = town.maryam.last.message.files
    assert b"summary,received,count,8" in (file.content or b"")


# ---------------------------------------------------------------------------- who may see what


async def test_an_agent_is_refused_and_it_is_written_down(town: DeskTown) -> None:
    await town.huda.says("/report")
    assert plain(town.huda.last) == REFUSED
    assert ("staff:9001", "denied.report") in await town.audited(f"chat:{town.huda.chat}")


async def test_who_reads_a_report_is_written_down(town: DeskTown) -> None:
    await town.maryam.says("/report")
    assert ("staff:9003", "report.read") in await town.audited("office:capital")


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.DIRECTOR])
async def test_who_may_not_see_names_is_shown_sums_only(town: DeskTown, role: Role) -> None:
    who = town.council
    if role is Role.DIRECTOR:
        who = Colleague(town, "9005", "Director", "en", town.maryam.chat)
        await town.joins(who, role)
    for reader in (who, in_private(town, who)):
        await reader.says("/report")
        said = plain(reader.last)
        assert "New: 8" in said
        assert "Block 338: 6" in said
        assert "Block 302" not in said  # it has two cases
        assert reader.last.find("Comments") is None
        await reader.taps("Excel")
        book = sheets(reader.last)
        assert {"Staff", "Blocks"} & set(book.sheetnames) == set()
        cells = [str(cell) for page in book.worksheets for row in page.iter_rows(values_only=True) for cell in row]
        assert "Very quick, thank you" not in cells
        assert "<5" in cells
        comments = reader.last  # the button of somebody who may
        await reader.taps_data("desk:report:20261101:20261130:m*.-", comments.number)
        assert plain(reader.last) == "There are no comments to show."


async def test_each_members_load_is_for_those_who_lead_and_in_private_only(town: DeskTown) -> None:
    maryam = in_private(town, town.maryam)
    for reader, sees in ((town.maryam, False), (maryam, True)):
        await reader.says("/report capital")
        await reader.taps("Excel")
        assert ("Staff" in sheets(reader.last).sheetnames) is sees
    staff = list(sheets(maryam.last)["Staff"].iter_rows(min_row=2, values_only=True))
    assert staff == [("Huda", 0, 0, 1, 0)]


async def test_comments_are_quoted_to_the_offices_staff_for_a_while(town: DeskTown) -> None:
    await town.maryam.says("/report")
    await town.maryam.taps("Comments")
    quoted = town.maryam.last
    assert "“Very quick, thank you”" in plain(quoted)
    assert ("staff:9003", "report.comments") in await town.audited("office:capital")
    await town.wait(timedelta(minutes=11))
    assert quoted.number not in [shown.number for shown in town.maryam.messages]


async def test_another_office_is_refused_by_whatever_button(town: DeskTown) -> None:
    await town.joins(Colleague(town, "9006", "Rival", "en", town.maryam.chat), Role.MANAGER)
    maryam = in_private(town, town.maryam)
    await maryam.says("/report")
    assert maryam.last.find("Northern") is None
    await town.admin.says("/whoami")
    admin = in_private(town, town.admin)
    await admin.says("/report northern")
    northern = admin.last.find("JSON")
    assert northern is not None
    await maryam.taps_data(northern.data, maryam.last.number)
    assert maryam.toast == REFUSED
    assert ("staff:9003", "denied.report") in await town.audited("office:northern")


async def test_some_offices_are_named_and_not_called_all(town: DeskTown) -> None:
    await town.joins(town.maryam, Role.MANAGER, OfficeId("northern"))
    maryam = in_private(town, town.maryam)
    await maryam.says("/report")
    assert "Report: Capital and Northern" in plain(maryam.last)
    await maryam.taps("Office")
    await maryam.taps("Northern")
    assert "Report: Northern Area Municipality" in plain(maryam.last)
    assert "New: 0" in plain(maryam.last)


@pytest.mark.parametrize(
    "argument",
    ["0:0:s*.-", "20261130:20261101:s*.-", "20261340:20261341:s*.-", "20261101:20261130:z*.-", "20261101:20261130:",
     "20261101:20261130:s*", "20261101:20261130:sffffffff.-", "20261101:20261130:s*.ffffffff",
     "10101:99991231:s*.-", "999999999999:999999999999:s*.-"],
)  # fmt: skip
async def test_a_forged_button_is_refused(town: DeskTown, argument: str) -> None:
    said = len(town.maryam.messages)
    await town.maryam.taps_data(f"desk:report:{argument}")
    assert town.maryam.toast == REFUSED
    assert len(town.maryam.messages) == said


async def test_a_group_that_is_no_offices_shows_no_report(town: DeskTown) -> None:
    there = Colleague(town, town.maryam.address, "Maryam", "en", "-500")
    await there.says("/report")
    assert plain(there.last) == REFUSED
    assert ("staff:9003", "denied.report") in await town.audited("chat:-500")


async def test_in_the_councils_chat_a_manager_too_is_shown_sums_only(town: DeskTown) -> None:
    there = Colleague(town, town.maryam.address, "Maryam", "en", COUNCIL)
    await there.says("/report")
    said = plain(there.last)
    assert "Report: Capital Municipality" in said
    assert "Block 302" not in said
    assert there.last.find("Comments") is None


async def test_in_the_ministrys_chat_an_administrator_sees_every_office(town: DeskTown) -> None:
    there = Colleague(town, town.admin.address, "Admin", "en", MINISTRY)
    await there.says("/report")
    assert "Report: All offices" in plain(there.last)
    stranger = Colleague(town, "9666", "Stranger", "en", MINISTRY)
    await stranger.says("/report")
    assert plain(stranger.last) == REFUSED


async def test_who_has_lost_the_role_is_refused_at_once(town: DeskTown) -> None:
    await town.maryam.says("/report")
    button = town.maryam.last.find("Excel")
    assert button is not None
    await town.work(lambda work: permissions.revoke(work, town.admin.person, "9003", OfficeId("capital")))
    await town.maryam.taps_data(button.data, town.maryam.last.number)
    assert town.maryam.toast == REFUSED
