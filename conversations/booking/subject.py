"""What the meeting is about: its topic, the subject in words and files, a project where the office asks for one."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.day_and_time import ChoosingDay, chosen_day
from conversations.booking.draft import BookingDraft, add_said
from conversations.booking.step import BookingStep
from conversations.booking.time_picker import day_typed
from conversations.engine.form import keep_row, now_line
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Reask, Step, Turn
from conversations.engine.typed_date import too_short_to_keep
from conversations.engine.typed_yes_no import refuses
from conversations.texts.booking import SHORT_WORDS, topic_name
from services.offices.offices import Ask, TopicId
from services.text.normalise import clean, latin_digits
from storage.ids import StoredMessageId

# ---------------------------------------------------------------------------- the topic


class ChoosingTopic(BookingStep):
    step: Literal["booking:topic"] = "booking:topic"

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        topics = turn.work.offices.topics
        rows = [[Button(label=f"{one.emoji} {t.pick_plain(one.name)}"[:64], value=one.id)] for one in topics]
        now = now_line(turn, topic_name(turn.work, t, draft.topic) if draft.topic else None)
        text = t.join_lines(t("What is the meeting about?"), now)
        return Prompt(text, [keep_row(turn, offered=draft.topic != ""), *rows])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        offices = turn.work.offices
        if answer.choice:
            topic = offices.topic(TopicId(answer.choice))
            return self.answer(topic=topic.id) if topic else self
        if (asked := await another_day(turn, self, answer)) is not None:
            return asked
        kept = await self.absorb_unexpected(turn)  # typed words describe the subject, and often tell the topic with it
        told = turn.work.understanding.topic_of(answer.text, turn.work.today)
        if told is not None and isinstance(kept.step, ChoosingTopic):
            return Reask(kept.why, kept.step.answer(topic=told))
        return kept


def topic_is_required(turn: Turn, draft: BookingDraft) -> bool:
    """Whether the office gives no appointment without a topic."""
    office = turn.work.offices.get(draft.office)
    return office is not None and Ask.TOPIC in office.asks


# ---------------------------------------------------------------------------- the subject


class DescribingSubject(BookingStep):
    """From the summary: in words, a voice note, photos or documents; nothing at all is an answer too."""

    step: Literal["booking:matter"] = "booking:matter"
    describes: ClassVar[bool] = True
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        told = bool(draft.pieces or draft.files)
        done = Button(label=t.plain("Continue") if told else t.plain("Skip"), value="done")
        rows = [[done]]
        if draft.files:
            rows.append([Button(label=t.plain("Remove the files"), value="nofiles")])
        if draft.reviewing and draft.pieces:
            how = t("New text replaces what you wrote. New files are added.")
        else:
            how = t("Write it in a few words, or send a voice note, photos or documents.")
        question = t("What should the municipality know before the meeting?")
        return Prompt(t.join_lines(question, how, now_line(turn, described(turn, draft))), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "done":
            return self.answer(told=True)
        if answer.choice == "nofiles":
            return DescribingSubject(draft=self.draft.but(files=()))
        if answer.kind is not Kind.TEXT:
            return await self.absorb_unexpected(turn)
        if (asked := await another_day(turn, self, answer)) is not None:
            return asked
        before = self.draft.but(pieces=()) if self.draft.reviewing else self.draft
        added = await add_said(turn, before)
        if added.trouble:
            return Reask(added.trouble, DescribingSubject(draft=added.draft))
        return Continue(added.draft.but(told=True))


def described(turn: Turn, draft: BookingDraft) -> Markup | None:
    """What was told so far; None where nothing was."""
    t = turn.t
    parts = [t.own(draft.words, SHORT_WORDS)] if draft.pieces else []
    parts += [t.plural("{n} file", "{n} files", len(draft.files))] if draft.files else []
    return t.dotted(*parts) if parts else None


# ---------------------------------------------------------------------------- a day, typed where the subject was asked


class MeaningDay(BookingStep):
    """Whether the day that was typed is to be the appointment's, or belongs to the subject."""

    step: Literal["booking:meant"] = "booking:meant"
    text: str
    message: StoredMessageId | None
    of_matter: bool  # asked what the municipality should know, not only for the topic

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=t.plain("Change the day"), value="day")],
            [Button(label=t.plain("Add to description"), value="matter")],
        ]
        return Prompt(t("Change the day to “{typed}”?", typed=self.text), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "day":
            day = await day_typed(turn, self.draft.office, self.text)
            return chosen_day(self.draft, day) if day else ChoosingDay(draft=self.draft)
        if answer.choice == "matter" or refuses(answer.text):
            before = self.draft.but(pieces=()) if self.draft.reviewing else self.draft
            draft = before.with_words(self.message, self.text)
            return Continue(draft.but(told=draft.told or self.of_matter))
        return (
            Reask(turn.t("Choose one of the buttons."))
            if too_short_to_keep(answer)
            else await self.absorb_unexpected(turn)
        )

    async def back(self, turn: Turn) -> Step | Previous | None:
        asked = (DescribingSubject if self.of_matter else ChoosingTopic)(draft=self.draft)
        return asked if self.of_matter else Previous(asked, self.draft)


async def another_day(turn: Turn, asked: BookingStep, answer: Answer) -> MeaningDay | None:
    """Ask about words that are nothing but another day of the office's: they may be meant to change the time."""
    if not any(map(str.isalpha, answer.text)) and not re.search(r"\d\D+\d", answer.text):
        return None  # a lone number
    day, draft = await day_typed(turn, asked.draft.office, answer.text), asked.draft
    chosen = draft.seat or draft.line
    if day is None or (chosen is not None and day.session.id == chosen.session):
        return None
    of_matter = isinstance(asked, DescribingSubject)
    return MeaningDay(
        draft=draft, text=clean(answer.text, SHORT_WORDS), message=answer.said.message, of_matter=of_matter
    )


# ---------------------------------------------------------------------------- a project, where the office asks


class NamingProject(BookingStep):
    step: Literal["booking:project"] = "booking:project"
    takes_all: ClassVar[bool] = True
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        t, project = turn.t, self.draft.project
        text = t.join_lines(t("What is the project called?"), now_line(turn, t.own(project) if project else None))
        return Prompt(text, [keep_row(turn, offered=project != "")])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        project = " ".join(clean(answer.text, 120).split())
        if not project:
            return Reask(turn.t("Enter the project name."))
        return self.answer(project=project)


class NamingRegistration(BookingStep):
    step: Literal["booking:registration"] = "booking:registration"
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        t, number = turn.t, self.draft.registration
        text = t.join_lines(
            t("What is the commercial registration number? For example: {example}", example=t.ref("12345-1")),
            now_line(turn, t.ref(number) if number else None),
        )
        none_yet = [Button(label=t.plain("Not registered yet"), value="none")]
        return Prompt(text, [keep_row(turn, offered=number != ""), none_yet])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "none":
            return self.answer(registration="", registered=True)
        # Only the shape is checked: how long a number may be is not published.
        match = re.fullmatch(r"(\d{1,10})(?:[-/](\d{1,3}))?", "".join(latin_digits(answer.text).split()))
        if match is None:
            return Reask(
                turn.t(
                    "Enter the registration number in digits only. If it has a branch number, put that after a hyphen."
                )
            )
        number = match[1] if match[2] is None else f"{match[1]}-{match[2]}"
        return self.answer(registration=number, registered=True)
