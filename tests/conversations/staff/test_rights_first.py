"""Rights come first: whoever may not learns nothing, whatever button or command it is and wherever it is used."""

from __future__ import annotations

import json

import pytest

from conversations.staff.commands import COMMANDS
from conversations.staff.pending_replies import Waiting
from conversations.staff.registry import CaseButton
from conversations.staff.taps import BUTTONS
from services.cases.actions import Action
from services.cases.resident_actions import Case, CaseEventKind
from services.casework.replies import ReplyKind
from storage.database import Dialect
from storage.ids import MessageId
from tests.conversations.staff_town import Colleague, DeskTown
from tests.conversations.town import Person
from tests.known import known
from tests.services import by_staff

NOBODYS = "-500"  # a group that is no office's
REFUSED = "You do not have permission to do this"
NOT_YOURS = "Only these roles can do this: "  # to a member of the team, with the roles that may

pytestmark = pytest.mark.at_some_instants(0)  # a right is the same at any hour


@pytest.fixture
def dialect() -> Dialect:
    """A right is the same in either database."""
    return Dialect.SQLITE


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


@pytest.fixture
async def case(town: DeskTown, fatima: Person) -> Case:
    filed = await town.case_of(fatima)
    await town.deliver()
    return filed


@pytest.mark.parametrize("verb", sorted(BUTTONS))
async def test_a_stranger_is_refused_at_every_button(town: DeskTown, case: Case, verb: str) -> None:
    said = len(town.stranger.messages)
    number = (await town.card(case)).number
    for argument in ("", "capital", "northern", "works", "main", "send.1.0", "l.reply.0", case.reference):
        await town.stranger.taps_data(f"desk:{verb}:{case.id}:{case.version}:{argument}", number)
        assert town.stranger.toast == REFUSED
    assert len(town.stranger.messages) == said
    assert await town.again(case) == case
    about = f"case:{case.id}" if isinstance(BUTTONS[verb], CaseButton) else None
    denied = await town.rows("SELECT action, subject FROM audit WHERE actor = 'staff:9666'")
    assert len(denied) == 8
    assert all(str(row["action"]).startswith("denied.") for row in denied)
    assert about is None or {row["subject"] for row in denied} == {about}


async def test_a_forged_confirmation_of_a_transfer_is_not_told_that_it_is_done(town: DeskTown, case: Case) -> None:
    number = (await town.card(case)).number
    await town.work(lambda work: by_staff.by(work, town.admin.person, Action.TRANSFER, case.id, "northern"))
    for somebody in (town.stranger, town.council, town.huda):  # an agent may not transfer
        await somebody.taps_data(f"desk:transfer:{case.id}:1:northern", number)
        assert somebody.toast == REFUSED or somebody.toast.startswith(NOT_YOURS)
    await town.maryam.taps_data(f"desk:transfer:{case.id}:1:northern", number)
    assert town.maryam.toast == "Done. The card is updated."
    await town.maryam.taps_data(f"desk:transfer:{case.id}:1:muharraq", number)  # it is not there
    assert town.maryam.toast == REFUSED


@pytest.mark.parametrize("name", sorted(name for name, one in COMMANDS.items() if one.right is not None))
async def test_a_stranger_is_refused_at_every_command(town: DeskTown, case: Case, name: str) -> None:
    await town.stranger.says(f"/{name} {case.reference}")
    assert town.stranger.last.text.strip("\u2068\u2069") == REFUSED
    denied = await town.rows("SELECT action FROM audit WHERE actor = 'staff:9666'")
    assert [row["action"] for row in denied] == [f"denied.{COMMANDS[name].right}"]


def member_in(town: DeskTown, who: Colleague) -> Colleague:
    """The same member of staff in a group that is no office's."""
    return Colleague(town, who.address, who.name, "en", NOBODYS)


@pytest.mark.parametrize("text", ["/staff", "/queue", "/today", "/looked", "/find bin", "/undo", "/invite", "/revoke"])
async def test_in_a_group_that_is_nobodys_nothing_is_looked_up_or_done(town: DeskTown, case: Case, text: str) -> None:
    for who in (town.admin, town.maryam):
        there = member_in(town, who)
        await there.says(text)
        assert there.last.text.strip("\u2068\u2069") == REFUSED
        assert there.last.buttons == []
    right = COMMANDS[text.split(maxsplit=1)[0].removeprefix("/")].right
    assert await town.audited(f"chat:{NOBODYS}") == [
        ("staff:9000", f"denied.{right}"),
        ("staff:9003", f"denied.{right}"),
    ]


async def test_a_note_below_a_card_that_was_forwarded_elsewhere_is_not_taken(town: DeskTown, case: Case) -> None:
    there = member_in(town, town.huda)
    await there.says("#the lorry is broken", reply_to=MessageId("1"), reply_text=f"Complaint {case.reference}")
    assert there.last.text.strip("\u2068\u2069") == REFUSED
    assert [event.what for event in await town.events(case)] == [CaseEventKind.RECEIVED]
    assert ("staff:9001", "denied.note") in await town.audited(f"case:{case.id}")


async def test_what_was_said_in_the_offices_group_is_not_taken_back_or_changed_elsewhere(
    town: DeskTown, case: Case
) -> None:
    await town.huda.replies((await town.card(case)).number, "#the lorry is broken")
    note = (await town.events(case))[-1]
    there = member_in(town, town.huda)
    await there.says(f"/undo {case.reference}")
    assert there.last.text.strip("\u2068\u2069") == REFUSED
    assert (await town.events(case))[-1] == note


async def test_the_group_of_another_office_is_no_place_for_a_case(town: DeskTown, case: Case) -> None:
    number = (await town.card(case)).number
    await town.work(lambda work: by_staff.by(work, town.admin.person, Action.TRANSFER, case.id, "northern"))
    await town.deliver()
    await town.admin.replies(number, "#who has it now?")  # in the group of the office that gave it away
    assert town.admin.last.text.strip("\u2068\u2069") == REFUSED
    assert not [event for event in await town.events(case) if event.what is CaseEventKind.NOTED]


async def test_words_that_wait_are_not_sent_from_a_group_that_gave_the_case_away(town: DeskTown, case: Case) -> None:
    await town.admin.replies((await town.card(case)).number, "?Which street?")
    preview = town.admin.last
    await town.work(lambda work: by_staff.by(work, town.admin.person, Action.TRANSFER, case.id, "northern"))
    await town.admin.taps_data(known(preview.find("Send")).data, preview.number)
    assert town.admin.toast == REFUSED
    assert CaseEventKind.ASKED not in [event.what for event in await town.events(case)]
    await town.admin.taps_data(known(preview.find("Cancel")).data, preview.number)  # the words are their own
    assert "Nothing was sent" in town.admin.last.text


def test_every_command_for_an_office_says_which_right_it_needs() -> None:
    assert {name for name, one in COMMANDS.items() if one.right is None} == {"whoami", "help", "admin"}


# ---------------------------------------------------------------------------- what earlier releases have stored


def test_words_that_wait_since_an_earlier_release_are_read() -> None:
    stored = {
        "about": "words",
        "sayings": [{"key": 7, "case": 1, "manner": "ask", "words": "Where?", "messages": [7], "parts": ["Where?"]}],
        "prompt": {"case": 1, "manner": "note"},
    }
    state = Waiting.model_validate_json(json.dumps(stored))
    reply = state.find(MessageId("7"))
    assert reply is not None
    assert (reply.kind, reply.words) == (ReplyKind.ASK, "Where?")
    assert state.prompt is not None
    assert state.prompt.kind is ReplyKind.NOTE
    written = json.loads(state.model_dump_json())
    assert written["sayings"][0]["manner"] == "ask"  # a release before this one reads it too
    assert written["prompt"]["manner"] == "note"
    assert Waiting.model_validate_json(state.model_dump_json()) == state


def test_the_verbs_of_cards_that_were_sent_are_still_known() -> None:
    sent = {
        *(
            "claim",
            "assign",
            "start",
            "priority",
            "escalate",
            "category",
            "abuse",
            "contact",
            "history",
            "menu",
            "unanswered",
        ),
        *(
            "ask",
            "reply",
            "note",
            "resolve",
            "reject",
            "say",
            "typed",
            "tmpl",
            "duplicate",
            "same",
            "merge",
            "separate",
            "stays",
        ),
        *("refer", "outside", "transfer", "to_refer", "to_outside", "to_transfer"),
        *("queue", "find", "open", "looked", "today", "invite", "link", "unlink", "staff", "revoke", "report"),
        *("admin", "audit", "audit_days", "audit_who", "audit_csv"),
        *("brief", "brief_pdf", "brief_xlsx", "brief_who"),
        *("arrived", "door", "doorpage", "doornew", "doorrenew"),
        *("privacy", "privacy_new", "privacy_done", "privacy_erased", "privacy_consent", "by_hand"),
        *("line_open", "line_next", "line_call", "line_pick", "line_in", "line_done", "line_absent", "line_skip"),
        *(
            "bk_open",
            "bk_arrived",
            "bk_call",
            "bk_in",
            "bk_done",
            "bk_no_show",
            "bk_came",
            "bk_undo",
            "bk_contact",
            "bk_files",
            "bk_history",
        ),
        *("bk_day", "bk_card", "bk_move", "bk_move_to", "bk_move_yes", "bk_cancel", "bk_cancel_yes"),
        *("bk_meet", "bk_meet_yes", "bk_link"),
        *("bk_note", "bk_answer", "bk_ask", "bk_send", "bk_keep", "bk_drop"),
        *(
            "line_undo",
            "line_back",
            "line_move",
            "line_to",
            "line_pause",
            "line_late",
            "line_break",
            "line_delay",
            "line_on",
        ),
        *("outcome", "promise", "tools"),
        *("bank", "summary", "summary_off", "danger_take", "danger_none"),
        *("for_contact", "for_yes", "for_no", "for_record", "for_stop"),
    }
    assert BUTTONS.keys() == sent
