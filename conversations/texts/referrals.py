"""To whom matters were referred in meetings, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from markupsafe import Markup

from locales import Localizer
from services.offices.offices import BodyId, Offices
from services.promises.parties import Party


def referral_lines(offices: Offices, t: Localizer, referred: Mapping[str, int]) -> list[Markup]:
    """How many, and to which bodies, the most first; empty where there were none. `referred` is by parties' keys."""
    if not sum(referred.values()):
        return []
    named: Counter[Markup] = Counter()
    for key, n in referred.items():
        body = offices.bodies_by_id.get(BodyId(Party(key).body))
        named[t("Another body") if body is None else t.pick(body.name)] += n
    lines = [t("• {body}: {n}", body=body, n=n) for body, n in named.most_common()]
    return [t("Referred to other bodies: {n}", n=sum(referred.values())), *lines]
