"""A case is handed on to another body or another office: shown first as the resident will read it, then confirmed."""

from __future__ import annotations

import pytest

from locales import clean
from storage import residents
from storage.ids import OfficeId
from storage.records.cases import Case, CaseStatus
from storage.records.staff import Role
from tests.conversations.staff.test_card import card, presses
from tests.conversations.staff_town import Colleague, DeskTown, is_refusal
from tests.conversations.town import STAFF_CHATS, Shown
from tests.known import by_address, known
from tests.services import by_staff

MUHARRAQ = OfficeId("muharraq")
#: The way through the card's menus to each list of those who can have it, and the verb of what confirms it.
REFER, OUTSIDE, TRANSFER = ("المزيد", "إحالة"), ("الحالة", "خارج الاختصاص"), ("المزيد", "تحويل")


@pytest.fixture
async def case(town: DeskTown) -> Case:
    return await town.case_of(await town.living())


async def chosen(who: Colleague, shown: Shown, menu: tuple[str, ...], to: str) -> Shown:
    """Choose to whom it goes; what is shown of it below the card."""
    await presses(who, shown, *menu, to)
    preview = who.last
    assert preview.message.reply_to == shown.number
    return preview


def now(who: Colleague, shown: Shown) -> Shown:
    """A message as it is now."""
    return next(one for one in who.messages if one.number == shown.number)


@pytest.mark.parametrize(
    ("menu", "to", "confirm", "told"),
    [
        (REFER, "وزارة الصحة", "✅ Refer it", "We referred this request to: Ministry of Health."),
        (OUTSIDE, "وزارة الصحة", "✅ Close it", "contact the responsible body (Ministry of Health)."),
        (TRANSFER, "المحرق", "✅ Transfer it", "We transferred this request to Muharraq"),
    ],
    ids=["refer", "outside", "transfer"],
)
async def test_what_the_resident_will_read_is_shown_before_and_is_what_they_read(
    town: DeskTown, case: Case, menu: tuple[str, ...], to: str, confirm: str, told: str
) -> None:
    fatima = await town.living()
    before = len(fatima.messages)
    preview = await chosen(town.maryam, card(town, case), menu, to)
    assert (await town.again(case)).status is CaseStatus.RECEIVED, "nothing has happened yet"
    assert len(fatima.messages) == before

    await presses(town.maryam, preview, confirm)
    read = clean(fatima.last.text)
    assert clean(told) in read
    shown = clean(preview.text)
    assert all(line in shown for line in read.splitlines()), "what was shown is what was read"
    assert "Maryam" in now(town.maryam, preview).text
    assert now(town.maryam, preview).buttons == []


async def test_a_transfer_leaves_a_farewell_here_and_a_card_there(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await presses(town.huda, shown, "استلام المهمة")
    preview = await chosen(town.maryam, shown, TRANSFER, "المحرق")
    await presses(town.maryam, preview, "✅ Transfer it")
    here = now(town.maryam, shown)
    assert "تم تحويل الطلب إلى" in here.text
    assert here.buttons == []
    there = [one for one in town.chats[STAFF_CHATS[MUHARRAQ]] if case.reference in one.text]
    assert any("The bins overflow" in one.text for one in there)
    nasser = Colleague(town, "9100", "Nasser", "en", STAFF_CHATS[MUHARRAQ])
    await town.joins(nasser, Role.AGENT, MUHARRAQ)
    await nasser.taps_data(f"desk:history:{case.id}:1:", there[0].number)
    assert "Huda" in nasser.last.text
    assert "Maryam" in nasser.last.text


async def test_a_referral_shows_the_other_bodys_number(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    preview = await chosen(town.huda, shown, REFER, "وزارة الصحة")
    await presses(town.huda, preview, "✅ Refer it")
    assert (await town.again(case)).status is CaseStatus.REFERRED
    assert "/reference" in now(town.huda, preview).text
    await town.huda.says("/reference EWA-7781", reply_to=preview.number)
    assert (await town.again(case)).external_reference == "EWA-7781"
    assert "EWA-7781" in now(town.huda, shown).text


@pytest.mark.parametrize(("menu", "verb"), [(REFER, "refer"), (OUTSIDE, "outside")])
async def test_a_case_goes_to_other_bodies_only(town: DeskTown, case: Case, menu: tuple[str, str], verb: str) -> None:
    shown = card(town, case)
    await presses(town.huda, shown, *menu)
    offered = [label for row in now(town.huda, shown).buttons for label in row]
    assert known(town.offices.category(case.category)).owner == "municipality"
    assert "البلدية" not in offered
    assert {"وزارة الأشغال", "وزارة الصحة"} <= set(offered)
    for forged in (verb, f"to_{verb}"):
        for to in ("municipality", "nobody", ""):
            count = len(town.huda.messages)
            await town.huda.taps_data(f"desk:{forged}:{case.id}:1:{to}", shown.number)
            assert len(town.huda.messages) == count
    assert (await town.again(case)).status is CaseStatus.RECEIVED


async def test_cancelled_it_stays_and_the_card_can_be_used_again(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    preview = await chosen(town.huda, shown, REFER, "وزارة الصحة")
    await presses(town.huda, preview, "✖️ Cancel")
    assert "Cancelled. Nothing has changed." in now(town.huda, preview).text
    assert now(town.huda, preview).buttons == []
    assert (await town.again(case)).status is CaseStatus.RECEIVED
    await presses(town.huda, shown, "استلام المهمة")
    assert (await town.again(case)).owner == town.huda.person.actor


@pytest.mark.parametrize(
    ("menu", "to", "confirm"),
    [
        (REFER, "وزارة الصحة", "✅ Refer it"),
        (TRANSFER, "المحرق", "✅ Transfer it"),
    ],
)
async def test_of_two_taps_the_second_does_nothing_and_accuses_nobody(
    town: DeskTown, case: Case, menu: tuple[str, str], to: str, confirm: str
) -> None:
    preview = await chosen(town.maryam, card(town, case), menu, to)
    data = known(preview.find(confirm)).data
    await town.maryam.taps_data(data, preview.number)
    events, said = len(await town.events(case)), now(town.maryam, preview).text
    await town.maryam.taps_data(data, preview.number)
    assert town.maryam.toast == "Done. The card is updated."
    assert len(await town.events(case)) == events
    assert now(town.maryam, preview).text == said
    assert not [action for _, action in await town.audited(f"case:{case.id}") if action.startswith("denied")]


async def test_what_changed_meanwhile_is_not_handed_on(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    preview = await chosen(town.maryam, shown, OUTSIDE, "وزارة الصحة")
    await presses(town.huda, shown, "استلام المهمة")
    await presses(town.maryam, preview, "✅ Close it")
    assert "has changed, so we did not do this." in now(town.maryam, preview).text
    assert (await town.again(case)).status is CaseStatus.UNDER_REVIEW


async def test_from_an_old_card_nothing_is_shown_but_the_card_anew(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await town.work(lambda work: by_staff.take_up(work, case.id, town.yusuf.person.actor))
    count = len(town.huda.messages)
    await town.huda.taps_data(f"desk:to_refer:{case.id}:{case.version}:health", shown.number)
    assert town.huda.toast == "The card has changed. Check it and try again."
    assert len(town.huda.messages) == count
    assert "Yusuf" in now(town.huda, shown).text


_VERBS = ("to_refer", "refer", "to_outside", "outside", "to_transfer", "transfer")


@pytest.mark.parametrize(
    ("who", "verb"), [("stranger", "stays"), *((who, verb) for who in ("stranger", "council") for verb in _VERBS)]
)
async def test_who_may_not_hands_nothing_on_and_it_is_written_down(
    town: DeskTown, case: Case, who: str, verb: str
) -> None:
    somebody: Colleague = getattr(town, who)
    count = len(somebody.messages)
    await somebody.taps_data(f"desk:{verb}:{case.id}:{case.version}:health", card(town, case).number)
    assert is_refusal(somebody.toast)
    assert len(somebody.messages) == count
    assert (await town.again(case)).model_dump() == case.model_dump()


async def test_whoever_cannot_be_told_is_named_as_such_before(town: DeskTown, case: Case) -> None:
    fatima = await town.living()
    async with town.database.transaction() as tx:
        residents.unreachable(tx, known(await by_address(tx, "telegram", fatima.address)).id)
    preview = await chosen(town.huda, card(town, case), REFER, "وزارة الصحة")
    assert "The applicant has stopped the bot" in preview.text


async def test_the_body_that_helps_with_a_category_is_offered_first(town: DeskTown) -> None:
    case = await town.case_of(await town.living(), "Mosquitoes breed in the drain", "pests")
    shown = card(town, case)
    await presses(town.maryam, shown, *REFER)
    assert now(town.maryam, shown).buttons[0][0] == "وزارة الصحة"
