"""The living card of a case: one message in the office's chat that always shows how the case stands.

It is sent once and edited from then on. What the resident says, and what staff must notice, is posted below it as a
reply, so that the phone rings. Where more comes in than a group can read, cards give way to one message that opens
the queue; the card of a case then appears when somebody opens it there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import NotYet, Responder, Rows
from conversations.requests.notices import CARD_WORDS, came_in, outgoing
from conversations.staff.card_buttons import decision_buttons
from conversations.staff.card_text import card_of
from conversations.staff.context import StaffContext, button
from conversations.staff.office_scope import called, in_office_words, managers
from conversations.staff.own_buttons import own_buttons
from conversations.texts.case import kind_name, office_name
from conversations.texts.whole_text import whole_text
from services.actors import case_subject, staff_address
from services.cases import resident_actions
from services.casework import cards
from services.incidents import joining
from services.notify.enqueue import notify_office
from services.notify.notices.cases import StaffCard, StaffCase, StaffFiles
from services.staff import permissions
from storage.ids import MessageId, OfficeId
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseStatus
from storage.records.files import FileRow, FileStatus
from storage.records.staff import Card, StaffChat

E, S = CaseEventKind, CaseStatus

#: So many messages owed to a chat are as many as a group can read; beyond them, new cards give way to a digest.
FLOOD = 8
#: A digest gathers what comes in within so long.
_GATHERED = timedelta(seconds=20)


# ---------------------------------------------------------------------------- as notices


async def show(responder: Responder, notice: StaffCard) -> None:
    """Show or edit an office's card of a case."""
    work = responder.work
    case = await resident_actions.by_id(work, notice.case)
    chat = await permissions.chat_of(work, notice.office)
    if case is None or chat is None:
        return
    before = await cards.of(work, case.id, notice.office)
    if (before is None or before.message is None) and await joining.stands_for(work, case):
        return
    card = await cards.place(work, case.id, chat)
    if card.message is None:
        if await cards.is_on_its_way(work, case.id, notice.office):
            raise NotYet  # it would be sent twice: which message it is, is known once it was sent
        if case.office != notice.office:
            return  # it left before it was ever shown here
        if await is_flooded(responder, card):
            await _say_many(responder, notice.office)
            return
    await _say_card(responder, case, card)
    if card.message is None:
        await _owe_all_files(responder, case)


async def files(responder: Responder, notice: StaffFiles) -> None:
    """The files of a case as an album below its card, once they were fetched and found good."""
    work = responder.work
    case, card = await resident_actions.by_id(work, notice.case), await cards.of(work, notice.case, notice.office)
    chat = await permissions.chat_of(work, notice.office)
    if case is None or card is None or chat is None or case.office != notice.office:
        return  # whoever has the case now is shown all of them
    if (card.channel, card.chat) != (chat.channel, chat.chat):
        return  # the team works elsewhere by now: what is below the card there is asked for with it
    if card.message is None:
        if await cards.is_on_its_way(work, case.id, notice.office):
            raise NotYet
        return
    found = [file for file, event in await resident_actions.files_of(work, case.id) if notice.event in {None, event}]
    if any(file.status is FileStatus.WANTED for file in found):
        raise NotYet
    _say_files(responder, case, found, card.message, whole=notice.event is None)


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
    card, chat = await cards.of(work, case.id, case.office), await permissions.chat_of(work, case.office)
    if chat is None:
        return
    message = card.message if card is not None else None
    if message is None and await joining.stands_for(work, case):
        if await is_flooded(responder, chat):
            return
    elif message is None:
        if card is None or await cards.is_on_its_way(work, case.id, case.office):
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
    rows = decision_buttons(t, case) if event.what is E.UNANSWERED else ()
    if message is None:
        rows = ((button(t.plain("Open the card"), "open", case.id, case.version),),)
    responder.say(text, rows, subject=case_subject(case.id), reply_to=message)
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
    links = called(responder, people)
    return responder.t("For {people}", people=Markup(" ").join(links)) if links else None


# ---------------------------------------------------------------------------- in the chat


async def show_here(context: StaffContext, case: Case) -> None:
    """A member asks for a case: its card, where they are. In its own chat it becomes the living one."""
    work, said = context.work, context.said
    chat = await permissions.chat_of(work, case.office)
    t = context.t
    if chat is not None and (chat.channel, chat.chat) == (said.channel, said.chat):
        card = await cards.place(work, case.id, chat)
        if card.message is not None:  # the old one is far up: it stays what it is, and the new one lives on
            context.say(t("{reference} is shown below.", reference=t.ref(case.reference)), edit=card.message)
        cards.lift(work, case.id, case.office)  # what comes meanwhile waits for the new one
        card = card.model_copy(update={"message": None})
        await _say_card(in_office_words(context, case.office), case, card)
        await _owe_all_files(context, case)
        return
    text, buttons = await card_of(context, case)
    context.say(text, await own_buttons(context, case, buttons), subject=case_subject(case.id))


async def refresh(context: StaffContext, case: Case) -> None:
    """Show the card that was tapped as it stands, in the office's language."""
    text, buttons = await card_of(in_office_words(context, case.office), case)
    buttons = await own_buttons(context, case, buttons)
    context.say(text, buttons, subject=case_subject(case.id), edit=context.said.message)


async def is_flooded(responder: Responder, chat: StaffChat | Card) -> bool:
    """Whether more is owed to the chat than anybody there could read."""
    return await cards.count_owed(responder.work, chat) >= FLOOD


async def gathered_by(responder: Responder, group: str) -> datetime:
    """When the digest is due: by the first card that waits, so that a long flood cannot postpone it."""
    return await cards.first_owed(responder.work, group) or responder.work.now + _GATHERED


async def _say_many(responder: Responder, office: OfficeId) -> None:
    t, n = responder.t, await cards.unshown(responder.work, office)
    group = f"flood:{office}"
    responder.say(
        t.join_lines(
            t.plural("📥 {n} new request is in the queue", "📥 {n} new requests are in the queue", n),
            t("Too many requests came in at once to show each card."),
        ),
        ((button(t.plain("Open the queue"), "queue", argument="unowned"),),),
        supersedes=group,
        not_before=await gathered_by(responder, group),
    )


async def _say_card(responder: Responder, case: Case, card: Card) -> None:
    text, buttons = await card_of(responder, case) if case.office == card.office else await _farewell(responder, case)
    shown = digest(text, buttons)
    if card.message is not None and card.shown == shown:
        return  # a note, say: an edit that changes nothing would cost the group one of its twenty messages
    cards.shows(responder.work, case.id, card.office, shown)
    group = cards.group(case.id, card.office)
    responder.say(text, buttons, subject=case_subject(case.id), edit=card.message, supersedes=group)


def digest(text: Markup, buttons: Rows) -> str:
    """What a card shows, in short: an edit to the same is not sent."""
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
    if _is_cut(case) or await resident_actions.files_of(responder.work, case.id):
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


def _is_cut(case: Case) -> bool:
    """Whether the card does not show all of its words."""
    return len(case.words) > CARD_WORDS


def _say_files(responder: Responder, case: Case, found: list[FileRow], card: MessageId, *, whole: bool) -> None:
    if whole and _is_cut(case):
        text = whole_text(case.reference, case.words)
        responder.say(Markup(), files=(text,), subject=case_subject(case.id), reply_to=card)
    good = tuple(outgoing(file) for file in found if file.status is FileStatus.STORED)
    if good:
        responder.say(Markup(), files=good, subject=case_subject(case.id), reply_to=card)


RENDERINGS = (
    Rendering(StaffCard, to_staff=show),
    Rendering(StaffFiles, to_staff=files),
    Rendering(StaffCase, to_staff=news),
)
