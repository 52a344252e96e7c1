"""A member says something about a case by replying to its card, or to any message below it.

What the words are is known by a prefix (`?` a question, `#` a note), by the button that asked for them, or is asked
once (`reply_sending`).
"""

from __future__ import annotations

from conversations.appointments.words import replied_booking, said_about
from conversations.engine.fields import refusal_words
from conversations.engine.messages import Kind
from conversations.staff import corrections, duplicates, public_summary, rights
from conversations.staff.context import StaffContext
from conversations.staff.incoming_words import read_words, replied_case
from conversations.staff.office_scope import why_refused
from conversations.staff.pending_replies import PendingReply, Waiting, waiting
from conversations.staff.reply_sending import allowed_kinds, answer_about, take
from services.actors import case_subject
from services.cases import resident_actions
from services.cases.resident_actions import Case
from services.casework import replies
from services.casework.replies import Origin, ReplyKind
from services.files import attachments
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import FileId, MessageId

_TAKEN = frozenset({Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})


async def handle_message(context: StaffContext) -> bool:
    """Take a message of a group that is no command; False where it has to do with no case."""
    said = context.said
    if said.edited:
        return await corrections.edited(context)
    case = await replied_case(context)
    if case is None and (booking := await replied_booking(context)) is not None:
        await said_about(context, booking)
        return True
    if case is None:
        return await album_part(context)
    await said_to_card(context, case)
    return True


async def said_to_card(context: StaffContext, case: Case) -> None:
    """Take what a member wrote or sent below a case."""
    said, t = context.said, context.t
    if not await _may_speak(context, case):
        member = await context.member()
        inside = member is not None and member.may(Act.READ, case.office)
        inside = inside and await rights.is_spoken_of_here(context, case)
        answer_about(context, case, why_refused(context, ReplyKind.NOTE.right if inside else None))
        return
    state = await waiting(context)
    if await public_summary.taken(context, case, state) or await duplicates.taken(context, case, state):
        return
    if said.kind not in _TAKEN:
        answer_about(
            context,
            case,
            t(
                "We cannot send this type of message. You can send text, photos, voice notes, videos, "
                "documents, locations and contacts."
            ),
        )
        return
    files = await attachments.keep_staff(context.work, said.channel, said.files)
    if isinstance(files, attachments.Refused):
        answer_about(
            context,
            case,
            t.join_lines(
                t("We could not accept the file. Nothing was sent."), refusal_words(t, files.reason, files.limit)
            ),
        )
        return
    if state.album is not None and said.album and (state.album.album, state.album.case) == (said.album, case.id):
        await _add_to_album(context, case, state, files)
        return
    await take(context, case, state, _reply_from(context, case, state, files))


async def album_part(context: StaffContext) -> bool:
    """Take a part of an album whose first was a reply to a card, where the channel did not say so of the others."""
    if not context.said.album:
        return False
    state = await waiting(context)
    begun = state.of_album(context.said.album)
    here = (
        begun.case if begun else state.album.case if state.album and state.album.album == context.said.album else None
    )
    case = await resident_actions.by_id(context.work, here) if here is not None else None
    if case is None:
        return False
    await said_to_card(context, case)
    return True


def _reply_from(context: StaffContext, case: Case, state: Waiting, files: tuple[FileId, ...]) -> PendingReply:
    """The words that were said, with those they belong to: of the same album, or that they take the place of."""
    said = context.said
    text, prefixed = read_words(context)
    here = said.message or MessageId("")
    begun = state.of_album(said.album)
    if begun is not None and begun.case == case.id:
        more = begun.and_then(here, said.position, text, said.at)
        return more.model_copy(update={"kind": begun.kind or prefixed, "files": (*begun.files, *files)})
    cut = state.cut(case.id, said.at) if said.kind is Kind.TEXT and prefixed is None else None
    if cut is not None:
        return cut.and_then(here, said.position, text, said.at)
    prompt = state.prompted(case.id, said.at)
    changed = state.find(prompt.instead_of) if prompt is not None and prompt.instead_of is not None else None
    if changed is not None and prefixed in {None, changed.kind}:  # a note is never taken for the text of a reply
        kept = {"files": (*changed.files, *files), "messages": (here,), "album": said.album, "turn": changed.turn + 1}
        kept |= {"parts": (text or changed.words,), "positions": (said.position,), "at": said.at}
        return changed.model_copy(update={"words": text or changed.words, **kept} | ({"template": ""} if text else {}))
    kind = prefixed or (prompt.kind if prompt is not None else None)
    return PendingReply(
        key=here,
        case=case.id,
        kind=kind,
        words=text,
        files=files,
        messages=(here,),
        parts=(text,),
        positions=(said.position,),
        at=said.at,
        album=said.album,
    )


async def _may_speak(context: StaffContext, case: Case) -> bool:
    """Whether they may say anything at all, here; where they may not, it is written down that they tried."""
    if await rights.is_spoken_of_here(context, case) and await allowed_kinds(context, case):
        return True
    permissions.deny(context.work, context.person, ReplyKind.NOTE.right, case_subject(case.id))
    return False


async def _add_to_album(context: StaffContext, case: Case, state: Waiting, files: tuple[FileId, ...]) -> None:
    """The rest of an album goes where its first part went; a caption of its own is more of the same type."""
    said = context.said
    event = None if state.album is None else await resident_actions.event_by_id(context.work, state.album.event)
    if event is None:
        return
    here = (said.message,) if said.message is not None else ()
    await replies.add_files(context.work, event, Origin(said.channel, said.chat, here), files)
    text, prefixed = read_words(context)
    if text and said.message is not None:
        more = PendingReply(key=said.message, case=case.id, kind=prefixed or replies.kind_of(event), words=text)
        more = more.model_copy(
            update={"messages": here, "parts": (text,), "positions": (said.position,), "at": said.at}
        )
        await take(context, case, state, more)
