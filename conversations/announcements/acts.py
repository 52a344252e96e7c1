"""What is done with an announcement, each after a second tap that says what it does and to how many people."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.announcements.audience_words import count_lines, sending_line
from conversations.announcements.card import LIST, OPEN, card_of
from conversations.announcements.fault_words import fault_lines
from conversations.announcements.improvement_words import improvement_lines
from conversations.announcements.listing import Listing
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, newer_version, person_of
from conversations.announcements.words import heading
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from locales import N_
from services.announcements import consent, sending, writing
from services.announcements.audience import count
from services.announcements.faults import Fault, needs_consent
from services.announcements.model import Announcement, AnnouncementId, StaleVersion, Status
from services.staff.permissions import Person
from services.text.normalise import clean
from services.unit_of_work import Work

Name = Literal["send", "approve", "withdraw", "cancel", "discard", "pause", "resume", "recall"]
#: Telegram deletes no older message of ours: https://core.telegram.org/bots/api#deletemessage
DELETABLE_FOR = timedelta(hours=48)
_YES, _REJECT = "yes", "reject"
_ARGUMENT = re.compile(r"([a-z]{1,12})\.(\d{1,12})\.(\d{1,9})", re.ASCII)
Outcome = Announcement | tuple[Fault, ...] | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done with an announcement."""

    perform: Callable[[Work, Person, AnnouncementId, int], Awaitable[Outcome]]
    question: Callable[[Turn, Announcement], Awaitable[list[Markup]]] | None  # None: done at once, as it harms nobody
    done: str
    yes: str  # the button of the second tap; "" where it says how many people


# ---------------------------------------------------------------------------- what is asked before


async def _about_sending(turn: Turn, found: Announcement) -> list[Markup]:
    t = turn.t
    counted = await count(turn.work, found.audience)
    lines = [t("<b>Send this announcement?</b>"), t("🕘 Send: {when}", when=sending_line(turn, found))]
    if needs_consent(turn.work, found, counted.total) and found.status is Status.DRAFT:
        lines.append(t("🤝 A second administrator must approve it before it is sent."))
    return [*lines, *await improvement_lines(turn, found), Markup(), *count_lines(turn, counted)]


async def _about_the_rest(turn: Turn, found: Announcement) -> list[Markup]:
    t = turn.t
    return [t("<b>Continue sending?</b>"), t("✅ Sent: {n} of {total}", n=found.sent, total=found.total)]


async def _about_stopping(turn: Turn, found: Announcement) -> list[Markup]:
    t = turn.t
    if found.started_at is None:
        return [t("<b>Cancel this announcement?</b>"), t("Nobody has received it, and nobody will.")]
    return [
        t("<b>Stop sending for good?</b>"),
        t("✅ Sent: {n} of {total}", n=found.sent, total=found.total),
        t("The others will not get it. You can recall it from those who have it."),
    ]


async def _about_recalling(turn: Turn, found: Announcement) -> list[Markup]:
    t = turn.t
    return [
        t("<b>Recall this announcement?</b>"),
        t.plural(
            "We will delete it from the chat of {n} person.",
            "We will delete it from the chats of {n} people.",
            found.sent,
        ),
        t(
            "Telegram does not let us delete messages older than {span}. Those will stay.",
            span=t.duration(DELETABLE_FOR),
        ),
        t("You cannot undo this."),
    ]


async def _about_drafts(turn: Turn, found: Announcement) -> list[Markup]:
    t = turn.t
    if found.status is Status.DRAFT:
        return [t("<b>Discard this draft?</b>"), t("You cannot undo this.")]
    return [t("<b>Make it a draft again?</b>"), t("It will not be sent until you send it again.")]


_DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "send": Deed(sending.send, _about_sending, N_("✅ Confirmed."), ""),
        "approve": Deed(sending.approve, _about_sending, N_("✅ Approved."), ""),
        "withdraw": Deed(sending.withdraw, _about_drafts, N_("It is a draft again."), N_("📝 Back to draft")),
        "discard": Deed(sending.cancel, _about_drafts, N_("🗑 Draft discarded."), N_("🗑 Discard")),
        "cancel": Deed(sending.cancel, _about_stopping, N_("✖️ Cancelled."), N_("✖️ Yes, cancel it")),
        "pause": Deed(sending.pause, None, N_("⏸ Paused."), ""),
        "resume": Deed(sending.resume, _about_the_rest, N_("▶️ Sending continues."), ""),
        "recall": Deed(sending.recall, _about_recalling, N_("🗑 We are deleting it from people's chats."), ""),
    }
)


class Acting(AnnouncementStep):
    """What an act does, and to how many; its button is the second tap."""

    step: Literal["announce:act"] = "announce:act"
    act: Name

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, deed = turn.t, _DEEDS[self.act]
        yes = Button(label=await _yes(turn, self.act, found), value=_YES)
        lines = [heading(turn, found), *(await deed.question(turn, found) if deed.question is not None else [])]
        return Prompt(t.join_lines(*lines), [[yes], [Button(label=t.plain("No, go back"), value="no")]], back=False)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if answer.choice == "no":
            return await card_of(turn, found, preview=False)
        if answer.choice != _YES:
            return choose_a_button(turn)
        return await _done(turn, self.act, found, self.version)

    async def outdated(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        return await _newer(turn, self.version, found)


async def _yes(turn: Turn, act: Name, found: Announcement) -> str:
    """The button of the second tap: to whom something is sent, or taken from, it says how many."""
    t = turn.t
    match act:
        case "send" | "approve":
            told = (await count(turn.work, found.audience)).total
            return t.plain_plural("✅ Send to {n} person", "✅ Send to {n} people", told)
        case "resume":
            left = found.total - found.done
            return t.plain_plural("▶️ Send to {n} more person", "▶️ Send to {n} more people", left)
        case "recall":
            return t.plain_plural("🗑 Delete it for {n} person", "🗑 Delete it for {n} people", found.sent)
    return t.plain(_DEEDS[act].yes)


async def _done(turn: Turn, act: Name, found: Announcement, version: int) -> Next:
    """Do it. Raises StaleVersion where it is no longer as it was shown."""
    t, person = turn.t, person_of(turn)
    if act == "send":
        made: Outcome = await sending.send(turn.work, person, found.id, version, found.send_at)
    else:
        made = await _DEEDS[act].perform(turn.work, person, found.id, version)
    if made is None:
        return denied(turn)
    if isinstance(made, tuple):
        wrong = t.join_lines(t("You cannot send it yet:"), *fault_lines(t, made))
        return Reask(wrong, await card_of(turn, found, preview=False))
    if act == "approve":
        await consent.answer(turn.work, person, made, approved=True)
    if made.status is Status.AWAITING_APPROVAL:
        words = t("🤝 We have asked the other administrators. It will be sent once one of them approves it.")
        return Reask(words, await card_of(turn, made, preview=False))
    if act == "discard":
        return Reask(t(_DEEDS[act].done), Listing())
    if made.status is Status.SCHEDULED and made.send_at is None:
        return _begins(turn, made, t(_DEEDS[act].done))
    return Reask(t(_DEEDS[act].done), await card_of(turn, made, preview=False))


def _begins(turn: Turn, made: Announcement, done: Markup) -> Next:
    """It goes out now: how far it is comes in a message of its own, which has the buttons to pause and to stop it."""
    t = turn.t
    if made.author == person_of(turn).actor:
        told = t("It is being sent. You see how far it is in a message that is kept up to date.")
    else:
        told = t("It is being sent. Its author sees how far it is in a message that is kept up to date.")
    rows = [
        [
            Button(label=t.plain("Open announcement"), route=OPEN, value=str(made.id)),
            Button(label=t.plain("All announcements"), route=LIST),
        ]
    ]
    turn.say(t.join_lines(done, told), rows)
    return EndFlow()


async def _newer(turn: Turn, seen: int, found: Announcement) -> Next:
    """Somebody was first: how it stands now."""
    return Reask(newer_version(turn, seen, found), await card_of(turn, found, preview=False))


# ---------------------------------------------------------------------------- refusing, with a reason


class Refusing(AnnouncementStep):
    """Why a second administrator does not agree: its author reads it."""

    step: Literal["announce:refuse"] = "announce:refuse"
    why: str = ""

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        if not self.why:
            return Prompt(
                t.join_lines(heading(turn, found), t("Why do you refuse it? The author will see the reason."))
            )
        rows = [[Button(label=t.plain("🚫 Refuse"), value=_YES)]]
        asked = t("Refuse it for this reason? To change the reason, send it again.")
        return Prompt(t.join_lines(heading(turn, found), t("Reason: “{words}”", words=t.own(self.why)), asked), rows)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if not answer.choice:
            why = clean(answer.text, consent.LONGEST_REASON)
            return self.model_copy(update={"why": why}) if why else Reask(turn.t("Write the reason."))
        if answer.choice != _YES or not self.why:
            return Reask(turn.t("Write the reason."))
        made = await sending.reject(turn.work, person_of(turn), found.id, self.version)
        if made is None:
            return denied(turn)
        await consent.answer(turn.work, person_of(turn), made, approved=False, why=self.why)
        words = turn.t("🚫 Refused. We have told the author why.")
        return Reask(words, await card_of(turn, made, preview=False))

    async def outdated(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        return await _newer(turn, self.version, found)

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


# ---------------------------------------------------------------------------- the door


async def act(turn: Turn, argument: str) -> Next:
    """Ask before it is done; `argument` is what, to which and to which version of it. It may be made up."""
    match = _ARGUMENT.fullmatch(argument)
    found = None
    if match is not None:
        found = await writing.open_for(turn.work, person_of(turn), AnnouncementId(int(match[2])))
    if match is None or found is None:
        return denied(turn)
    name, version = match[1], int(match[3])
    if version != found.version:
        return await _newer(turn, version, found)
    if name == _REJECT:
        return Refusing(announcement=found.id, version=version)
    deed = _DEEDS.get(name)
    if deed is None:
        return denied(turn)
    asked = Acting.model_validate({"announcement": found.id, "version": version, "act": name})
    if deed.question is not None:
        return asked
    try:
        return await _done(turn, asked.act, found, version)
    except StaleVersion:
        return await _newer(turn, version, found)
