"""A town with enough history for a report to say something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.cases.actions import Action
from services.cases.resident_actions import Case
from services.offices.working_days import WorkingCalendar
from storage.database import Database
from storage.ids import ChatId
from tests.conversations.staff_town import CAPITAL, DeskTown
from tests.known import by_address, known
from tests.services import by_staff

COUNCIL, MINISTRY = ChatId("-7001"), ChatId("-7002")


async def report_town(database: Database) -> DeskTown:
    """The capital has had eight cases this month: two answered, one of them solved and rated."""
    town = await DeskTown(database).opens()
    offices = town.offices.with_ministry_chat(MINISTRY)
    capital = offices.offices_by_id[CAPITAL].model_copy(update={"council_chat": COUNCIL})
    offices = offices.model_copy(update={"offices_by_id": offices.offices_by_id | {CAPITAL: capital}})
    town.offices = offices
    town.desk = replace(town.desk, offices=offices, calendar=WorkingCalendar(offices))
    town.inbox._context = town.wording._context = town.desk
    fatima = await town.living()
    filed = [await town.case_of(fatima, f"The bins overflow, {number}") for number in range(8)]
    async with town.database.transaction() as tx:
        await tx.run("UPDATE cases SET block = 338 WHERE id IN (SELECT id FROM cases ORDER BY id LIMIT 6)")
        await tx.run("UPDATE cases SET block = 302 WHERE block IS NULL")
    await town.wait(timedelta(hours=2))
    for case in filed[:2]:
        await _does(town, Action.CLAIM, case)
    await _solve(town, filed[0])
    await town.deliver()
    return town


async def _does(town: DeskTown, action: Action, case: Case, words: str = "") -> None:
    await town.work(lambda work: by_staff.by(work, town.huda.person, action, case.id, words=words))


async def _solve(town: DeskTown, case: Case) -> None:
    await _does(town, Action.RESOLVE, case, "Emptied")
    async with town.database.transaction() as tx:
        who = known(await by_address(tx, "telegram", "1001"))
        await tx.run(
            "INSERT INTO ratings (subject, subject_id, round, resident_id, stars, comment, at) "
            "VALUES ('case', :case_id, 1, :who, 5, 'Very quick, thank you', :at)",
            case_id=case.id,
            who=who.id,
            at=town.now,
        )
