"""The main menu: where every conversation starts and comes back to."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.booking.my_appointments import OPEN
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Again, Answer, Button, Next, Prompt, Step, Talk
from conversations.home import deep_links
from conversations.texts.welcome import greeting, language_button
from locales.bidi import shorten
from services.bookings import bookings
from services.cases import resident_actions
from storage.records import Booking, BookingStatus

TITLE = 40  # characters of a draft's title that a button shows


class MainMenu(Step):
    step: Literal["menu:main"] = "menu:main"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        requests = len(await resident_actions.open_of(talk.work, talk.resident.id))
        coming = await _coming(talk)
        rows = [[_resume(talk, draft)] for draft in talk.parked if draft.draft_title(talk)]
        rows += [
            [Button(label=t.plain("📅 Book a Customer Day appointment"), door="book")],
            [Button(label=t.plain("📢 Submit a complaint"), door="complain")],
            [
                Button(label=t.plain("Make a suggestion"), door="suggest"),
                Button(label=t.plain("Share an observation"), door="observe"),
            ],
            [Button(label=t.plain("🛠 Request a service"), door="request")],
            [
                Button(label=_counted(t.plain("My requests"), requests, talk), door="requests"),
                Button(label=_counted(t.plain("My appointments"), len(coming), talk), door="appointments"),
            ],
            [Button(label=_office_label(talk), door="office")],
            [
                Button(label=t.plain("Contact us"), door="contact"),
                Button(label=t.plain("Notifications"), door="settings"),
            ],
            [language_button(t), Button(label=t.plain("Privacy"), door="privacy")],
            [Button(label=t.plain("About"), door="about"), Button(label=t.plain("Help"), door="help")],
        ]
        return Prompt(_text(talk, coming, requests), rows, back=False, menu=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # all its buttons are doors


async def _coming(talk: Talk) -> list[Booking]:
    """Appointments and places in lines that are still to come, the next first."""
    return [
        booking
        for booking in await bookings.of_resident(talk.work, talk.resident.id)
        if booking.status in OPEN and not bookings.has_passed(talk.work, booking)
    ]


def _text(talk: Talk, coming: list[Booking], requests: int) -> Markup:
    t = talk.t
    times = (booking.starts_at for booking in coming if booking.status is BookingStatus.CONFIRMED)
    following = next((time for time in times if time is not None and time > talk.work.now), None)
    return t.join_lines(
        t("<b>Main menu</b>"),
        None if following is None else t("📅 Next appointment: {moment}", moment=t.moment(following)),
        t.plural("📂 {n} open request", "📂 {n} open requests", requests) if requests else None,
        t("What would you like to do?"),
    )


def _resume(talk: Talk, draft: Step) -> Button:
    title = talk.t.plain("▶️ Continue: {draft}", draft=shorten(draft.draft_title(talk), TITLE))
    return Button(label=title, door="resume", value=draft.step.partition(":")[0])


def _counted(label: str, count: int, talk: Talk) -> str:
    return f"{label} ({talk.t.number(count)})" if count else label


def _office_label(talk: Talk) -> str:
    t, office = talk.t, talk.work.offices.get(talk.resident.office)
    if office is None or office.retired:
        return t.plain("🏛 Choose municipality")
    return t.plain("🏛 Municipality: {office}", office=shorten(t.pick_plain(office.short_name), TITLE))


# ---------------------------------------------------------------------------- stopping


class Discarded(Step):
    """A draft was cancelled. It is still there to be taken back, until the person goes anywhere else."""

    step: Literal["discarded:draft"] = "discarded:draft"
    accepts = frozenset({Kind.CHOICE})
    flow: str
    title: str

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t.join_lines(t("🗑 Draft discarded: {draft}", draft=self.title), t("Nothing of it was sent."))
        return Prompt(text, [[Button(label=t.plain("↩️ Undo"), door="resume", value=self.flow)]], back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self

    def discards(self) -> str:
        return self.flow


async def cancel(talk: Talk, _: str) -> Next:
    """Stop what is being written."""
    here = talk.here
    if isinstance(here, Discarded):
        return here
    if here is not None and (title := here.draft_title(talk)):
        gone = Discarded(flow=here.step.partition(":")[0], title=title)
        told = await here.discarded(talk)
        return gone if told is None else Again(told, gone)
    return Again(talk.t("There is nothing to cancel."), MainMenu())


# ---------------------------------------------------------------------------- the ways in


async def menu(_talk: Talk, _: str) -> Next:
    return MainMenu()


async def start(talk: Talk, argument: str) -> Next:
    """Telegram's Start button, plain or with what a link says."""
    if argument:
        return await deep_links.follow(talk, argument, MainMenu())
    if talk.resident.consented_at is None and not talk.first:
        return Again(greeting(talk), MainMenu())
    return MainMenu()


FLOW = Flow(
    steps=(MainMenu, Discarded),
    doors={"menu": menu, "start": start, "discard": cancel},
    commands={"start": "start", "menu": "menu", "cancel": "discard"},
)
