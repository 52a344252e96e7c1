"""Booking a Customer Day appointment: a day, a time, what about, who comes, name and phone, one look over it all.

A seat is held from the moment its time is chosen. All that was entered goes along in one `BookingDraft`; the next
question is always the first that has no answer yet, so that a line edited in the summary leads straight back.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Literal

from markupsafe import Markup
from pydantic import AwareDatetime, Field

from conversations.asking import MAX_NAME, barred, phone_prompt, take_name
from conversations.booking_days import (
    DAY,
    DAYS_A_PAGE,
    LINE,
    PAGE,
    SLOT,
    day_rows,
    number_after,
    slot_button,
    time_rows,
    typed_day,
    typed_time,
)
from conversations.booking_draft import (
    MAX_COMPANIONS,
    BookingDraft,
    Line,
    add_said,
    details_of,
    draft_like,
    new_draft,
    with_phone,
)
from conversations.booking_words import (
    NEED,
    SHORT_WORDS,
    field,
    office_name,
    say_confirmed,
    say_waiting,
    topic_name,
    visit_words,
    when,
    where,
    who_receives,
)
from conversations.drafts import Draft, DraftStep
from conversations.messages import Kind, Message
from conversations.script import Flow
from conversations.step import Again, Answer, Button, Leave, Next, Open, Prompt, Step, Talk
from locales import N_
from services import bookings, seats, sessions, waiting_list
from services.bookings import AlreadyBooked, AlreadyConfirmed, HoldLost, SlotClosed, SlotTaken
from services.offices import Ask, Office, TopicId
from services.references import parse_reference
from services.sessions import DayState, Free
from services.words import clean, latin_digits, search
from storage.ids import OfficeId, Reference, SessionId, SlotId
from storage.records import Booking, Need

NEAREST = 3  # free times offered where the one asked for is gone
HOLD_RUNS_LOW = timedelta(minutes=5)
KEEP = "keep"


# ---------------------------------------------------------------------------- what all questions share


class BookingStep(DraftStep):
    """A question of the booking."""

    draft: BookingDraft
    label: ClassVar[str] = ""  # what the summary calls it, a text of the catalogue

    def applies(self, talk: Talk) -> bool:
        """Whether this draft is asked it at all."""
        return True

    def answered(self) -> bool:
        return True

    def summary(self, talk: Talk) -> Markup | None:
        """The answer as a line of the summary; None where it has none."""
        return None

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == KEEP:
            return await next_question(talk, self.draft)
        return await self.heard(talk, answer)

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        """Take an answer that is not the earlier one kept."""
        return await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        if self.draft.reviewing:
            return Reviewing(draft=self.draft)
        place = QUESTIONS.index(type(self)) if type(self) in QUESTIONS else len(QUESTIONS)
        earlier = [question.about(self.draft) for question in QUESTIONS[:place]]
        return next((step for step in reversed(earlier) if step.applies(talk)), None)

    async def keep(self, talk: Talk) -> Again:
        added = await add_said(talk, self.draft)
        return Again(added.trouble or _added(talk, added.draft), self.with_draft(added.draft))

    def draft_title(self, talk: Talk) -> str:
        draft, t = self.draft, talk.t
        if draft.empty:
            return ""
        if draft.seat is not None:
            return t.plain("Appointment: {what}", what=t.day(draft.seat.starts_at))
        office = talk.work.offices.get(draft.office)
        return t.plain("Appointment: {what}", what=t.pick(office.short_name)) if office else t.plain("Appointment")

    async def discarded(self, talk: Talk) -> Markup | None:
        if self.draft.seat is None:
            return None
        await let_go(talk, self.draft)
        return talk.t("The time that was held is free for others again.")

    async def resumed(self, talk: Talk) -> Next:
        """The seat is held again, where it is still free."""
        seat = self.draft.seat
        if seat is None:
            return self
        taken = await take_seat(talk, self.draft.but(seat=None), seat.slot)
        return self.with_draft(taken) if isinstance(taken, BookingDraft) else taken

    def office(self, talk: Talk) -> Office:
        office = talk.work.offices.get(self.draft.office)
        if office is None:
            raise LookupError(f"a booking is under way for {self.draft.office}, which the offices file has no more")
        return office

    async def answer(self, talk: Talk, **changes: object) -> Step:
        """Note an answer and go on to the next question."""
        return await next_question(talk, self.draft.but(**changes))


async def next_question(talk: Talk, draft: BookingDraft) -> Step:
    """The first question without an answer; the summary where there is none."""
    draft = await _still_held(talk, draft)
    for question in QUESTIONS:
        step = question.about(draft)
        if step.applies(talk) and not step.answered():
            return step
    return Reviewing(draft=draft.but(reviewing=True))


async def _still_held(talk: Talk, draft: BookingDraft) -> BookingDraft:
    """Whoever is still answering keeps the seat a while longer; one that ran out is seen to when it is confirmed."""
    seat, now = draft.seat, talk.work.now
    if seat is None or not now < seat.until < now + HOLD_RUNS_LOW:
        return draft
    held = await bookings.lengthen_hold(talk.work, seat.booking, talk.resident)
    return draft if isinstance(held, HoldLost) else draft.with_seat(held)


def _added(talk: Talk, draft: BookingDraft) -> Markup:
    if talk.said.files:
        return talk.t.plural("Added: {n} file so far.", "Added: {n} files so far.", len(draft.files))
    if talk.said.contact is not None:
        return talk.t("The phone number was noted.")
    return talk.t("Added to what was written for the municipality.")


def _now(talk: Talk, value: Markup | None) -> Markup | None:
    """The earlier answer, where a question is asked again."""
    return talk.t("Now: {value}", value=value) if value else None


def _keep_row(talk: Talk, *, offered: bool) -> list[Button]:
    return [Button(label=talk.t.plain("Keep this"), value=KEEP)] if offered else []


# ---------------------------------------------------------------------------- 0. where, if that is open


class ChoosingOffice(BookingStep):
    """Asked where a booking begins with something sent by a person whose municipality is not known."""

    step: Literal["booking:office"] = "booking:office"

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = [[Button(label=t.pick_plain(office.name)[:64], value=office.id)]
                for office in talk.work.offices.with_customer_day]  # fmt: skip
        return Prompt(t("Which municipality or office is it for?"), rows)

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await self.answer(talk, office=answer.choice)
        found = search(answer.text[:SHORT_WORDS], talk.work.offices.with_customer_day, limit=1)
        return await self.answer(talk, office=found[0].id) if found else await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        return None


# ---------------------------------------------------------------------------- 1. the day


class ChoosingDay(BookingStep):
    step: Literal["booking:day"] = "booking:day"
    label = N_("Time")
    page: int = Field(default=0, ge=0, le=99)

    def answered(self) -> bool:
        return self.draft.seat is not None or self.draft.line is not None

    def summary(self, talk: Talk) -> Markup | None:
        seat, line = self.draft.seat, self.draft.line
        if seat is not None:
            return when(talk.t, seat.starts_at, seat.ends_at)
        return talk.t.full_date(line.day) if line else None

    async def ask(self, talk: Talk) -> Prompt:
        t, office, seat = talk.t, self.office(talk), self.draft.seat
        days = await self._days(talk)
        head = t("📅 <b>Customer Day</b> · {office}", office=t.pick(office.name))
        if not days:
            body = t("No free slots now. New days open every week; a complaint or suggestion can be sent at any time.")
            return Prompt(t.join_lines(head, body), [_besides(talk)])
        if any(day.state == "free" for day in days):
            who = who_receives(t, office, days[0].session.lane)
            body = t("The {who} receives people in person. Which day suits?", who=who)
        else:
            body = t("No free times are left on these days. A full day has a waiting list.")
        now = _now(talk, t.moment(seat.starts_at) if seat else None)
        rows = day_rows(t, office, days, self.page)
        return Prompt(t.join_lines(head, body, now), [_keep_row(talk, offered=seat is not None), *rows])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if (page := number_after(PAGE, answer.choice)) is not None:
            return ChoosingDay(draft=self.draft, page=min(page, 99))
        days = await self._days(talk)
        if answer.choice:
            wanted = number_after(DAY, answer.choice)
            day = next((day for day in days if day.session.id == wanted), None)
            return self._chosen(day) if day else Again(talk.t("That day is no longer in the list."))
        day = typed_day(answer.text, days)
        return self._chosen(day) if day else await self.keep(talk)

    def _chosen(self, day: DayState) -> Step:
        session = day.session.id
        if day.state == "free":
            return ChoosingTime(draft=self.draft, session=session)
        why = {"full": Why.FULL, "closed": Why.CLOSED, "started": Why.STARTED}[day.state]
        return Instead(draft=self.draft, session=session, why=why)

    async def _days(self, talk: Talk) -> tuple[DayState, ...]:
        start = self.page * DAYS_A_PAGE
        return await sessions.upcoming(talk.work, self.draft.office, DAYS_A_PAGE + 1, start)


def _besides(talk: Talk) -> list[Button]:
    """What can be done without an appointment."""
    return [
        Button(label=talk.t.plain("Submit a complaint"), door="complain"),
        Button(label=talk.t.plain("Make a suggestion"), door="suggest"),
    ]


# ---------------------------------------------------------------------------- 2. the time


class ChoosingTime(BookingStep):
    step: Literal["booking:time"] = "booking:time"
    session: SessionId
    page: int = Field(default=0, ge=0, le=99)

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        session = await sessions.session(talk.work, self.session)
        free = await sessions.free_slots(talk.work, self.session)
        if session is None or not free:
            nearest = await sessions.nearest_free(talk.work, self.draft.office, limit=NEAREST)
            text = t("That day has no free times any more. The nearest:") if nearest else t("No free slots now.")
            return Prompt(text, [[slot_button(t, slot.id, slot.starts_at)] for _, slot in nearest])
        length = free[0].slot.ends_at - free[0].slot.starts_at
        held = self.draft.seat if self.draft.seat and self.draft.seat.session == self.session else None
        text = t.join_lines(
            t("🕘 <b>{date}</b>", date=t.full_date(session.day)),
            t("Which time suits? A meeting takes up to {minutes}.", minutes=t.duration(length)),
            _now(talk, t.time(held.starts_at) if held else None),
        )
        return Prompt(text, [_keep_row(talk, offered=held is not None), *time_rows(t, free, self.page)])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if (page := number_after(PAGE, answer.choice)) is not None:
            return ChoosingTime(draft=self.draft, session=self.session, page=min(page, 99))
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return await hold(talk, self.draft, SlotId(slot))
        typed = typed_time(talk.t, answer.text, await sessions.free_slots(talk.work, self.session))
        return await hold(talk, self.draft, typed.id) if typed else await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        return ChoosingDay(draft=self.draft)


async def hold(talk: Talk, draft: BookingDraft, slot: SlotId) -> Step:
    """Hold a seat, in place of the one held before, and go on to the next question."""
    taken = await take_seat(talk, draft, slot)
    return await next_question(talk, taken) if isinstance(taken, BookingDraft) else taken


async def take_seat(talk: Talk, draft: BookingDraft, slot: SlotId) -> BookingDraft | Step:
    """The draft with a seat held for it; or what else there is."""
    outcome = await bookings.reserve_seat(talk.work, slot, talk.resident, talk.resident.source)
    match outcome:
        case Booking():
            return draft.with_seat(outcome)
        case SlotTaken():
            return Instead(draft=draft, why=Why.TAKEN, nearest=_nearby(outcome.alternatives))
        case SlotClosed():
            return Instead(draft=draft, why=Why.LATE, nearest=_nearby(outcome.alternatives))
        case AlreadyBooked(booking=booking):
            return AlreadyThere(draft=draft, reference=booking.reference)


class Nearby(Message):
    """A free time that may do as well."""

    slot: SlotId
    starts_at: AwareDatetime


def _nearby(found: Free) -> tuple[Nearby, ...]:
    return tuple(Nearby(slot=slot.id, starts_at=slot.starts_at) for _, slot in found[:NEAREST])


class Why(StrEnum):
    """Why the day or time asked for can't be had."""

    TAKEN = "taken"
    FULL = "full"
    CLOSED = "closed"
    STARTED = "started"
    LATE = "late"
    LAPSED = "lapsed"


class Instead(BookingStep):
    """The nearest free times, where the one asked for is gone; for a full day its waiting list too."""

    step: Literal["booking:instead"] = "booking:instead"
    why: Why
    session: SessionId | None = None  # of the day asked for
    nearest: tuple[Nearby, ...] = ()

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        nearest = self.nearest or _nearby(await sessions.nearest_free(talk.work, self.draft.office, limit=NEAREST))
        rows = [[slot_button(t, one.slot, one.starts_at)] for one in nearest]
        if self.why is Why.FULL:
            rows.append([Button(label=t.plain("Join the waiting list"), value=f"{LINE}{self.session}")])
        rows.append([Button(label=t.plain("Choose another day"), value="days")])
        found = t("The nearest free times:") if nearest else t("No free slots now.")
        return Prompt(t.join_lines(await self._reason(talk), found), rows)

    async def _reason(self, talk: Talk) -> Markup:
        t = talk.t
        session = None if self.session is None else await sessions.session(talk.work, self.session)
        day = t.date(session.day) if session else Markup()
        match self.why:
            case Why.TAKEN:
                return t("Sorry, that slot was just taken.")
            case Why.LAPSED:
                return t("The hold of 10 minutes ended and the time was taken. Everything entered is kept.")
            case Why.LATE:
                return t("That time can no longer be booked.")
            case Why.FULL:
                return await self._full(talk, day)
            case Why.STARTED:
                return t("{day}: the Customer Day is already under way.", day=day)
            case Why.CLOSED:
                reason = session and (session.closed_reason_ar if t.rtl else session.closed_reason_en)
                if reason:
                    return t("{day}: no Customer Day ({reason}).", day=day, reason=reason)
                return t("{day}: no Customer Day.", day=day)

    async def _full(self, talk: Talk, day: Markup) -> Markup:
        """How long the line is helps to choose between waiting and another day."""
        t = talk.t
        board = None if self.session is None else await seats.look(talk.work, self.session)
        if board is None or not board.waiting():
            return t("{day} is full.", day=day)
        return t.plural(
            "{day} is full; {n} person waits.", "{day} is full; {n} people wait.", len(board.waiting()), day=day
        )

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "days":
            return ChoosingDay(draft=self.draft)
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return await hold(talk, self.draft, SlotId(slot))
        if (session := number_after(LINE, answer.choice)) is not None:
            return await stand_in_line(talk, self.draft, SessionId(session))
        return await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        return ChoosingDay(draft=self.draft)


class AlreadyThere(BookingStep):
    """A resident has one appointment a day; the one there is can be moved."""

    step: Literal["booking:already"] = "booking:already"
    reference: Reference

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = (
            (Button(label=t.plain("Show that appointment"), door="appointment", value=self.reference),),
            (Button(label=t.plain("Choose another day"), value="days"),),
        )
        return Prompt(t("There is an appointment on that day already: {ref}", ref=t.ref(self.reference)), rows)

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        return ChoosingDay(draft=self.draft) if answer.choice == "days" else await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        return ChoosingDay(draft=self.draft)


async def stand_in_line(talk: Talk, draft: BookingDraft, session_id: SessionId) -> Step:
    """Go on towards a full day's waiting list; the place in it is taken when the summary is confirmed."""
    session = await sessions.session(talk.work, session_id)
    if session is None:
        return ChoosingDay(draft=draft)
    if await sessions.free_slots(talk.work, session_id):
        return ChoosingTime(draft=draft, session=session_id)  # one was freed in between
    await let_go(talk, draft)
    return await next_question(talk, draft.but(seat=None, line=Line(session=session.id, day=session.day)))


async def let_go(talk: Talk, draft: BookingDraft) -> None:
    if draft.seat is not None:
        await bookings.release_hold(talk.work, draft.seat.booking, talk.resident)


# ---------------------------------------------------------------------------- 3. the topic


class ChoosingTopic(BookingStep):
    step: Literal["booking:topic"] = "booking:topic"
    label = N_("Topic")

    def answered(self) -> bool:
        return self.draft.topic != ""

    def summary(self, talk: Talk) -> Markup | None:
        return topic_name(talk.work, talk.t, self.draft.topic)

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        topics = talk.work.offices.topics
        rows = [[Button(label=f"{one.emoji} {t.pick_plain(one.name)}"[:64], value=one.id)] for one in topics]
        held = None
        if draft.seat is not None and not draft.reviewing:
            held = t("{moment}: held for you for 10 minutes.", moment=t.moment(draft.seat.starts_at))
        now = _now(talk, topic_name(talk.work, t, draft.topic) if draft.topic else None)
        text = t.join_lines(held, t("What is the meeting about?"), now)
        return Prompt(text, [_keep_row(talk, offered=draft.topic != ""), *rows])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        offices = talk.work.offices
        if answer.choice:
            topic = offices.topic(TopicId(answer.choice))
            return await self.answer(talk, topic=topic.id) if topic else self
        kept = await self.keep(talk)  # typed words tell the matter, and often the topic with it
        found = search(answer.text[:SHORT_WORDS], offices.topics, limit=1)
        if found and isinstance(kept.step, ChoosingTopic):
            return Again(kept.why, await kept.step.answer(talk, topic=found[0].id))
        return kept

    async def back(self, talk: Talk) -> Step | None:
        seat = self.draft.seat
        if seat is None or self.draft.reviewing:
            return await BookingStep.back(self, talk)
        return ChoosingTime(draft=self.draft, session=seat.session)


# ---------------------------------------------------------------------------- 4. what it is about


class TellingMatter(BookingStep):
    """In words, a voice note, photos or documents, as many as it takes; nothing at all is an answer too."""

    step: Literal["booking:matter"] = "booking:matter"
    label = N_("Description")
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION})

    def answered(self) -> bool:
        return self.draft.told

    def summary(self, talk: Talk) -> Markup | None:
        return self._told(talk) or talk.t("nothing written")

    def _told(self, talk: Talk) -> Markup | None:
        """What was told so far; None where nothing was."""
        t, draft = talk.t, self.draft
        parts = [t.own(draft.words, SHORT_WORDS)] if draft.pieces else []
        parts += [t.plural("{n} file", "{n} files", len(draft.files))] if draft.files else []
        return Markup(" · ").join(parts) if parts else None

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        told = bool(draft.pieces or draft.files)
        done = Button(label=t.plain("Continue") if told else t.plain("Skip"), value="done")
        rows = [[done]]
        if draft.files:
            rows.append([Button(label=t.plain("Remove the files"), value="nofiles")])
        if draft.reviewing and draft.pieces:
            how = t("What is written now takes its place; files are added.")
        else:
            how = t("Please write it in a few words, or send a voice note, photos or documents.")
        question = t("What should the municipality know before the meeting?")
        return Prompt(t.join_lines(question, how, _now(talk, self._told(talk))), rows)

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "done":
            return await self.answer(talk, told=True)
        if answer.choice == "nofiles":
            return TellingMatter(draft=self.draft.but(files=()))
        if answer.kind is not Kind.TEXT:
            return await self.keep(talk)
        before = self.draft.but(pieces=()) if self.draft.reviewing else self.draft
        added = await add_said(talk, before)
        if added.trouble:
            return Again(added.trouble, TellingMatter(draft=added.draft))
        return await next_question(talk, added.draft.but(told=True))


# ---------------------------------------------------------------------------- 5. who comes, what to prepare


class PreparingVisit(BookingStep):
    """One optional step: a single tap says that nobody comes along and nothing is needed."""

    step: Literal["booking:visit"] = "booking:visit"
    label = N_("Coming along")

    def answered(self) -> bool:
        return self.draft.prepared

    def summary(self, talk: Talk) -> Markup | None:
        return visit_words(talk.t, self.draft.companions, self.draft.needs)

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        plain = not draft.companions and not draft.needs
        done = Button(label=t.plain("Only me, nothing to prepare") if plain else t.plain("Continue"), value="done")
        counts = [
            _toggle(t.plain_plural("{n} companion", "{n} companions", n), f"c{n}", on=draft.companions == n)
            for n in range(1, MAX_COMPANIONS + 1)
        ]
        needs = [_toggle(t.plain(text), f"n{need}", on=need in draft.needs) for need, text in NEED.items()]
        question = t("Who comes along, and what should be prepared?")
        return Prompt(question, [[done], counts, needs[:2], needs[2:]])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        draft, choice = self.draft, answer.choice
        if choice == "done":
            return await self.answer(talk, prepared=True)
        if (n := number_after("c", choice)) is not None and n <= MAX_COMPANIONS:
            return PreparingVisit(draft=draft.but(companions=0 if draft.companions == n else n))
        need = next((need for need in Need if choice == f"n{need}"), None)
        if need is not None:
            needs = [one for one in NEED if (one in draft.needs) != (one is need)]
            return PreparingVisit(draft=draft.but(needs=tuple(needs)))
        return await self.keep(talk)


def _toggle(label: str, value: str, *, on: bool) -> Button:
    return Button(label=f"✓ {label}" if on else label, value=value)


# ---------------------------------------------------------------------------- 6. a project, where the office asks


class NamingProject(BookingStep):
    step: Literal["booking:project"] = "booking:project"
    label = N_("Project")

    def applies(self, talk: Talk) -> bool:
        return Ask.PROJECT in self.office(talk).asks

    def answered(self) -> bool:
        return self.draft.project != ""

    def summary(self, talk: Talk) -> Markup | None:
        return talk.t.own(self.draft.project) if self.applies(talk) else None

    async def ask(self, talk: Talk) -> Prompt:
        t, project = talk.t, self.draft.project
        text = t.join_lines(t("What is the project called?"), _now(talk, t.own(project) if project else None))
        return Prompt(text, [_keep_row(talk, offered=project != "")])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        project = " ".join(clean(answer.text, 120).split())
        if not project:
            return Again(talk.t("Please write the project's name."))
        return await self.answer(talk, project=project)


class NamingRegistration(BookingStep):
    step: Literal["booking:registration"] = "booking:registration"
    label = N_("Registration")

    def applies(self, talk: Talk) -> bool:
        return Ask.COMMERCIAL_REGISTRATION in self.office(talk).asks

    def answered(self) -> bool:
        return self.draft.registered

    def summary(self, talk: Talk) -> Markup | None:
        if not self.applies(talk):
            return None
        number = self.draft.registration
        return talk.t.ref(number) if number else talk.t("not registered yet")

    async def ask(self, talk: Talk) -> Prompt:
        t, number = talk.t, self.draft.registration
        text = t.join_lines(
            t("The commercial registration number, such as {example}?", example=t.ref("12345-1")),
            _now(talk, t.ref(number) if number else None),
        )
        none_yet = [Button(label=t.plain("Not registered yet"), value="none")]
        return Prompt(text, [_keep_row(talk, offered=number != ""), none_yet])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "none":
            return await self.answer(talk, registration="", registered=True)
        # Only the shape is checked: how long a number may be is not published.
        match = re.fullmatch(r"(\d{1,10})(?:[-/](\d{1,3}))?", "".join(latin_digits(answer.text).split()))
        if match is None:
            return Again(talk.t("A registration number has digits only, with the branch after a hyphen."))
        number = match[1] if match[2] is None else f"{match[1]}-{match[2]}"
        return await self.answer(talk, registration=number, registered=True)


# ---------------------------------------------------------------------------- 7. name and phone


class GivingName(BookingStep):
    """Asked only of those whose profile has no name to take."""

    step: Literal["booking:name"] = "booking:name"
    label = N_("Full name")

    def applies(self, talk: Talk) -> bool:
        return self.draft.name == "" or self.draft.name != talk.resident.name

    def answered(self) -> bool:
        return self.draft.name != ""

    def summary(self, talk: Talk) -> Markup | None:
        return talk.t.own(self.draft.name)

    async def ask(self, talk: Talk) -> Prompt:
        t, name = talk.t, self.draft.name
        text = t.join_lines(
            t("In whose name is the appointment? Please write the full name."),
            _now(talk, t.own(name) if name else None),
        )
        return Prompt(text, [_keep_row(talk, offered=name != "")])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        name = take_name(talk, answer.text[:MAX_NAME])
        return name if isinstance(name, Again) else await self.answer(talk, name=name)


class GivingPhone(BookingStep):
    """Asked only of those whose number is not known yet: shared by one tap, or typed."""

    step: Literal["booking:phone"] = "booking:phone"
    label = N_("Phone")
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    def applies(self, talk: Talk) -> bool:
        return self.draft.phone == "" or self.draft.phone != talk.resident.phone

    def answered(self) -> bool:
        return self.draft.phone != ""

    def summary(self, talk: Talk) -> Markup | None:
        t, phone = talk.t, talk.t.phone(self.draft.phone)
        return t("{phone} (of {name})", phone=phone, name=self.draft.phone_of) if self.draft.phone_of else phone

    async def ask(self, talk: Talk) -> Prompt:
        t, phone = talk.t, self.draft.phone
        text = t.join_lines(
            t("Which number can the municipality call about the appointment? It can be shared by a tap, or typed."),
            _now(talk, t.phone(phone) if phone else None),
        )
        return phone_prompt(talk, text, [_keep_row(talk, offered=phone != "")])

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        given = with_phone(talk, self.draft)
        if given.trouble:
            return Again(given.trouble)
        following = await next_question(talk, given.draft)
        if not given.draft.phone_of:
            return following
        note = talk.t("That is the number of {name}, who may be called about it.", name=given.draft.phone_of)
        return Again(note, following)


# ---------------------------------------------------------------------------- 8. the summary


class Reviewing(BookingStep):
    """Everything at a glance, each line to be edited; confirming is the consent to keep it."""

    step: Literal["booking:review"] = "booking:review"

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        lines, edits = [], []
        for question in QUESTIONS:
            step = question.about(draft)
            if (value := step.summary(talk)) is not None:
                lines.append(field(t, step.label, value))
                edits.append(Button(label=t.plain("✏️ {line}", line=t(step.label)), value=_name(step)))
        confirm = t.plain("Join the waiting list") if draft.line else t.plain("Confirm")
        text = t.join_lines(
            t("<b>Please check, then confirm.</b>"), Markup(), where(talk.work, t, draft.office), *lines, Markup(),
            self._consent(talk),
        )  # fmt: skip
        rows = [[Button(label=confirm, value="confirm")], *(edits[at : at + 2] for at in range(0, len(edits), 2))]
        return Prompt(text, rows)

    def _consent(self, talk: Talk) -> Markup:
        t = talk.t
        if talk.resident.consented_at is not None:
            return t("How this is used: {privacy}", privacy="/privacy")
        return t(
            "Confirming means agreeing that the municipality keeps this for the appointment. It travels through "
            "the messenger's servers abroad. Agreement can be withdrawn at any time: {privacy}",
            privacy="/privacy",
        )

    async def heard(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "confirm":
            return await self._confirm(talk)
        questions = (question.about(self.draft) for question in QUESTIONS)
        chosen = next((step for step in questions if _name(step) == answer.choice), None)
        return chosen or await self.keep(talk)

    async def back(self, talk: Talk) -> Step | None:
        return await BookingStep.back(Reviewing(draft=self.draft.but(reviewing=False)), talk)

    async def _confirm(self, talk: Talk) -> Next:
        if (refused := barred(talk)) is not None:
            return refused
        draft = self.draft
        missing = await next_question(talk, draft)
        if not isinstance(missing, Reviewing):
            return missing
        if draft.line is not None:
            return await _join(talk, draft, draft.line)
        if draft.seat is None:
            return ChoosingDay(draft=draft)
        outcome = await bookings.confirm_seat(talk.work, draft.seat.booking, talk.resident, details_of(draft))
        match outcome:
            case Booking():
                _remember(talk, draft)
                say_confirmed(talk, outcome, talk.t("✅ <b>The appointment is confirmed.</b>"))
                return Leave()
            case HoldLost():
                return Instead(draft=draft.but(seat=None), why=Why.LAPSED, nearest=_nearby(outcome.alternatives))
            case AlreadyConfirmed(booking=booking):
                return Open("appointment", booking.reference)


def _name(step: BookingStep) -> str:
    return step.step.partition(":")[2]


async def _join(talk: Talk, draft: BookingDraft, line: Line) -> Next:
    outcome = await waiting_list.join(talk.work, line.session, talk.resident, details_of(draft))
    match outcome:
        case AlreadyBooked(booking=booking):
            return AlreadyThere(draft=draft, reference=booking.reference)
        case SlotClosed():
            return Instead(draft=draft.but(line=None), why=Why.LATE, nearest=_nearby(outcome.alternatives))
    _remember(talk, draft)
    place = await waiting_list.place_in_line(talk.work, outcome)
    say_waiting(talk, outcome, place)
    return Leave()


def _remember(talk: Talk, draft: BookingDraft) -> None:
    """Keep what need not be asked next time. Confirming was the consent to it."""
    known = talk.resident
    talk.change(consented_at=known.consented_at or talk.work.now, office=known.office or draft.office, name=draft.name)
    if not draft.phone_of:
        talk.change(phone=draft.phone, phone_own=draft.phone_own)


QUESTIONS: tuple[type[BookingStep], ...] = (
    ChoosingDay,
    ChoosingTopic,
    TellingMatter,
    PreparingVisit,
    NamingProject,
    NamingRegistration,
    GivingName,
    GivingPhone,
)


# ---------------------------------------------------------------------------- ways in


async def book(talk: Talk, argument: str) -> Next:
    """The first question; `argument` is an office, or nothing for the one remembered."""
    if (refused := barred(talk)) is not None:
        return refused
    office_id = OfficeId(argument or talk.resident.office)
    office = talk.work.offices.get(office_id)
    if office is None or office.retired:
        return Open("office", "book")
    if not office.customer_day:
        return NoCustomerDay(office=office_id)
    return await next_question(talk, await _afresh(talk, office_id))


async def book_again(talk: Talk, argument: str) -> Next:
    """Book the free time of `<reference>.<slot>` with all that was told for the earlier booking of that reference."""
    written, _, slot = argument.partition(".")
    reference = parse_reference(written)
    earlier = await bookings.own(talk.work, reference, talk.resident) if reference else None
    if earlier is None or re.fullmatch(r"\d{1,12}", slot) is None:
        return Open("book")
    if (refused := barred(talk)) is not None:
        return refused
    files = tuple(file.id for file in await bookings.files_of(talk.work, earlier.id))
    return await hold(talk, draft_like(talk, earlier, files), SlotId(int(slot)))


async def join_line(talk: Talk, argument: str) -> Next:
    """Join the waiting list of a session."""
    session = None
    if re.fullmatch(r"\d{1,12}", argument):
        session = await sessions.session(talk.work, SessionId(int(argument)))
    if session is None:
        return Open("book")
    if (refused := barred(talk)) is not None:
        return refused
    return await stand_in_line(talk, await _afresh(talk, session.office), session.id)


async def start_with(talk: Talk, sent: Draft) -> Next:
    """Begin a booking with what a person sent before they said what it is for."""
    if (refused := barred(talk)) is not None:
        return refused
    draft = new_draft(talk, talk.resident.office).but(**dict(sent), told=bool(sent.pieces or sent.voice))
    office = talk.work.offices.get(draft.office)
    if office is None or not office.customer_day:
        return ChoosingOffice(draft=draft)
    return await next_question(talk, draft)


async def _afresh(talk: Talk, office: OfficeId) -> BookingDraft:
    """A new draft. What was told in a booking that was not finished need not be told again; its seat is let go."""
    before = talk.here if isinstance(talk.here, BookingStep) else talk.take_up(BookingStep)
    if before is None:
        return new_draft(talk, office)
    await let_go(talk, before.draft)
    return new_draft(talk, office, before.draft)


class NoCustomerDay(Step):
    """An office where nobody receives people: what can be done there instead."""

    step: Literal["booking:none"] = "booking:none"
    office: OfficeId

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t(
            "{office} has no Customer Day. A complaint or a suggestion reaches it directly; "
            "for a meeting, please choose a municipality.",
            office=office_name(talk.work, t, self.office),
        )
        elsewhere = Button(label=t.plain("Choose municipality"), door="office", value="book")
        return Prompt(text, [_besides(talk), [elsewhere]])

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self


FLOW = Flow(
    steps=(
        ChoosingOffice,
        ChoosingDay,
        ChoosingTime,
        Instead,
        AlreadyThere,
        ChoosingTopic,
        TellingMatter,
        PreparingVisit,
        NamingProject,
        NamingRegistration,
        GivingName,
        GivingPhone,
        Reviewing,
        NoCustomerDay,
    ),
    doors={"book": book, "book_again": book_again, "line": join_line},
    commands={"book": "book"},
)
