"""All that happened to a case, as staff read it: who did what and when, notes among staff as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from conversations.requests.view import MOST_STARS
from conversations.staff.card_buttons import priority_name
from conversations.staff.context import StaffContext, Tap
from conversations.staff.registry import CaseButton, StaffButton
from conversations.texts.case import event_words
from locales import N_, Localizer
from services.actors import Actor, case_subject, is_resident, is_staff, resident_actor
from services.cases import resident_actions
from services.cases.event_details import ToOwner, ToPriority, detail_of
from services.casework import replies
from services.staff import permissions
from services.staff.permissions import Act
from storage.records.cases import Case, CaseEvent, CaseEventKind

E = CaseEventKind
_NEWEST = 25
_SHOWN_WORDS = 200

_INTERNAL: Mapping[CaseEventKind, str] = MappingProxyType(
    {
        E.RECEIVED: N_("Submitted"),
        E.TAKEN_UP: N_("Claimed the request"),
        E.NOTED: N_("Internal note:"),
        E.ASSIGNED: N_("Assigned to {name}"),
        E.PRIORITISED: N_("Priority: {priority}"),
        E.ESCALATED: N_("Escalated"),
        E.JOINED: N_("Another resident joined"),
        E.WARNED: N_("The deadline is near"),
        E.OVERDUE: N_("A deadline has passed"),
        E.RATED: N_("Rating: {stars} out of {most}"),
        E.COMMENTED: N_("Comment on the rating:"),
        E.REMINDED: N_("We reminded the applicant about the question"),
        E.UNANSWERED: N_("The applicant has not answered this question:"),
        E.NUMBER: N_("Gave a new phone number"),
        E.SEEN: N_("Saw our message"),
        E.TAKEN_BACK: N_("Took it back before it was passed on: it was not the answer"),
        E.FORGOTTEN: N_("The applicant's data was erased"),
    }
)


async def _show(context: StaffContext, _tap: Tap, case: Case) -> None:
    """Post the history of a case below its card."""
    t, member = context.t, await context.member()
    # Who only reads along is not among whom staff write their notes for.
    among_staff = member is not None and member.may(Act.NOTE, case.office)
    events = [
        one for one in await resident_actions.history(context.work, case) if among_staff or one.what is not E.NOTED
    ]
    names = await permissions.names(context.work)
    shown = events[-_NEWEST:]
    left_out = len(events) - len(shown)
    context.say(
        t.join_lines(
            t("🕘 <b>History of {reference}</b>", reference=t.ref(case.reference)),
            t.plural("{n} earlier entry is not shown", "{n} earlier entries are not shown", left_out)
            if left_out > 0
            else None,
            *(line for day in _by_day(t, context, case, shown, names) for line in day),
        ),
        subject=case_subject(case.id),
        reply_to=context.said.message,
    )


def _by_day(
    t: Localizer, context: StaffContext, case: Case, events: list[CaseEvent], names: Mapping[str, str]
) -> Iterator[list[Markup]]:
    """The lines of each day below its date."""
    zone, today = context.work.offices.zone, context.work.today
    for day, of_day in groupby(events, key=lambda event: event.at.astimezone(zone).date()):
        lines = [_line(t, context, case, event, names) for event in of_day]
        yield [Markup(), Markup("<b>{}</b>").format(t.near_date(day, today)), *lines]


def _line(t: Localizer, context: StaffContext, case: Case, event: CaseEvent, names: Mapping[str, str]) -> Markup:
    detail = detail_of(event)
    if event.what is E.NOTED and replies.undoes(event):
        what = t("Undone. The applicant was not told.")
    elif replies.undoes(event):
        what = t("Message undone.")
    elif event.what is E.ASSIGNED and detail == ToOwner(Actor("")):
        what = t("No longer has an owner")
    elif event.what in _INTERNAL:
        what = t(
            _INTERNAL[event.what],
            name=t.own(
                (names.get(detail.owner, "") if isinstance(detail, ToOwner) else "") or t.plain("a member of staff"), 40
            ),
            stars=detail.stored,
            most=MOST_STARS,
            priority=t(priority_name(detail.priority if isinstance(detail, ToPriority) else 0)),
        )
        if event.words and event.what is not E.RECEIVED:
            what = t("{what} “{words}”", what=what, words=t.own(event.words, _SHOWN_WORDS))
    else:
        seen = event.model_copy(update={"public": True})
        what = event_words(t, context.work.offices, seen, mine=False, limit=_SHOWN_WORDS) or t("Changed")
    who = _who(t, case, event, names)
    if who is None:
        return t("{time} · {what}", time=t.time(event.at), what=what)
    return t("{time} · {who} – {what}", time=t.time(event.at), who=who, what=what)


def _who(t: Localizer, case: Case, event: CaseEvent, names: Mapping[str, str]) -> Markup | None:
    """Who did it: a member by name, a resident by their part in it; None for what happened by itself."""
    if is_staff(event.actor):
        return t.own(names.get(event.actor, "") or t.plain("a member of staff"), 40)
    if is_resident(event.actor):
        return t("the applicant") if event.actor == resident_actor(case.resident_id) else t("someone who joined")
    return None


BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"history": CaseButton(Act.READ, _show)})
