"""Each role is offered what docs/staff.md says it may, and nothing else: by /help, on cards, and after a reply."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations.engine.step import Button
from conversations.staff.commands import COMMANDS
from conversations.staff.context import StaffContext, read
from conversations.staff.office_scope import ROLES, who_may
from conversations.staff.own_buttons import right_of
from conversations.staff.registry import At, CaseButton
from conversations.staff.taps import BUTTONS
from locales import Language
from services.cases.actions import ACTIONS, Action
from services.cases.resident_actions import Case
from services.staff.permissions import MAY, Act
from storage.database import Dialect
from storage.records.cases import CaseEventKind
from storage.records.staff import Role
from tests.conversations.staff_town import Colleague, DeskTown, is_refusal
from tests.conversations.town import Person, Shown
from tests.known import known

DOCS = Path(__file__).parents[3] / "docs" / "staff.md"
roles = pytest.mark.parametrize("role", list(Role))

pytestmark = pytest.mark.at_some_instants(0)  # a right is the same at any hour


@pytest.fixture
def dialect() -> Dialect:
    """A right is the same in either database."""
    return Dialect.SQLITE


@pytest.fixture
async def case(town: DeskTown) -> Case:
    filed = await town.case_of(await town.living())
    await town.deliver()
    return filed


async def _somebody(town: DeskTown, role: Role) -> Colleague:
    await town.joins(town.stranger, role)
    return town.stranger


def _alone(who: Colleague) -> Person:
    return Person(who.town, who.address, who.name, "en")


async def _denied(town: DeskTown) -> set[str]:
    found = await town.rows("SELECT action FROM audit WHERE actor = 'staff:9666' AND action LIKE 'denied.%'")
    return {str(row["action"]).removeprefix("denied.") for row in found}


@roles
async def test_help_names_the_commands_that_the_role_may_use(town: DeskTown, role: Role) -> None:
    somebody = await _somebody(town, role)
    await somebody.says("/help")
    offered = set(re.findall(r"/([a-z]+)", somebody.last.text))
    for name, command in COMMANDS.items():
        if command.right is None:
            continue
        everywhere = command.at is At.EVERY_OFFICE  # of which an office's administrator has one only
        assert (name in offered) == (command.right in MAY[role] and not everywhere), name
        await somebody.says(f"/{name}")
        assert is_refusal(somebody.last.text) == (name not in offered), name


@roles
async def test_help_says_of_replies_to_cards_what_the_role_may_write(town: DeskTown, role: Role) -> None:
    somebody = await _somebody(town, role)
    await somebody.says("/help")
    text = somebody.last.text
    assert ("a question for the applicant" in text) == (Act.ASK in MAY[role])
    assert ("an internal note" in text) == (Act.NOTE in MAY[role])
    assert ("an official reply" in text) == (Act.REPLY in MAY[role])


@roles
async def test_after_a_reply_to_a_card_a_role_chooses_among_what_it_may_send(
    town: DeskTown, case: Case, role: Role
) -> None:
    somebody = await _somebody(town, role)
    await somebody.replies(await town.card(case), "The lorry comes tomorrow")
    kinds = {"✉️ Official reply": Act.REPLY, "❓ Question": Act.ASK, "📝 Internal note": Act.NOTE}
    offered = {label for row in somebody.last.buttons for label in row} & kinds.keys()
    may = {label for label, act in kinds.items() if act in MAY[role]}
    if may == {"📝 Internal note"}:  # there is nothing to choose
        assert offered == set()
        assert [event.what for event in await town.events(case)][-1] is CaseEventKind.NOTED
    else:
        assert offered == may
    assert is_refusal(somebody.last.text) == (not may)


@roles
@pytest.mark.parametrize("verb", sorted(verb for verb, one in BUTTONS.items() if isinstance(one, CaseButton)))
async def test_a_button_of_the_groups_card_works_where_the_role_may_and_else_says_who_may(
    town: DeskTown, case: Case, role: Role, verb: str
) -> None:
    somebody = await _somebody(town, role)
    button = BUTTONS[verb]
    assert isinstance(button, CaseButton)
    number = (await town.card(case)).number
    for argument in ("", "main", "status", "assign", "refer", "abuse", "l.reply.0", "l.ask.0"):
        data = f"desk:{verb}:{case.id}:{case.version}:{argument}"
        right = button.needs(_context(town), known(read(data)))
        before = await _denied(town)
        await somebody.taps_data(data, number)
        if right in MAY[role]:
            assert await _denied(town) == before, data
        else:
            assert right.value in await _denied(town)
            roles_that_may = [town.desk.catalogues.localizer(Language.EN).plain(ROLES[one]) for one in who_may(right)]
            assert all(one in somebody.toast for one in roles_that_may), somebody.toast


def _context(town: DeskTown) -> StaffContext:
    """As much of a turn as a button's right depends on."""
    context = StaffContext.__new__(StaffContext)
    context.templates = town.desk.templates
    return context


@roles
async def test_the_card_in_private_has_the_buttons_that_the_role_may_use(
    town: DeskTown, case: Case, role: Role
) -> None:
    alone = _alone(await _somebody(town, role))
    await alone.says(f"/case {case.reference}")
    card = alone.last
    shown = _verbs(card)
    for menu in ("status", "more"):
        if any(verb.startswith(f"menu:{menu}") for verb in shown):
            await alone.taps_data(f"desk:menu:{case.id}:{case.version}:{menu}", card.number)
            shown |= _verbs(next(one for one in alone.messages if one.number == card.number))
    for action in (Action.CLAIM, Action.REPLY, Action.ASK, Action.NOTE, Action.ESCALATE, Action.RESOLVE):
        assert (action.value in shown) == (ACTIONS[action].right in MAY[role]), action
    assert ("menu:transfer" in shown) == (Act.TRANSFER in MAY[role])
    assert ("menu:abuse" in shown) == (Act.MARK_ABUSE in MAY[role])
    assert ("contact" in shown) == (Act.SEE_CONTACT in MAY[role])
    assert "history" in shown
    assert await _denied(town) == set()


def _verbs(card: Shown) -> set[str]:
    """What the buttons of a card do: a verb, of a menu with its name."""
    found = set[str]()
    for row in card.message.rows:
        for choice in row:
            tap = read(choice.data)
            if tap is not None:
                found.add(f"menu:{tap.argument}" if tap.verb == "menu" else tap.verb)
    return found


@roles
async def test_every_button_that_a_private_card_has_is_one_that_works(town: DeskTown, case: Case, role: Role) -> None:
    alone = _alone(await _somebody(town, role))
    await alone.says(f"/case {case.reference}")
    for row in alone.last.message.rows:
        for choice in row:
            await alone.taps_data(choice.data, alone.messages[0].number)
    assert await _denied(town) == set()


@roles
async def test_a_queue_in_private_offers_ones_own_requests_to_who_can_have_any(town: DeskTown, role: Role) -> None:
    alone = _alone(await _somebody(town, role))
    await alone.says("/queue")
    labels = {label for row in alone.last.buttons for label in row}
    assert ("Mine" in labels) == (Act.CLAIM in MAY[role])


def test_the_right_that_filters_a_button_is_the_one_that_is_asked_when_it_is_pressed() -> None:
    context = StaffContext.__new__(StaffContext)
    elsewhere = {"tmpl", "same", "stays", "open", "danger_take", "danger_none"}
    for verb, one in BUTTONS.items():
        if not isinstance(one, CaseButton) or verb in elsewhere or verb.startswith("to_"):
            continue  # these are no buttons of a card
        for argument in ("", "main", "more", "status", *(action.value for action in Action), "out"):
            data = f"desk:{verb}:1:1:{argument}"
            assert right_of(Button(label="x", data=data)) == one.needs(context, known(read(data))), data


def test_the_docs_name_every_role_that_there_is() -> None:
    table = DOCS.read_text(encoding="utf-8")
    for role in Role:
        assert f"| `{role.value}` |" in table
