"""What people are told of an incident: its words in each language, a look at them, and what opens or sends it."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import Field

from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.incidents.step import LANGUAGES, denied, language_named, next_language
from conversations.incidents.words import title
from conversations.on_behalf.step import person_of
from conversations.staff.office_scope import office_label
from locales import Language, Localizer
from services.incidents import changing, incidents
from services.incidents.incidents import LONGEST, UNDO_WITHIN, News, NewsKind, Stale, Translations
from services.notify import quiet_hours
from services.text.normalise import clean
from storage.ids import IncidentId, OfficeId

#: The route that shows an incident.
OPEN = "incident"
#: The route that lists them.
LIST = "incidents"
OMIT, _GO, _EDIT = "omit", "go", "in."


def ask(t: Localizer, language: Language, left_out: tuple[str, ...], question: Markup) -> Prompt:
    rows = []
    if not left_out:
        rows = [[Button(label=t.plain("Leave this language out"), value=OMIT)]]
    asked = (
        t("Write it in Arabic, up to {n} characters.", n=LONGEST)
        if language is Language.AR
        else t("Write it in English, up to {n} characters.", n=LONGEST)
    )
    return Prompt(t.join_lines(question, asked), rows)


def too_long(t: Localizer, text: str) -> Reask | None:
    if len(text) <= LONGEST:
        return None
    return Reask(t("That is too long: {n} of {most} characters. Send it again, shorter.", n=len(text), most=LONGEST))


def preview(turn: Turn, texts: dict[str, str]) -> list[Markup | None]:
    """The words in each language, and a warning where one is missing."""
    t = turn.t
    lines: list[Markup | None] = []
    for language in LANGUAGES:
        words = texts.get(language.value, "")
        named = t.own(language_named(t, language.value))
        if words:
            lines += [t("<b>{language}</b>: “{words}”", language=named, words=t.own(words, LONGEST))]
        else:
            lines += [t("⚠️ There is no text {language}. Who reads that language gets the other one.", language=named)]
    return lines


def edits(t: Localizer) -> list[Button]:
    return [
        Button(label=t.plain("✏️ Text {language}", language=language_named(t, one.value)), value=_EDIT + one.value)
        for one in LANGUAGES
    ]


def edited(choice: str) -> Language | None:
    return next((one for one in LANGUAGES if choice == _EDIT + one.value), None)


# ---------------------------------------------------------------------------- telling those who joined


class NewsStep(Step):
    """A screen about what is to be told to all who joined."""

    accepts = frozenset({Kind.CHOICE, Kind.TEXT})
    incident: IncidentId
    version: int
    kind: NewsKind
    office: OfficeId | None = None  # which is taken out
    texts: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("News of incident {n}", n=self.incident)

    def onwards(self, texts: dict[str, str], left_out: tuple[str, ...]) -> Step:
        named = {name: getattr(self, name) for name in ("incident", "version", "kind", "office")} | {"texts": texts}
        language = next_language(texts, left_out)
        if language is None:
            return ConfirmingNews.model_validate({**named, "left_out": left_out})
        return WritingNews.model_validate({**named, "left_out": left_out, "language": language})


class WritingNews(NewsStep):
    """What all who joined are told, in one language."""

    step: Literal["incident:news"] = "incident:news"
    language: Language

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await incidents.open_for(turn.work, person_of(turn), self.incident)
        if found is None:
            return Prompt(t("You do not have permission to do this."), back=False)
        asked = {
            NewsKind.UPDATE: t("What is new for everybody who joined?"),
            NewsKind.CLOSE: t("What was done? Everybody who joined reads it, and their requests are closed."),
            NewsKind.RELEASE: t("Why is it undone? Everybody who joined reads it."),
        }[self.kind]
        if self.office is not None:
            named = t.own(office_label(t, turn.work.offices, self.office))
            asked = t("Why is {office} taken out? Its residents whose requests had joined read it.", office=named)
        question = t.join_lines(title(t, turn.work.offices, found), asked)
        return ask(t, self.language, self.left_out, question)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        code = self.language.value
        if answer.choice == OMIT and not self.left_out:
            return self.onwards({**self.texts, code: ""}, (code,))
        if (long := too_long(turn.t, answer.text)) is not None:
            return long
        words = clean(answer.text, LONGEST)
        if answer.choice or not words:
            return Reask(turn.t("Send the text as a message."))
        return self.onwards({**self.texts, code: words}, tuple(one for one in self.left_out if one != code))


class ConfirmingNews(NewsStep):
    """What is about to be told, and to how many."""

    step: Literal["incident:confirm"] = "incident:confirm"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await incidents.open_for(turn.work, person_of(turn), self.incident)
        if found is None:
            return Prompt(t("You do not have permission to do this."), back=False)
        counted = await incidents.counts(turn.work, self.incident, None if self.office is None else (self.office,))
        n = counted.get(incidents.State.JOINED, 0)
        label = {
            NewsKind.UPDATE: t.plain("📣 Send it"),
            NewsKind.CLOSE: t.plain("✅ Close the incident"),
            NewsKind.RELEASE: t.plain("↩️ Undo the incident"),
        }[self.kind]
        follows = {
            NewsKind.UPDATE: t.plural("{n} request hears of it.", "{n} requests hear of it.", n),
            NewsKind.CLOSE: t.plural("{n} request is closed with it.", "{n} requests are closed with it.", n),
            NewsKind.RELEASE: t.plural(
                "{n} request becomes an ordinary one again.", "{n} requests become ordinary ones again.", n
            ),
        }[self.kind]
        if self.office is not None:
            named = office_label(t, turn.work.offices, self.office)
            label = t.plain("➖ Take it out: {office}", office=named)
            follows = t.join_lines(t("Taken out: {office}", office=t.own(named)), follows)
        night = quiet_hours.is_quiet(turn.work, turn.work.now)
        text = t.join_lines(
            title(t, turn.work.offices, found),
            "",
            *preview(turn, self.texts),
            "",
            follows,
            t("It is night: the messages make no sound.") if night else None,
            t("You can undo this for {span}.", span=t.duration(UNDO_WITHIN)),
        )
        return Prompt(text, [[Button(label=label, value=_GO)], edits(t)])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if (language := edited(answer.choice)) is not None:
            named = {
                name: getattr(self, name) for name in ("incident", "version", "kind", "office", "texts", "left_out")
            }
            return WritingNews.model_validate({**named, "language": language})
        if answer.choice != _GO:
            return Reask(turn.t("Choose one of the buttons."))
        texts = Translations({code: text for code, text in self.texts.items() if text})
        work, person = turn.work, person_of(turn)
        if self.office is not None:
            done = await changing.take_out(work, person, self.incident, self.version, self.office, texts)
        elif self.kind is NewsKind.UPDATE:
            done = await incidents.tell(work, person, self.incident, texts)
        else:
            done = await incidents.end(work, person, self.incident, self.version, self.kind, texts)
        return _ordered(turn, done)


def take_out(incident: IncidentId, version: int, office: OfficeId) -> Step:
    """One municipality is to be taken out: first, what its residents read."""
    return WritingNews(incident=incident, version=version, kind=NewsKind.RELEASE, office=office, language=LANGUAGES[0])


def _ordered(turn: Turn, done: News | Stale | None) -> Next:
    t = turn.t
    if done is None:
        return denied(turn)
    if isinstance(done, Stale):
        turn.say(t("Another administrator was first. This is how the incident stands now."))
        return Redirect(OPEN, str(done.incident.id))
    turn.say(t("It goes out in {span}. You can undo it before that.", span=t.duration(UNDO_WITHIN)))
    return Redirect(OPEN, str(done.incident_id))
