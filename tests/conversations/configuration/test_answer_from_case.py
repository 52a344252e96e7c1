"""A ready answer is made of what staff answered to one resident, without what tells whose question it was."""

from __future__ import annotations

from locales import clean
from services.cases.resident_actions import Case, CaseKind, NewCase, submit
from services.offices.answers import AnswerId
from storage.ids import CategoryId
from storage.records.staff import Role
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import CAPITAL
from tests.conversations.town import Person
from tests.known import by_address
from tests.services import by_staff

BUTTON, OWN = "إضافة إجابة من هذا الرد", AnswerId("own1")  # cards are in the office's language
ASKED = "I am Fatima Ali, 3912 3456. May I keep pigeons on my roof? You wrote of C-7K3M-2QF"
ANSWERED = "Dear Fatima, pigeons on a roof are allowed where no neighbour objects."


async def inquiry(
    town: ConfiguringTown, words: str = ASKED, answered: str = ANSWERED, name: str = "Fatima Ali"
) -> Case:
    """A question whose card is in the group; answered in words, where there are some."""
    fatima = await town.living()
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", fatima.address)
        assert resident is not None
        new = NewCase(kind=CaseKind.INQUIRY, category=CategoryId("bins"), office=CAPITAL, words=words, name=name)
        case = await submit(town.desk.work(tx), resident, new)
    assert isinstance(case, Case)
    await town.deliver()
    if answered:
        await town.work(lambda work: by_staff.reply(work, case.id, town.maryam.person.actor, answered))
        await town.deliver()
    return await town.again(case)


async def opens(town: ConfiguringTown, case: Case) -> Person:
    """The administrator taps the button in the group, and follows the link to the private chat."""
    await town.admin.taps(BUTTON)
    [[link]] = town.admin.messages[-1].message.rows
    assert link.url == f"https://t.me/customer_day_bot?start=bank_{case.reference}"
    await town.boss.says(f"/start bank_{case.reference}")
    return town.boss


async def test_a_staff_answer_becomes_a_ready_answer_that_holds_at_once(town: ConfiguringTown) -> None:
    case = await inquiry(town)
    boss = await opens(town, case)

    shown = clean(boss.sees("The applicant wrote").text)
    assert "May I keep pigeons on my roof?" in shown
    assert not any(private in shown for private in ("Fatima", "3912", "7K3M"))
    await boss.says("May I keep pigeons on my roof?")
    await boss.says("هل أستطيع تربية الحمام فوق السطح؟")
    assert "pigeons on a roof are allowed" in boss.sees("Staff answered").text
    assert "Fatima" not in boss.last.text
    await boss.says("Pigeons on a roof are allowed where no neighbour objects.")
    await boss.taps("Skip")
    await boss.says("pigeons, pigeon, حمام, الحمام")
    boss.sees("Check the change")
    await boss.taps("Confirm")

    made = town.desk.offices.answers_of(CAPITAL)[OWN]
    assert made.question.ar == "هل أستطيع تربية الحمام فوق السطح؟"
    assert made.text.ar == made.text.en == "Pigeons on a roof are allowed where no neighbour objects."
    assert made.category == "bins"
    await boss.taps("Undo this change")
    await boss.taps("Confirm")
    assert OWN not in town.desk.offices.answers_of(CAPITAL)


async def test_it_is_used_as_it_is_in_arabic_and_given_to_all_offices(town: ConfiguringTown) -> None:
    case = await inquiry(town, "هل يسمح بتربية الحمام فوق السطح؟", "يسمح بها ما لم يعترض الجيران.")
    await town.rival.says("/start")
    await town.rival.says(f"/start bank_{case.reference}")
    rival = town.rival
    for label in ("إضافتها لجميع", "كما هو", "تخط", "كما هو", "تخط"):
        await rival.taps(label)
    await rival.says("حمام, pigeons")
    await rival.taps("تأكيد")
    made = town.desk.offices.answers[OWN]
    assert made.question.ar == made.question.en == "هل يسمح بتربية الحمام فوق السطح؟"
    assert made.text.ar == "يسمح بها ما لم يعترض الجيران."


async def test_who_wrote_without_their_name_is_not_named_and_gaps_are_filled_before_it_is_used(
    town: ConfiguringTown,
) -> None:
    boss = await opens(town, await inquiry(town, name=""))
    assert "I am …, …. May I keep pigeons" in clean(boss.last.text)
    assert "as it is" not in str(boss.buttons)
    copied = boss.last.find("Copy the text")
    assert copied is not None
    assert copied.copies.startswith("I am …, …. May I keep")

    await boss.says("May I keep pigeons on my roof?")
    await boss.says("May I keep them?")
    boss.sees("That is in English, too.")
    await boss.taps("Skip")
    boss.sees("Dear …, pigeons")
    await boss.taps("Back")
    boss.sees("The applicant wrote")  # the question again


async def test_the_button_is_on_no_card_that_has_no_answer(town: ConfiguringTown) -> None:
    complaint = await town.case_of(await town.living())
    await town.deliver()
    await town.work(lambda work: by_staff.reply(work, complaint.id, town.maryam.person.actor, "We come today."))
    await town.deliver()
    unanswered = await inquiry(town, answered="")
    for case in (complaint, unanswered):
        assert not any(BUTTON in label for label in (await town.card(case)).buttons)


async def test_an_agent_is_refused_at_the_button_and_at_the_link(town: ConfiguringTown) -> None:
    await town.joins(town.huda, Role.AGENT)
    case = await inquiry(town)
    await town.huda.taps(BUTTON)
    assert "Only these roles can do this" in town.huda.toast

    huda = town.resident("9001", "Huda", "en")
    await huda.says(f"/start bank_{case.reference}")
    assert "pigeons" not in huda.last.text
    assert ("staff:9001", "denied.configure") in await town.audited(f"case:{case.id}")


async def test_a_complaint_and_an_unknown_reference_make_no_answer(town: ConfiguringTown) -> None:
    complaint = await town.case_of(await town.living())
    await town.boss.says(f"/start bank_{complaint.reference}")
    town.boss.sees("No inquiry has this reference.")
