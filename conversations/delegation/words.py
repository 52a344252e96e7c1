"""What acting for another means, as both sides read it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Reask, Turn
from locales import N_, Localizer
from locales.bidi import shorten
from services.delegations.delegations import ASKED_A_DAY, MOST, Delegation, Unusable
from services.offices.offices import Office
from services.text.references import parse_reference
from storage.ids import Reference
from storage.records.cases import CaseKind

#: The routes of this package.
PEOPLE, PERSON, BEGIN, AT, END, ASK, TAKE_BACK, AGAIN, GIVEN = (
    "others",
    "for_person",
    "for_new",
    "for",
    "for_end",
    "for_ask",
    "for_drop",
    "for_again",
    "for_given",
)

#: Those that are everybody's own, whoever acts.
OWN = frozenset({PEOPLE, PERSON, BEGIN, END, ASK, TAKE_BACK, AGAIN, GIVEN})
APPOINTMENT = "book"
#: What can be begun for somebody, by the route of the residents' own flow.
BEGINNINGS: Mapping[str, str] = MappingProxyType(
    {
        "complain": N_("📢 Submit a complaint"),
        APPOINTMENT: N_("📅 Book an appointment"),
        "suggest": N_("💡 Make a suggestion"),
        "request": N_("🛠 Request a service"),
    }
)
KINDS: Mapping[str, CaseKind] = MappingProxyType(
    {
        "complain": CaseKind.COMPLAINT,
        "suggest": CaseKind.SUGGESTION,
        "request": CaseKind.SERVICE_REQUEST,
    }
)


def whose(t: Localizer, name: str) -> Markup:
    """Above every question, so that nothing is taken for one's own."""
    return t("👥 <b>For {name}</b>", name=t.own(name, 60))


def people_button(t: Localizer) -> Button:
    return Button(label=t.plain("👥 Act for someone else"), route=PEOPLE)


def ending_button(t: Localizer) -> Button:
    """For the person acted for: the same list shows who does, and ends it."""
    return Button(label=t.plain("👥 Who acts for you"), route=PEOPLE)


def back_button(t: Localizer, delegation: Delegation) -> Button:
    label = t.plain("👤 More for {name}", name=shorten(delegation.name, 40))
    return Button(label=label, route=PERSON, value=str(delegation.id))


def reference_in(argument: str) -> Reference | None:
    """The reference that a route's argument names, however it is written: `C-7K3M-2QF` or `C-7K3M-2QF.5`."""
    parts = (argument.partition(".")[0], argument.rpartition(".")[0], argument)
    return next((found for part in parts if (found := parse_reference(part)) is not None), None)


def over(turn: Turn) -> Reask:
    """Their agreement has ended, or there never was one."""
    return Reask(turn.t("You cannot act for this person. They have not agreed, or it has ended."))


def useless(turn: Turn, why: Unusable) -> Markup:
    t = turn.t
    match why:
        case Unusable.UNKNOWN:
            return t("This link has been used or has expired. Ask for a new one.")
        case Unusable.OWN:
            return t("This is you. You do not need anyone's agreement to act for yourself.")
        case Unusable.ALREADY:
            return t("This has been asked or agreed already.")
        case Unusable.TOO_MANY:
            return t(
                "You can act for up to {most} people, and ask up to {asked} times a day.", most=MOST, asked=ASKED_A_DAY
            )
        case Unusable.ASKED_THEMSELVES:
            return t("You asked for this yourself. A colleague must call and record the answer.")
        case Unusable.NO_OFFICE:
            return t("That office takes nothing new now. Choose another.")


def what_it_means(t: Localizer) -> Markup:
    """What the other agrees to."""
    return t.join_lines(
        t("• They can submit requests and book appointments for you, and follow, answer and cancel those."),
        t("• They see what they send for you and our answers to it, and nothing else that you send us."),
        t("• An appointment counts as yours: everyone has one open appointment at an office."),
        t("• We tell you what they do for you. You can end this at any time, and so can they."),
    )


def dealing_with(turn: Turn, beginning: str) -> tuple[Office, ...]:
    """The offices at which it can be begun."""
    offices = turn.work.offices
    if beginning == APPOINTMENT:
        return tuple(offices.with_customer_day)
    return tuple(office for office in offices.all if offices.categories_for(office.id, KINDS[beginning]))
