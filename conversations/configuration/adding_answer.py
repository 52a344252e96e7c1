"""A ready answer is added: typed, or made of an inquiry that staff have answered."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.configuration.entries import Entries, entry_of
from conversations.configuration.field_types import Among, Spot
from conversations.configuration.fields import entry_path
from conversations.configuration.menus import ShowingSection, spot_in
from conversations.configuration.preview import Preview, Previewing, previewed
from conversations.configuration.step import ConfiguringStep, choose_a_button, deny, key, may, no_words, refused
from conversations.configuration.typed import by_language, has_arabic, spoken
from conversations.configuration.values import entry_title, office_title, options
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.on_behalf.step import person_of
from services.cases.staff_actions import Denied
from services.inquiries.from_case import STRUCK, Drafted, drafted, made_of
from services.offices.answers import LONGEST, PLACEHOLDERS
from services.offices.changes import ChangeRow, Present, Proposal
from services.offices.configuration import ANSWERS, as_json
from services.offices.entries import free_id
from services.offices.texts import LONGEST_LINE
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE
from storage.ids import CaseId, OfficeId

#: The route from the card of an inquiry.
FROM_CASE = "answer_from_case"
_QUOTED = 800  # characters of what was written that are shown
_COPIED = 256  # that a button can copy
_SKIP, _USE, _EVERYWHERE, _HERE, _OPEN = "_skip", "_use", "_everywhere", "_here", "_open"


class AddingAnswer(ConfiguringStep):
    """A question, its answer and the words that it is found by; all else is set later.

    Made of an inquiry, both are suggested, each in the language that it was written in.
    """

    step: Literal["offices:new_answer"] = "offices:new_answer"
    ar: str = ""  # the question
    en: str = ""
    text_ar: str = ""
    text_en: str = ""
    reference: str = ""  # of the inquiry
    case_id: CaseId | None = None
    known: int = 0  # the change with which somebody had made an answer of it by then; 0: nobody
    case_office: OfficeId = OfficeId("")
    category: str = ""
    asked: str = ""  # what its resident wrote, without names and numbers
    answered: str = ""
    also: bool = False  # whether the other language of what was just given is asked for

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        whose = office_title(turn, present, self.spot.office)
        made_of = t("From inquiry {reference}", reference=t.ref(self.reference)) if self.reference else None
        head = t.join_lines(t.dotted(t("<b>Add an answer</b>"), whose), made_of)
        if self.also:
            return self._in_the_other_language(turn, head)
        if not self.en:
            return await self._question(turn, present, head)
        if not self.text_en:
            return self._text(turn, head)
        ask = t("Which words do people use for it? Send them with commas between them, in both languages.")
        return Prompt(t.join_lines(head, ask), [[key(t.plain("Skip"), _SKIP)]])

    async def _question(self, turn: Turn, present: Present, head: Markup) -> Prompt:
        t = turn.t
        ask = t("What is asked? Send the question in Arabic, in English or in both, each on its own line.")
        if not self.reference:
            return Prompt(t.join_lines(head, ask))
        lines = [t("The applicant wrote: “{words}”", words=t.own(self.asked, _QUOTED))] if self.asked else []
        made = await self.made(turn)
        there = [Markup(), await made_before(turn, present, made)] if made is not None else []
        opens = [[key(t.plain("Open that answer"), _OPEN)]] if made is not None else []
        return Prompt(
            t.join_lines(head, *there, Markup(), *lines, self._warning(turn, self.asked), Markup(), ask),
            [*opens, *self._use(turn, self.asked, LONGEST_LINE), *await self._where(turn, present)],
        )

    async def made(self, turn: Turn) -> ChangeRow | None:
        """The ready answer that was made of the same inquiry."""
        return None if self.case_id is None else await made_of(turn.work, self.case_id)

    def _text(self, turn: Turn, head: Markup) -> Prompt:
        t = turn.t
        known = Markup(" ").join(t.own(f"{{{name}}}") for name in PLACEHOLDERS)
        ask = t("What is the answer? Send it in Arabic, in English or in both, each on lines of its own.")
        filled = t("These become what holds for the office: {names}", names=known)
        if not self.reference:
            return Prompt(t.join_lines(head, ask, filled))
        lines = (
            [t("Staff answered: “{words}”", words=t.own(self.answered, LONGEST)), self._warning(turn, self.answered)]
            if self.answered
            else [t("Staff have not answered this inquiry in words.")]
        )
        text = t.join_lines(head, Markup(), *lines, Markup(), ask, filled)
        return Prompt(text, self._use(turn, self.answered, LONGEST))

    def _warning(self, turn: Turn, suggested: str) -> Markup:
        t = turn.t
        if STRUCK in suggested:
            return t(
                "Names, numbers and references were left out (…). Everybody can read a ready answer: send it without "
                "these gaps."
            )
        return t("Everybody can read a ready answer. Check that nothing in it is about one person.")

    def _use(self, turn: Turn, suggested: str, longest: int) -> Rows:
        """What has gaps or is too long for the bank is copied, put right and sent."""
        if _is_usable(suggested, longest):
            return [[key(turn.t.plain("✅ Use it as it is"), _USE)]]
        if 0 < len(suggested) <= _COPIED:
            return [[Button(label=turn.t.plain("📋 Copy the text"), copies=suggested)]]
        return []

    async def _where(self, turn: Turn, present: Present) -> Rows:
        """One who administers every office can give the answer to all of them."""
        t = turn.t
        if not await may(turn, EVERY_OFFICE):
            return []
        if self.spot.office:
            return [[key(t.plain("🏛 Add it for all offices"), _EVERYWHERE)]]
        office = office_title(turn, present, self.case_office)
        return [[key(t.plain("Only for {office}", office=office), _HERE)]]

    def _in_the_other_language(self, turn: Turn, head: Markup) -> Prompt:
        t, given = turn.t, self.text_en or self.en
        if has_arabic(given):
            ask = t("Send the same in English. If you skip this, everybody reads it in Arabic.")
        else:
            ask = t("Send the same in Arabic. If you skip this, everybody reads it in English.")
        quoted = t("“{words}”", words=t.own(given, _QUOTED))
        return Prompt(t.join_lines(head, quoted, Markup(), ask), [[key(t.plain("Skip"), _SKIP)]])

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if self.also:
            return self._other_language(turn, answer)
        if not self.text_en:
            return await self._given(turn, answer)
        if answer.choice not in {"", _SKIP}:
            return choose_a_button(turn)
        words = spoken(answer.text) if not answer.choice else None
        if not answer.choice and words is None:
            return choose_a_button(turn)
        entry = self._entry(turn, present, words)
        list_path = entry_path(self.spot)[:-1]
        spot = entry_of(self.spot, free_id(present.configuration, list_path))
        path, after = entry_path(spot), as_json(entry)
        found = await previewed(turn, spot, Proposal(path=path, before=None, after=after, made_of=self.case_id))
        if not isinstance(found, Previewing):
            return found
        return PreviewingAnswer(spot=spot, proposal=found.proposal, seen=found.seen, adding=self)

    async def _given(self, turn: Turn, answer: Answer) -> Next:
        """The question, then the answer: typed, or as it was suggested."""
        if answer.choice == _OPEN and not self.en and (made := await self.made(turn)) is not None:
            return await self._opened(turn, made)
        if answer.choice in {_EVERYWHERE, _HERE}:
            return await self._for(turn, EVERY_OFFICE if answer.choice == _EVERYWHERE else self.case_office)
        text, longest = (self.answered, LONGEST) if self.en else (self.asked, LONGEST_LINE)
        if answer.choice == _USE and _is_usable(text, longest):
            suggested = text
        elif answer.choice:
            return choose_a_button(turn)
        else:
            suggested = answer.text
        texts = by_language(suggested, lines=bool(self.en))
        if texts is None:
            return no_words(turn)
        alone = bool(self.reference) and texts["ar"] == texts["en"]
        names = ("text_ar", "text_en") if self.en else ("ar", "en")
        return self.model_copy(update={**dict(zip(names, (texts["ar"], texts["en"]), strict=True)), "also": alone})

    async def _opened(self, turn: Turn, made: ChangeRow) -> Next:
        if not await may(turn, made.office):
            return refused(turn)
        return ShowingSection(spot=Spot(office=made.office, section=ANSWERS, entry=made.path[-1]))

    async def _for(self, turn: Turn, office: OfficeId) -> Next:
        if not self.reference or self.en or not await may(turn, office):
            return choose_a_button(turn)
        return self.model_copy(update={"spot": Spot(office=office, section=ANSWERS)})

    def _other_language(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _SKIP:
            return self.model_copy(update={"also": False})
        given, lines = self.text_en or self.en, bool(self.text_en)
        wanted = "en" if has_arabic(given) else "ar"
        texts = by_language(answer.text, lines=lines)
        if texts is None:
            return choose_a_button(turn) if answer.choice else no_words(turn)
        if has_arabic(str(texts[wanted])) is (wanted == "en"):
            t = turn.t
            return Reask(t("That is in Arabic, too.") if wanted == "en" else t("That is in English, too."))
        both = {"ar": given, "en": given, wanted: str(texts[wanted])}
        if lines:
            return self.model_copy(update={"text_ar": both["ar"], "text_en": both["en"], "also": False})
        return self.model_copy(update={**both, "also": False})

    def _entry(self, turn: Turn, present: Present, words: dict[Key, Data] | None) -> dict[Key, Data]:
        entry: dict[Key, Data] = {
            "question": {"ar": self.ar, "en": self.en},
            "text": {"ar": self.text_ar, "en": self.text_en},
        }
        if words is not None:
            entry["keywords"] = words
        if self.category in options(turn.t, present, Among.CATEGORIES):
            entry["category"] = self.category
        return entry

    async def back(self, turn: Turn) -> Step | None:
        """One question back; what was given before it stays."""
        if self.text_en:
            return self.model_copy(update={"text_ar": "", "text_en": "", "also": False})
        if self.en:
            return self.model_copy(update={"ar": "", "en": "", "also": False})
        return Entries(spot=self.spot)


class PreviewingAnswer(Preview):
    """The answer as it would stand. Back leads to its last question, with all that was given."""

    step: Literal["offices:new_answer_preview"] = "offices:new_answer_preview"
    adding: AddingAnswer

    async def confirmed(self, turn: Turn, present: Present) -> Next:
        made = await self.adding.made(turn)
        if made is not None and made.version != self.adding.known:
            t = turn.t
            both = t("Your answer was not added yet. Confirm once more to add it as well.")
            adding = self.adding.model_copy(update={"known": made.version})
            why = t.join_lines(await made_before(turn, present, made), both)
            return Reask(why, self.model_copy(update={"adding": adding}))
        return await super().confirmed(turn, present)

    async def back(self, turn: Turn) -> Step | None:
        return self.adding


async def made_before(turn: Turn, present: Present, made: ChangeRow) -> Markup:
    """Who made which ready answer of the same inquiry."""
    t, names = turn.t, await permissions.names(turn.work)
    return t(
        "A ready answer was made of this inquiry: {question} ({name}, {moment})",
        name=t.own(names.get(made.actor, made.actor)),
        moment=t.moment(made.at),
        question=t.own(entry_title(turn, present, Spot(office=made.office, section=ANSWERS, entry=made.path[-1]))),
    )


def _is_usable(suggested: str, longest: int) -> bool:
    """Whether it can be used as it is."""
    return STRUCK not in suggested and len(suggested) <= longest and by_language(suggested) is not None


async def new(turn: Turn, argument: str) -> Next:
    """From the list of an office's answers, or of those that all share."""
    spot, _ = spot_in(argument)
    spot = Spot(office=spot.office, section=ANSWERS)
    return AddingAnswer(spot=spot) if await may(turn, spot.office) else deny(turn)


async def _known(turn: Turn, case: CaseId) -> int:
    made = await made_of(turn.work, case)
    return 0 if made is None else made.version


async def from_case(turn: Turn, argument: str) -> Next:
    """From the card of an inquiry that staff have answered."""
    found = await drafted(turn.work, person_of(turn), argument)
    match found:
        case Denied():
            return refused(turn)
        case Drafted():
            return AddingAnswer(
                spot=Spot(office=found.office, section=ANSWERS),
                reference=found.reference,
                case_id=found.case_id,
                known=await _known(turn, found.case_id),
                case_office=found.office,
                category=found.category,
                asked=found.question,
                answered=found.answer,
            )
        case None if await may(turn, EVERY_OFFICE):
            return Reask(turn.t("No inquiry has this reference."), turn.here)
        case None:
            return deny(turn)
