"""Correcting what was sent: the new texts, how they will look, and a second tap that says how many messages change."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import Field

from conversations.announcements.card import card_of
from conversations.announcements.fault_words import fault_lines
from conversations.announcements.preview import say_previews
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, numbered, person_of
from conversations.announcements.words import LANGUAGES, heading, length_line, text_in, text_title
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Turn
from locales import Language
from services.announcements import sending, writing
from services.announcements.faults import limit_of
from services.announcements.model import Announcement, Translations
from services.text.normalise import clean

_LONGEST = 12_000
_SHOWN = 700


class Correcting(AnnouncementStep):
    """What the texts are to be; kept here until they are sent, and as a draft where this is left."""

    step: Literal["announce:correct"] = "announce:correct"
    texts: dict[str, str] = Field(default_factory=dict)
    language: Language
    seen: bool = False  # as it will look

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, text = turn.t, self._texts(found).get(self.language.value, "")
        lines: list[Markup | None] = [heading(turn, found), t("✏️ <b>Correct what was sent</b>"), Markup()]
        lines.append(text_title(t, self.language))
        if text:
            limit = limit_of(turn.work, found, self.language.value)
            lines += [t("“{words}”", words=t.own(text, _SHOWN)), length_line(t, text, limit)]
        lines += [Markup(), t("Send the corrected text. Photos and documents stay as they are.")]
        others = [one for one in LANGUAGES if one is not self.language]
        rows = [[Button(label=text_in(t, one), value=f"in.{one.value}") for one in others]]
        if self.seen:
            count = t.plain_plural("✅ Change {n} message", "✅ Change {n} messages", found.sent)
            rows.insert(0, [Button(label=count, value="yes")])
        elif self.texts:
            rows.insert(0, [Button(label=t.plain("👁 Preview"), value="preview")])
        return Prompt(t.join_lines(*lines), [*rows, [Button(label=t.plain("No, go back"), value="no")]], back=False)

    def _texts(self, found: Announcement) -> dict[str, str]:
        return {**found.texts.root, **self.texts}

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if not answer.choice:
            text = clean(answer.text, _LONGEST)
            if not text:
                return Reask(turn.t("Send the corrected text."))
            return self.model_copy(update={"texts": {**self.texts, self.language.value: text}, "seen": False})
        corrected = Translations(self._texts(found))
        match answer.choice:
            case "no":
                return await card_of(turn, found, preview=False)
            case "preview":
                await say_previews(turn, found.model_copy(update={"texts": corrected}))
                return self.model_copy(update={"seen": True})
            case "yes" if self.seen:
                return await self._correct(turn, found, corrected)
        language = next((one for one in LANGUAGES if answer.choice == f"in.{one.value}"), None)
        return choose_a_button(turn) if language is None else self.model_copy(update={"language": language})

    async def _correct(self, turn: Turn, found: Announcement, texts: Translations) -> Next:
        t = turn.t
        made = await sending.correct(turn.work, person_of(turn), found.id, self.version, texts)
        if made is None:
            return denied(turn)
        if isinstance(made, tuple):
            wrong = t.join_lines(t("You cannot send it yet:"), *fault_lines(t, made))
            return Reask(wrong, self.model_copy(update={"seen": False}))
        return Reask(t("✏️ We are changing the messages that were delivered."), await card_of(turn, made, preview=False))

    async def outdated(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        """The text is kept; it is looked at again beside the newer version."""
        why = turn.t("⚠️ Another administrator has changed this announcement. We have kept your text. Check it again.")
        return Reask(why, self.model_copy(update={"version": found.version, "seen": False}))

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("Correction of an announcement") if self.texts else ""


async def correct(turn: Turn, argument: str) -> Next:
    """The door; `argument` is which."""
    found = await writing.open_for(turn.work, person_of(turn), numbered(argument))
    if found is None:
        return denied(turn)
    mine = next((one for one in LANGUAGES if one is turn.t.language), LANGUAGES[0])
    return Correcting(announcement=found.id, version=found.version, language=mine)
