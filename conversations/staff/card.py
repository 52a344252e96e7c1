"""The living card of a case: one message in the office's chat that always shows how the case stands.

It is sent once and edited from then on. What the resident says, and what staff must notice, is posted below it as a
reply, so that the phone rings. Where more comes in than a group can read, cards give way to one message that opens
the queue; the card of a case then appears when somebody opens it there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from markupsafe import Markup

from conversations.booking import notices as booking_notices
from conversations.engine.messages import FileKind
from conversations.engine.step import Button, NotYet, Responder, Rows
from conversations.requests.notices import CARD_WORDS, came_in, outgoing, staff_status
from conversations.requests.view import MOST_STARS
from conversations.staff.context import StaffContext, button
from conversations.staff.office_scope import called, managers, office_tongue
from conversations.texts.case import body_name, category_name, kind_name, office_name, place_words
from conversations.texts.source import TAKEN
from locales import N_, Localizer
from services.actors import case_subject, resident_actor, staff_address
from services.bookings import bookings
from services.cases import resident_actions
from services.cases.event_details import detail_of
from services.cases.targets import is_overdue, next_target
from services.cases.workflow import ENDED, SILENCE, Move, can
from services.casework.guarded_actions import BARRED
from services.notify.notices import StaffBooking, StaffCard, StaffCase, StaffFiles, notify_office
from services.staff import permissions
from storage import cards as rows
from storage import outbox
from storage.ids import OfficeId
from storage.records import Card, Case, CaseEvent, CaseEventKind, CaseStatus, FileRow, FileStatus, StaffChat

E, S = CaseEventKind, CaseStatus

#: So many messages owed to a chat are as many as a group can read; beyond them, new cards give way to a digest.
FLOOD = 8
#: A digest gathers what comes in within so long.
_GATHERED = timedelta(seconds=20)

MARKS: Mapping[CaseStatus, str] = MappingProxyType(
    {
        S.RECEIVED: "🆕",
        S.REOPENED: "🔄",
        S.UNDER_REVIEW: "👀",
        S.IN_PROGRESS: "🛠",
        S.AWAITING_RESIDENT: "❓",
        S.REFERRED: "↗️",
        S.RESOLVED: "☑️",
        S.CLOSED: "✅",
        S.REJECTED: "🚫",
        S.OUTSIDE_REMIT: "↪️",
        S.DUPLICATE: "🔗",
        S.WITHDRAWN: "↩️",
    }
)
PRIORITIES = (N_("Normal"), N_("High"), N_("Urgent"), N_("Emergency"))


# ---------------------------------------------------------------------------- as notices


async def show(responder: Responder, notice: StaffCard) -> None:
    """Show or edit an office's card of a case."""
    work = responder.work
    case = await resident_actions.by_id(work, notice.case)
    chat = await permissions.chat_of(work, notice.office)
    if case is None or chat is None:
        return
    card = await rows.place(work.tx, case.id, chat, work.now)
    group = rows.group(case.id, notice.office)
    if card.message is None:
        if await outbox.is_under_way(work.tx, group):
            raise NotYet  # it would be sent twice: which message it is, is known once it was sent
        if case.office != notice.office:
            return  # it left before it was ever shown here
        if await is_flooded(responder, card):
            await _say_many(responder, notice.office)
            return
    await _say_card(responder, case, card, group)
    if card.message is None:
        await _owe_all_files(responder, case)


async def files(responder: Responder, notice: StaffFiles) -> None:
    """The files of a case as an album below its card, once they were fetched and found good."""
    work = responder.work
    case, card = await resident_actions.by_id(work, notice.case), await rows.of(work.tx, notice.case, notice.office)
    chat = await permissions.chat_of(work, notice.office)
    if case is None or card is None or chat is None or case.office != notice.office:
        return  # whoever has the case now is shown all of them
    if (card.channel, card.chat) != (chat.channel, chat.chat):
        return  # the team works elsewhere by now: what is below the card there is asked for with it
    if card.message is None:
        if await outbox.is_under_way(work.tx, rows.group(case.id, notice.office)):
            raise NotYet
        return
    found = [file for file, event in await resident_actions.files_of(work, case.id) if notice.event in {None, event}]
    if any(file.status is FileStatus.WANTED for file in found):
        raise NotYet
    _say_files(responder, case, found, card.message)


async def news(responder: Responder, notice: StaffCase) -> None:
    """What the resident said, or what staff must notice, as a reply to the card."""
    work, t = responder.work, responder.t
    event = await resident_actions.event_by_id(work, notice.event)
    case = await resident_actions.by_id(work, notice.case)
    if event is None or case is None:
        return
    if notice.office not in {None, case.office}:  # transferred meanwhile: it is for those who have it now
        _owe_elsewhere(responder, case, notice)
        return
    card = await rows.of(work.tx, case.id, case.office)
    message = card.message if card is not None else None
    if message is None:
        if card is None or await outbox.is_under_way(work.tx, rows.group(case.id, case.office)):
            raise NotYet
        return  # there were too many: the queue has it
    with_it = sum(came_with == event.id for _, came_with in await resident_actions.files_of(work, case.id))
    text = t.join_lines(
        came_in(t, case, event),
        t("{kind} {reference}", kind=kind_name(t, case.kind), reference=t.ref(case.reference)),
        t("“{words}”", words=t.own(event.words, CARD_WORDS)) if event.words else None,
        t.plural("📎 {n} attachment", "📎 {n} attachments", with_it) if with_it else None,
        await _raised_by(responder, event),
        await _called_upon(responder, case, event),
    )
    responder.say(text, subject=case_subject(case.id), reply_to=message)
    if with_it:
        _owe_files(responder, case, event.id)


def _owe_elsewhere(responder: Responder, case: Case, notice: StaffCase) -> None:
    moved = notice.model_copy(update={"office": case.office})
    notify_office(responder.work, case.office, moved, key=None, subject=case_subject(case.id))


async def _raised_by(responder: Responder, event: CaseEvent) -> Markup | None:
    """Which member escalated it: who reads it wants to ask them."""
    name = (await permissions.names(responder.work)).get(event.actor, "") if event.what is E.ESCALATED else ""
    return responder.t("Escalated by {name}", name=responder.t.own(name, 40)) if name else None


async def _called_upon(responder: Responder, case: Case, event: CaseEvent) -> Markup | None:
    """Who is to hear of it by name: the owner of what the resident did, the managers of what is late."""
    if event.what in {E.OVERDUE, E.ESCALATED}:
        people = await managers(responder, case.office)
    else:
        names = await permissions.names(responder.work)
        people = {staff_address(case.owner): names.get(case.owner, "")}
    links = called(people)
    return responder.t("For {people}", people=Markup(" ").join(links)) if links else None


# ---------------------------------------------------------------------------- in the chat


async def show_here(context: StaffContext, case: Case) -> None:
    """A member asks for a case: its card, where they are. In its own chat it becomes the living one."""
    work, said = context.work, context.said
    chat = await permissions.chat_of(work, case.office)
    t = context.t
    if chat is not None and (chat.channel, chat.chat) == (said.channel, said.chat):
        card = await rows.place(work.tx, case.id, chat, work.now)
        if card.message is not None:  # the old one is far up: it stays what it is, and the new one lives on
            context.say(t("{reference} is shown below.", reference=t.ref(case.reference)), edit=card.message)
        rows.lift(work.tx, case.id, case.office)  # what comes meanwhile waits for the new one
        card = card.model_copy(update={"message": None})
        await _say_card(_in_office_words(context, case), case, card, rows.group(case.id, case.office))
        await _owe_all_files(context, case)
        return
    text, buttons = await card_of(context, case)
    context.say(text, buttons, subject=case_subject(case.id))


async def refresh(context: StaffContext, case: Case) -> None:
    """Show the card that was tapped as it stands, in the office's language."""
    text, buttons = await card_of(_in_office_words(context, case), case)
    context.say(text, buttons, subject=case_subject(case.id), edit=context.said.message)


def _in_office_words(context: StaffContext, case: Case) -> Responder:
    """The desk's voice in the language of the office, which all who work there read."""
    return Responder(work=context.work, links=context.links, t=office_tongue(context, case.office), out=context.out)


async def booking(responder: Responder, notice: StaffBooking) -> None:
    """A booking is new, moved or cancelled: one message each, unless there are more than a group can read."""
    booked = await bookings.by_id(responder.work, notice.booking)
    chat = await permissions.chat_of(responder.work, booked.office) if booked is not None else None
    if booked is None or chat is None:
        return
    if not await is_flooded(responder, chat):
        await booking_notices.staff_card(responder, notice)
        return
    t, group = responder.t, f"bookings:{booked.office}"
    responder.say(
        t("📅 Too many appointments are being booked or changed to show each one."),
        ((button(t.plain("Today’s appointments"), "today"),),),
        supersedes=group,
        not_before=await _gathered_by(responder, group),
    )


async def is_flooded(responder: Responder, chat: StaffChat | Card) -> bool:
    """Whether more is owed to the chat than anybody there could read."""
    return await outbox.count_owed(responder.work.tx, chat.channel, chat.chat, responder.work.now) >= FLOOD


async def _gathered_by(responder: Responder, group: str) -> datetime:
    """When a digest goes out: with the first that waits, so that however long it goes on, somebody hears of it soon."""
    waiting = await outbox.first_of(responder.work.tx, group)
    return responder.work.now + _GATHERED if waiting is None else waiting.not_before


async def _say_many(responder: Responder, office: OfficeId) -> None:
    t, n = responder.t, await rows.unshown(responder.work.tx, office)
    group = f"flood:{office}"
    responder.say(
        t.join_lines(
            t.plural("📥 {n} new request is in the queue", "📥 {n} new requests are in the queue", n),
            t("Too many requests came in at once to show each card."),
        ),
        ((button(t.plain("Open the queue"), "queue", argument="unowned"),),),
        supersedes=group,
        not_before=await _gathered_by(responder, group),
    )


async def _say_card(responder: Responder, case: Case, card: Card, group: str) -> None:
    text, buttons = await card_of(responder, case) if case.office == card.office else await _farewell(responder, case)
    digest = _digest(text, buttons)
    if card.message is not None and card.shown == digest:
        return  # a note, say: an edit that changes nothing would cost the group one of its twenty messages
    rows.shows(responder.work.tx, case.id, card.office, digest)
    responder.say(text, buttons, subject=case_subject(case.id), edit=card.message, supersedes=group)


def _digest(text: Markup, buttons: Rows) -> str:
    shown = "\n".join([text, *(f"{one.label} {one.data} {one.url}" for row in buttons for one in row)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


async def _farewell(responder: Responder, case: Case) -> tuple[Markup, Rows]:
    """What the office that gave a case away keeps of it."""
    t = responder.t
    return t.join_lines(
        t("➡️ <b>{kind} {reference}</b>", kind=kind_name(t, case.kind), reference=t.ref(case.reference)),
        t("Transferred to {office}", office=office_name(t, responder.work.offices, case.office)),
    ), ()


async def _owe_all_files(responder: Responder, case: Case) -> None:
    if await resident_actions.files_of(responder.work, case.id):
        _owe_files(responder, case)


def _owe_files(responder: Responder, case: Case, event: int | None = None) -> None:
    """They follow once they were fetched: nobody waits for them to read what was written."""
    notify_office(
        responder.work,
        case.office,
        StaffFiles(case=case.id, office=case.office, event=event),
        key=None,
        supersedes=f"files:{case.id}:{case.office}:{event or 0}",
        subject=case_subject(case.id),
    )


def _say_files(responder: Responder, case: Case, found: list[FileRow], card: int) -> None:
    good = tuple(outgoing(file) for file in found if file.status is FileStatus.STORED)
    if good:
        responder.say(Markup(), files=good, subject=case_subject(case.id), reply_to=card)


# ---------------------------------------------------------------------------- its words


async def card_of(responder: Responder, case: Case) -> tuple[Markup, Rows]:
    """What a card says, and its buttons. Nothing of it names the resident."""
    t, work = responder.t, responder.work
    # Those of residents, and of callers; what staff sent themselves is nobody's.
    found = [file for file, _ in await resident_actions.files_of(work, case.id) if file.resident_id is not None]
    voices = sum(file.kind == FileKind.VOICE for file in found)
    joiners = await resident_actions.joiners(work, case.id)
    place = place_words(t, case)
    text = t.join_lines(
        t(
            "{mark} <b>{kind} {reference}</b>",
            mark=MARKS[case.status],
            kind=kind_name(t, case.kind),
            reference=t.ref(case.reference),
        ),
        await _stands(responder, case),
        t(TAKEN[case.source]) if case.source in TAKEN else None,
        t("🔺 Priority: {priority}", priority=t(priority_name(case.priority))) if case.priority else None,
        "",
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("Place: {place}", place=place) if place else None,
        t("“{words}”", words=t.own(case.words, CARD_WORDS)) if case.words else None,
        t("Project: {project}", project=case.project) if case.project else None,
        t("Commercial registration: {number}", number=t.ref(case.registration)) if case.registration else None,
        t.plural("📷 {n} photo or document", "📷 {n} photos or documents", len(found) - voices)
        if len(found) > voices
        else None,
        t.plural("🎤 {n} voice note", "🎤 {n} voice notes", voices) if voices else None,
        t.plural("🤝 {n} other resident joined", "🤝 {n} other residents joined", joiners) if joiners else None,
        *await _last_words(responder, case),
        "",
        *_deadlines(t, responder, case),
    )
    return text, main_buttons(t, case)


async def _stands(responder: Responder, case: Case) -> Markup:
    """Its state and its owner; of what has ended without one nobody asks whose it is."""
    t, status = responder.t, staff_status(responder.t, case)
    if not case.owner:
        return status if case.status in ENDED else t("{status} · {owner}", status=status, owner=t("no owner yet"))
    names = await permissions.names(responder.work)
    owner = t.own(names.get(case.owner, ""), 40) or t("a member of staff")
    return t("{status} · {owner}", status=status, owner=owner)


async def _last_words(responder: Responder, case: Case) -> list[Markup | None]:
    """The newest of what the resident added or said of it, and the stars they gave how it ended."""
    t = responder.t
    theirs = [
        one
        for one in await resident_actions.history(responder.work, case)
        if one.actor == resident_actor(case.resident_id)
    ]
    said = [one for one in theirs if one.words and one.what in {E.INFORMATION, E.REOPENED, E.COMMENTED}]
    stars = [detail_of(one).stored for one in theirs if one.what is E.RATED] if case.status is S.CLOSED else []
    return [
        t("⭐ Rating: {stars} out of {most}", stars=stars[-1], most=MOST_STARS) if stars else None,
        t(
            "💬 {time} – “{words}”",
            time=t.near_moment(said[-1].at, responder.work.today),
            words=t.own(said[-1].words, 300),
        )
        if said
        else None,
    ]


def _deadlines(t: Localizer, responder: Responder, case: Case) -> list[Markup | None]:
    """What is promised, as far as it is still to be kept."""
    work = responder.work
    near = partial(t.near_date, today=work.today)
    if case.status is S.REFERRED:
        body = body_name(t, work.offices, case.referred_to)
        if case.external_reference:
            return [t("With {body}, reference {number}", body=body, number=t.own(case.external_reference))]
        return [t("With {body}", body=body)]
    if case.status is S.AWAITING_RESIDENT:
        return [t("The deadline is paused until the applicant replies.")]
    if case.status is S.RESOLVED and case.resolved_at is not None:
        return [
            t("⏳ We will close this on {date} unless the applicant replies.", date=near(case.resolved_at + SILENCE))
        ]
    due = next_target(case)
    if due is None:
        return []
    if is_overdue(case, work.now):
        first = t("⏰ Overdue since {date}", date=near(min(due, case.close_due)))
    elif due == case.close_due:
        first = None
    elif case.status in {S.RECEIVED, S.REOPENED}:
        first = t("⏳ Review by {date}", date=near(due))
    else:
        first = t("⏳ First reply by {date}", date=near(due))
    in_time = case.close_due >= work.now
    return [first, t("⏳ Close by {date}", date=near(case.close_due)) if in_time else None]


def priority_name(level: int) -> str:
    """A priority by name; whatever is above the highest is the highest."""
    return PRIORITIES[min(level, 3)]


# ---------------------------------------------------------------------------- its buttons


def main_buttons(t: Localizer, case: Case) -> Rows:
    """What can be done with a case in its state; whether a member may is checked when they tap."""
    c, v = case.id, case.version
    if case.status in ENDED:
        reply = (button(t.plain("💬 Reply"), "reply", c, v),) if can(case, Move.REPLY) else ()
        return (
            (*reply, button(t.plain("📝 Note"), "note", c, v)),
            (
                button(t.plain("👤 Show contact"), "contact", c, v),
                button(t.plain("🕘 View history"), "history", c, v),
            ),
        )
    first = (
        button(t.plain("✋ Claim"), "claim", c, v)
        if not case.owner
        else button(t.plain("👥 Assign"), "menu", c, v, "assign")
    )
    return (
        (first, button(t.plain("💬 Reply"), "reply", c, v)),  # two in a row: three of these are cut off on a phone
        (button(t.plain("❓ Ask"), "ask", c, v), button(t.plain("📝 Note"), "note", c, v)),
        (button(t.plain("🚦 Change status"), "menu", c, v, "status"), button(t.plain("⋯ More"), "menu", c, v, "more")),
    )


def back(t: Localizer, case: Case) -> tuple[Button, ...]:
    return (button(t.plain("⬅️ Back"), "menu", case.id, case.version, "main"),)


def more_buttons(t: Localizer, case: Case) -> Rows:
    c, v = case.id, case.version
    where: list[Button] = []
    if case.latitude is not None and case.longitude is not None:
        address = f"https://maps.google.com/?q={case.latitude:.6f},{case.longitude:.6f}"
        where = [Button(label=t.plain("🗺 Open map"), url=address)]
    return (
        (
            button(t.plain("👥 Assign"), "menu", c, v, "assign"),
            button(t.plain("↗️ Refer"), "menu", c, v, "refer"),
            button(t.plain("➡️ Transfer"), "menu", c, v, "transfer"),
        ),
        (button(t.plain("🔺 Set priority"), "menu", c, v, "priority"), button(t.plain("⬆️ Escalate"), "escalate", c, v)),
        (button(t.plain("👤 Show contact"), "contact", c, v), button(t.plain("🕘 View history"), "history", c, v)),
        (*where, button(t.plain("⛔️ Mark as abuse"), "menu", c, v, "abuse")),
        back(t, case),
    )


def status_buttons(t: Localizer, case: Case) -> Rows:
    c, v = case.id, case.version
    start = [button(t.plain("🛠 Start work"), "start", c, v)] if can(case, Move.START_WORK) else []
    return (
        (*start, button(t.plain("☑️ Mark as solved"), "resolve", c, v)),
        (
            button(t.plain("🚫 Reject"), "reject", c, v),
            button(t.plain("↪️ Outside our remit"), "menu", c, v, "out"),
        ),
        (
            button(t.plain("🔗 Mark as duplicate"), "duplicate", c, v),
            button(t.plain("🗂 Change category"), "menu", c, v, "category"),
        ),
        back(t, case),
    )


def priority_buttons(t: Localizer, case: Case) -> Rows:
    c, v = case.id, case.version
    return (
        tuple(
            button(("• " if level == min(case.priority, 3) else "") + t.plain(name), "priority", c, v, str(level))
            for level, name in enumerate(PRIORITIES)
        ),
        back(t, case),
    )


def abuse_buttons(t: Localizer, case: Case) -> Rows:
    return pick_buttons(t, case, "abuse", [("yes", t.plain("Close and block for {span}", span=t.duration(BARRED)))])


def pick_buttons(t: Localizer, case: Case, verb: str, choices: list[tuple[str, str]]) -> Rows:
    """Two by two: (id, label)."""
    buttons = [button(label, verb, case.id, case.version, name) for name, label in choices]
    return (*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), back(t, case))
