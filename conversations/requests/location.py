"""Where a request is about: the place, whose that place is, and whether others have reported the same there."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.engine.messages import Kind, Place, Request
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Reask, Rows, Step, Turn
from conversations.engine.typed_yes_no import agrees, refuses
from conversations.requests.description import ChoosingOffice
from conversations.requests.draft import RequestDraft, Spot, needs_place, pinned, remember
from conversations.requests.parting import after
from conversations.requests.step import RequestStep
from conversations.requests.summary import afterwards, card, joining
from conversations.texts.case import office_name, place_words
from locales.bidi import shorten
from locales.html import to_plain
from services.actors import case_subject
from services.cases import duplicates, resident_actions
from services.casework import block_corrections
from services.delegations import acting
from services.offices.addresses import parse_address
from services.offices.geography import BlockMatch, OutsideBahrain, suggest_office
from services.offices.offices import PlaceNeed
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.normalise import clean
from storage.ids import CaseId, OfficeId
from storage.records.cases import CaseKind

A_PARAGRAPH = 160  # characters: longer than any address
_WIDTH = 64  # of a button
_BLOCK, _ROAD = "338", "12"  # the example of an address

# ---------------------------------------------------------------------------- the place


class Placing(RequestStep):
    """A pin, an address, or what the person knows of the place."""

    step: Literal["request:place"] = "request:place"
    takes_all: ClassVar[bool] = True
    by_typing: ClassVar[bool] = True
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})
    described: str = ""  # a place described without a block

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        if self.described:
            text = t(
                "We could not find a block number in “{place}”. Type the block number, share the "
                "location or continue with what you wrote.",
                place=self.described,
            )
            return self._prompt(turn, text, [[Button(label=t.plain("Continue with this"), value="described")]])
        now = place_words(t, draft.spot) if draft.spot else None
        rows = [[Button(label=t.plain("Keep this place"), value="keep")]] if now else []
        beside = place_words(t, draft.spot_beside) if draft.spot_beside and not now else None
        if beside:
            label = shorten(t.plain("Same place: {place}", place=to_plain(beside)), _WIDTH)
            rows.append([Button(label=label, value="beside")])
        if needs_place(turn.work.offices, draft) is PlaceNeed.OPTIONAL:
            rows.append([Button(label=t.plain("Skip"), value="skip")])
        example = t.own(t.plain("Block {block} Road {road}", block=_BLOCK, road=_ROAD))
        question = t("Where is it? Share the location or type the address, for example “{example}”.", example=example)
        text = t.join_lines(t("Place: {place}", place=now), "", question) if now else question
        return self._prompt(turn, text, rows)

    def _prompt(self, turn: Turn, text: Markup, rows: Rows) -> Prompt:
        return Prompt(text, rows, ask_for=Request.LOCATION, ask_label=turn.t.plain("📍 Share location"))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self.noting(answer, await self._taken(turn, answer))

    async def _taken(self, turn: Turn, answer: Answer) -> Next:
        match answer.choice:
            case "keep":  # said like any other: it takes the share button away
                return await self._placed(turn, self.draft)
            case "beside":
                return await self._placed(turn, self.draft.at(self.draft.spot_beside))
            case "skip":
                return await self._placed(turn, self.draft.at(None))
            case "described":
                return await self._placed(turn, self.draft.at(Spot(road=self.described)))
        if answer.said.place is not None:
            return await self._pinned(turn, answer.said.place, answer.text)
        if len(answer.text) > A_PARAGRAPH:
            # The rest of a long description, which the app sent in parts.
            return await self.absorb_unexpected(turn) or self
        return await self._typed(turn, clean(answer.text, A_PARAGRAPH))

    async def _pinned(self, turn: Turn, place: Place, called: str) -> Next:
        """A pin on the map. One on a place that the map knows is `called` by its name and address."""
        added = pinned(turn, self.draft, place)
        if added.trouble or added.draft.spot is None:
            return Reask(added.trouble or Markup())
        spot = added.draft.spot.model_copy(update={"road": ", ".join(clean(called, A_PARAGRAPH).split("\n"))})
        return await self._placed(turn, added.draft.at(self._as_described(spot)))

    def _as_described(self, spot: Spot) -> Spot:
        """The spot with the description that it was asked for in addition to, where no road takes its place."""
        return spot if spot.road else spot.model_copy(update={"road": self.described})

    async def _placed(self, turn: Turn, draft: RequestDraft) -> Next:
        """Say what was understood, which also takes the share button away, and go on."""
        place = place_words(turn.t, draft.spot) if draft.spot else None
        turn.say(turn.t("📍 Place: {place}", place=place) if place else turn.t("📍 No place given."))
        return Continue(draft)

    async def _typed(self, turn: Turn, typed: str) -> Next:
        address = parse_address(typed)
        if address is not None and address.block is not None:
            spot = Spot(block=address.block, road=address.road, building=address.building)
            return await self._placed(turn, self.draft.at(self._as_described(spot)))
        if not any(character.isalpha() for character in typed):
            return Reask(
                turn.t(
                    "Enter a valid block number from {first} to {last}.",
                    first=str(FIRST_BLOCK),
                    last=str(LAST_BLOCK),
                )
            )
        return self.model_copy(update={"described": typed})


# ---------------------------------------------------------------------------- whose it is


class AskingWhose(RequestStep):
    """The place seems to be another municipality's: only the person can say."""

    step: Literal["request:whose"] = "request:whose"
    yes_or_no: ClassVar[bool] = True
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})
    suggested: OfficeId
    sure: bool

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices
        names = {"suggested": office_name(t, offices, self.suggested)}
        text = (
            t("This place belongs to {suggested}. Send your request there?", **names)
            if self.sure
            else t("This place probably belongs to {suggested}. Send your request there?", **names)
        )
        instead = _to(turn, self.draft.office) if self.draft.office else t.plain("Choose another office")
        rows = (
            (Button(label=_to(turn, self.suggested), value="move"),),
            (Button(label=instead, value="stay"),),
        )
        return Prompt(text, rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        choice = answer.choice or ("move" if agrees(answer.text) else "stay" if refuses(answer.text) else "")
        if not choice:
            return await self.absorb_unexpected(turn) or self
        if choice == "move":
            return self.answer(office=self.suggested, office_settled=True)
        return self.answer(office_settled=True) if self.draft.office else ChoosingOffice(draft=self.draft)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Placing(draft=self.draft)


def _to(turn: Turn, office: OfficeId) -> str:
    found = turn.work.offices.get(office)
    name = turn.t.pick_plain(found.name) if found else office
    return turn.t.plain("Send to {office}", office=shorten(name, 50))


async def whose_place(turn: Turn, draft: RequestDraft) -> AskingWhose | RequestDraft | None:
    """The draft at the office whose place it is, or the question whether it is theirs; None where nothing is known."""
    spot = draft.spot or Spot()
    if spot.block is not None:
        match = await block_corrections.office_of(turn.work, spot.block)
    elif spot.latitude is not None and spot.longitude is not None:
        near = suggest_office(turn.work.offices, spot.latitude, spot.longitude)
        match = None if isinstance(near, OutsideBahrain) else BlockMatch(near, sure=False)
    else:
        match = None
    if match is None or not turn.work.offices.categories_for(match.office, draft.kind):
        return None
    if match.sure:
        return draft.but(office=match.office, office_settled=True)
    return AskingWhose(draft=draft, suggested=match.office, sure=False)


async def elsewhere(turn: Turn, draft: RequestDraft) -> AskingWhose | ChoosingOffice | None:
    """The question whose the place is, where it seems to be another office's than the one chosen, or nobody knows."""
    offices, spot = turn.work.offices, draft.spot or Spot()
    if draft.office_settled or not offices.has_land(draft.office):
        return None
    if spot.block is not None:
        whose = await block_corrections.office_of(turn.work, spot.block)
        if whose is not None and whose.office != draft.office:
            return AskingWhose(draft=draft, suggested=whose.office, sure=whose.sure)
        return ChoosingOffice(draft=draft) if whose is None and draft.office not in named_in(turn, draft) else None
    if spot.latitude is not None and spot.longitude is not None:
        suggested = suggest_office(offices, spot.latitude, spot.longitude)
        if not isinstance(suggested, OutsideBahrain) and suggested != draft.office:
            return AskingWhose(draft=draft, suggested=suggested, sure=False)
        return None
    named = named_in(turn, draft)
    if len(named) == 1 and draft.office not in named:
        return AskingWhose(draft=draft, suggested=next(iter(named)), sure=True)
    return None


def named_in(turn: Turn, draft: RequestDraft) -> frozenset[OfficeId]:
    """The offices whose area the words name that describe the matter and its place, and that deal with such matters."""
    work, told = turn.work, "\n".join(part for part in (draft.words, draft.spot.road if draft.spot else "") if part)
    named = work.understanding.of(told, work.today).place.named if told else frozenset()
    return frozenset(one for one in named if work.offices.categories_for(one, draft.kind))


# ---------------------------------------------------------------------------- is it known already


async def similar_to(turn: Turn, draft: RequestDraft) -> tuple[duplicates.Similar, ...]:
    spot = draft.spot
    if spot is None or draft.kind is CaseKind.INQUIRY:
        return ()
    return await duplicates.similar(
        turn.work, draft.category, draft.office, spot.latitude, spot.longitude, spot.block, spot.road, turn.resident.id
    )


class Comparing(RequestStep):
    """Others' open requests about the same thing in the same place: joined, they weigh more than repeated."""

    step: Literal["request:similar"] = "request:similar"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await similar_to(turn, self.draft)
        cards = [card(turn, number, similar) for number, similar in enumerate(found, start=1)]
        mine = [
            [Button(label=t.plain("Join request {n}", n=number), value=f"mine.{similar.case.id}")]
            for number, similar in enumerate(found, start=1)
        ]
        rows = [*mine, [Button(label=t.plain("Mine is different"), value="different")]]
        intro = t(
            "Someone has already reported something like this here. Join their request to give it "
            "more weight. We will send you updates too."
        )
        return Prompt(t.join_lines(intro, *(line for card in cards for line in ("", card)), "", joining(turn)), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if not answer.choice and not refuses(answer.text):  # which one a "yes" means, only the buttons say
            return await self.absorb_unexpected(turn) or self
        chosen = answer.choice.removeprefix("mine.")
        if chosen == answer.choice or not chosen.isdigit():
            return Continue(self.draft)
        joined = await duplicates.join(turn.work, CaseId(int(chosen)), turn.resident)
        if isinstance(joined, duplicates.Gone):
            return Reask(
                turn.t("That request has since been closed. You can complete and submit this one instead."),
                Continue(self.draft),
            )
        case = joined.case if isinstance(joined, duplicates.AlreadyJoined) else joined
        if self.draft.words or self.draft.files:
            await resident_actions.add_information(
                turn.work, case.reference, turn.resident, self.draft.words, self.draft.files
            )
        had_it = isinstance(joined, duplicates.AlreadyJoined)
        await acting.filed(turn.work, turn.acting, case_subject(case.id), had_it_before=had_it)
        remember(turn, self.draft)
        turn.say(
            turn.t(
                "🤝 You have joined request {reference}. We have added what you sent to it. We will send "
                "you updates here.",
                reference=turn.t.ref(case.reference),
            ),
            afterwards(turn, case),
            subject=case_subject(case.id),
        )
        return after(turn, self.draft)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Placing(draft=self.draft.but(looked_for_similar=False))
