"""A member says something about a case by replying to its card, or to any message below it.

What the words are is known by a prefix (`?` a question, `#` a note), by the button that asked for them, or is asked
once. A note is kept at once. Whatever goes to the resident is shown first, as the resident will see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.fields import refusal_words
from conversations.engine.messages import Kind
from conversations.engine.step import Button, Rows
from conversations.requests.notices import staff_status
from conversations.staff import preview
from conversations.staff import templates as templates_menu
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import refuse
from conversations.staff.pending_replies import (
    Album,
    PendingReply,
    Prompt,
    Waiting,
    may_be_cut,
    rest_of_note,
    save,
    waiting,
    whose,
)
from locales import N_
from services.actors import case_in, case_subject
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEvent, CaseStatus
from services.cases.workflow import NotAllowed, Stale, can
from services.casework import replies
from services.casework.guarded_actions import Denied
from services.casework.replies import ACTS, LONGEST, MOVES, Origin, ReplyKind, Told, Words
from services.files import attachments
from services.notify.reply_subject import replied_subject
from services.staff import permissions
from services.text.normalise import clean
from services.text.references import parse_reference
from storage import cards
from storage.ids import CaseId, FileId

_TAKEN = frozenset({Kind.TEXT, Kind.MEDIA, Kind.LOCATION})
_PREFIXES: Mapping[str, ReplyKind] = MappingProxyType({"?": ReplyKind.ASK, "؟": ReplyKind.ASK, "#": ReplyKind.NOTE})
#: What a reply can be without a button that said so before.
_CHOICES = (ReplyKind.REPLY, ReplyKind.ASK, ReplyKind.NOTE)
_MESSAGE = 4096  # characters, the longest of Telegram
_QUIET = timedelta(seconds=1.5)  # the parts of a long text arrive one by one
_NEEDS_WORDS = frozenset({ReplyKind.ASK, ReplyKind.REJECT})

_LABELS: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ Question"),
        ReplyKind.REPLY: N_("✉️ Official reply"),
        ReplyKind.NOTE: N_("📝 Internal note"),
    }
)
_PROMPTS: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ {name}, reply to this message with the question for the applicant."),
        ReplyKind.REPLY: N_("✉️ {name}, reply to this message with the official reply."),
        ReplyKind.NOTE: N_("📝 {name}, reply to this message with the note. The applicant will not see it."),
        ReplyKind.RESOLVE: N_(
            "☑️ {name}, reply to this message with what was done and a photo that shows it. We will "
            "then ask the applicant to confirm."
        ),
        ReplyKind.REJECT: N_("🚫 {name}, reply to this message with the reason. The applicant will see it."),
    }
)
_SENT: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ {name} asked the applicant:"),
        ReplyKind.REPLY: N_("✉️ {name} replied to the applicant:"),
        ReplyKind.RESOLVE: N_("☑️ {name} reported this as solved. We have asked the applicant to confirm."),
        ReplyKind.REJECT: N_("🚫 {name} rejected the request. Reason:"),
    }
)


# ---------------------------------------------------------------------------- from the group


async def handle_message(context: StaffContext) -> bool:
    """Take a message of a group that is no command; False where it has to do with no case."""
    said = context.said
    if said.edited:
        return await edited(context)
    case = await replied_to(context)
    if case is None:
        return await album_part(context)
    await said_to_card(context, case)
    return True


async def tapped(context: StaffContext, tap: Tap) -> bool:
    """Do what a button says that is about words; False where its verb is none of these."""
    if tap.verb == "say":
        await chosen(context, tap)
    elif tap.verb == "tmpl":
        await templates_menu.chosen(context, tap)
    elif tap.verb in {one.value for one in ReplyKind}:
        case = await resident_actions.by_id(context.work, tap.case)
        if case is None:
            permissions.deny(context.work, context.person, ACTS[ReplyKind(tap.verb)], case_subject(tap.case))
            refuse(context)
        else:
            await prompted(context, case, tap.verb)
    else:
        return False
    return True


async def replied_to(context: StaffContext) -> Case | None:
    """The case whose card, or whose message below it, this is a reply to."""
    said, tx = context.said, context.work.tx
    if said.reply_to is None:
        return None
    found = await cards.case_at(tx, said.channel, said.chat, said.reply_to)
    if found is None:
        about = await replied_subject(context.work, said.channel, said.chat, said.reply_to, said.reply_text)
        found = case_in(about)
    return None if found is None else await resident_actions.by_id(context.work, found)


# ---------------------------------------------------------------------------- a reply to the card


async def said_to_card(context: StaffContext, case: Case) -> None:
    """Take what a member wrote or sent below a case."""
    said, t = context.said, context.t
    if not await _may_speak(context, case):
        _answer(context, case, t("You do not have permission to do this"))
        return
    if said.kind not in _TAKEN:
        _answer(
            context,
            case,
            t(
                "We cannot send this type of message. You can send text, photos, voice notes, videos, "
                "documents and locations."
            ),
        )
        return
    files = await attachments.keep_staff(context.work, said.channel, said.files)
    if isinstance(files, attachments.Refused):
        _answer(
            context,
            case,
            t.join_lines(
                t("We could not accept the file. Nothing was sent."), refusal_words(t, files.reason, files.limit)
            ),
        )
        return
    state = await waiting(context)
    if state.album is not None and said.album and (state.album.album, state.album.case) == (said.album, case.id):
        await _add_to_album(context, state.album, files)
        return
    await _take(context, case, state, _heard(context, case, state, files))


async def _take(context: StaffContext, case: Case, state: Waiting, saying: PendingReply) -> None:
    """Go on with what was written. The rest of a long text may be on its way: one answer follows the last part."""
    before = len(context.out)
    await _go_on(context, case, state, saying)
    if not (len(saying.parts) > 1 or may_be_cut(saying.words)):
        return
    which = saying.manner if saying.manner is ReplyKind.NOTE else saying.key
    group, later = f"words:{context.said.chat}:{context.person.address}:{which}", context.work.now + _QUIET
    context.out[before:] = [replace(one, supersedes=group, not_before=later) for one in context.out[before:]]


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


def _heard(context: StaffContext, case: Case, state: Waiting, files: tuple[FileId, ...]) -> PendingReply:
    """The words that were said, with those they belong to: of the same album, or that they take the place of."""
    said = context.said
    text, prefixed = _split(_text(context))
    here = said.message or 0
    begun = state.of_album(said.album)
    if begun is not None and begun.case == case.id:
        return begun.model_copy(
            update={
                "words": begun.words or text,
                "manner": begun.manner or prefixed,
                "files": (*begun.files, *files),
                "messages": (*begun.messages, here),
                "turn": begun.turn + 1,
            }
        )
    cut = state.cut(case.id, said.at) if said.kind is Kind.TEXT and prefixed is None else None
    if cut is not None:
        return cut.and_then(here, text, said.at)
    prompt = state.prompted(case.id, said.at)
    changed = state.find(prompt.instead_of) if prompt is not None and prompt.instead_of is not None else None
    if changed is not None and prefixed in {None, changed.manner}:  # a note is never taken for the text of a reply
        kept = {"files": (*changed.files, *files), "messages": (here,), "album": said.album, "turn": changed.turn + 1}
        kept |= {"parts": (text or changed.words,), "at": said.at}
        return changed.model_copy(update={"words": text or changed.words, **kept} | ({"template": ""} if text else {}))
    manner = prefixed or (prompt.manner if prompt is not None else None)
    return PendingReply(
        key=here,
        case=case.id,
        manner=manner,
        words=text,
        files=files,
        messages=(here,),
        parts=() if said.album else (text,),
        at=said.at,
        album=said.album,
    )


def _text(context: StaffContext) -> str:
    """What was written, or the place that was sent, as a link that opens a map."""
    place = context.said.place
    if place is not None:
        return f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"
    return clean(context.said.text, _MESSAGE)


def _split(text: str) -> tuple[str, ReplyKind | None]:
    """The words without their prefix, and what it says they are."""
    manner = _PREFIXES.get(text[:1])
    return (text, None) if manner is None else (text[1:].strip(), manner)


async def _go_on(
    context: StaffContext, case: Case, state: Waiting, saying: PendingReply, *, edit: bool = False
) -> None:
    """The next thing these words wait for; `edit` shows it in the place of the tapped message."""
    allowed = await _allowed(context, case)
    open_to = [one for one in _CHOICES if one in allowed and can(case, MOVES[one])]
    if saying.manner is None and open_to == [ReplyKind.NOTE]:
        saying = saying.model_copy(update={"manner": ReplyKind.NOTE})
    state = state.put(saying).ask(None)
    if saying.manner is None:
        save(context, state)
        _ask_what(context, case, saying, open_to, edit=edit)
    elif saying.manner not in allowed:
        await permissions.guard(context.work, context.person, ACTS[saying.manner], case.office, case_subject(case.id))
        save(context, state.without(saying))
        _answer(context, case, context.t("You do not have permission to do this"))
    elif not can(case, MOVES[saying.manner]):
        save(context, state)
        _say_closed(context, case, saying, open_to, edit=edit)
    elif (wrong := _wrong(context, saying)) is not None:
        save(context, state.ask(Prompt(case=case.id, manner=saying.manner, instead_of=saying.key)))
        preview.show(context, case, wrong, edit=edit, to=context.said.message)
    elif saying.manner is ReplyKind.NOTE:
        await _say(context, case, state, saying, edit=edit)
    else:
        save(context, state)
        await preview.preview(context, case, saying, edit=edit)


def _wrong(context: StaffContext, saying: PendingReply) -> Markup | None:
    """Why words cannot go as they are."""
    t = context.t
    if not saying.words and not saying.template and (not saying.files or saying.manner in _NEEDS_WORDS):
        if saying.files:
            return t("There is no text yet. Reply to this message with the text. We have saved the file.")
        return t("There is no text yet. Reply to this message with the text.")
    if saying.manner is not ReplyKind.NOTE and len(saying.words) > LONGEST:
        return t(
            "Your text must be {limit} characters or fewer. It has {n}. Edit your message to shorten "
            "it, or reply to this message with a shorter text.",
            n=len(saying.words),
            limit=LONGEST,
        )
    return None


def _ask_what(context: StaffContext, case: Case, saying: PendingReply, open_to: list[ReplyKind], *, edit: bool) -> None:
    """The question that is asked once, the likeliest first."""
    t = context.t
    text = t.join_lines(
        t("What type of message is this for {reference}?", reference=t.ref(case.reference)),
        t("You will see a question or a reply before we send it to the applicant. Only staff can see notes."),
    )
    preview.show(
        context,
        case,
        text,
        _choice_rows(context, case, saying, _likeliest(case, saying, open_to)),
        edit=edit,
        to=saying.key,
    )


def _choice_rows(context: StaffContext, case: Case, saying: PendingReply, manners: list[ReplyKind]) -> Rows:
    t, key = context.t, f"{saying.key}.{saying.turn}"
    found = [button(t.plain(_LABELS[one]), "say", case.id, case.version, f"{one}.{key}") for one in manners]
    return (tuple(found[:2]), (*found[2:], _drop(context, case, saying)))


def _drop(context: StaffContext, case: Case, saying: PendingReply) -> Button:
    argument = f"drop.{saying.key}.{saying.turn}"
    return button(context.t.plain("✖️ Cancel"), "say", case.id, case.version, argument)


def _likeliest(case: Case, saying: PendingReply, open_to: list[ReplyKind]) -> list[ReplyKind]:
    asking = saying.words.rstrip().endswith(("?", "؟")) and case.status is not CaseStatus.AWAITING_RESIDENT
    return sorted(open_to, key=lambda one: not (asking and one is ReplyKind.ASK))


def _say_closed(
    context: StaffContext, case: Case, saying: PendingReply, open_to: list[ReplyKind], *, edit: bool
) -> None:
    """Its state does not have that any more: what it still has."""
    t = context.t
    text = t.join_lines(
        t(
            "You cannot do this for {reference}. Its status is “{status}”.",
            reference=t.ref(case.reference),
            status=staff_status(t, case),
        ),
        t("Nothing was sent. You can choose another type for this message:") if open_to else t("Nothing was sent."),
    )
    preview.show(context, case, text, _choice_rows(context, case, saying, open_to), edit=edit, to=saying.key)


# ---------------------------------------------------------------------------- taps


async def chosen(context: StaffContext, tap: Tap) -> None:
    """A button under a member's words: what they are, Send, Edit, Cancel. Only the one who wrote may."""
    what, _, rest = tap.argument.partition(".")
    key, _, turn = rest.partition(".")
    case = await resident_actions.by_id(context.work, tap.case)
    state = await waiting(context)
    saying = state.find(int(key)) if key.isdecimal() and key.isascii() else None
    if case is None or saying is None or saying.case != case.id:
        await _not_theirs(context, tap.case, key)
        return
    if turn != str(saying.turn):
        context.toast = context.t.plain("This is an earlier version. See the newer one below.")
        return
    if what in {"send", "edit"} and (saying.manner is None or (what == "send" and _wrong(context, saying) is not None)):
        context.toast = context.t.plain("You cannot do this here")
        return
    match what:
        case "send":
            await _say(context, case, state, saying, edit=True)
        case "edit":
            _change(context, case, state, saying)
        case "drop":
            save(context, state.without(saying))
            preview.show(context, case, context.t("Cancelled. Nothing was sent."), edit=True)
        case _ if what in {one.value for one in _CHOICES}:
            await _go_on(context, case, state, saying.model_copy(update={"manner": ReplyKind(what)}), edit=True)
        case _:
            context.toast = context.t.plain("You cannot do this here")


async def _not_theirs(context: StaffContext, case: CaseId, key: str) -> None:
    t = context.t
    if await permissions.member(context.work, context.person) is None:
        permissions.deny(context.work, context.person, permissions.Act.REPLY, case_subject(case))
        refuse(context)
        return
    actor = await whose(context, int(key), case) if key.isdecimal() and key.isascii() and len(key) < 19 else None
    if actor is None or actor == context.person.actor:
        context.toast = t.plain("This is no longer possible.")
        return
    name = (await permissions.names(context.work)).get(actor, "")
    context.toast = (
        t.plain("{name} wrote this, so only they can choose", name=name)
        if name
        else t.plain("Only the person who wrote this can choose")
    )


def _change(context: StaffContext, case: Case, state: Waiting, saying: PendingReply) -> None:
    """Have it written again; meanwhile it is not sent."""
    t = context.t
    assert saying.manner is not None  # noqa: S101 - a preview was shown
    changed = saying.model_copy(update={"turn": saying.turn + 1})
    save(context, state.put(changed).ask(Prompt(case=case.id, manner=saying.manner, instead_of=saying.key)))
    again = t("{name}, reply to this message with the new text.", name=context.person.name)
    if saying.messages and not saying.template:
        again = t("{name}, edit your own message or reply to this one with the new text.", name=context.person.name)
    preview.show(context, case, again, ((_drop(context, case, changed),),), edit=True)


# ---------------------------------------------------------------------------- asked for by a button of the card


async def prompted(context: StaffContext, case: Case, verb: str) -> None:
    """A button of the card asks for words: a question, a reply, a note, what was done, a reason."""
    t = context.t
    manner = ReplyKind(verb) if verb in {one.value for one in ReplyKind} else None
    act = ACTS[manner] if manner is not None else permissions.Act.READ
    if (
        await permissions.guard(context.work, context.person, act, case.office, case_subject(case.id)) is None
        or manner is None
    ):
        refuse(context)
        return
    if not can(case, MOVES[manner]):
        context.toast = t.plain("This is no longer possible. See the card.")
        return
    save(context, (await waiting(context)).ask(Prompt(case=case.id, manner=manner)))
    text = t.join_lines(
        t("<b>{reference}</b>", reference=t.ref(case.reference)), t(_PROMPTS[manner], name=context.person.name)
    )
    context.say(text, _prompt_rows(context, case, manner), subject=case_subject(case.id), reply_to=context.said.message)


def _prompt_rows(context: StaffContext, case: Case, manner: ReplyKind) -> Rows:
    templates = context.work.templates
    if manner is ReplyKind.NOTE or templates is None or not templates.for_case(case, manner):
        return ()
    label = context.t.plain("📋 Use a template")
    return ((button(label, "tmpl", case.id, case.version, f"l.{manner}.0"),),)


# ---------------------------------------------------------------------------- sending


async def _say(context: StaffContext, case: Case, state: Waiting, saying: PendingReply, *, edit: bool) -> None:
    """Have it in the history, and what is the resident's told to them."""
    t = context.t
    assert saying.manner is not None  # noqa: S101 - chosen by now
    if await preview.lost_files(context, saying):
        save(context, state.without(saying))
        preview.show(
            context,
            case,
            t("We could not save a file, so we did not send anything. Please send your message again."),
            edit=edit,
        )
        return
    messages = (*saying.messages, *((context.said.message,) if edit and context.said.message is not None else ()))
    origin = Origin(context.said.channel, context.said.chat, messages)
    words = await preview.to_send(context, case, saying)
    told = await replies.say(context.work, context.person, case.id, saying.manner, words, origin)
    if isinstance(told, Denied):
        save(context, state.without(saying))
        _answer(context, case, t("You do not have permission to do this"))
    elif isinstance(told, Told):
        _said(context, told, state.without(saying), saying, words, edit=edit)
    else:  # it has moved on since the preview
        save(context, state)
        now = await resident_actions.by_id(context.work, case.id) or case
        open_to = [one for one in _CHOICES if one in await _allowed(context, now) and can(now, MOVES[one])]
        _say_closed(context, now, saying, open_to, edit=edit)


def _said(context: StaffContext, told: Told, state: Waiting, saying: PendingReply, words: Words, *, edit: bool) -> None:
    t, case = context.t, told.case
    assert saying.manner is not None  # noqa: S101 - it was said
    album = Album(album=saying.album, case=case.id, event=told.event.id) if saying.album else None
    if saying.manner is ReplyKind.NOTE and saying.at is not None and may_be_cut(saying.words):
        state = state.ask(rest_of_note(case.id, saying.at))
    save(context, state.model_copy(update={"album": album}))
    if saying.manner is ReplyKind.NOTE:
        preview.show(
            context,
            case,
            t(
                "📝 We have added your note to {reference}. The applicant will not see it.",
                reference=t.ref(case.reference),
            ),
            edit=edit,
            to=saying.key,
        )
        return
    text = t.join_lines(
        t(_SENT[saying.manner], name=context.person.name),
        t("“{words}”", words=t.own(words.text, 600)) if words.text else None,
        t.plural("📎 {n} attachment", "📎 {n} attachments", len(words.files)) if words.files else None,
        t("To undo this within {minutes}, use {command}", minutes=t.duration(replies.UNDO_WITHIN), command="/undo"),
    )
    context.toast = t.plain("Sent")
    preview.show(context, case, text, edit=edit, to=saying.key)


async def _add_to_album(context: StaffContext, album: Album, files: tuple[FileId, ...]) -> None:
    """The rest of an album goes where its first part went."""
    event = await resident_actions.event_by_id(context.work, album.event)
    if event is not None:
        here = (context.said.message,) if context.said.message is not None else ()
        replies.add_files(context.work, event, Origin(context.said.channel, context.said.chat, here), files)


# ---------------------------------------------------------------------------- correcting and taking back


async def edited(context: StaffContext) -> bool:
    """A member edited a message of theirs; False where it was none that became words for a case."""
    said = context.said
    text, _ = _split(_text(context))
    state = await waiting(context)
    saying = state.of_message(said.message)
    case = await resident_actions.by_id(context.work, saying.case) if saying is not None else None
    if saying is not None and case is not None:
        if text != saying.text_of(said.message):
            await _reworded(context, case, state, saying)
        return True
    event = await replies.of_message(context.work, said.channel, said.chat, said.message or 0)
    case = await resident_actions.by_id(context.work, event.case_id) if event is not None else None
    if event is None or case is None:
        return False
    t = context.t
    if not text and event.words:
        _answer(context, case, t("A correction needs text. Nothing was sent."))
        return True
    if await replies.is_of_several(context.work, event):
        _answer(
            context,
            case,
            t("This was part of a longer text, so nothing was sent. Reply to the card with your correction."),
        )
        return True
    note = replies.manner_of(event) is ReplyKind.NOTE
    if len(text) > LONGEST and not note:
        _answer(
            context,
            case,
            t(
                "Your text must be {limit} characters or fewer. It has {n}. Nothing was sent.",
                n=len(text),
                limit=LONGEST,
            ),
        )
        return True
    origin = Origin(said.channel, said.chat, (said.message,) if said.message is not None else ())
    await _corrected(context, case, await replies.correct(context.work, context.person, event, text, origin), note=note)
    return True


async def _reworded(context: StaffContext, case: Case, state: Waiting, saying: PendingReply) -> None:
    """The words were still waiting: they are others now."""
    text, prefixed = _split(_text(context))
    changed = saying.reworded(context.said.message or 0, text).model_copy(update={"manner": prefixed or saying.manner})
    await _take(context, case, state, changed)


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
            _answer(context, case, t("You have already undone this message, so your edit has no effect."))
        case Denied():
            _answer(context, case, t("You do not have permission to do this"))
        case replies.Answered():
            _answer(context, case, t("The question is no longer open, so we did not send the correction."))
        case Stale() | NotAllowed():
            _answer(
                context,
                case,
                t(
                    "You cannot do this for {reference}. Its status is “{status}”.",
                    reference=t.ref(case.reference),
                    status=staff_status(t, case),
                ),
            )
        case Told() if note:
            _answer(context, case, t("✏️ We have corrected the note. The history shows both versions."))
        case Told():
            _answer(
                context, case, t("✏️ We have sent the correction to the applicant. The history shows both versions.")
            )


async def undone(context: StaffContext) -> None:
    """`/undo`: take back what one said last here, or in the case that a reply or a reference names."""
    t = context.t
    event = await _to_undo(context)
    case = await resident_actions.by_id(context.work, event.case_id) if event is not None else None
    if case is None or event is None:
        context.say(t("You have nothing to undo."), reply_to=context.said.message)
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
    _answer(context, case, text)


async def _to_undo(context: StaffContext) -> CaseEvent | None:
    """The words that `/undo` is about."""
    work, said = context.work, context.said
    reference = parse_reference(said.argument) if said.argument else None
    case = await resident_actions.by_reference(work, reference) if reference is not None else None
    if case is None and said.reply_to is not None:
        named = await replies.of_message(work, said.channel, said.chat, said.reply_to)
        if named is not None:
            return named
        case = await replied_to(context)
    if case is not None:
        return await replies.last_of(work, context.person, case.id)
    return await replies.last_in(work, context.person, said.channel, said.chat)


# ---------------------------------------------------------------------------- who may


async def _allowed(context: StaffContext, case: Case) -> frozenset[ReplyKind]:
    """What the member's rights at the case's office let them say."""
    member = await permissions.member(context.work, context.person)
    return frozenset(one for one in ReplyKind if member is not None and member.may(ACTS[one], case.office))


async def _may_speak(context: StaffContext, case: Case) -> bool:
    """Whether they may say anything at all; where they may not, it is written down that they tried."""
    if await _allowed(context, case):
        return True
    await permissions.guard(context.work, context.person, ACTS[ReplyKind.NOTE], case.office, case_subject(case.id))
    return False


def _answer(context: StaffContext, case: Case, text: Markup) -> None:
    if context.said.tap:
        context.toast = preview.as_toast(text)
    else:
        context.say(text, subject=case_subject(case.id), reply_to=context.said.message)
