"""Two administrators add ready answers at once: each is kept, and of one inquiry nobody makes two unawares."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from locales import clean
from services.offices.answers import AnswerId
from storage.database import Database, Dialect
from tests.conversations.configuration.test_answer_from_case import inquiry
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import CAPITAL
from tests.conversations.town import Person

ASKED, ANSWERED = "May I keep pigeons on my roof?", "Pigeons on a roof are allowed where no neighbour objects."


class Workers(NamedTuple):
    """Two processes over one database, each with an administrator's update."""

    boss: ConfiguringTown
    rival: ConfiguringTown


@pytest.fixture(params=list(Dialect))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Races are another matter on each."""
    return Dialect(request.param)


@pytest.fixture
async def workers(database: Database) -> Workers:
    mine, other = ConfiguringTown(database), ConfiguringTown(database)
    other.chats, other.toasts, other.numbers, other.updates = mine.chats, mine.toasts, mine.numbers, mine.updates
    await mine.planned()
    return Workers(mine, other)


async def goes_through(person: Person, reference: str, question: str, *, skip: str) -> None:
    """From the card's link to the preview."""
    await person.says(f"/start bank_{reference}")
    await person.says(question)
    await person.taps(skip)
    await person.says(ANSWERED)
    await person.taps(skip)
    await person.taps(skip)


async def both(workers: Workers, first: str, second: str) -> None:
    """Both come to the preview, then confirm at the same moment, each at a worker of their own."""
    await goes_through(workers.boss.boss, first, "May I keep pigeons?", skip="Skip")
    await goes_through(workers.rival.rival, second, "May I keep hens?", skip="تخط")
    await asyncio.gather(workers.boss.boss.taps("Confirm"), workers.rival.rival.taps("تأكيد"))
    for worker in workers:
        await worker.deliver()


def questions(town: ConfiguringTown) -> list[str]:
    return sorted(one.question.en for one in town.desk.offices.answers_of(CAPITAL).values() if one.text.en == ANSWERED)


async def test_answers_of_two_inquiries_are_both_kept(workers: Workers) -> None:
    first, second = await inquiry(workers.boss, ASKED), await inquiry(workers.boss, ASKED)
    await both(workers, first.reference, second.reference)

    assert questions(workers.boss) == questions(workers.rival) == ["May I keep hens?", "May I keep pigeons?"]
    assert "Changed." in str([one.text for one in workers.boss.boss.messages])
    assert "own" not in clean(workers.boss.boss.last.text)


async def test_of_one_inquiry_whoever_is_second_reads_of_the_first_and_may_add_theirs(workers: Workers) -> None:
    case = await inquiry(workers.boss, ASKED)
    await both(workers, case.reference, case.reference)

    assert len(questions(workers.boss)) == 1
    [second] = [
        one
        for one in (workers.boss.boss, workers.rival.rival)
        if "Confirm" in str(one.buttons) or "تأكيد" in str(one.buttons)
    ]
    other = "Salman" if second is workers.boss.boss else "Huda"
    told = clean(str([one.text for one in second.messages[-2:]]))
    assert other in told
    assert questions(workers.boss)[0] in told
    await second.taps("Confirm" if second is workers.boss.boss else "تأكيد")
    await workers.boss.deliver()
    assert len(questions(workers.boss)) == 2
    await second.says(f"/start bank_{case.reference}")
    await second.taps("Open that answer" if second is workers.boss.boss else "عرض تلك الإجابة")
    assert "hens" in second.last.text if second is workers.rival.rival else "pigeons" in second.last.text


async def test_back_from_the_preview_leads_to_what_was_given(workers: Workers) -> None:
    case = await inquiry(workers.boss, ASKED)
    boss = workers.boss.boss
    await goes_through(boss, case.reference, "May I keep pigeons?", skip="Skip")
    assert (
        clean(boss.sees("Check the change").text).count("May I keep pigeons?") == 2
    )  # the name, and the question once
    await boss.taps("Back")
    boss.sees("Which words do people use for it?")
    await boss.says("pigeons, doves")
    await boss.taps("Confirm")
    [own] = [one for one in workers.boss.desk.offices.answers_of(CAPITAL).values() if one.text.en == ANSWERED]
    assert "doves" in str(own.keywords)


async def test_an_office_and_all_offices_are_given_answers_at_once_and_none_hides_the_other(workers: Workers) -> None:
    first, second = await inquiry(workers.boss, ASKED), await inquiry(workers.boss, ASKED)
    await goes_through(workers.boss.boss, first.reference, "May I keep pigeons?", skip="Skip")
    await workers.rival.rival.says(f"/start bank_{second.reference}")
    await workers.rival.rival.taps("إضافتها لجميع")
    for said in ("May I keep hens?", "تخط", ANSWERED, "تخط", "تخط"):
        await (workers.rival.rival.taps(said) if said == "تخط" else workers.rival.rival.says(said))
    await workers.boss.boss.taps("Confirm")
    await workers.rival.rival.taps("تأكيد")
    await workers.boss.deliver()
    assert questions(workers.boss) == ["May I keep hens?", "May I keep pigeons?"]
    assert AnswerId("own1") in workers.boss.desk.offices.answers_of(CAPITAL)
