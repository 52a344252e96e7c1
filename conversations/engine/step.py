"""The two halves of a step of a conversation: how to ask, and how to take an answer.

A step is data (a frozen model, stored as JSON between two messages) with two methods. `ask` says what
the person sees; `handle_answer` turns what they do into the next step. Everything that is the same at every step
(back, menu, stale buttons, double taps, language, unexpected photos) is done once, in
`conversations.engine.engine`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Protocol, TypeVar

from markupsafe import Markup
from pydantic import Field

from conversations.engine.drafts import FormDraft
from conversations.engine.messages import (
    Choice,
    Emphasis,
    Incoming,
    Kind,
    Message,
    Outgoing,
    OutgoingFile,
    Place,
    Reader,
    Request,
)
from locales import Catalogues, Digits, Language, Localizer
from services.actors import NO_SUBJECT, Subject
from services.bookings.calendar_links import CalendarLinks
from services.unit_of_work import Work
from services.visits.page_links import PageLinks
from storage.ids import ChatId, DelegationId, MessageId
from storage.records.residents import Resident

MAX_BUTTON_VALUE = 30  # characters, so that a button's data stays within every channel's 64 bytes


# ---------------------------------------------------------------------------- what a step shows


class Button(Message):
    """A button of a step. `value` comes back to the step's `handle_answer` as `Answer`'s choice."""

    label: str = Field(min_length=1, max_length=64)
    value: str = Field(default="", max_length=MAX_BUTTON_VALUE, pattern=r"^[A-Za-z0-9._,+-]*$")
    route: str = ""  # instead of a value: opens this route (`engine.registry`), with `value` as its argument
    url: str = ""  # instead of a value: opens a link
    web_app: str = ""  # instead of a value: opens a page inside the private chat
    data: str = Field(default="", max_length=64)  # instead of a value: all of it, as the staff's desk reads it
    copies: str = Field(default="", max_length=256)  # instead of a value: goes into the clipboard
    emphasis: Emphasis = Emphasis.NONE


Rows = Sequence[Sequence[Button]]
S = TypeVar("S", bound="Step")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a step asks. `rows` are given in reading order: the engine mirrors them in Arabic."""

    text: Markup
    rows: Rows = ()
    ask_for: Request | None = None
    ask_label: str = ""
    back: bool = True  # a Back button
    menu: bool = True  # a Main menu button
    files: tuple[OutgoingFile, ...] = ()
    place: Place | None = None
    subject: Subject = NO_SUBJECT  # what a reply to it is about: "case:12"


# ---------------------------------------------------------------------------- what an answer leads to


@dataclass(frozen=True, slots=True)
class Reask:
    """Ask again, saying why, if there is anything to say; `step` where something of the answer was kept."""

    why: Markup = field(default_factory=Markup)
    step: Step | Continue | None = None


@dataclass(frozen=True, slots=True)
class NoReply:
    """Done, and the conversation stays where it was: nothing is asked again."""


@dataclass(frozen=True, slots=True)
class EndFlow:
    """The flow is over; what there was to say has been said. Nothing is asked, free words start something new."""

    forget: bool = False  # with it go all drafts that were set aside


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on at a route (`conversations.engine.registry`): how one flow hands over to another."""

    route: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on in the form with what was entered: its next question, or its summary once all are answered."""

    draft: FormDraft


@dataclass(frozen=True, slots=True)
class Previous:
    """Go back in the form: to the question before this step, or to the summary that it corrects."""

    step: Step
    draft: FormDraft


# ---------------------------------------------------------------------------- one turn


class ChannelLinks(Protocol):
    """Links that lead to the bot and to people on one channel."""

    def chat(self) -> str:
        """A link that opens the private chat with the bot."""

    def deep(self, payload: str) -> str:
        """A link that opens it with `/start payload`."""

    def shown(self) -> str:
        """The bot's address as people read and type it."""

    def mention(self, address: str, name: str) -> Markup | None:
        """A person's name that makes their phone ring; None where the channel has no way to."""

    def message(self, chat: ChatId, message: MessageId) -> str | None:
        """A link that leads members of a chat to one of its messages; None where the channel has none."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links that messages carry."""

    channel: ChannelLinks
    calendar: CalendarLinks | None = None  # None where the bot has no public address
    pages: PageLinks | None = None  # the same


class NotYet(Exception):
    """A notice cannot be put into words before something else was sent; it is tried again after a pause."""

    pause = timedelta(seconds=0.3)  # it grows with how long the notice has waited


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """A message to be sent, and how."""

    message: Outgoing
    subject: Subject = NO_SUBJECT  # what a reply to it is about: "case:12", "booking:7"
    supersedes: str | None = None  # of these a newer one takes the place of those not sent yet
    delete_after: int | None = None  # seconds after it was sent until it is deleted
    not_before: datetime | None = None
    asks: str = ""  # which question it puts unprompted: nobody is asked one twice in an hour
    key: str | None = None  # by which it is found again once it was sent


@dataclass(slots=True, kw_only=True)
class Responder:
    """How the desk speaks to one chat, in one language."""

    work: Work
    links: Links
    t: Localizer
    out: list[OutboundMessage] = field(default_factory=list)

    def react(self, emoji: str, to: MessageId) -> None:
        """Answer a message with an emoji under it, which interrupts nothing and never piles up."""
        self.out.append(OutboundMessage(Outgoing(react=emoji, reply_to=to)))

    def say(
        self,
        text: Markup,
        rows: Rows = (),
        *,
        files: tuple[OutgoingFile, ...] = (),
        place: Place | None = None,
        place_title: str = "",
        place_address: str = "",
        subject: Subject = NO_SUBJECT,
        edit: MessageId | None = None,
        reply_to: MessageId | None = None,
        supersedes: str | None = None,
        delete_after: int | None = None,
        not_before: datetime | None = None,
        silent: bool = False,
        reply_hint: str = "",
        reader: Reader | None = None,
        asks: str = "",
    ) -> None:
        """Send a message of its own (without a sound where it is `silent`), or `edit` one.

        Its buttons work at any time. Rows are in reading order. A `reply_hint` has the app open a reply to it. Of a
        group only its `reader` is to see it.
        """
        choices = tuple(tuple(route_choice(button) for button in row) for row in rows)
        message = Outgoing(
            text=text,
            rows=self.t.mirror(choices),
            files=files,
            place=place,
            place_title=place_title,
            place_address=place_address,
            edit=edit,
            reply_to=reply_to,
            silent=silent,
            reply_hint=reply_hint,
            reader=reader,
            remains="" if delete_after is None else self.t("🗑 The bot has removed what was here."),
        )
        self.out.append(OutboundMessage(message, subject, supersedes, delete_after, not_before, asks))


@dataclass(slots=True, kw_only=True)
class Turn(Responder):
    """One turn of one person's conversation: what flows use to know, to act and to speak."""

    resident: Resident
    catalogues: Catalogues
    said: Incoming
    toast: str = ""  # the short word that ends a tap's spinner
    changed: bool = False  # the resident's own row is to be saved
    about: Subject = NO_SUBJECT  # what the message replied to was about: "case:12"; "" where it replies to none of ours
    here: Step | None = None  # where the person stood when they did this
    saved: tuple[Step, ...] = ()  # unfinished drafts of other flows, the newest first
    heard_before: datetime | None = None  # when they did something last, before this; None for a newcomer
    shown_first: tuple[str, ...] = ()  # questions that are shown again because of this: it was said without them
    first: bool = False  # the first contact: the welcome was said
    handed_over: bool = False  # the next step took over this draft: do not save it as unfinished
    acting: DelegationId | None = None  # a delegate answers for the resident, who has agreed to that
    on_behalf: bool = False  # staff answer for the resident, who is on the phone or at the counter

    def take_up(self, kind: type[S]) -> S | None:
        """Remove a saved draft and return it, for the next step to use; None where there is none."""
        draft = self.set_aside(kind)
        self.saved = tuple(step for step in self.saved if step is not draft)
        return draft

    def set_aside(self, kind: type[S]) -> S | None:
        """A draft that was set aside. What was just cancelled is none: it is there only to be taken back."""
        gone = f"{self.here.discards()}:" if self.here is not None else ":"
        return next((step for step in self.saved if isinstance(step, kind) and not step.step.startswith(gone)), None)

    def change(self, **changes: object) -> None:
        """Change what is kept of the resident; their language takes effect at once."""
        self.resident = self.resident.model_copy(update=changes)
        self.changed = True
        self.t = localizer_of(self.catalogues, self.resident)


def localizer_of(catalogues: Catalogues, resident: Resident) -> Localizer:
    return catalogues.localizer(Language(resident.language), Digits(resident.digits))


def route_choice(button: Button, number: int = 0) -> Choice:
    """A button that works whatever the conversation does meanwhile."""
    if button.url or button.data or button.web_app or button.copies:
        data = button.data
    else:
        data = f"do:{button.route}:{button.value}:{number}"
    return Choice(
        label=button.label,
        data=data,
        url=button.url,
        web_app=button.web_app,
        copies=button.copies,
        emphasis=button.emphasis,
    )


# ---------------------------------------------------------------------------- a step


class Step(Message):
    """A place in a conversation. Subclasses set `step` to a literal `flow:name`, unique among all."""

    step: str
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT})

    async def ask(self, turn: Turn) -> Prompt:
        raise NotImplementedError

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        """Take an answer of a kind in `accepts`. `answer.choice` is untrusted: it may name what was never offered."""
        raise NotImplementedError

    async def back(self, turn: Turn) -> Step | Previous | None:
        """The question before this one; None is the main menu."""
        return None

    async def absorb_unexpected(self, turn: Turn) -> Step | Continue | Reask | None:
        """Keep what came unexpectedly (a photo while choosing a day) in this step's draft; None where it has none.

        `Reask` where it can't be kept, or there is more to say than that it was.
        """
        return None

    def amend(self, turn: Turn) -> Step | None:
        """An earlier message was edited: correct the draft; None where it holds nothing of that message."""
        return None

    async def on_edit(self, turn: Turn) -> Next | None:
        """The same, and what it leads to; None where nothing here is of that message."""
        amended = self.amend(turn)
        return None if amended is None else Reask(turn.t("We have saved your correction."), amended)

    def draft_title(self, turn: Turn) -> str:
        """What the main menu calls this unfinished draft ("Complaint: bins"); "" where nothing is worth keeping."""
        return ""

    async def discarded(self, turn: Turn) -> Markup | None:
        """Release what this cancelled draft holds. Returns anything more to tell the person."""
        return None

    async def resumed(self, turn: Turn) -> Next:
        """Go on with this draft, which was set aside or cancelled before."""
        return self

    def discards(self) -> str:
        """The flow whose draft, set aside before, goes for good when this step is left; "" for none."""
        return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered: a choice among those offered (also when its label was typed), or a message."""

    said: Incoming
    choice: str = ""

    @property
    def kind(self) -> Kind:
        return Kind.CHOICE if self.choice else self.said.kind

    @property
    def text(self) -> str:
        return self.said.text


Next = Step | Continue | Previous | Reask | NoReply | EndFlow | Redirect
Route = Callable[[Turn, str], Awaitable[Next]]
"""What a standing button, a command or a deep link opens. Its argument is untrusted."""
