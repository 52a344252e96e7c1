"""What a request is about: its category, its office, the subject in one's own words, an investor's project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.engine.form import KEEP, keep_row
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Reask, Rows, Step, Turn
from conversations.requests.adding import add_said, filled, saying, understood
from conversations.requests.draft import RequestDraft, category_of
from conversations.requests.step import RequestStep
from conversations.requests.summary import description, grid, owner_note
from conversations.texts.block import serves_block, unknown_block
from conversations.texts.case import KINDS, kind_name, office_name
from locales import N_
from locales.bidi import shorten
from services.casework import block_corrections
from services.offices.addresses import parse_address
from services.offices.geography import parse_block
from services.offices.offices import Category, Office
from services.text.normalise import clean, search
from services.understanding.places import without_address
from storage.ids import OfficeId
from storage.records.cases import CaseKind

PAGE = 8  # categories shown at once
A_SENTENCE = 4  # words: what is typed to find a category, or already the description itself

# ---------------------------------------------------------------------------- the kind


class ChoosingKind(RequestStep):
    """From the summary only: a complaint, a suggestion, an observation, a service request or a question."""

    step: Literal["request:kind"] = "request:kind"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        kinds = [kind for kind in CaseKind if turn.work.offices.categories_for(self.draft.office, kind)]
        rows = grid([Button(label=t.plain(KINDS[kind]), value=kind.value) for kind in kinds])
        return Prompt(t("What type of request is it?"), [keep_row(turn, offered=True), *rows])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        return self.answer(kind=answer.choice) if answer.choice in set(CaseKind) else self


# ---------------------------------------------------------------------------- the category


class ChoosingCategory(RequestStep):
    """The most usual first; what is typed is searched for."""

    step: Literal["request:category"] = "request:category"
    page: int = 0
    typed: str = ""

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices
        everything = offices.categories_for(self.draft.office, self.draft.kind)
        found = _meant(self.draft, everything) or (search(self.typed, everything) if self.typed else [])
        shown = found or everything[self.page * PAGE : (self.page + 1) * PAGE]
        pages = -(-len(everything) // PAGE)
        rows = grid([_category_button(turn, category) for category in shown])
        if found:
            rows.append([Button(label=t.plain("Show all categories"), value="page.0")])
        elif pages > 1:
            rows.append(_turning(turn, self.page, pages))
        rows.append([Button(label=t.plain("Choose another office"), value="office.")])
        heading = t(
            "<b>{kind}</b> · {office}",
            kind=kind_name(t, self.draft.kind),
            office=office_name(t, offices, self.draft.office),
        )
        if found:
            question = t("Is it about one of these?")
        elif self.typed:
            question = t("We found nothing for “{typed}”. Choose a category.", typed=self.typed)
        else:
            question = t("What is it about? Choose a category or type a word to search.")
        return Prompt(t.join_lines(heading, "", question), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.kind is Kind.TEXT:
            return await self._typed(turn, answer)
        page = answer.choice.removeprefix("page.")
        if page != answer.choice:
            return self.model_copy(
                update={"page": int(page) if page.isdigit() else 0, "typed": "", "draft": self.draft.but(likely=())}
            )
        if answer.choice == "office.":
            return ChoosingOffice(draft=self.draft)
        draft = self.draft.but(category=answer.choice, likely=(), looked_for_similar=False)
        category = category_of(turn.work.offices, draft)
        if category is None:
            return self
        step = Continue(draft)
        note = owner_note(turn, category, draft.office)
        return step if note is None else Reask(note, step)

    async def _typed(self, turn: Turn, answer: Answer) -> Next:
        """Look for what was typed; a whole sentence describes the subject besides, and may say all that is asked."""
        typed = clean(answer.text, 1000)
        is_only_place = len(without_address(typed).split()) < A_SENTENCE
        if is_only_place and (address := parse_address(typed)) is not None and address.block is not None:
            known = turn.work.understanding.of(typed, turn.work.today)
            placed = await filled(turn, self.draft, known)
            return saying(understood(turn, self.draft, placed), self.model_copy(update={"draft": placed}))
        if len(typed.split()) < A_SENTENCE:
            found = self.draft.but(likely=())
            return self.model_copy(update={"typed": typed[:100], "draft": found})
        added = await add_said(turn, self.draft.but(likely=()))
        if added.trouble is None and added.draft.category != self.draft.category:
            return saying(understood(turn, self.draft, added.draft), Continue(added.draft))
        step = self.model_copy(update={"typed": typed[:100], "draft": added.draft})
        return Reask(added.trouble, step) if added.trouble else step


def _meant(draft: RequestDraft, everything: Sequence[Category]) -> list[Category]:
    """The categories that the description may be about, the likeliest first."""
    by_id = {category.id: category for category in everything}
    return [by_id[one] for one in draft.likely if one in by_id]


def _category_button(turn: Turn, category: Category) -> Button:
    return Button(label=shorten(f"{category.emoji} {turn.t.pick_plain(category.name)}", 64), value=category.id)


def _turning(turn: Turn, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(Button(label=turn.t.plain("Previous"), value=f"page.{page - 1}"))
    if page < pages - 1:
        turns.append(Button(label=turn.t.plain("More"), value=f"page.{page + 1}"))
    return turns


# ---------------------------------------------------------------------------- the office


class ChoosingOffice(RequestStep):
    """Which municipality or office, where it is to be another one than the person's own."""

    step: Literal["request:office"] = "request:office"
    typed: str = ""

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        offices = [o for o in turn.work.offices.all if turn.work.offices.categories_for(o.id, self.draft.kind)]
        understood, found = await self._understood(turn, offices) if self.typed else (None, [])
        rows = [[Button(label=shorten(t.pick_plain(office.name), 64), value=office.id)] for office in found or offices]
        if found and len(found) < len(offices):
            rows.append([Button(label=t.plain("Show all offices"), value="all")])
        return Prompt(t.join_lines(understood, None if found else await self._question(turn)), rows)

    async def _question(self, turn: Turn) -> Markup:
        """Whom it is for: asked by the block of the place, where nobody knows whose that is."""
        block = self.draft.spot.block if self.draft.spot is not None else None
        if block is not None and await block_corrections.office_of(turn.work, block) is None:
            return turn.t("Which municipality is block {block} in?", block=str(block))
        return turn.t("Which municipality or office is it for?")

    async def _understood(self, turn: Turn, offices: Sequence[Office]) -> tuple[Markup | None, list[Office]]:
        """What was made of the block, the area or the municipality that was typed; no office where nothing was."""
        t, block = turn.t, parse_block(self.typed)
        if block is not None:
            match = await block_corrections.office_of(turn.work, block)
            served = [] if match is None else [office for office in offices if office.id == match.office]
            if match is None or not served:
                return unknown_block(turn, block), served
            return serves_block(turn, block, served[0], sure=match.sure), served
        found = search(self.typed, offices)
        if found:
            return t("Is it one of these?"), found
        if len(self.typed.split()) >= A_SENTENCE:
            return None, []
        return t("We could not find “{typed}”. Choose from the list.", typed=self.typed), []

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.kind is Kind.TEXT:
            return await self._typed(turn, clean(answer.text, 100))
        if answer.choice == "all":
            return ChoosingOffice(draft=self.draft)
        office = OfficeId(answer.choice)
        if not turn.work.offices.categories_for(office, self.draft.kind):
            return self
        return self.answer(office=office, office_settled=True, looked_for_similar=False)

    async def _typed(self, turn: Turn, typed: str) -> Next:
        """Look for the municipality; a whole sentence describes the subject besides, and is kept."""
        step = self.model_copy(update={"typed": typed})
        return await step.absorb_unexpected(turn) or step if len(typed.split()) >= A_SENTENCE else step

    async def back(self, turn: Turn) -> Step | Previous | None:
        return await super().back(turn) if self.draft.reviewing else ChoosingCategory(draft=self.draft)


# ---------------------------------------------------------------------------- in their own words

_DESCRIBE = {
    CaseKind.COMPLAINT: N_("Describe the problem in your own words. A photo or a voice note helps."),
    CaseKind.SUGGESTION: N_("Write your suggestion in your own words. You can add photos and documents."),
    CaseKind.OBSERVATION: N_("Tell us what you noticed. A photo or a voice note helps."),
    CaseKind.SERVICE_REQUEST: N_("Tell us which service you need. You can add photos and documents."),
    CaseKind.INQUIRY: N_("What would you like to know? Write it in your own words."),
}


class Describing(RequestStep):
    """Text, photos, voice, documents, albums, in any order."""

    step: Literal["request:words"] = "request:words"
    describes: ClassVar[bool] = True
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        so_far = description(turn, draft, 600)
        rows: Rows = ((Button(label=t.plain("Continue"), value="go"),),) if so_far else ()
        if draft.pieces and draft.reviewing:
            question = t("New text will replace this description. New photos and files will be added.")
        elif draft.pieces:
            question = t("You can add more text, photos, a voice note or a document.")
        elif draft.files:
            question = t("A short description would help us.")
        else:
            question = t(_DESCRIBE[draft.kind])
        return Prompt(t.join_lines(*so_far, *([""] if so_far else []), question), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return self.answer(told=True)
        return await self._told(turn)

    async def absorb_unexpected(self, turn: Turn) -> Step | Continue | Reask | None:
        """The rest of an album, too, is what was asked for."""
        return await self._told(turn) if turn.said.files else await super().absorb_unexpected(turn)

    async def _told(self, turn: Turn) -> Continue | Reask:
        corrected = self.draft.reviewing and turn.said.text
        added = await add_said(turn, self.draft.but(pieces=()) if corrected else self.draft)
        step = Continue(added.draft)
        return Reask(added.trouble, step) if added.trouble else saying(understood(turn, self.draft, added.draft), step)


# ---------------------------------------------------------------------------- what the investors' office asks


class NamingProject(RequestStep):
    step: Literal["request:project"] = "request:project"
    takes_all: ClassVar[bool] = True
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        return Prompt(turn.t("What is the project called?"), _keep_row(self.draft.project))

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        project = " ".join(clean(answer.text, 200).split())
        if not project:
            return Reask(turn.t("Enter the name of the project."))
        return self.answer(project=project)


class Registering(RequestStep):
    """The number of the commercial registration, as the Ministry of Industry and Commerce gives it (12345-1)."""

    step: Literal["request:registration"] = "request:registration"
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = (
            *_keep_row(self.draft.registration),
            (Button(label=t.plain("Not registered yet"), value="none"),),
        )
        return Prompt(
            t("What is the commercial registration number? For example, {example}.", example=t.ref("12345-1")),
            rows,
        )

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "none":
            return self.answer(registration="", unregistered=True)
        number = " ".join(clean(answer.text, 30).split())
        if not any(character.isdigit() for character in number):
            return Reask(
                turn.t(
                    "Enter a valid commercial registration number, for example {example}.",
                    example=turn.t.ref("12345-1"),
                )
            )
        return self.answer(registration=number, unregistered=False)


def _keep_row(answered: str) -> Rows:
    """On the way back, a question offers its earlier answer."""
    return ((Button(label=shorten(answered, 60), value=KEEP),),) if answered else ()
