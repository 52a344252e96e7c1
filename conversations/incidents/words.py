"""How an incident is called: what it is about and where."""

from __future__ import annotations

from markupsafe import Markup

from conversations.staff.office_scope import office_label
from conversations.texts.case import category_name
from locales import Localizer
from services.incidents.incidents import Incident, Plan
from services.offices.offices import Offices
from storage.ids import OfficeId

_SHOWN = 12  # blocks that a line names


def what(t: Localizer, offices: Offices, incident: Incident | Plan) -> Markup:
    """Its categories."""
    return t.join(category_name(t, offices, one) for one in incident.categories)


def where(t: Localizer, offices: Offices, incident: Incident | Plan) -> Markup:
    """Its municipalities, and the part of them that is affected."""
    municipalities = t.join(t.own(office_label(t, offices, one)) for one in incident.offices)
    blocks = incident.blocks
    named = t.join(t.ref(str(one)) for one in blocks[:_SHOWN])
    more = len(blocks) - _SHOWN
    return t.dotted(
        municipalities,
        t("blocks {blocks}", blocks=named) if blocks and more <= 0 else None,
        t("blocks {blocks} and {n} more", blocks=named, n=more) if more > 0 else None,
        t.plural("around {n} place", "around {n} places", len(incident.circles)) if incident.circles else None,
    )


def title(t: Localizer, offices: Offices, incident: Incident | Plan) -> Markup:
    return t.dotted(what(t, offices, incident), where(t, offices, incident))


def left_out(t: Localizer, offices: Offices, office: OfficeId) -> Markup:
    """Of a municipality that was taken out."""
    return t("{office} is no longer part of this incident.", office=t.own(office_label(t, offices, office)))
