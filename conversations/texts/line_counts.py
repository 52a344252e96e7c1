"""How a line stands in numbers, in the same words for the queue in the chat, the door and the director's page."""

from __future__ import annotations

from markupsafe import Markup

from locales import Localizer
from services.visits.counts import Counts


def count_words(t: Localizer, counts: Counts, *, whole: bool = False) -> Markup:
    """`whole`: also who waits and is inside, where these are not listed beside it."""
    here = (
        t("In the queue: {n}", n=counts.waiting + counts.called),
        t("In the room: {n}", n=counts.inside),
    )
    return t.dotted(
        *(here if whole else ()),
        t("Not here yet: {n}", n=counts.to_come),
        t("By phone or video: {n}", n=counts.to_call) if whole and counts.to_call else None,
        t("Time passed, not here: {n}", n=counts.missed) if whole and counts.missed else None,
        t("Done: {n}", n=counts.met),
        t("Left: {n}", n=counts.left) if counts.left else None,
    )
