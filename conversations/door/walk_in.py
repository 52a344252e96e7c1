"""Somebody came without an appointment: staff add them in their own chat, by name, number or none, and topic.

`/walkin`, a link `walkin_<office>` that a group shows, or the button of somebody whose appointment is not today.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.door.visitor import show_named, visitor_text
from conversations.door.words import expected_line, lane_line, place_of, ticket_line
from conversations.engine.fields import take_name
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.caller import EXAMPLE_PHONE, told_in, wrong_number
from conversations.on_behalf.step import person_of
from conversations.staff.office_scope import office_label, refusal
from conversations.texts.booking import SHORT_WORDS, field, main_menu, subject_of, topic_name
from locales import N_
from locales.bidi import shorten
from services.actors import office_subject
from services.casework.intake import Caller
from services.offices.offices import Topic, TopicId
from services.staff import permissions
from services.staff.permissions import Act
from services.text.normalise import MAX_TOLD
from services.text.references import parse_reference
from services.visits import door, walk_ins
from services.visits.door import Seen
from services.visits.visits import Denied
from services.visits.walk_ins import Added, AlreadyComing, NotReceiving
from storage.ids import OfficeId, SessionId


class WalkInStep(Step):
    """A question about somebody who came. The right is asked for at every answer, and again by the service."""

    office: OfficeId
    name: str = ""
    phone: str = ""
    no_phone: bool = False
    topic: str = ""
    words: str = ""

    async def ask(self, turn: Turn) -> Prompt:
        return await self.question(turn) if await _may(turn, self.office) else Prompt(refusal(turn.t), back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if await permissions.guard(turn.work, person_of(turn), Act.RECEIVE, self.office) is None:
            return Reask(refusal(turn.t), MainMenu())
        return await self.take(turn, answer)

    async def absorb_unexpected(self, turn: Turn) -> Reask:
        """Whoever waits at the door is not left for what staff may have to say for themselves."""
        return Reask(turn.t("Choose one of the buttons."), self)

    async def question(self, turn: Turn) -> Prompt:
        raise NotImplementedError

    async def take(self, turn: Turn, answer: Answer) -> Next:
        """What an answer leads to, of somebody who may."""
        raise NotImplementedError

    @property
    def told(self) -> dict[str, object]:
        """What is known so far, for the next question."""
        return self.model_dump(include=set(WalkInStep.model_fields) - {"step"})

    def who(self, turn: Turn) -> Markup:
        t = turn.t
        return t.dotted(t("👤 <b>{name}</b>", name=t.own(self.name)), t.phone(self.phone) if self.phone else None)


# ---------------------------------------------------------------------------- at which office


class ChoosingDoor(Step):
    """At which office, of one who works for several that receive people now."""

    step: Literal["walkin:office"] = "walkin:office"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices
        mine = await _receiving(turn)
        rows = [[Button(label=shorten(office_label(t, offices, one), 64), value=one)] for one in mine]
        return Prompt(t("Which office is this for?"), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = OfficeId(answer.choice)
        return Naming(office=office) if office in await _receiving(turn) else Reask(refusal(turn.t), MainMenu())


# ---------------------------------------------------------------------------- who


class Naming(WalkInStep):
    """Name and number, in one message or in two; a visitor may have no number."""

    step: Literal["walkin:who"] = "walkin:who"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def question(self, turn: Turn) -> Prompt:
        t = turn.t
        none = [[Button(label=t.plain("No phone number"), value="none")]] if not self.no_phone else []
        if self.name:
            return Prompt(t.join_lines(self.who(turn), t("What is their phone number?")), none, back=False)
        if self.phone or self.no_phone:
            return Prompt(t("What is their full name?"), back=False)
        example = t.own(t.plain("Fatima Ali {phone}", phone=EXAMPLE_PHONE))
        text = t("Who has come? Type the full name and the phone number, such as “{example}”.", example=example)
        return Prompt(t.join_lines(t("🚶 <b>Walk-in</b>"), text), none, back=False)

    async def take(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return await self._with(turn, phone="", no_phone=True)
        told, name = told_in(answer), self.name
        if told.name:
            taken = take_name(turn, told.name)
            if isinstance(taken, Reask):
                return taken
            name = taken
        if told.wrong:
            return Reask(wrong_number(turn), self.model_copy(update={"name": name}))
        phone = "" if told.has_none else told.phone or self.phone
        return await self._with(turn, name=name, phone=phone, no_phone=(told.has_none or self.no_phone) and not phone)

    async def _with(self, turn: Turn, **more: object) -> Next:
        step = self.model_copy(update=more)
        if not (step.name and (step.phone or step.no_phone)):
            return step
        known = await walk_ins.coming(turn.work, step.office, step.phone)
        return ChoosingMatter(**step.told) if known is None else _known(step, known)


def _known(step: WalkInStep, known: AlreadyComing) -> Step:
    return Recognised.model_validate({**step.told, "reference": known.booking.reference})


class Recognised(WalkInStep):
    """The number has an appointment today: most likely it is that person."""

    step: Literal["walkin:known"] = "walkin:known"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    reference: str

    async def question(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("This phone number is already expected here today: {reference}.", reference=t.ref(self.reference)),
            t("If this is another person, add them without a phone number."),
        )
        rows = [
            [Button(label=t.plain("Show the appointment"), value="show")],
            [Button(label=t.plain("Another person, without a phone number"), value="other")],
        ]
        return Prompt(text, rows, back=False)

    async def take(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "other":
            return ChoosingMatter(**{**self.told, "phone": "", "no_phone": True})
        reference = parse_reference(self.reference)
        seen = None if reference is None else await door.look(turn.work, person_of(turn), reference)
        if not isinstance(seen, Seen):
            return Reask(refusal(turn.t), MainMenu())
        show_named(turn, await visitor_text(turn, seen, named=True), seen)
        return EndFlow()


# ---------------------------------------------------------------------------- what about, and to whom


class ChoosingMatter(WalkInStep):
    """What it is about, by a button or in the visitor's words. With one line only, that is the last question."""

    step: Literal["walkin:topic"] = "walkin:topic"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT})

    async def question(self, turn: Turn) -> Prompt:
        t = turn.t
        topics = turn.work.offices.topics
        rows = [[Button(label=f"{one.emoji} {t.pick_plain(one.name)}"[:64], value=one.id)] for one in topics]
        return Prompt(t.join_lines(self.who(turn), t("What is it about?")), rows)

    async def take(self, turn: Turn, answer: Answer) -> Next:
        offices, words = turn.work.offices, "" if answer.choice else answer.text[:MAX_TOLD].strip()
        topic = offices.topic(TopicId(answer.choice)) or _topic_of(turn, words)
        if topic is None and not words:
            return self
        lines = await walk_ins.receiving(turn.work, self.office)
        step = self.model_copy(update={"topic": topic.id if topic else "", "words": words})
        if len(lines) > 1:
            return ChoosingLine(**step.told)
        return await _add(turn, step, lines[0].id) if lines else _nobody_receives(turn)

    async def back(self, turn: Turn) -> Step:
        return Naming(office=self.office)


def _topic_of(turn: Turn, words: str) -> Topic | None:
    """Which topic words tell."""
    told = turn.work.understanding.topic_of(words, turn.work.today) if words else None
    return None if told is None else turn.work.offices.topic(told)


class ChoosingLine(WalkInStep):
    """Whom they are to see, where several receive."""

    step: Literal["walkin:line"] = "walkin:line"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def question(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = []
        for one in await walk_ins.receiving(turn.work, self.office):
            label = lane_line(turn.work, t, one)
            rows.append([Button(label=shorten(t.plain("{who}", who=label or one.lane), 64), value=str(one.id))])
        return Prompt(t.join_lines(self.who(turn), t("Whom are they here to see?")), rows)

    async def take(self, turn: Turn, answer: Answer) -> Next:
        chosen = [one for one in await walk_ins.receiving(turn.work, self.office) if str(one.id) == answer.choice]
        return await _add(turn, self, chosen[0].id) if chosen else self

    async def back(self, turn: Turn) -> Step:
        return ChoosingMatter(**self.told)


async def _add(turn: Turn, step: WalkInStep, session: SessionId) -> Next:
    caller = Caller(step.name, step.phone)
    match await walk_ins.add(turn.work, person_of(turn), session, caller, step.topic, step.words):
        case Added() as added:
            await _say_added(turn, added)
            return EndFlow()
        case AlreadyComing() as known:
            return _known(step, known)
        case NotReceiving():
            return _nobody_receives(turn)
        case Denied():
            return Reask(refusal(turn.t), MainMenu())


async def _say_added(turn: Turn, added: Added) -> None:
    """The number to say. It names nobody, so it may stay in the chat."""
    t, booking = turn.t, added.booking
    session = await walk_ins.session_of(turn.work, added.visit)
    turn.say(
        t.join_lines(
            ticket_line(t, added.visit),
            t("Tell the visitor this number. It is called and shown on the screen."),
            expected_line(t, await place_of(turn.work, booking)),
            None if session is None else lane_line(turn.work, t, session),
            field(t, N_("Topic"), topic_name(turn.work, t, booking.topic)),
            field(t, N_("Description"), t.own(shorten(booking.words, SHORT_WORDS))) if booking.words else None,
            field(t, N_("Reference"), t.ref(booking.reference)),
            t("The visitor also has the number in Telegram.") if added.told else None,
        ),
        (
            (Button(label=t.plain("🚶 Add another walk-in"), route="walkin", value=booking.office),),
            (main_menu(t),),
        ),
        subject=subject_of(booking),
    )


def _nobody_receives(turn: Turn) -> Next:
    t = turn.t
    why = t("Nobody is received here now. You can book an appointment for the visitor with {intake}.", intake="/intake")
    return Reask(why, MainMenu())


# ---------------------------------------------------------------------------- ways in


async def _may(turn: Turn, office: OfficeId) -> bool:
    member = await permissions.member(turn.work, person_of(turn))
    return member is not None and member.may(Act.RECEIVE, office)


async def _mine(turn: Turn) -> tuple[OfficeId, ...]:
    """At whose doors the person works."""
    member = await permissions.member(turn.work, person_of(turn))
    return () if member is None else member.offices(Act.RECEIVE, (one.id for one in turn.work.offices.all))


async def _receiving(turn: Turn) -> tuple[OfficeId, ...]:
    """Of these, where people are received now."""
    return tuple([one for one in await _mine(turn) if await walk_ins.receiving(turn.work, one)])


async def walkin(turn: Turn, argument: str) -> Next:
    """Start; `argument` is an office, the reference of somebody whose appointment is not today, or nothing."""
    mine = await _mine(turn)
    reference = parse_reference(argument)
    office = OfficeId(argument)
    if not mine or (reference is None and argument and office not in mine):
        # What was typed may be a visitor's name: that has no place in the audit.
        named = argument if turn.work.offices.get(office) is not None else "?" if argument else "*"
        permissions.deny(turn.work, person_of(turn), Act.RECEIVE, office_subject(OfficeId(named)))
        return _nothing_here(turn) if await permissions.member(turn.work, person_of(turn)) is None else _refused(turn)
    if reference is not None:
        seen = await door.look(turn.work, person_of(turn), reference)
        return await _for(turn, seen) if isinstance(seen, Seen) else _refused(turn)
    receiving = await _receiving(turn)
    if argument:
        return Naming(office=office) if office in receiving else _nobody_receives(turn)
    if not receiving:
        return _nobody_receives(turn)
    return Naming(office=receiving[0]) if len(receiving) == 1 else ChoosingDoor()


async def _for(turn: Turn, seen: Seen) -> Next:
    """Somebody of whom all is known from an appointment that is not today, or was cancelled."""
    booking = seen.booking
    if booking.office not in await _receiving(turn):
        return _nobody_receives(turn)
    told = {"office": booking.office, "name": booking.name, "phone": booking.phone, "no_phone": not booking.phone}
    if not booking.name:  # cleared, long after the appointment
        return Naming(office=booking.office)
    known = await walk_ins.coming(turn.work, booking.office, booking.phone)
    step = ChoosingMatter.model_validate(told)
    return step if known is None else _known(step, known)


def _refused(turn: Turn) -> Next:
    return Reask(refusal(turn.t, Act.RECEIVE), MainMenu())


def _nothing_here(turn: Turn) -> Next:
    """Whoever is no staff hears what they hear of any command or link that there is not."""
    t = turn.t
    if turn.said.kind is Kind.COMMAND and turn.said.command != "start":
        why = t("{command} is not a command. Use {help} to see the commands.", command="/walkin", help="/help")
        return Reask(why, turn.here)
    return Reask(t("This link is not valid or is no longer in use."), MainMenu())


STEPS = (ChoosingDoor, Naming, Recognised, ChoosingMatter, ChoosingLine)
