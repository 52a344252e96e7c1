"""What is held on a person, as they get it: one readable file of everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from services.actors import Actor, Subject, is_resident, resident_actor, resident_subject
from services.cases import public_view
from services.privacy import requests
from services.privacy.requests import RequestKind
from services.text.stored_drafts import read_saved
from services.unit_of_work import Work
from storage import (
    audit,
    bookings,
    cases,
    delegations,
    files,
    no_shows,
    outcomes,
    personal,
    promises,
    ratings,
    residents,
    streets,
)
from storage.delegations import Delegation
from storage.ids import OfficeId, Reference
from storage.no_shows import NoShowReason
from storage.outcomes import OutcomeRow
from storage.personal import ToldAnnouncement
from storage.promises import Promise
from storage.records import Instant
from storage.records.cases import Case, CaseEvent
from storage.records.residents import ConversationRow, Resident
from storage.streets import OwnStreet

_STEP: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_FOR_OTHERS = ("intake:", "acting:")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Person(_Part):
    name: str
    phone: str
    language: str
    digits: str
    office: OfficeId
    consented_at: Instant | None
    wants_reminders: bool
    wants_progress: bool
    wants_news: bool
    blocked_until: Instant | None
    blocked_reason: str
    created_at: Instant
    seen_at: Instant


class Happened(_Part):
    """One line of a history. `words` are the person's own, or those of the office to them."""

    at: Instant
    what: str
    words: str = ""


class OwnBooking(_Part):
    reference: Reference
    office: OfficeId
    status: str
    day: date
    starts_at: Instant | None
    topic: str
    words: str
    companions: int
    needs: tuple[str, ...]
    name: str
    phone: str
    project: str
    registration: str
    answers: dict[str, str]
    reason: str
    created_at: Instant
    history: tuple[Happened, ...]


class OwnCase(_Part):
    reference: Reference
    kind: str
    category: str
    office: OfficeId
    status: str
    outcome: str
    words: str
    block: int | None
    road: str
    building: str
    latitude: float | None
    longitude: float | None
    anonymous: bool
    name: str
    phone: str
    project: str
    registration: str
    created_at: Instant
    closed_at: Instant | None
    neighbours_read: str  # of it, who are asked to join
    history: tuple[Happened, ...]


class OwnFile(_Part):
    kind: str
    name: str
    mime: str
    size: int
    status: str
    created_at: Instant


class OwnRating(_Part):
    subject: Subject
    stars: int
    comment: str
    at: Instant


class OwnOutcome(_Part):
    """What came of a meeting: each version that was recorded."""

    booking: Reference
    version: int
    kind: str
    words: str
    party: str
    due: date | None
    at: Instant


class OwnPromise(_Part):
    booking: Reference
    what: str
    party: str
    due: date
    status: str
    made_on: date
    settled_on: date | None


class OwnDelegation(_Part):
    """Somebody they act for, or who acts for them (`name`)."""

    acts_for_another: bool
    name: str
    phone: str
    state: str
    asked_at: Instant
    decided_at: Instant | None
    ended_at: Instant | None


class OwnReason(_Part):
    """Why they did not come to a meeting, as they said."""

    booking: Reference
    reason: str
    words: str
    at: Instant


class TappedButton(_Part):
    button: str
    at: Instant


class OwnAnnouncement(_Part):
    """News that was sent to them, and what they did with it. Without `words` it was about a Customer Day."""

    kind: str
    office: OfficeId
    words: str
    status: str
    sent_at: Instant | None
    tapped: tuple[TappedButton, ...]
    no_more_news_at: Instant | None


class Joined(_Part):
    """Another's case that they joined, and what they did there."""

    reference: Reference
    history: tuple[Happened, ...]


class Unfinished(_Part):
    """Something begun and not submitted: the question at which it stands, and what was entered so far."""

    question: str
    entered: dict[str, JsonValue]


class Export(_Part):
    """Everything held on one person."""

    channel: str
    address: str
    exported_at: Instant
    person: Person
    bookings: tuple[OwnBooking, ...]
    cases: tuple[OwnCase, ...]
    joined: tuple[Joined, ...]
    unfinished: tuple[Unfinished, ...]
    files: tuple[OwnFile, ...]
    ratings: tuple[OwnRating, ...]
    outcomes: tuple[OwnOutcome, ...]
    promises: tuple[OwnPromise, ...]
    no_shows: tuple[OwnReason, ...]
    announcements: tuple[OwnAnnouncement, ...]
    delegations: tuple[OwnDelegation, ...]
    streets: tuple[OwnStreet, ...]

    def to_json(self) -> bytes:
        """UTF-8, indented: for people and for machines."""
        return self.model_dump_json(indent=2).encode()


async def export(work: Work, resident: Resident) -> Export:
    """Everything held on a resident, except notes among staff."""
    actor = resident_actor(resident.id)
    events = await personal.case_events(work.tx, resident.id, actor)
    changes = await personal.booking_changes(work.tx, resident.id)
    audit.record(work.tx, work.now, actor, "privacy.export", resident_subject(resident.id))
    await requests.done_at_once(work, RequestKind.COPY)
    return Export(
        channel=resident.channel,
        address=resident.address,
        exported_at=work.now,
        person=Person.model_validate(resident),
        bookings=tuple(
            OwnBooking(
                **booking.model_dump(include=_named(OwnBooking)),
                history=tuple(Happened.model_validate(change) for change in changes if change.booking_id == booking.id),
            )
            for booking in await bookings.of_resident(work.tx, resident.id)
        ),
        cases=tuple(
            [
                OwnCase(
                    **case.model_dump(include=_named(OwnCase)),
                    neighbours_read=(await public_view.shown(work, case)).words,
                    history=_public(events, case, actor),
                )
                for case in await personal.cases(work.tx, resident.id)
            ]
        ),
        joined=tuple(
            [await _joined(work, one, events, actor) for one in await personal.followed(work.tx, resident.id)]
        ),
        unfinished=_unfinished(await personal.conversation(work.tx, resident.id)),
        files=tuple(OwnFile.model_validate(file) for file in await files.of_resident(work.tx, resident.id)),
        ratings=tuple(OwnRating.model_validate(rating) for rating in await ratings.of_resident(work.tx, resident.id)),
        announcements=await _announcements(work, resident),
        streets=tuple(await streets.of_resident(work.tx, resident.id)),
        delegations=tuple(
            [await _delegation(work, resident, one) for one in await delegations.touching(work.tx, resident.id)]
        ),
        **await _meetings(work, resident),
    )


async def _delegation(work: Work, resident: Resident, one: Delegation) -> OwnDelegation:
    """What they typed of the other is theirs; of who acts for them, what that one calls themselves."""
    mine = one.delegate_id == resident.id
    delegate = None if mine else await residents.by_id(work.tx, one.delegate_id)
    return OwnDelegation(
        acts_for_another=mine,
        name=one.name if mine or delegate is None else delegate.name,
        phone=one.phone if mine else "",
        state=one.state.value,
        asked_at=one.asked_at,
        decided_at=one.decided_at,
        ended_at=one.ended_at,
    )


class _Meetings(TypedDict):
    outcomes: tuple[OwnOutcome, ...]
    promises: tuple[OwnPromise, ...]
    no_shows: tuple[OwnReason, ...]


async def _meetings(work: Work, resident: Resident) -> _Meetings:
    """What came of their meetings, what was promised, and why they did not come."""
    of = {booking.id: booking.reference for booking in await bookings.of_resident(work.tx, resident.id)}
    return {
        "outcomes": tuple(
            OwnOutcome.model_validate(_shared(one, OwnOutcome, of[one.booking_id]))
            for one in await outcomes.of_resident(work.tx, resident.id)
        ),
        "promises": tuple(
            OwnPromise.model_validate(_shared(one, OwnPromise, of[one.booking_id]))
            for one in await promises.of_resident(work.tx, resident.id)
        ),
        "no_shows": tuple(
            OwnReason.model_validate(_shared(one, OwnReason, of[one.booking_id]))
            for one in await no_shows.of_resident(work.tx, resident.id)
        ),
    }


def _shared(row: OutcomeRow | Promise | NoShowReason, part: type[_Part], booking: Reference) -> dict[str, object]:
    """What a row and its part of the export both have, with whose meeting it was."""
    party = "" if isinstance(row, NoShowReason) else _party(row.party, row.party_words)
    own = row.model_dump(include=set(part.model_fields) - {"booking", "party"})
    return {**own, "booking": booking} | ({"party": party} if "party" in part.model_fields else {})


def _party(key: str, words: str) -> str:
    """Who promised; a member of staff is the office."""
    return words or ("" if key.startswith("staff:") else key)


async def _announcements(work: Work, resident: Resident) -> tuple[OwnAnnouncement, ...]:
    taps = await personal.taps(work.tx, resident.id)
    return tuple(
        OwnAnnouncement(
            kind=one.kind,
            office=one.office,
            words=one.texts.get(resident.language),
            status=one.state,
            sent_at=one.sent_at,
            tapped=tuple(
                TappedButton(button=_label(one, tap.button, resident.language), at=tap.at)
                for tap in taps
                if tap.announcement_id == one.id
            ),
            no_more_news_at=one.opted_out_at,
        )
        for one in await personal.announcements(work.tx, resident.id)
    )


def _label(announcement: ToldAnnouncement, number: int, language: str) -> str:
    """What a button says now; its number where a correction took it away."""
    buttons = announcement.buttons
    return buttons[number].label.get(language) if number < len(buttons) else str(number + 1)


async def _joined(work: Work, reference: Reference, events: Iterable[CaseEvent], actor: Actor) -> Joined:
    case = await cases.by_reference(work.tx, reference)
    theirs = (event for event in events if case is not None and event.case_id == case.id and event.actor == actor)
    return Joined(reference=reference, history=tuple(Happened.model_validate(event) for event in theirs))


def _unfinished(stands: ConversationRow | None) -> tuple[Unfinished, ...]:
    """The drafts of a conversation: the one at hand, then those set aside. Where nothing was entered there is none.

    What a member of staff is taking for a caller is the caller's, and what a delegate writes is whom it is for's.
    """
    if stands is None:
        return ()
    saved = (draft.step for draft in read_saved(stands.saved, stands.updated_at))
    drafts = (_draft(text) for text in (stands.step, *saved))
    return tuple(draft for draft in drafts if draft.entered and not draft.question.startswith(_FOR_OTHERS))


def _draft(step: str) -> Unfinished:
    """A step as `conversations` stores it: its name, and what was entered on the way; unreadable, it is theirs too."""
    try:
        entered = _STEP.validate_json(step)
    except ValidationError:
        return Unfinished(question="", entered={"stored": step})
    return Unfinished(question=str(entered.pop("step", "")), entered=entered)


def _named(model: type[_Part]) -> set[str]:
    return set(model.model_fields) - {"history"}


def _public(events: Iterable[CaseEvent], case: Case, actor: Actor) -> tuple[Happened, ...]:
    """What was public, and what they did themselves; without the words of others who joined."""
    return tuple(
        Happened(at=event.at, what=event.what, words=_theirs(event, actor))
        for event in events
        if event.case_id == case.id and (event.public or event.actor == actor)
    )


def _theirs(event: CaseEvent, actor: Actor) -> str:
    return "" if is_resident(event.actor) and event.actor != actor else event.words
