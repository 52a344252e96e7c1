"""Whatever staff, residents and time do to cases in whatever order: only what the table allows, told once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.cases import due as case_due
from services.cases import duplicates, resident_actions
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.cases.targets import PAUSED
from services.cases.updates import PROGRESS
from services.cases.workflow import ENDED, OPEN, RULES, Stale, Transition
from services.notify.notices.cases import CaseUpdate
from services.notify.notices.kinds import ANY_NOTICE
from services.unit_of_work import Work
from storage import cases as rows
from storage.open import open_database
from storage.records.cases import CaseEvent
from storage.records.residents import Resident
from tests.databases import fresh_sqlite
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, NORTHERN, Casework

T = TypeVar("T")

E, S = CaseEventKind, CaseStatus
STAFF = st.sampled_from(["noora", "yusuf"])


class _Life(RuleBasedStateMachine):
    """One case, its resident, two who may join it, two members of staff, and the clock."""

    empty: Path  # a migrated database to begin with

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "case.db"
        shutil.copy(self.empty, path)
        self.casework = Casework(self.run(open_database(f"sqlite:///{path}")))
        self.followers: list[Resident] = []
        self.joined: dict[int, int] = {}  # follower → the last event before they joined
        self.asked_from = S.RECEIVED  # what an answer brings the case back to

    def run(self, what: Awaitable[T]) -> T:
        return self.loop.run_until_complete(what)

    def teardown(self) -> None:
        self.run(self.casework.database.close())
        self.loop.close()
        self.folder.cleanup()

    @initialize(quiet=st.booleans())
    def submit(self, quiet: bool) -> None:
        self.fatima = self.run(self.casework.resident())
        self.others = [
            self.run(self.casework.resident("Ali", wants_progress=not quiet)),
            self.run(self.casework.resident("Sara")),
        ]
        self.case = self.run(self.casework.case(self.fatima))

    # ---- doing; what ends a case comes late, or there would be little to see

    def attempt(self, move: Transition, act: Callable[..., Awaitable[object]], *args: object, **more: object) -> None:
        """Try a move: it happens where the table has it, and changes nothing where not."""
        before = self.case
        outcome = self.run(self.casework.do(act, *args, **more))
        after = self.run(self.casework.again(before))
        applied = isinstance(outcome, Case | CaseEvent)
        rule_ = RULES[move]
        if applied and after != before:
            assert before.status in rule_.allowed, f"{move} from {before.status}"
            assert rule_.to in {None, after.status}
            assert after.version == before.version + rule_.versioned
        elif not applied:
            assert after == before
        self.case = after

    @rule(actor=STAFF)
    def take_up(self, actor: str) -> None:
        as_it_is = not self.case.owner and self.case.status in OPEN - RULES[Transition.TAKE_UP].allowed
        self.attempt(Transition.ASSIGN if as_it_is else Transition.TAKE_UP, by_staff.take_up, self.case.id, actor)

    @rule(actor=STAFF)
    def start_work(self, actor: str) -> None:
        self.attempt(Transition.START_WORK, by_staff.start_work, self.case.id, actor)

    @rule(actor=STAFF)
    def ask(self, actor: str) -> None:
        if self.case.status is not S.AWAITING_RESIDENT:
            self.asked_from = self.case.status
        self.attempt(Transition.ASK, by_staff.ask, self.case.id, actor, "Where?")

    @rule(actor=STAFF)
    def reply(self, actor: str) -> None:
        self.attempt(Transition.REPLY, by_staff.reply, self.case.id, actor, "Soon")

    @rule(actor=STAFF)
    def refer(self, actor: str) -> None:
        self.attempt(Transition.REFER, by_staff.refer, self.case.id, actor, "works")

    @rule(actor=STAFF)
    def resolve(self, actor: str) -> None:
        self.attempt(Transition.RESOLVE, by_staff.resolve, self.case.id, actor, "Done")

    @precondition(lambda self: self.case.version > 3)
    @rule(actor=STAFF)
    def reject(self, actor: str) -> None:
        self.attempt(Transition.REJECT, by_staff.reject, self.case.id, actor, "No")

    @precondition(lambda self: self.case.version > 3)
    @rule(actor=STAFF)
    def transfer(self, actor: str) -> None:
        office = NORTHERN if self.case.office == CAPITAL else CAPITAL
        self.attempt(Transition.TRANSFER, by_staff.transfer, self.case.id, actor, office, "Theirs")
        if self.asked_from is not S.REOPENED:
            self.asked_from = S.RECEIVED

    @rule(actor=STAFF, behind=st.integers(1, 3))
    def act_on_an_old_card(self, actor: str, behind: int) -> None:
        before = self.case
        stale = self.run(self.casework.do(by_staff.resolve, before.id, actor, "Done", version=before.version - behind))
        assert stale == Stale(before)

    @rule()
    def inform(self) -> None:
        move = Transition.ANSWER if self.case.status is S.AWAITING_RESIDENT else Transition.INFORM
        expected = self.asked_from if self.case.status is S.AWAITING_RESIDENT else self.case.status
        self.attempt(move, resident_actions.add_information, self.case.reference, self.fatima, "Here")
        assert self.case.status is expected

    @precondition(lambda self: self.case.version > 3)
    @rule()
    def withdraw(self) -> None:
        self.attempt(Transition.WITHDRAW, resident_actions.withdraw, self.case.reference, self.fatima)

    @rule()
    def confirm(self) -> None:
        self.attempt(
            Transition.CONFIRM_FIXED, resident_actions.confirm_fixed, self.case.reference, self.fatima, fixed=True
        )

    @rule()
    def not_fixed(self) -> None:
        owner = self.case.owner
        self.attempt(
            Transition.NOT_FIXED, resident_actions.confirm_fixed, self.case.reference, self.fatima, fixed=False
        )
        assert self.case.owner == owner

    @rule()
    def reopen(self) -> None:
        owner = self.case.owner
        self.attempt(Transition.REOPEN, resident_actions.reopen, self.case.reference, self.fatima, "Still there")
        assert self.case.owner == owner

    @precondition(lambda self: self.others)
    @rule()
    def join(self) -> None:
        outcome = self.run(self.casework.do(duplicates.join, self.case.id, self.others[-1]))
        assert isinstance(outcome, Case) == (self.case.status in OPEN)
        self.case = self.run(self.casework.again(self.case))
        if isinstance(outcome, Case):
            follower = self.others.pop()
            self.followers.append(follower)
            self.joined[follower.id] = self.history()[-1].id

    @rule(days=st.sampled_from([0, 1, 3, 7, 31]), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        before = self.case
        self.casework.wait(days=days, hours=hours)
        for _ in range(2):  # a second look changes nothing more
            self.run(self.casework.do(case_due.run_due))
        self.case = self.run(self.casework.again(before))
        if self.case.status is not before.status:
            assert (before.status, self.case.status) == (S.RESOLVED, S.CLOSED)
            assert before.resolved_at is not None
            assert self.casework.now >= before.resolved_at + timedelta(days=7)

    # ---- holding

    @invariant()
    def targets_stand_still_exactly_while_others_act(self) -> None:
        assert (self.case.paused_at is not None) == (self.case.status in PAUSED)
        assert (self.case.closed_at is not None) == (self.case.status in ENDED)
        assert (self.case.before_question is not None) == (self.case.status is S.AWAITING_RESIDENT)
        assert self.case.round == sum(event.what is E.RESOLVED for event in self.history())

    @invariant()
    def every_public_event_is_told_once_to_each(self) -> None:
        told = self.told()
        for person in (self.fatima, *self.followers):
            since = self.joined.get(person.id, 0)
            owed = Counter(event.id for event in self.history() if event.id > since and self._concerns(person, event))
            assert Counter(event for who, event in told if who == person.id) == owed

    def _concerns(self, person: Resident, event: CaseEvent) -> bool:
        if event.what is E.REMINDED:
            return person.id == self.fatima.id
        if event.what is E.OVERDUE:
            return person.wants_progress and self._is_first_to_be_late(event)
        if not event.public or event.what is E.INFORMATION or event.actor == f"resident:{person.id}":
            return False
        return person.wants_progress or event.what not in PROGRESS

    def _is_first_to_be_late(self, event: CaseEvent) -> bool:
        before = [one for one in self.history() if one.id < event.id]
        opened = [one.at for one in before if one.what is E.REOPENED]
        return not any(one.what is E.OVERDUE and (not opened or one.at >= opened[-1]) for one in before)

    def history(self) -> list[CaseEvent]:
        async def read(work: Work) -> list[CaseEvent]:
            return await rows.events(work.tx, self.case.id)

        return self.run(self.casework.do(read))

    def told(self) -> list[tuple[int, int]]:
        async def read(work: Work) -> list[tuple[int, int]]:
            owed = await work.tx.all("SELECT resident_id, payload FROM outbox WHERE resident_id IS NOT NULL")
            notices = [(int(str(row["resident_id"])), ANY_NOTICE.validate_json(str(row["payload"]))) for row in owed]
            return [(who, notice.event) for who, notice in notices if isinstance(notice, CaseUpdate)]

        return self.run(self.casework.do(read))


def test_the_life_of_a_case(tmp_path: Path) -> None:
    asyncio.run(fresh_sqlite(tmp_path / "empty.db"))

    class Life(_Life):
        empty = tmp_path / "empty.db"

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
