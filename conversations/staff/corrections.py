"""What a member said is corrected by editing their message, and taken back by /undo."""

from __future__ import annotations

from conversations.requests.notices import staff_status
from conversations.staff import answer_undoing, rights
from conversations.staff.context import StaffContext
from conversations.staff.incoming_words import read_words, replied_case
from conversations.staff.pending_replies import PendingReply, Waiting, waiting
from conversations.staff.registry import StaffCommand
from conversations.staff.reply_sending import answer_about, take
from locales import N_
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEvent
from services.cases.staff_actions import Denied
from services.cases.workflow import NotAllowed, Stale
from services.casework import replies
from services.casework.replies import LONGEST, Origin, ReplyKind, Told
from services.staff.permissions import Act
from services.text.references import parse_reference
from storage.ids import MessageId

_QUOTED = 200  # characters of what was undone


async def edited(context: StaffContext) -> bool:
    """A member edited a message of theirs; False where it was none that became words for a case."""
    said = context.said
    text, _ = read_words(context)
    state = await waiting(context)
    reply = state.of_message(said.message)
    case = await resident_actions.by_id(context.work, reply.case) if reply is not None else None
    if reply is not None and case is not None:
        if text != reply.text_of(said.message) and await rights.may_speak_of(context, case):
            await _reworded(context, case, state, reply)
        return True
    event = await replies.of_message(context.work, said.channel, said.chat, said.message or MessageId(""))
    case = await resident_actions.by_id(context.work, event.case_id) if event is not None else None
    if event is None or case is None:
        return False
    if await rights.may_speak_of(context, case):
        await _correct(context, case, event, text)
    return True


async def _correct(context: StaffContext, case: Case, event: CaseEvent, text: str) -> None:
    """What was said already says something else now."""
    t, said = context.t, context.said
    origin = Origin(said.channel, said.chat, (said.message,) if said.message is not None else ())
    album = await replies.with_caption(context.work, event, said.message, text) if said.message is not None else None
    if album is not None:
        origin = Origin(said.channel, said.chat, tuple(album), tuple(album.values()))
        text = "\n".join(filter(None, album.values()))
    if not text and event.words:
        answer_about(context, case, t("A correction needs text. Nothing was sent."))
        return
    if album is None and await replies.is_of_several(context.work, event, album=bool(said.album)):
        answer_about(
            context,
            case,
            t("This was part of a longer text, so nothing was sent. Reply to the card with your correction."),
        )
        return
    note = replies.kind_of(event) is ReplyKind.NOTE
    if len(text) > LONGEST and not note:
        answer_about(
            context,
            case,
            t(
                "Your text must be {limit} characters or fewer. It has {n}. Nothing was sent.",
                n=len(text),
                limit=LONGEST,
            ),
        )
        return
    await _corrected(context, case, await replies.correct(context.work, context.person, event, text, origin), note=note)


async def _reworded(context: StaffContext, case: Case, state: Waiting, reply: PendingReply) -> None:
    """The words were still waiting: they are others now."""
    text, prefixed = read_words(context)
    changed = reply.reworded(context.said.message or MessageId(""), text).model_copy(
        update={"kind": prefixed or reply.kind}
    )
    await take(context, case, state, changed)


async def _corrected(
    context: StaffContext,
    case: Case,
    result: Told | replies.Unchanged | replies.Answered | replies.Nothing | replies.Refused,
    *,
    note: bool,
) -> None:
    t = context.t
    match result:
        case replies.Unchanged():
            return
        case replies.Nothing():
            answer_about(context, case, t("You have already undone this message, so your edit has no effect."))
        case Denied():
            answer_about(context, case, t("You do not have permission to do this"))
        case replies.Answered():
            answer_about(context, case, t("The question is no longer open, so we did not send the correction."))
        case Stale() | NotAllowed():
            answer_about(
                context,
                case,
                t(
                    "You cannot do this for {reference}. Its status is “{status}”.",
                    reference=t.ref(case.reference),
                    status=staff_status(t, case),
                ),
            )
        case Told() if note:
            answer_about(context, case, t("✏️ We have corrected the note. The history shows both versions."))
        case Told():
            answer_about(
                context, case, t("✏️ We have sent the correction to the applicant. The history shows both versions.")
            )


async def undone(context: StaffContext) -> None:
    """`/undo`: take back what one said last here, or in the case or appointment that a reply or a reference names."""
    t = context.t
    event = await _to_undo(context)
    if (answered := await answer_undoing.to_undo(context, event.at if event is not None else None)) is not None:
        await answer_undoing.undone(context, *answered)
        return
    case = await resident_actions.by_id(context.work, event.case_id) if event is not None else None
    if case is None or event is None:
        context.say(t("You have nothing to undo."), reply_to=context.said.message)
        return
    if not await rights.may_speak_of(context, case):
        return
    result = await replies.undo(context.work, context.person, event)
    match result:
        case Denied():
            text = t("You do not have permission to do this")
        case replies.Nothing():
            text = t("You have nothing to undo.")
        case replies.TooLate():
            text = t(
                "You can only undo a message within {minutes} of sending it. You can still correct a "
                "reply by editing your message.",
                minutes=t.duration(replies.UNDO_WITHIN),
            )
        case replies.Answered():
            text = t("You can no longer undo this. The applicant has replied or the status has changed.")
        case Stale() | NotAllowed():
            text = t(
                "You cannot do this for {reference}. Its status is “{status}”.",
                reference=t.ref(case.reference),
                status=staff_status(t, case),
            )
        case replies.Undone(before_sent=True):
            text = t(
                "↩️ You have undone your message about {reference}. The applicant did not see it.",
                reference=t.ref(case.reference),
            )
        case replies.Undone():
            text = t(
                "↩️ You have undone your message about {reference}. We had already sent it to the "
                "applicant, so we have asked them to ignore it.",
                reference=t.ref(case.reference),
            )
    # Whoever types it again undoes the message before: they read which it was.
    which = t("“{words}”", words=t.own(event.words, _QUOTED)) if isinstance(result, replies.Undone) else None
    answer_about(context, case, t.join_lines(text, which if event.words else None))


async def _to_undo(context: StaffContext) -> CaseEvent | None:
    """The words that `/undo` is about."""
    work, said = context.work, context.said
    reference = parse_reference(said.argument) if said.argument else None
    case = await resident_actions.by_reference(work, reference) if reference is not None else None
    if case is None and said.reply_to is not None:
        named = await replies.of_message(work, said.channel, said.chat, said.reply_to)
        if named is not None:
            return named
        case = await replied_case(context)
    if case is not None:
        return await replies.last_of(work, context.person, case.id)
    return await replies.last_in(work, context.person, said.channel, said.chat)


COMMANDS = (StaffCommand("undo", N_("Undo the last message you sent"), Act.NOTE, undone),)
