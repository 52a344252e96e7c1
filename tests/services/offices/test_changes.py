"""What administrators change in chat: validated, never lost, undone, and seen by every worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.casework.templates import load_templates
from services.offices import changes
from services.offices.changes import Changed, Denied, Overtaken, Proposal, Refused
from services.offices.configuration import Configuration
from services.offices.offices import load_offices
from storage import configuration
from storage.database import Database
from tests.services.booking_builders import CAPITAL, offices
from tests.services.configuring_builders import HUDA, STRANGER, YUSUF, ConfiguringDesk

PHONE = ("offices", "capital", "contacts", "phone")
NAME = ("offices", "capital", "name", "en")


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> ConfiguringDesk:
    return ConfiguringDesk(database, offices(tmp_path))


async def test_a_change_holds_for_a_worker_that_began_before_it(casework: ConfiguringDesk) -> None:
    other = ConfiguringDesk(casework.database, casework.offices)

    await casework.changes(*NAME, after="Manama Municipality")
    await other.follow_changes()

    assert other.offices.offices_by_id["capital"].name.en == "Manama Municipality"


async def test_a_change_survives_a_restart(casework: ConfiguringDesk) -> None:
    await casework.changes(*NAME, after="Manama Municipality")

    restarted = ConfiguringDesk(casework.database, casework.offices.model_copy())
    restarted.configuration = restarted.start
    await restarted.follow_changes()

    assert restarted.offices == casework.offices


async def test_a_mistake_is_refused_in_the_words_of_the_file(casework: ConfiguringDesk) -> None:
    proposal = await casework.proposal(*PHONE, after="12")

    refused = await casework.do(changes.make, HUDA, proposal)

    assert isinstance(refused, Refused)
    [problem] = refused.problems
    assert problem.path == "offices.capital.contacts.phone"
    assert problem.expected.startswith("a phone number such as")
    assert await casework.value(*PHONE) is None


async def test_what_is_named_has_to_be_there(casework: ConfiguringDesk) -> None:
    proposal = await casework.proposal("offices", "capital", "categories", after=["roads"])
    refused = await casework.do(changes.make, HUDA, proposal)
    assert isinstance(refused, Refused)
    assert "one of the categories: other" in str(refused.problems[0])


async def test_a_template_may_not_name_what_there_is_not(casework: ConfiguringDesk) -> None:
    proposal = await casework.proposal("templates", "received", "text", "en", after="Thank you, {nobody}")
    refused = await casework.do(changes.make, HUDA, proposal)
    assert isinstance(refused, Refused)
    assert "one of the placeholders" in str(refused.problems[0])


async def test_of_two_who_change_one_place_the_second_is_told_what_stands_there(casework: ConfiguringDesk) -> None:
    mine = await casework.proposal(*NAME, after="Manama Municipality")
    await casework.changes(*NAME, after="City of Manama", by=YUSUF)

    overtaken = await casework.do(changes.make, HUDA, mine)

    assert isinstance(overtaken, Overtaken)
    assert overtaken.now == '"City of Manama"'
    assert overtaken.by is not None
    assert overtaken.by.actor == YUSUF.actor
    assert await casework.value(*NAME) == "City of Manama"


async def test_a_rival_elsewhere_is_no_conflict(casework: ConfiguringDesk) -> None:
    mine = await casework.proposal(*NAME, after="Manama Municipality")
    await casework.changes(*PHONE, after="17681234", by=YUSUF)

    assert isinstance(await casework.do(changes.make, HUDA, mine), Changed)
    assert await casework.value(*NAME) == "Manama Municipality"
    assert await casework.value(*PHONE) == "17681234"


async def test_only_administrators_change_anything(casework: ConfiguringDesk) -> None:
    proposal = await casework.proposal(*NAME, after="Mine")

    assert isinstance(await casework.do(changes.make, STRANGER, proposal), Denied)

    [row] = await casework.rows("SELECT actor, action FROM audit")
    assert (row["actor"], row["action"]) == (STRANGER.actor, "denied.configure")


async def test_a_change_is_written_to_the_audit(casework: ConfiguringDesk) -> None:
    await casework.changes(*NAME, after="Manama Municipality")
    [row] = await casework.rows("SELECT * FROM audit")
    assert (row["actor"], row["action"], row["subject"]) == (HUDA.actor, "office.configured", "office:capital")
    assert row["detail"] == "change 1: offices.capital.name.en"


async def test_changes_are_never_rewritten(casework: ConfiguringDesk) -> None:
    await casework.changes(*NAME, after="Manama Municipality")
    for sql in ("UPDATE configuration_changes SET actor = 'x'", "DELETE FROM configuration_changes"):
        with pytest.raises(Exception, match="append-only"):
            await casework.rows(f"{sql} RETURNING version")


# ---------------------------------------------------------------------------- undo


async def undo(casework: ConfiguringDesk, version: int) -> changes.Outcome | None:
    proposal = await casework.do(changes.to_undo, version)
    return None if proposal is None else await casework.do(changes.make, HUDA, proposal)


async def test_an_undo_puts_back_what_stood_there(casework: ConfiguringDesk) -> None:
    done = await casework.changes(*PHONE, after="17681234")
    assert isinstance(await undo(casework, done.changed.version), Changed)
    assert await casework.value(*PHONE) is None


async def test_an_undo_later_leaves_other_changes_alone(casework: ConfiguringDesk) -> None:
    done = await casework.changes(*PHONE, after="17681234")
    await casework.changes(*NAME, after="Manama Municipality")

    assert isinstance(await undo(casework, done.changed.version), Changed)

    assert await casework.value(*NAME) == "Manama Municipality"


async def test_nothing_is_undone_that_no_longer_stands(casework: ConfiguringDesk) -> None:
    done = await casework.changes(*PHONE, after="17681234")
    await casework.changes(*PHONE, after="17681235")

    assert isinstance(await undo(casework, done.changed.version), Overtaken)
    assert await casework.value(*PHONE) == "17681235"


async def test_nothing_is_undone_twice(casework: ConfiguringDesk) -> None:
    done = await casework.changes(*PHONE, after="17681234")
    await undo(casework, done.changed.version)
    assert await casework.do(changes.to_undo, done.changed.version) is None
    [newest, first] = await casework.do(changes.history, CAPITAL)
    assert (newest.undoes, first.undone_by) == (1, 2)


# ---------------------------------------------------------------------------- the file is edited later


def from_file(path: Path) -> Configuration:
    offices = load_offices(path)
    return changes.start(offices, load_templates(offices))


async def made(casework: ConfiguringDesk) -> list[configuration.ChangeRow]:
    async with casework.database.transaction() as tx:
        return await configuration.since(tx, 0)


async def test_what_was_changed_in_chat_wins_and_the_rest_is_the_files(
    casework: ConfiguringDesk, tmp_path: Path
) -> None:
    await casework.changes(*NAME, after="Manama Municipality")
    path = tmp_path / "offices.yaml"
    text = path.read_text("utf-8").replace("80008188", "80001234").replace("Capital Municipality", "By hand")
    path.write_text(text, "utf-8")
    start = from_file(path)

    found = changes.catch_up(start, await made(casework))

    assert found.present.offices.hotline == "+97380001234"
    assert found.present.offices.offices_by_id["capital"].name.en == "Manama Municipality"
    assert changes.contested(start, await made(casework)) == [NAME]


async def test_a_place_whose_change_was_undone_is_the_files_again(casework: ConfiguringDesk, tmp_path: Path) -> None:
    done = await casework.changes(*NAME, after="Manama Municipality")
    await undo(casework, done.changed.version)
    path = tmp_path / "offices.yaml"
    path.write_text(path.read_text("utf-8").replace("Capital Municipality", "By hand"), "utf-8")
    start = from_file(path)

    found = changes.catch_up(start, await made(casework))

    assert found.present.offices.offices_by_id["capital"].name.en == "By hand"
    assert changes.contested(start, await made(casework)) == []


async def test_a_change_that_no_longer_fits_is_left_out(casework: ConfiguringDesk, tmp_path: Path) -> None:
    await casework.changes("offices", "northern", "name", "en", after="The North")
    await casework.changes(*NAME, after="Manama Municipality")
    text = (tmp_path / "offices.yaml").read_text("utf-8")
    before, _, after = text.partition("  northern:")
    (tmp_path / "offices.yaml").write_text(before + after.partition("customer_day: []\n")[2], "utf-8")
    start = from_file(tmp_path / "offices.yaml")

    found = changes.catch_up(start, await made(casework))

    assert [change.path[1] for change in found.left_out] == ["northern"]
    assert found.present.offices.offices_by_id["capital"].name.en == "Manama Municipality"
    assert found.present.configuration.version == 2


async def test_no_change_brings_an_office_that_there_is_not(casework: ConfiguringDesk) -> None:
    proposal = Proposal(path=("offices", "moon", "name", "en"), before=None, after='"Moon"')
    assert isinstance(await casework.do(changes.make, HUDA, proposal), Overtaken)
