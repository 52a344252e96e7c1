"""What a change does, in words: before it is confirmed, and after. Of residents there is a time and a reference."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2s

from markupsafe import Markup

from conversations.configuration.rule_words import rule_words
from conversations.engine.step import Turn
from locales import Localizer
from services.bookings.replanning import Effect
from services.casework import templates
from services.offices import answers
from services.offices.yaml_file import Problem
from storage.records.bookings import Booking

_LISTED = 15  # of those who are affected


def effect_lines(turn: Turn, effect: Effect) -> list[Markup]:
    """What a change would do to sessions and to whoever has an appointment."""
    t = turn.t
    lines = [
        t.plural("{n} session is added.", "{n} sessions are added.", effect.opened) if effect.opened else None,
        t.plural("{n} session changes.", "{n} sessions change.", effect.changed) if effect.changed else None,
        t.plural("{n} session is cancelled.", "{n} sessions are cancelled.", effect.ended) if effect.ended else None,
    ]
    said = [line for line in lines if line is not None]
    return [*said, *affected_lines(turn, effect.affected, effect.waiting)] if said else []


def affected_lines(turn: Turn, affected: Collection[Booking], waiting: int = 0) -> list[Markup]:
    """Whom it concerns: when, and under which reference."""
    t = turn.t
    if not affected and not waiting:
        return [t("No resident is affected.")]
    lines = []
    if affected:
        lines.append(t.plural("{n} booked resident is affected:", "{n} booked residents are affected:", len(affected)))
        lines += [_one(t, booking) for booking in list(affected)[:_LISTED]]
        if len(affected) > _LISTED:
            lines.append(t("… and {n} more", n=len(affected) - _LISTED))
    if waiting:
        lines.append(
            t.plural(
                "{n} person on the waiting list is affected.", "{n} people on the waiting list are affected.", waiting
            )
        )
    return lines


def _one(t: Localizer, booking: Booking) -> Markup:
    moment = t("on the waiting list") if booking.starts_at is None else t.moment(booking.starts_at)
    return t("• {moment} · {reference}", moment=moment, reference=t.ref(booking.reference))


def seen_of(affected: Iterable[Booking]) -> str:
    """Whom it concerned when it was shown: with one more or one less it is shown again."""
    names = ",".join(sorted(booking.reference for booking in affected))
    return blake2s(names.encode(), digest_size=8).hexdigest()


def again(turn: Turn) -> Markup:
    return turn.t("The appointments have changed in the meantime. Check it again.")


def told(turn: Turn, effect: Effect) -> Markup | None:
    """That those it concerns hear of it, after it is done."""
    t, count = turn.t, len(effect.affected) + effect.waiting
    if not count:
        return None
    return t.plural("We are telling {n} resident now.", "We are telling {n} residents now.", count)


def problem_lines(turn: Turn, problems: Collection[Problem]) -> Markup:
    """What the rules of the offices file say against a value, in their own words."""
    t = turn.t
    lines = [t("• expected: {words}", words=rule_words(t, one.expected, _placeholders(one))) for one in problems]
    return t.join_lines(t("⚠️ This value cannot be saved."), *lines)


def _placeholders(problem: Problem) -> tuple[str, ...]:
    """What may stand in braces there: in an answer, or in a ready text of staff."""
    return answers.PLACEHOLDERS if "answers" in problem.path.split(".") else templates.PLACEHOLDERS
