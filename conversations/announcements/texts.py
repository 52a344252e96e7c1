"""Writing an announcement: its text in each language, with a photo, an album or a document."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime

from conversations.announcements.card import card_of
from conversations.announcements.step import AnnouncementStep, choose_a_button, newer_version, person_of
from conversations.announcements.words import (
    LANGUAGES,
    heading,
    leave_out,
    length_line,
    text_in,
    text_title,
)
from conversations.engine.fields import refusal_words
from conversations.engine.messages import Incoming, Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from locales import Language
from services.announcements import model, writing
from services.announcements.faults import MOST_PHOTOS, is_written_by_itself, limit_of, utf16
from services.announcements.model import Announcement, StaleVersion, Translations
from services.announcements.writing import Changes
from services.files import attachments
from services.text.normalise import clean
from storage.ids import FileId, StoredMessageId

LONGEST = 12_000  # characters that are kept of what is much too long, so that it can be shortened
_SHOWN = 700  # of a text, on the screen where it is written
_CUT = 4000  # UTF-16 units: an app sends a longer text in pieces, this being the first
_MOMENTS = timedelta(seconds=10)  # between two pieces
_GO, _OMIT, _NO_FILES, _LANGUAGE, _OWN = "go", "omit", "no_files", "in.", "own"


class Writing(AnnouncementStep):
    """The text in one language."""

    step: Literal["announce:text"] = "announce:text"
    language: Language
    message: StoredMessageId | None = None  # that brought the text, so that an edit of it corrects it
    came_at: AwareDatetime | None = None  # when its last piece came
    cut: bool = False  # that piece was as long as a message may be: the rest may follow
    edited: str | None = None  # the text of an edited message, kept with the next thing that is done
    album: str = ""  # of the files that came last: a new message's files take the place of the old ones

    # ---- the screen

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, text = turn.t, self._text(found)
        lines: list[Markup | None] = [heading(turn, found), text_title(t, self.language), Markup()]
        if text:
            limit = limit_of(turn.work, found, self.language.value)
            lines += [t("“{words}”", words=t.own(text, _SHOWN)), length_line(t, text, limit)]
        if found.files:
            lines.append(t.plural("📎 {n} file", "📎 {n} files", len(found.files)))
        lines += [Markup() if text or found.files else None, self._question(turn, found, text)]
        return Prompt(t.join_lines(*lines), self._rows(turn, found, text))

    def _text(self, found: Announcement) -> str:
        return self.edited if self.edited is not None else found.texts.root.get(self.language.value, "")

    def _question(self, turn: Turn, found: Announcement, text: str) -> Markup:
        t = turn.t
        if text:
            return t("To change it, send the whole text again, or edit your message.")
        if is_written_by_itself(found):
            return t(
                "This text is written from the session when it is sent, with the times still available then. To use "
                "your own text instead, send it."
            )
        if found.kind is model.Kind.IMPROVEMENT:
            return self._about_improvement(turn)
        if self.language is Language.AR:
            return t("Send the text in Arabic. You can send it with a photo, an album or a document.")
        return t("Send the text in English. You can send it with a photo, an album or a document.")

    def _about_improvement(self, turn: Turn) -> Markup:
        t = turn.t
        if self.language is Language.AR:
            asked = t("Write in Arabic what residents asked for, and what was done.")
        else:
            asked = t("Write in English what residents asked for, and what was done.")
        return t.join_lines(asked, t("You can send it with photos: first from before, then from after."))

    def _rows(self, turn: Turn, found: Announcement, text: str) -> Rows:
        t = turn.t
        rows: list[list[Button]] = []
        if text or is_written_by_itself(found):
            rows.append([Button(label=t.plain("Continue"), value=_GO)])
        elif self._may_be_left_out(found):
            rows.append([Button(label=leave_out(t, self.language), value=_OMIT)])
        if found.files:
            rows.append([Button(label=t.plain("Remove the files"), value=_NO_FILES)])
        others = [one for one in LANGUAGES if one is not self.language]
        return [*rows, [Button(label=text_in(t, one), value=_LANGUAGE + one.value) for one in others]]

    def _may_be_left_out(self, found: Announcement) -> bool:
        """Whether another language is there, or can still be written."""
        return found.language_left_out in {"", self.language.value}

    # ---- what is done

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if not answer.choice:
            return await self._sent(turn, answer.said, found)
        kept = await self._with_edit(turn, found)
        if not isinstance(kept, Announcement):
            return kept
        here = self.model_copy(update={"edited": None, "version": kept.version})
        match answer.choice:
            case "go":
                return await here.onwards(turn, kept)
            case "omit" if not self._text(kept) and self._may_be_left_out(kept):
                left = await here.change(turn, language_left_out=self.language.value)
                return await here.at(left).onwards(turn, left) if left is not None else Reask()
            case "no_files":
                without = await here.change(turn, files=())
                return here.at(without) if without is not None else Reask()
        language = next((one for one in LANGUAGES if answer.choice == _LANGUAGE + one.value), None)
        return here if language is None else Writing(announcement=found.id, version=kept.version, language=language)

    async def _with_edit(self, turn: Turn, found: Announcement) -> Announcement | Next:
        """The announcement with what an edited message says now."""
        if self.edited is None:
            return found
        if self.version != found.version:
            return self._conflict(self.edited, (), found)
        return await self.change(turn, texts=with_text(found, self.language, self.edited)) or Reask()

    async def _sent(self, turn: Turn, said: Incoming, found: Announcement) -> Step | Reask:
        """Take the text, the files, or both, of a message."""
        files = await attachments.keep_staff(turn.work, said.channel, said.files)
        if isinstance(files, attachments.Refused):
            return Reask(refusal_words(turn.t, files.reason, files.limit))
        text = clean(said.text, LONGEST)
        if self._is_rest(said):
            text = clean(f"{self._text(found)}\n{text}", LONGEST)
        together = bool(said.album) and said.album == self.album
        kept = tuple(dict.fromkeys((*(found.files if together else ()), *files)))[: MOST_PHOTOS + 1]
        if self.version != found.version:
            return self._conflict(text, kept if files else (), found)
        changes = self.changes(found, text, kept if files else ())
        if not changes:
            return choose_a_button(turn)
        made = await self.change(turn, **changes)
        if made is None:
            return Reask(turn.t("You do not have permission to do this."))
        brought = {"message": said.message, "came_at": said.at, "cut": utf16(said.text) >= _CUT} if text else {}
        return self.model_copy(update={"version": made.version, "edited": None, "album": said.album, **brought})

    def changes(self, found: Announcement, text: str, files: tuple[FileId, ...]) -> Changes:
        changes: Changes = {}
        if text:
            changes["texts"] = with_text(found, self.language, text)
            if found.language_left_out == self.language.value:
                changes["language_left_out"] = ""
        if files:
            changes["files"] = files
        return changes

    def _is_rest(self, said: Incoming) -> bool:
        """Whether this is the rest of a text that was too long for one message."""
        if said.kind is not Kind.TEXT or self.came_at is None or not self.cut or self.edited is not None:
            return False
        return timedelta() <= said.at - self.came_at < _MOMENTS

    def _conflict(self, text: str, files: tuple[FileId, ...], found: Announcement) -> Step:
        return Conflict(announcement=found.id, version=found.version, language=self.language, text=text, sent=files)

    async def onwards(self, turn: Turn, found: Announcement) -> Next:
        """The next text that is missing, else the card with a preview."""
        for language in LANGUAGES:
            written = found.texts.root.get(language.value) or is_written_by_itself(found)
            if not written and found.language_left_out != language.value:
                if language is self.language:
                    return Reask(turn.t("There is no text yet. Send it, or leave this language out."), self.at(found))
                return Writing(announcement=found.id, version=found.version, language=language)
        return await card_of(turn, found)

    # ---- what comes beside an answer

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        """The rest of an album."""
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        if found is None or not turn.said.files:
            return None
        try:
            return await self._sent(turn, turn.said, found)
        except StaleVersion:
            return Reask(newer_version(turn, self.version, found), self.at(found))

    def amend(self, turn: Turn) -> Step | None:
        if self.message is None or turn.said.message != self.message:
            return None
        return self.model_copy(update={"edited": clean(turn.said.text, LONGEST), "cut": False})

    def draft_title(self, turn: Turn) -> str:
        """Only an edited message is not kept yet."""
        return turn.t.plain("Announcement") if self.edited is not None else ""

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


class Conflict(AnnouncementStep):
    """Two wrote at the same text: both are shown, and whoever came second chooses."""

    step: Literal["announce:conflict"] = "announce:conflict"
    language: Language
    text: str
    sent: tuple[FileId, ...] = ()  # not named `files`: they are no longer the conversation's to discard

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, theirs = turn.t, found.texts.root.get(self.language.value, "")
        lines = [
            t("⚠️ <b>Another administrator has changed this announcement</b>"),
            t("We have kept your text. Choose which one to use."),
            Markup(),
            t("{which}, as it is now: “{words}”", which=text_title(t, self.language), words=t.own(theirs, _SHOWN))
            if theirs
            else t("{which}, as it is now: no text", which=text_title(t, self.language)),
            t("Yours: “{words}”", words=t.own(self.text, _SHOWN)) if self.text else None,
            t("📎 Files you sent: {n}", n=len(self.sent)) if self.sent else None,
        ]
        rows = [[Button(label=t.plain("Use mine"), value="mine"), Button(label=t.plain("Keep theirs"), value="theirs")]]
        return Prompt(t.join_lines(*lines), rows, back=False)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        here = Writing(announcement=found.id, version=found.version, language=self.language)
        match answer.choice:
            case "theirs":
                return here
            case "mine":
                made = await self.change(turn, **here.changes(found, self.text, self.sent))
                return Reask() if made is None else here.at(made)
        return choose_a_button(turn)

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("Announcement")


def with_text(found: Announcement, language: Language, text: str) -> Translations:
    """Its texts with another one in a language; without one where that is empty."""
    texts = {**found.texts.root, language.value: text}
    return Translations({code: one for code, one in texts.items() if one})
