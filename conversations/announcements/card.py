"""The card of an announcement: how it stands, what is wrong with it, and what can be done."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.announcements import message
from conversations.announcements.actions import ACT, action_rows
from conversations.announcements.audience_words import audience_line, left_out_lines, sending_line, total_line
from conversations.announcements.fault_words import fault_lines
from conversations.announcements.improvement_words import improvement_lines
from conversations.announcements.preview import say_previews
from conversations.announcements.progress_words import progress_lines
from conversations.announcements.step import AnnouncementStep, choose_a_button, person_of
from conversations.announcements.words import STATUSES, heading
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from services.actors import Actor
from services.announcements import reading
from services.announcements.audience import Count, count
from services.announcements.colleagues import resident_of
from services.announcements.faults import Fault, faults, needs_consent
from services.announcements.model import Announcement, Kind, Occasion, Status
from services.staff import permissions
from services.staff.permissions import Act

#: The doors of what is done with an announcement; the argument is its number.
OPEN, TEXT, AUDIENCE, WHEN, EXPIRY, BUTTONS, TEST, CASES, LIST = (
    "announcement",
    "announcement_text",
    "announcement_for",
    "announcement_when",
    "announcement_until",
    "announcement_keys",
    "announcement_test",
    "announcement_cases",
    "announce",
)
_ROUTES = frozenset({TEXT, AUDIENCE, WHEN, EXPIRY, BUTTONS, TEST, CASES})


#: What nobody has received yet.
_SHOWN = frozenset({Status.DRAFT, Status.AWAITING_APPROVAL, Status.SCHEDULED})


async def card_of(turn: Turn, found: Announcement, *, preview: bool = True) -> Step:
    """The card of an announcement; of what nobody has yet, below how every language will see it."""
    shown = preview and found.status in _SHOWN and await say_previews(turn, found) > 0
    return Card(announcement=found.id, version=found.version, previewed=found.version if shown else 0)


class Card(AnnouncementStep):
    """How an announcement stands."""

    step: Literal["announce:card"] = "announce:card"
    previewed: int = 0  # the version of which the person has seen a preview

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        match found.status:
            case Status.DRAFT:
                return await _draft(turn, found)
            case Status.AWAITING_APPROVAL | Status.SCHEDULED:
                return await _waiting(turn, found)
        return await _under_way(turn, found)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        here = self.at(found)
        if answer.choice in _ROUTES:
            return Redirect(answer.choice, str(found.id))
        match answer.choice:
            case "send":
                return await here.second_tap(turn, found)
            case "preview":
                await say_previews(turn, found)
                return here.model_copy(update={"previewed": found.version})
            case "look":
                return here
            case "list":
                return Redirect(LIST)
            case "":
                return choose_a_button(turn)
        return Redirect(ACT, f"{answer.choice}.{found.id}.{found.version}")

    async def second_tap(self, turn: Turn, found: Announcement) -> Next:
        """To the second tap, once nothing is wrong; above it is how it looks now, unless that was seen."""
        t, wrong = turn.t, await faults(turn.work, found)
        if wrong:
            return Reask(t.join_lines(t("You cannot send it yet:"), *fault_lines(t, wrong)), self)
        if self.previewed != found.version:
            await say_previews(turn, found)
        return Redirect(ACT, f"send.{found.id}.{found.version}")


# ---------------------------------------------------------------------------- a draft


async def _draft(turn: Turn, found: Announcement) -> Prompt:
    t = turn.t
    counted = await count(turn.work, found.audience)
    wrong = await faults(turn.work, found)
    text = t.join_lines(
        heading(turn, found),
        t(STATUSES[found.status]),
        Markup(),
        *_plan(turn, found, counted),
        *await improvement_lines(turn, found),
        *_needs(turn, found, counted, wrong),
    )
    rows = _draft_rows(turn, found)
    if (told := await _told_before(turn, found)) is not None:
        rows.insert(
            1, [Button(label=t.plain("📣 What was sent: correct or recall it"), route=OPEN, value=str(told.id))]
        )
    return Prompt(text, rows, back=False)


async def _told_before(turn: Turn, found: Announcement) -> Announcement | None:
    """What people were told of the session before it was changed or called off."""
    changed = found.occasion in {Occasion.MOVED, Occasion.CALLED_OFF}
    return await reading.sent_about(turn.work, found.subject) if changed else None


def _plan(turn: Turn, found: Announcement, counted: Count) -> list[Markup]:
    """To whom, when and with what."""
    t = turn.t
    labels = [t.own(message.label(t, button)) for button in found.buttons]
    return [
        t("To: {audience}", audience=audience_line(turn, found.audience)),
        total_line(turn, counted),
        *left_out_lines(turn, counted),
        t("🕘 Send: {when}", when=sending_line(turn, found)),
        *([t("⌛️ Expires: {when}", when=t.moment(found.expires_at))] if found.expires_at is not None else []),
        *([t("🔘 Buttons: {labels}", labels=t.join(labels))] if labels else []),
        *([t("🚨 Emergency")] if found.emergency else []),
    ]


def _needs(turn: Turn, found: Announcement, counted: Count, wrong: tuple[Fault, ...]) -> list[Markup]:
    t = turn.t
    lines = []
    if wrong:
        lines += [Markup(), t("⚠️ <b>Before you can send it:</b>"), *fault_lines(t, wrong)]
    if needs_consent(turn.work, found, counted.total):
        lines += [Markup(), t("🤝 A second administrator must approve it before it is sent.")]
    return lines


def _draft_rows(turn: Turn, found: Announcement) -> list[list[Button]]:
    t = turn.t
    rows = [
        [Button(label=t.plain("✅ Send …"), value="send"), Button(label=t.plain("👁 Preview"), value="preview")],
        [Button(label=t.plain("✏️ Edit text"), value=TEXT), Button(label=t.plain("👥 Audience"), value=AUDIENCE)],
        [Button(label=t.plain("🕘 Schedule"), value=WHEN), Button(label=t.plain("⌛️ Expiry"), value=EXPIRY)],
        [Button(label=t.plain("🔘 Buttons"), value=BUTTONS), Button(label=t.plain("🧪 Test"), value=TEST)],
    ]
    if found.kind is Kind.IMPROVEMENT:
        rows.append([Button(label=t.plain("🔗 Linked requests"), value=CASES)])
    discard = Button(label=t.plain("🗑 Discard"), value="discard")
    return [*rows, [discard, _to_list(turn)]]


def _to_list(turn: Turn) -> Button:
    return Button(label=turn.t.plain("All announcements"), value="list")


# ---------------------------------------------------------------------------- what waits


async def _waiting(turn: Turn, found: Announcement) -> Prompt:
    """It waits for a second person, or for its time."""
    t = turn.t
    counted = await count(turn.work, found.audience)
    text = t.join_lines(
        heading(turn, found),
        t(STATUSES[found.status]),
        Markup(),
        t("Written by: {name}", name=await _name(turn, found.author)),
        t("Approved by: {name}", name=await _name(turn, found.approved_by)) if found.approved_by else None,
        *_plan(turn, found, counted),
        *await improvement_lines(turn, found),
    )
    rows: list[list[Button]] = []
    if found.status is Status.AWAITING_APPROVAL and await _may_approve(turn, found):
        rows.append(
            [
                Button(label=t.plain("✅ Approve …"), value="approve"),
                Button(label=t.plain("🚫 Refuse …"), value="reject"),
            ]
        )
    rows.append([Button(label=t.plain("👁 Preview"), value="preview")])
    if await _may_announce(turn, found):
        rows.append(
            [
                Button(label=t.plain("📝 Back to draft …"), value="withdraw"),
                Button(label=t.plain("✖️ Cancel …"), value="cancel"),
            ]
        )
    return Prompt(text, [*rows, [_to_list(turn)]], back=False)


async def _name(turn: Turn, actor: str) -> Markup:
    names = await permissions.names(turn.work)
    if actor in names:
        return turn.t.own(names[actor])
    known = await resident_of(turn.work, Actor(actor))
    return turn.t("this service") if known is None else turn.t.own(known.name)


async def _may_approve(turn: Turn, found: Announcement) -> bool:
    member = await permissions.member(turn.work, person_of(turn))
    return member is not None and member.actor != found.author and member.may(Act.APPROVE, found.office)


async def _may_announce(turn: Turn, found: Announcement) -> bool:
    member = await permissions.member(turn.work, person_of(turn))
    return member is not None and member.may(Act.ANNOUNCE, found.office)


# ---------------------------------------------------------------------------- what is under way, or over


async def _under_way(turn: Turn, found: Announcement) -> Prompt:
    t = turn.t
    how = await reading.progress(turn.work, found.id)
    rows: list[list[Button]] = []
    if await _may_announce(turn, found):
        rows += action_rows(t, found)
    rows.append([Button(label=t.plain("🔄 Refresh"), value="look"), _to_list(turn)])
    lines = [] if how is None else progress_lines(t, how)
    lines += await improvement_lines(turn, found)
    return Prompt(t.join_lines(heading(turn, found), *lines), rows, back=False)
