"""Adding to a request what a message brings, and what its words say besides describing it.

Only what is open is filled in, so that nothing is asked that was said; the summary shows it all, to be put right.
"""

from __future__ import annotations

from typing import TypeVar

from markupsafe import Markup

from conversations.engine.draft_step import Added, add_files, add_words
from conversations.engine.fields import take_phone
from conversations.engine.step import Continue, Next, Reask, Step, Turn
from conversations.requests.draft import RequestDraft, Spot, pinned
from conversations.texts.case import category_name, office_name, place_words
from services.casework import block_corrections
from services.offices.geography import BlockMatch
from services.offices.offices import DangerId, Office
from services.understanding.places import SaidPlace
from services.understanding.understanding import Understood
from storage.ids import CategoryId, OfficeId

N = TypeVar("N", bound=Next)


async def add_said(turn: Turn, draft: RequestDraft) -> Added[RequestDraft]:
    """Keep whatever a message brings: files, words or a caption, a place, a phone number."""
    said = turn.said
    added = add_words(turn, await add_files(turn, draft))
    if said.text:
        known = turn.work.understanding.of(said.text, turn.work.today)
        added = Added(await filled(turn, added.draft, known), added.trouble)
    if said.place is not None:
        added = pinned(turn, added.draft, said.place)
    if said.contact is not None:
        added = with_phone(turn, added)
    return added


def with_phone(turn: Turn, added: Added[RequestDraft]) -> Added[RequestDraft]:
    """The draft with a number that was typed or shared, and whose it is."""
    phone = take_phone(turn, turn.said)
    if isinstance(phone, Reask):
        return Added(added.draft, phone.why)
    contact = turn.said.contact
    another = contact.name if contact is not None and not contact.own else ""
    return Added(added.draft.but(phone=phone.number, phone_own=phone.own, phone_of=another), added.trouble)


async def whose(turn: Turn, place: SaidPlace) -> BlockMatch | None:
    """Whose the place is that was said; None where that is not known, or the block and the area disagree."""
    match = None if place.block is None else await block_corrections.office_of(turn.work, place.block)
    return place.whose(match)


def own_office(turn: Turn, named: str = "") -> Office | None:
    """The office that was named, else the person's own; None where neither is there."""
    for office in (named, turn.resident.office):
        found = turn.work.offices.get(OfficeId(office))
        if found is not None and not found.retired:
            return found
    return None


async def office_said(turn: Turn, place: SaidPlace) -> Office | None:
    """Who gets what names this place, and the person's own where it names none; None where that must be asked."""
    match = await whose(turn, place)
    if match is not None and match.sure:
        return own_office(turn, match.office)
    if len(place.named) == 1:  # the block is another's, or nobody knows it: whose the place is, is asked then
        return own_office(turn, next(iter(place.named)))
    if match is None and (place.block is not None or place.named):
        return None
    return own_office(turn)


async def filled(turn: Turn, draft: RequestDraft, known: Understood) -> RequestDraft:
    """The draft with what was understood, where it is open."""
    if known.danger is not None and draft.danger is None:
        turn.say(hotline(turn, known.danger))
        draft = draft.but(danger=known.danger)
    draft = await _placed(turn, draft, known.place)
    draft = _about(turn, draft, known)
    if known.name and not draft.name:
        draft = draft.but(name=known.name)
    if known.phone and not draft.phone:
        draft = draft.but(phone=known.phone, phone_own=False)
    return draft


def reread(turn: Turn, draft: RequestDraft, before: str, after: str) -> RequestDraft:
    """The draft with what a corrected message says now, where it has what the message said before."""
    work = turn.work
    old, new = (work.understanding.of(text, work.today) for text in (before, after))
    if new.danger is not None and draft.danger is None:
        turn.say(hotline(turn, new.danger))
        draft = draft.but(danger=new.danger)
    was, spot = spot_of(old.place), spot_of(new.place)
    if was != spot and draft.spot == was and not draft.no_spot:
        draft = draft.at(spot).but(no_spot=False)
    if old.category != new.category and new.category is not None and draft.category == (old.category or ""):
        draft = _about(turn, draft.but(category=CategoryId(""), likely=(), looked_for_similar=False), new)
    return draft


def spot_of(place: SaidPlace) -> Spot | None:
    return None if place.block is None else Spot(block=place.block, road=place.road, building=place.building)


def hotline(turn: Turn, danger: DangerId) -> Markup:
    """Whom to call, before anything is asked."""
    t, offices = turn.t, turn.work.offices
    found = offices.danger(danger)
    if found is None:  # its sender calls it dangerous
        return t(
            "🚨 <b>If anyone is in danger, call {phone} now.</b> Keep away until help comes.",
            phone=t.ref(offices.emergency),
        )
    category = offices.category(found.category) if found.category else None
    body = offices.body(category.owner) if category is not None else None
    return t.join_lines(
        t(
            "🚨 <b>{danger}: if anyone is in danger, call {phone} now</b> ({who}). Keep away until help comes.",
            danger=t.pick(found.name),
            phone=t.ref(found.call),
            who=t.pick(found.answers),
        ),
        t("To have the place made safe: {body}, {hotline}", body=t.pick(body.name), hotline=t.phone(body.hotline))
        if body is not None and body.hotline and not body.ours
        else None,
    )


def understood(turn: Turn, before: RequestDraft, after: RequestDraft) -> Markup | None:
    """Say what was understood beside the description; None where that was nothing."""
    t, offices = turn.t, turn.work.offices
    parts = [
        office_name(t, offices, after.office) if after.office and after.office != before.office else None,
        category_name(t, offices, after.category) if after.category != before.category else None,
        place_words(t, after.spot) if after.spot is not None and after.spot != before.spot else None,
    ]
    said = [part for part in parts if part is not None]
    return t("✍️ We understood: {what}", what=t.dotted(*said)) if said else None


def saying(understood: Markup | None, following: N) -> N | Reask:
    """The next question, with what was understood before it; where a question of another kind comes first, alone."""
    return Reask(understood, following) if understood and isinstance(following, Step | Continue) else following


async def _placed(turn: Turn, draft: RequestDraft, place: SaidPlace) -> RequestDraft:
    if draft.spot is None and not draft.no_spot and (spot := spot_of(place)) is not None:
        draft = draft.at(spot)
    if draft.office:
        return draft
    match = await whose(turn, place)
    return draft if match is None or not match.sure else draft.but(office=match.office)


def _about(turn: Turn, draft: RequestDraft, known: Understood) -> RequestDraft:
    """With its category, where one was meant and the office deals with it, and others that may have been meant."""
    if draft.category:
        return draft
    taken = {category.id for category in turn.work.offices.categories_for(draft.office, draft.kind)}
    meant = tuple(one for one in known.about.categories if one in taken or not draft.office)
    if not meant or not known.about.sure or meant[0] != known.category:
        return draft.but(likely=meant)
    return draft.but(category=meant[0], likely=meant[1:])
