"""What the clock looks after: one row for each duty, with what it is called, what does it and how often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from bot.clock import Duty
from bot.delivery import stale_prompts
from services.announcements import session_drafts
from services.bookings import cards, draws, questions, releases
from services.bookings import due as booking_due
from services.briefs import telling as briefs
from services.cases import due as case_due
from services.cases import search_index
from services.casework import daily_digest, near, undelivered
from services.dangers import alerts as dangers
from services.delegations import delegations
from services.improvements import improvements
from services.incidents import cards as incident_cards
from services.incidents import joining, telling
from services.privacy import requests, retention
from services.promises import due as promise_due
from services.reports import scheduled
from services.staff import lost_chats
from services.unit_of_work import Work
from services.visits import due as line_due


def duties() -> tuple[Duty, ...]:
    """In the order in which a tick comes to them."""
    return (
        Duty("appointments", booking_due.run_due),
        Duty("cards of the day", cards.show_day, most=2),  # at midnight, all cards of a session at once
        Duty("questions about appointments", questions.run_due, most=20),
        Duty("releases", releases.run_due, most=20),
        Duty("draws", draws.run_due, most=1),  # all who applied for a day are told at once
        Duty("lines", line_due.run_due, most=20),
        Duty("cases", case_due.run_due),
        Duty("dangers", dangers.run_due, most=20),
        Duty("earlier reports", joining.gather_due, most=20),
        Duty("incidents", telling.run_due, most=20),
        Duty("incident cards", incident_cards.show_due, most=5),
        Duty("incidents that end", incident_cards.remind_due, every=60, most=5),
        Duty("agreements nobody answered", delegations.run_due, every=60, most=50),
        Duty("lost groups", lost_chats.run_due, most=20),
        Duty("promises", promise_due.run_due),
        Duty("search", search_index.run_due),
        Duty("search index", search_index.tidy, every=60, most=256),
        Duty("announcement drafts", session_drafts.run_due, every=60),
        Duty("improvements", improvements.tell_due, most=50),
        Duty("digests", daily_digest.run_due, every=60),
        Duty("places of members", near.forget_due, every=600, most=50),
        Duty("stale prompts", stale_prompts.run_due, every=60, most=20),
        Duty("data requests", requests.run_due, every=30),
        Duty("undelivered messages", undelivered.run_due, every=10, most=50),
        Duty("briefs", briefs.run_due, every=60, most=20),
        Duty("reports", scheduled.run_due, every=300),
        *_retention(),
    )


def _retention() -> Iterator[Duty]:
    """A duty for each step of retention."""
    sweep = retention.Sweep()

    def act(step: str) -> Callable[[Work, int], Awaitable[int]]:
        async def let_go(work: Work, limit: int) -> int:
            return (await sweep.run(step, work, limit)).seen

        return let_go

    return (Duty(f"retention: {step}", act(step), every=3600) for step in retention.STEPS)
