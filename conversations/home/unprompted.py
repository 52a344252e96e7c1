"""The first look at what people send unasked: it is answered, starts what it plainly asks for, or is kept."""

from __future__ import annotations

from markupsafe import Markup

from conversations.delegation import answering as for_another
from conversations.engine.fields import vouched_number
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Next, NoReply, Reask, Redirect, Turn
from conversations.home import answering, asked_by_notice, own_wishes
from conversations.home.alike import says_a_matter, says_another
from conversations.home.deep_links import unknown_reference
from conversations.home.kept import MAKES, ROUTES, What, Which, route_of, start_understood
from conversations.home.keywords import Wish, is_nod, is_reaction, only_wish
from conversations.home.main_menu import MainMenu
from conversations.home.open_questions import open_of
from services import open_questions
from services.actors import booking_in
from services.text.references import bare_reference, is_mistyped

_GREETED = "menu_after_greeting"
_POLITE = frozenset({Wish.THANKS, Wish.OK, Wish.SORRY})
_NO_ANSWER = _POLITE - {Wish.OK}


async def anything(turn: Turn, about: str = "") -> Next:
    """What came while nothing was asked: an answer is taken as one, a wish is granted, all else is kept.

    `about` is the reference of the request that was on show.
    """
    said = turn.said
    if said.kind is Kind.TEXT and not said.forwarded:
        if (reference := bare_reference(said.text)) is not None:
            return Redirect(route_of(reference), reference)
        if is_mistyped(said.text):
            return Reask(unknown_reference(turn), MainMenu())
        wish = only_wish(said.text)
        if (wish is Wish.OK or is_nod(said.text)) and (asked := await _only_agrees(turn, about)) is not None:
            return asked
        if (polite := courtesy(turn)) is not None:
            return polite
        if wish is not None and wish not in MAKES:
            return await _grant(turn, wish)
    if (number := vouched_number(said)) is not None:
        return _own_number(turn, number)
    if (granted := await own_wishes.granted(turn)) is not None:
        return granted
    if (taken := await _as_answer(turn, about)) is not None:
        return taken
    if (answered := await asked_by_notice.answered(turn)) is not None:
        return answered
    added = What(greets=turn.first and bool(said.album), about=booking_in(turn.about)).with_said(turn)
    kept = added.draft
    if added.trouble is None and (made := await start_understood(turn, kept)) is not None:
        return made
    return Reask(added.trouble or Markup(), kept) if kept.draft_title(turn) or kept.pieces else MainMenu()


async def _as_answer(turn: Turn, about: str) -> Next | None:
    """Take it as the answer to a question, one's own or one about what was filed for another; None where it is none."""
    question = await answering.assumed(turn, about)
    theirs = await for_another.assumed(turn, about, question)
    if theirs is not None:
        return await for_another.take(turn, theirs)
    own_matter = says_a_matter(turn)  # which is more than something to add, and no answer from who spoke of another
    another = own_matter and (says_another(turn) or (question and await answering.spoke_of_another(turn, question)))
    if question is not None and not another:
        return await answering.take(turn, question)
    if own_matter:
        return None
    return await answering.followed(turn) or await for_another.followed(turn)


async def _only_agrees(turn: Turn, about: str) -> Next | None:
    """Ask whether an "ok" is meant as an answer, or take it as what a notice asked for.

    None where nothing was asked, or that was asked a moment ago.
    """
    question = await answering.assumed(turn, about)
    theirs = await for_another.assumed(turn, about, question)
    if theirs is not None:
        return await for_another.only_agrees(turn, theirs)
    if question is not None:
        return await answering.only_agrees(turn, question)
    return await asked_by_notice.agreed(turn) if only_wish(turn.said.text) is Wish.OK else None


def _own_number(turn: Turn, number: str) -> Next:
    """One's own number asks for nothing to be done. A new one was kept and said so (`number_verified`)."""
    if not turn.resident.phone_own or turn.resident.phone != number:
        return MainMenu()
    return Reask(turn.t("📱 We already have {phone} as your phone number.", phone=turn.t.phone(number)), MainMenu())


def courtesy(turn: Turn) -> Next | None:
    """Answer what is only polite with an emoji: it wants no form, and no second message. None for all else."""
    said = turn.said
    wish = only_wish(said.text)
    if said.message is None or said.forwarded or not (wish in _POLITE or is_reaction(said.text)):
        return None
    turn.react("🙏" if wish in _NO_ANSWER else "👍", said.message)
    return NoReply()


async def courtesy_by_reply(turn: Turn) -> Next | None:
    """The same of a reply to a message of ours. Where that asks something, an "ok" or a thumbs-up is an answer."""
    asks = any(one.subject == turn.about for one in await open_of(turn))
    return None if asks and only_wish(turn.said.text) not in _NO_ANSWER else courtesy(turn)


async def _grant(turn: Turn, wish: Wish) -> Next:
    t = turn.t
    match wish:
        case Wish.PEACE:
            return await _greet(turn, t("Peace be upon you too, and welcome."))
        case Wish.HELLO:
            return await _greet(turn, t("Hello, and welcome."))
        case Wish.DESPAIR:
            text = t(
                "Sorry that it has come to this. Write what happened and we will pass it on, or call the "
                "hotline: {phone}. Under My requests you can see who deals with yours.",
                phone=t.phone(turn.work.offices.hotline),
            )
            return await _greet(turn, text)
        case Wish.ARABIC | Wish.ENGLISH:
            return Redirect("language", "ar" if wish is Wish.ARABIC else "en")
    return Redirect(ROUTES[wish])


async def _greet(turn: Turn, text: Markup) -> Next:
    """Answer with the menu below, unless the menu is already there."""
    if isinstance(turn.here, MainMenu) and await open_questions.was_asked(turn.work, turn.resident.id, _GREETED):
        turn.say(text)
        return NoReply()
    open_questions.note_shown(turn.work, turn.resident.id, _GREETED)
    return Reask(text, MainMenu())


async def route(turn: Turn, about: str) -> Next:
    """For a flow that was handed what it can't use. A button has nothing to hand over."""
    return MainMenu() if turn.said.kind in {Kind.CHOICE, Kind.COMMAND} else await anything(turn, about)


FLOW = Flow(steps=(What, Which, *answering.STEPS), routes={"anything": route, **answering.ROUTES})
