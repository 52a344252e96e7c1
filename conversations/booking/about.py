"""What there is to say about an appointment, on one screen that may be skipped: topic, words and files, who comes."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.day_and_time import ChoosingTime
from conversations.booking.draft import BookingDraft, add_said
from conversations.booking.step import BookingStep, added_line
from conversations.booking.subject import ChoosingTopic, another_day, described, topic_is_required
from conversations.booking.visitors import PreparingVisit
from conversations.engine.draft_step import Added
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Previous, Prompt, Reask, Step, Turn
from conversations.engine.typed_yes_no import agrees, refuses
from conversations.texts.booking import field, office_name, topic_name, visit_words
from locales import N_

_GO_ON, _TOPIC, _VISIT, _NO_FILES = "go", "topic", "visit", "nofiles"


class TellingAbout(BookingStep):
    """Shows what is set, with a button for each. Words and files may come at any time; the first button goes on."""

    step: Literal["booking:about"] = "booking:about"
    describes: ClassVar[bool] = True
    yes_or_no: ClassVar[bool] = True
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        rows = [
            [Button(label=t.plain("Continue"), value=_GO_ON)],
            [Button(label=t.plain("📌 Topic"), value=_TOPIC)],
            [Button(label=t.plain("👥 Companions and arrangements"), value=_VISIT)],
        ]
        if draft.files:
            rows.append([Button(label=t.plain("Remove the files"), value=_NO_FILES)])
        topic = topic_name(turn.work, t, draft.topic) if draft.topic else t("not chosen")
        text = t.join_lines(
            held_line(turn, draft),
            office_name(turn.work, t, draft.office),
            Markup(),
            field(t, N_("Topic"), topic),
            field(t, N_("Description"), described(turn, draft) or t("nothing written")),
            field(t, N_("Companions"), visit_words(t, draft.companions, draft.needs, draft.answers)),
            Markup(),
            *self._asked(turn),
        )
        return Prompt(text, rows)

    def _asked(self, turn: Turn) -> list[Markup]:
        """What may be written; once something was, that it is in the draft, and what comes next."""
        if not (self.draft.pieces or self.draft.files):
            return [invitation(turn), self._freedom(turn)]
        if topic_is_required(turn, self.draft) and not self.draft.topic:
            return [turn.t("Added."), self._freedom(turn)]
        return [turn.t("Added. You can add more, or continue to the next step.")]

    def _freedom(self, turn: Turn) -> Markup:
        """What has to be answered here."""
        if topic_is_required(turn, self.draft):
            return turn.t("This office needs a topic. All else may be skipped.")
        return turn.t("You can also continue without any of this.")

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _GO_ON or refuses(answer.text) or agrees(answer.text):
            return self.answer(told=True, prepared=True)
        if answer.choice == _TOPIC:
            return ChoosingTopic(draft=self.draft)
        if answer.choice == _VISIT:
            return PreparingVisit(draft=self.draft)
        if answer.choice == _NO_FILES:
            return TellingAbout(draft=self.draft.but(files=()))
        if answer.kind is Kind.TEXT and (asked := await another_day(turn, self, answer)) is not None:
            return asked
        return await self.absorb_unexpected(turn)

    async def absorb_unexpected(self, turn: Turn) -> Reask:
        added = await add_understood(turn, self.draft)
        quiet = turn.said.kind is Kind.TEXT  # the screen shows the words themselves
        said = Markup() if quiet else added_line(turn, added.draft)
        return Reask(added.trouble or said, self.with_draft(added.draft))

    async def back(self, turn: Turn) -> Step | Previous | None:
        seat = self.draft.seat
        return await super().back(turn) if seat is None else ChoosingTime(draft=self.draft, session=seat.session)


def held_line(turn: Turn, draft: BookingDraft) -> Markup | None:
    """What is held meanwhile, and how long; None once that has passed, since others may have it by then."""
    t = turn.t
    if draft.seat is not None:
        if draft.seat.until <= turn.work.now:
            return None
        return t(
            "This time is yours for {minutes}: {moment}. After that, others can book it.",
            minutes=t.duration(draft.seat.until - turn.work.now),
            moment=t.moment(draft.seat.starts_at),
        )
    if draft.line is not None:
        return t("You are joining the waiting list for {date}.", date=t.date(draft.line.day))
    return None


def invitation(turn: Turn) -> Markup:
    return turn.t("Write what the municipality should know, or send photos, a voice note or documents.")


async def add_understood(turn: Turn, draft: BookingDraft) -> Added[BookingDraft]:
    """The draft with what was sent, and with the topic and the companions that its words tell, where these are open."""
    added, said = await add_said(turn, draft), turn.said.text
    draft = added.draft
    if not draft.topic and (topic := turn.work.understanding.topic_of(said, turn.work.today)):
        draft = draft.but(topic=topic)
    companions = turn.work.understanding.of(said, turn.work.today).companions
    if companions and not draft.companions:
        draft = draft.but(companions=companions)
    return Added(draft, added.trouble)
