"""Asking whether one may act for somebody: what they are called, and how they are to agree."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.delegation import words
from conversations.engine.fields import take_name
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from services.delegations import delegations
from services.delegations.delegations import Asked, Delegation, Unusable
from services.staff import permissions
from services.text.phones import parse_phone
from storage.ids import OfficeId

LINK_PAYLOAD = "for_"
_LINK, _CALL = "link", "call"


class Naming(Step):
    """Who it is for, as the delegate calls them."""

    step: Literal["others:name"] = "others:name"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        return Prompt(
            t.join_lines(
                t("<b>Who do you want to act for?</b>"),
                t("Type their full name. They must agree before you can do anything for them."),
            )
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        name = take_name(turn, answer.text)
        return name if isinstance(name, Reask) else ChoosingHow(name=name)

    async def back(self, turn: Turn) -> Step | None:
        return None


class ChoosingHow(Step):
    """They agree through a link, or on the phone."""

    step: Literal["others:how"] = "others:how"
    accepts = frozenset({Kind.CHOICE})
    name: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=t.plain("🔗 They have Telegram: send a link"), value=_LINK)],
            [Button(label=t.plain("☎️ They have no Telegram: the office calls them"), value=_CALL)],
        ]
        return Prompt(t.join_lines(words.whose(t, self.name), t("How can they agree?")), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _CALL:
            return ChoosingOffice(name=self.name)
        if answer.choice != _LINK:
            return self
        asked = await delegations.ask_by_link(turn.work, turn.resident, self.name)
        if isinstance(asked, Unusable):
            return Reask(words.useless(turn, asked))
        say_link(turn, asked)
        return Redirect(words.PEOPLE)

    async def back(self, turn: Turn) -> Step | None:
        return Naming()


def say_link(turn: Turn, asked: Asked) -> None:
    """The message that is forwarded, and what to do with it."""
    t, who = turn.t, turn.resident.name
    link = turn.links.channel.deep(f"{LINK_PAYLOAD}{asked.code}")
    turn.say(
        t(
            "Forward the next message to {name}. The link in it works once, for {span}. Whoever opens it can agree, so "
            "send it to nobody else.",
            name=t.own(asked.delegation.name, 60),
            span=t.duration(delegations.LINK_LASTS),
        )
    )
    turn.say(
        t.join_lines(
            t("🤝 {name} asks to act for you at the municipality.", name=t.own(who, 60)),
            t("To read what that means and to agree or refuse, open this link: {link}", link=Markup(link)),  # noqa: S704 — ours
        )
    )


def say_call(turn: Turn, asked: Delegation) -> None:
    """An office is to call them."""
    t = turn.t
    turn.say(
        t(
            "☎️ We have asked the office to call {name}. We will tell you here what they say.",
            name=t.own(asked.name, 60),
        )
    )


class ChoosingOffice(Step):
    """Which office calls them."""

    step: Literal["others:office"] = "others:office"
    accepts = frozenset({Kind.CHOICE})
    name: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        every = [one for one in turn.work.offices.all if not one.retired]
        # One without a group of its team has nobody who would hear of it.
        offices = [one for one in every if await permissions.chat_of(turn.work, one.id) is not None]
        rows = [[Button(label=t.pick_plain(one.short_name)[:64], value=one.id)] for one in offices]
        return Prompt(t.join_lines(words.whose(t, self.name), t("Which office should call them?")), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = turn.work.offices.get(OfficeId(answer.choice))
        return self if office is None or office.retired else Calling(name=self.name, office=office.id)

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingHow(name=self.name)


class Calling(Step):
    """Where they are called."""

    step: Literal["others:phone"] = "others:phone"
    name: str
    office: OfficeId

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        return Prompt(
            t.join_lines(
                words.whose(t, self.name),
                t(
                    "Type their phone number. The office calls them once, asks whether they agree, and records what "
                    "they say."
                ),
            )
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t, phone = turn.t, parse_phone(answer.text)
        if phone is None:
            return Reask(t("This is not a phone number. Type it like {example}.", example=t.phone("+97333123456")))
        asked = await delegations.ask_by_phone(turn.work, turn.resident, self.name, phone, self.office)
        if asked is Unusable.NO_OFFICE:
            return Reask(words.useless(turn, asked), ChoosingOffice(name=self.name))
        if isinstance(asked, Unusable):
            return Reask(words.useless(turn, asked))
        say_call(turn, asked)
        return Redirect(words.PEOPLE)

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingOffice(name=self.name)
