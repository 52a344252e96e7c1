"""A request while it is being written: what was said so far, in whatever order it came."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from conversations.asking import keep_files, take_phone
from conversations.messages import FileKind, Message, Place
from conversations.step import Again, Talk
from services.cases import NewCase
from services.geography import OutsideBahrain, suggest_office
from services.offices import Ask, Category, Offices, PlaceNeed
from services.words import clean
from storage.ids import CategoryId, FileId, OfficeId
from storage.records import CaseKind

MAX_WORDS = 4000  # characters of a request's description
MAX_FILES = 20


class Piece(Message):
    """The words of one message, so that an edit of the message corrects them."""

    message: int | None
    text: str


class Spot(Message):
    """Where it is: a pin, an address, or (in `road`) how the person describes it."""

    block: int | None = None
    road: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None


class RequestDraft(Message):
    """Everything said so far."""

    kind: CaseKind
    office: OfficeId
    category: CategoryId = CategoryId("")
    pieces: tuple[Piece, ...] = ()
    files: tuple[FileId, ...] = ()
    told: bool = False  # a voice note tells it, or files alone are to do
    project: str = ""
    registration: str = ""
    unregistered: bool = False
    spot: Spot | None = None
    no_spot: bool = False  # skipped
    office_settled: bool = False  # whose the place is was asked
    looked_for_similar: bool = False
    anonymous: bool | None = None
    name: str = ""
    phone: str = ""
    phone_own: bool = False
    reviewing: bool = False  # all was answered once: what is asked now is a correction

    @property
    def words(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def described(self) -> bool:
        return bool(self.pieces) or self.told

    @property
    def empty(self) -> bool:
        return not (self.category or self.pieces or self.files or self.spot)

    def with_(self, **changes: object) -> RequestDraft:
        """The draft, validated, with changes."""
        return RequestDraft.model_validate({**dict(self), **changes})

    def with_words(self, message: int | None, text: str) -> RequestDraft:
        """The draft with the words of a message, or those of an edited one corrected; what is over MAX_WORDS is cut."""
        known = message is not None and any(piece.message == message for piece in self.pieces)
        words = clean(text, max(self.room_beside(message), 1))
        new = (Piece(message=message, text=words),) if words and self.room_beside(message) > 0 else ()
        if not known:
            return self.with_(pieces=(*self.pieces, *new))
        at = next(index for index, piece in enumerate(self.pieces) if piece.message == message)
        return self.with_(pieces=(*self.pieces[:at], *new, *self.pieces[at + 1 :]))

    def room_beside(self, message: int | None) -> int:
        """How many characters the words of a message may have beside the others."""
        others = (piece for piece in self.pieces if message is None or piece.message != message)
        return MAX_WORDS - sum(len(piece.text) + 1 for piece in others)

    def at(self, spot: Spot | None) -> RequestDraft:
        """The draft at another place: whose it is and what is like it there are open again."""
        return self.with_(spot=spot, no_spot=spot is None, office_settled=False, looked_for_similar=False)


def category_of(offices: Offices, draft: RequestDraft) -> Category | None:
    """The chosen category, where the office takes such cases about it."""
    return next((c for c in offices.categories_for(draft.office, draft.kind) if c.id == draft.category), None)


def asked(offices: Offices, draft: RequestDraft, what: Ask) -> bool:
    """Whether the office asks this beyond the usual."""
    office = offices.get(draft.office)
    return office is not None and what in office.asks


def needs_place(offices: Offices, draft: RequestDraft) -> PlaceNeed:
    category = category_of(offices, draft)
    return category.place if category else PlaceNeed.NONE


# ---------------------------------------------------------------------------- adding to it


@dataclass(frozen=True, slots=True)
class Added:
    """The draft with what a message brought; `trouble` is what could not be kept, and why."""

    draft: RequestDraft
    trouble: Markup | None = None


async def add_said(talk: Talk, draft: RequestDraft) -> Added:
    """Keep whatever a message brings: files, words or a caption, a place, a phone number."""
    said = talk.said
    added = Added(draft)
    if said.files:
        added = await _with_files(talk, added)
    if said.text:
        added = _with_text(talk, added)
    if said.place is not None:
        added = pinned(talk, added.draft, said.place)
    if said.contact is not None:
        added = _with_phone(talk, added)
    return added


async def _with_files(talk: Talk, added: Added) -> Added:
    draft = added.draft
    if len(draft.files) + len(talk.said.files) > MAX_FILES:
        return Added(draft, talk.t.plural("At most {n} file can be attached.", "At most {n} files can be attached.",
                                          MAX_FILES))  # fmt: skip
    kept = await keep_files(talk)
    voice = bool(kept.files) and any(file.kind is FileKind.VOICE for file in talk.said.files)
    files = tuple(dict.fromkeys((*draft.files, *kept.files)))
    return Added(draft.with_(files=files, told=draft.told or voice), kept.trouble)


def _with_text(talk: Talk, added: Added) -> Added:
    message, text = talk.said.message, talk.said.text
    draft = added.draft.with_words(message, text)
    if len(clean(text, MAX_WORDS + 1)) <= added.draft.room_beside(message):
        return Added(draft, added.trouble)
    return Added(draft, talk.t("A description holds {n} characters. The beginning of yours was kept.", n=MAX_WORDS))


def _with_phone(talk: Talk, added: Added) -> Added:
    phone = take_phone(talk, talk.said)
    if isinstance(phone, Again):
        return Added(added.draft, phone.why)
    return Added(added.draft.with_(phone=phone.number, phone_own=phone.own), added.trouble)


def pinned(talk: Talk, draft: RequestDraft, place: Place) -> Added:
    """The draft at a pin on the map, unless it is abroad."""
    offices = talk.work.offices
    if isinstance(suggest_office(offices, place.latitude, place.longitude), OutsideBahrain):
        return Added(draft, talk.t("That place is outside Bahrain. Please share the place that this is about."))
    return Added(draft.at(Spot(latitude=place.latitude, longitude=place.longitude)))


def as_case(draft: RequestDraft, source: str) -> NewCase:
    """What is submitted. Without a name nothing that tells who it is goes along."""
    known = not draft.anonymous
    spot = draft.spot or Spot()
    return NewCase(
        kind=draft.kind,
        category=draft.category,
        office=draft.office,
        words=draft.words,
        files=draft.files,
        block=spot.block,
        road=spot.road,
        building=spot.building,
        latitude=spot.latitude,
        longitude=spot.longitude,
        anonymous=bool(draft.anonymous),
        name=draft.name if known else "",
        phone=draft.phone if known else "",
        project=draft.project,
        registration=draft.registration,
        source=source,
    )
