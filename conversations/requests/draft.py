"""A request while it is being written: what was said so far, in whatever order it came."""

from __future__ import annotations

from typing import ClassVar

from conversations.engine.draft_step import Added
from conversations.engine.drafts import FormDraft
from conversations.engine.messages import Message, Place
from conversations.engine.step import Turn
from services.cases.resident_actions import NewCase
from services.offices.geography import OutsideBahrain, suggest_office
from services.offices.offices import Ask, Category, DangerId, Offices, PlaceNeed
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind


class Spot(Message):
    """Where it is: a pin, an address, or (in `road`) how the person describes it."""

    block: int | None = None
    road: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Part(Message):
    """One of two matters that a message told: its words, what it is about, and once they are apart its own place."""

    words: str
    category: CategoryId
    office: OfficeId | None = None  # None: as the other's
    spot: Spot | None = None


class RequestDraft(FormDraft):
    """Everything said so far."""

    form: ClassVar[str] = "request"
    kind: CaseKind
    office: OfficeId
    category: CategoryId = CategoryId("")
    likely: tuple[CategoryId, ...] = ()  # what else the words may be about, as they were understood
    danger: DangerId | None = None  # as its words or its sender say
    apart: tuple[Part, ...] = ()  # two matters in one message: whether they become two requests is still open
    following: Part | None = None  # what becomes a request of its own once this one is submitted
    told: bool = False  # files alone are to do
    project: str = ""
    registration: str = ""
    unregistered: bool = False
    spot: Spot | None = None
    no_spot: bool = False  # skipped
    spot_beside: Spot | None = None  # of the other matter of the same message
    place_told: bool = False  # the place was looked at for whose it is, while no office was chosen
    office_settled: bool = False  # whose the place is was asked
    looked_for_similar: bool = False
    anonymous: bool | None = None
    name: str = ""
    phone: str = ""
    phone_own: bool = False
    phone_of: str = ""  # whose number it is, where somebody else's was shared

    @property
    def described(self) -> bool:
        return bool(self.pieces) or self.voice or self.told

    @property
    def empty(self) -> bool:
        return not (self.category or self.pieces or self.files or self.spot)

    def with_also(self, other: RequestDraft) -> RequestDraft:
        """The draft with what another tells besides: words, files, a place."""
        draft = self
        for piece in other.pieces:
            draft = draft.with_words(piece.message, piece.text)
        files = tuple(dict.fromkeys((*draft.files, *other.files)))[: draft.max_files]
        draft = draft.but(files=files, voice=draft.voice or other.voice)
        return draft.at(other.spot) if draft.spot is None and other.spot is not None else draft

    def second(self) -> RequestDraft | None:
        """The draft of the matter that follows, from the same person and at its own place; None where none does."""
        part = self.following
        if part is None:
            return None
        second = self.but(following=None, category=part.category, likely=(), files=(), voice=False, danger=None)
        second = second.but(pieces=(), office=self.office if part.office is None else part.office)
        return second.with_words(None, part.words).apart_at(part.spot, self.spot)

    def apart_at(self, spot: Spot | None, beside: Spot | None) -> RequestDraft:
        """The draft at the place that one matter of two has; where it has none it is asked, and the other's offered."""
        return self.at(spot).but(no_spot=False, spot_beside=beside if spot is None else None)

    def at(self, spot: Spot | None) -> RequestDraft:
        """The draft at another place: whose it is and what is like it there are open again."""
        return self.but(
            spot=spot, no_spot=spot is None, place_told=False, office_settled=False, looked_for_similar=False
        )


def category_of(offices: Offices, draft: RequestDraft) -> Category | None:
    """The chosen category, where the office takes such cases about it; any while the office is open.

    A question has one without choosing.
    """
    wanted = draft.category
    if not wanted and draft.kind is CaseKind.INQUIRY:
        wanted = offices.inquiries.category or wanted
    if not draft.office:
        return offices.category(wanted)
    return next((c for c in offices.categories_for(draft.office, draft.kind) if c.id == wanted), None)


def asked(offices: Offices, draft: RequestDraft, what: Ask) -> bool:
    """Whether the office asks this beyond the usual."""
    office = offices.get(draft.office)
    return office is not None and what in office.asks


def needs_place(offices: Offices, draft: RequestDraft) -> PlaceNeed:
    """Whether a place is asked for, and may be skipped: what somebody suggests may be meant for everywhere.

    A question needs none; of a danger the team must know where it is.
    """
    if draft.danger is not None:
        return PlaceNeed.REQUIRED
    if draft.kind is CaseKind.INQUIRY:
        return PlaceNeed.NONE
    category = category_of(offices, draft)
    if category is None:
        return PlaceNeed.REQUIRED  # as of most categories
    anywhere = draft.kind is CaseKind.SUGGESTION and category.place is PlaceNeed.REQUIRED
    return PlaceNeed.OPTIONAL if anywhere else category.place


# ---------------------------------------------------------------------------- adding to it


def pinned(turn: Turn, draft: RequestDraft, place: Place) -> Added[RequestDraft]:
    """The draft at a pin on the map, unless it is abroad."""
    offices = turn.work.offices
    if isinstance(suggest_office(offices, place.latitude, place.longitude), OutsideBahrain):
        return Added(draft, turn.t("That place is outside Bahrain. Share the location your request is about."))
    return Added(draft.at(Spot(latitude=place.latitude, longitude=place.longitude)))


def is_nameless(draft: RequestDraft) -> bool:
    """Whether it is submitted without a name. A question is, unless a name is given: it takes none to answer it."""
    return draft.kind is CaseKind.INQUIRY if draft.anonymous is None else draft.anonymous


def as_case(offices: Offices, draft: RequestDraft, source: str) -> NewCase:
    """What is submitted. Without a name nothing that tells who it is goes along."""
    known = not is_nameless(draft)
    category = category_of(offices, draft)
    spot = draft.spot or Spot()
    return NewCase(
        kind=draft.kind,
        category=draft.category if category is None else category.id,
        office=draft.office,
        words=_with_whose_number(draft) if known else draft.words,
        files=draft.files,
        block=spot.block,
        road=spot.road,
        building=spot.building,
        latitude=spot.latitude,
        longitude=spot.longitude,
        anonymous=not known,
        name=draft.name if known else "",
        phone=draft.phone if known else "",
        project=draft.project,
        registration=draft.registration,
        source=source,
        danger=draft.danger,
    )


def _with_whose_number(draft: RequestDraft) -> str:
    """The words, and whom staff reach by the number, where that is somebody else."""
    if not draft.phone_of or draft.phone_of in draft.words:
        return draft.words
    return "\n".join(part for part in (draft.words, f"{draft.phone_of} {draft.phone}") if part)


def remember(turn: Turn, draft: RequestDraft) -> None:
    """What is kept of the person for the next time; by submitting they agreed to it."""
    resident = turn.resident
    name, phone, own = resident.name, resident.phone, resident.phone_own
    if not is_nameless(draft):
        name = draft.name or name
        if draft.phone and not draft.phone_of:
            phone, own = draft.phone, draft.phone_own
    turn.change(
        consented_at=resident.consented_at or turn.work.now,
        office=resident.office or draft.office,
        name=name,
        phone=phone,
        phone_own=own,
    )
