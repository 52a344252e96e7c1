"""What came of a meeting in words: to the resident, and to staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Responder
from conversations.texts.case import body_of, reach
from locales import N_, Localizer
from services import residents
from services.cases import resident_actions
from services.promises import outcomes, promises
from services.promises.outcomes import OutcomeKind, OutcomeRow
from services.promises.parties import Party, name_of
from services.promises.promises import PromiseStatus
from services.staff import permissions
from services.unit_of_work import Work
from storage.ids import OfficeId, Reference
from storage.records.bookings import Booking
from storage.records.cases import Case

K, S = OutcomeKind, PromiseStatus

#: What staff choose from, as a button says it.
CHOICES: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        K.SOLVED: N_("✅ Solved"),
        K.EXPLAINED: N_("💬 Explained"),
        K.PROMISED: N_("🤝 Promised"),
        K.REFERRED: N_("↗️ Referred"),
        K.OTHER: N_("✏️ Something else"),
    }
)

#: What the resident reads.
_TOLD: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        K.SOLVED: N_("✅ Your problem was solved in the meeting."),
        K.EXPLAINED: N_("💬 The municipality explained the subject to you."),
        K.PROMISED: N_("🤝 The municipality promised you:"),
        K.REFERRED: N_("↗️ The responsible body for this is now:"),
        K.OTHER: N_("✏️ The municipality recorded this:"),
    }
)

STATUS: Mapping[PromiseStatus, str] = MappingProxyType(
    {
        S.OPEN: N_("Promise open"),
        S.DONE_SAID: N_("The office says it is done"),
        S.KEPT: N_("Promise kept"),
        S.NOT_KEPT: N_("Promise not kept"),
        S.UNCONFIRMED: N_("Not confirmed"),
        S.WITHDRAWN: N_("Withdrawn"),
    }
)

_MOST = 1000  # of words


def quoted(t: Localizer, words: str, limit: int = _MOST) -> Markup | None:
    """Words as they were typed, in whatever language that was."""
    return t("“{words}”", words=t.own(words, limit)) if words else None


def party_name(
    t: Localizer, work: Work, office: OfficeId, party: Party, names: Mapping[str, str] | None = None
) -> Markup:
    """Who keeps a promise. Of a member, staff are told the name (`names`, by actor), residents the office."""
    known = name_of(work, office, party)
    if known is not None:
        return t.pick(known)
    if party.words:
        return t.own(party.words, 120)
    if party.member and names is not None and names.get(party.owner):
        return t.own(names[party.owner], 60)
    found = work.offices.get(office)
    return t.pick(found.name) if found else t.own(office)


def party_of(outcome: OutcomeRow) -> Party:
    return Party(outcome.party, outcome.party_words)


def told_lines(
    t: Localizer, work: Work, office: OfficeId, outcome: OutcomeRow, case: Reference | None = None, *, asks: bool = True
) -> tuple[Markup | None, ...]:
    """What came of a meeting, as the resident reads it. `case` is the follow-up request that was opened.

    Whoever met is asked whether it was done (`asks`).
    """
    who, words = party_of(outcome), quoted(t, outcome.words)
    head = t(_TOLD[outcome.kind])
    if outcome.kind is K.REFERRED:
        body = body_of(work.offices, who.body) if who.body else None
        contact = reach(t, body) if body else None
        return head, Markup("<b>{}</b>").format(party_name(t, work, office, who)), contact, words
    if outcome.kind is not K.PROMISED or outcome.due is None:
        return head, words
    return (
        head,
        words,
        Markup(),
        t("Who: {party}", party=party_name(t, work, office, who)),
        t("Until: {date}", date=t.full_date(outcome.due)),
        t("Follow-up request: {reference}", reference=t.ref(case)) if case else None,
        *((Markup(), t("When it is due, we will ask you if it was done.")) if asks else ()),
    )


async def seen_later(work: Work, t: Localizer, booking: Booking) -> list[Markup | None]:
    """In an appointment that was kept: what came of it, as its visitor was told."""
    now = await outcomes.newest(work, booking.id)
    if now is None or now.kind not in _TOLD:
        return []
    promise = await promises.of_booking(work, booking)
    case = None if promise is None else await resident_actions.by_id(work, promise.case_id)
    reference = None if case is None else case.reference
    return [Markup(), *told_lines(t, work, booking.office, now, reference, asks=promise is not None and promise.stands)]


def staff_lines(
    t: Localizer, work: Work, office: OfficeId, outcome: OutcomeRow, names: Mapping[str, str]
) -> tuple[Markup | None, ...]:
    """The same in short, for staff."""
    if outcome.kind is K.TAKEN_BACK:
        return (t("↩️ The outcome was undone."),)
    who = party_name(t, work, office, party_of(outcome), names)
    return (
        Markup("<b>{}</b>").format(t(CHOICES[outcome.kind])),
        quoted(t, outcome.words, 300),
        t("Who: {party}", party=who) if outcome.kind in {K.PROMISED, K.REFERRED} else None,
        t("Until: {date}", date=t.full_date(outcome.due)) if outcome.due else None,
    )


async def came_of_it(responder: Responder, booking: Booking) -> list[Markup]:
    """On an appointment's card: what came of it, and what was promised to the visitor before and not kept."""
    t, work = responder.t, responder.work
    now = await outcomes.newest(work, booking.id)
    lines: list[Markup | None] = []
    if now is not None and now.kind is not K.TAKEN_BACK:
        lines += [Markup(), *staff_lines(t, work, booking.office, now, await permissions.names(work))]
    resident = await residents.by_id(work, booking.resident_id)
    for one in await promises.open_of(work, resident) if resident is not None else ():
        if one.promise.booking_id != booking.id and (one.broken or one.overdue):
            age = t.duration(max(one.age, timedelta(days=1)))
            what = quoted(t, one.promise.what, 150) or Markup()
            said = t("⚠️ Promise not kept, made {age} ago: {words}", age=age, words=what)
            lines.append(said if one.broken else t("⏰ Promise overdue, made {age} ago: {words}", age=age, words=what))
    return [line for line in lines if line is not None]


async def on_case(responder: Responder, case: Case) -> Markup | None:
    """On the card of the request that a promise is kept by."""
    t, work = responder.t, responder.work
    promise = await promises.of_case(work, case.id)
    if promise is None:
        return None
    who = party_name(t, work, promise.office, promises.party_of(promise), await permissions.names(work))
    until = t.near_date(promise.due, work.today)
    return t("🤝 {status} · {party} · until {date}", status=t(STATUS[promise.status]), party=who, date=until)


def changes(t: Localizer, work: Work, office: OfficeId, before: OutcomeRow, after: OutcomeRow) -> tuple[Markup, ...]:
    """What a correction has changed, as it was before."""
    said: list[Markup] = []
    if before.kind is not after.kind and before.kind in _TOLD:
        said.append(t("Before: {what}", what=t(_TOLD[before.kind])))
    if before.words and before.words != after.words:
        said.append(t("Words before: “{words}”", words=t.own(before.words, 300)))
    if before.kind is after.kind and party_of(before).named and party_of(before) != party_of(after):
        said.append(t("Who before: {party}", party=party_name(t, work, office, party_of(before))))
    if before.due and after.due and before.due != after.due:
        said.append(t("Date before: {date}", date=t.date(before.due)))
    return tuple(said)
