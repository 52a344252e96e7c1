"""What people type in the middle of a form besides answering it: "how much is the fee?", "back", "what is this?".

A question that the answer bank answers is answered, and the form's own is asked again with nothing lost. Where the
form asks for a description the words stay in it, since a story may hold a question, and the answer is one tap away.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from conversations.engine.drafts import Piece
from conversations.engine.form import FormStep
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, NoReply, Reask, Redirect, Rows, Step, Turn
from conversations.home import own_wishes
from conversations.home.main_menu import MainMenu
from conversations.inquiries.words import answer_lines, label
from locales.bidi import shorten
from services.inquiries import inquiries
from services.offices.answers import AnswerId
from services.text.normalise import bare_words, normalise
from services.text.stored_drafts import DRAFT_LIFE
from services.understanding.kinds import Want
from services.understanding.times import when_said
from services.understanding.words import forms
from storage.ids import OfficeId

A_QUESTION = 160  # characters: what is longer tells a story
_OTHERS = 2  # answers that may be meant instead
_WIDTH = 64  # characters of a button
_MARKS = frozenset("?؟")


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(_plain(phrase) for line in lines for phrase in line.split(","))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(text)))


_BACK = _phrases(
    "رجوع, الرجوع, ارجع, رجعني, العودة, عودة, للخلف, السابق, السؤال السابق",  # not a text: typed
    "back, go back, previous, previous question",
)
_STOP = _phrases(
    "إلغاء, الغاء, الغي, ألغي, ألغ, كنسل, كانسل, وقف, توقف, اوقف, ايقاف, خروج, هونت, بطلت",  # not a text: typed
    "cancel, cancel this, cancel it, stop, stop this, quit, exit, abort",
)
_MENU = _phrases(
    "القائمة, قائمة, القائمة الرئيسية, الرئيسية",  # not a text: typed
    "menu, main menu, the menu",
)
_EXPLAIN = _phrases(
    "مساعدة, المساعدة, ساعدوني, ساعدني, ما هذا, ماهذا, شنو هذا, شنو هاذا, وش هذا, ايش هذا",  # not a text: typed
    "ما فهمت, مو فاهم, مو فاهمة, لم أفهم, شسوي, شنو اسوي, ماذا أفعل, كيف",  # not a text: typed
    "help, help me, what is this, what s this, whats this, what is that, how does this work, how, what",
    "i don t understand, i dont understand, i do not understand, what do i do, what should i do, explain",
)
# "Why do you need my number?" asks about the form.
_WHY = _phrases("ليش, لماذا, لويش, why, what for, how come")  # not a text: typed
# "Where the old cinema was" says where.
_WHERE = _phrases("where, which, وين, اين, اللي, حيث")  # not a text: typed
_COSTS = _phrases(
    "رسوم, رسم, سعر, تكلفة, تكلف, ادفع, ندفع, أدفع, مجاني, مجانا, فلوس, بفلوس, ببلاش",  # not a text: typed
    "fee, cost, price, pay, charge, money",
)
_FREE = re.compile(r"\b(?:is (?:it|this|that)|for) free\b|\bfree of charge\b")  # "when are you free?" is about time


async def aside(turn: Turn, step: FormStep) -> Next | None:
    """What words in a form lead to that are not its answer; None where they are."""
    said = turn.said
    if said.forwarded or said.quoted:
        return None
    typed = _plain(said.text)
    if typed in _BACK:
        return await step.back(turn) or MainMenu()
    if typed in _STOP:
        return Redirect("discard")
    if typed in _MENU:
        return Redirect("menu")
    if not step.describes and (granted := await own_wishes.granted(turn)) is not None:
        return granted
    if typed in _EXPLAIN or (not typed and not _MARKS.isdisjoint(said.text)):
        return Reask(_explained(turn))
    return await _answered(turn, step, typed) if _asks(turn, step, typed) else None


def _explained(turn: Turn) -> Markup:
    """What goes on here, and the ways out of it."""
    t = turn.t
    return t.join_lines(
        t(
            "💬 We ask one thing at a time, and only what the office needs to deal with it and to reach you. Nothing "
            "is sent until you confirm it at the end."
        ),
        t("• “Back” corrects your last answer."),
        t("• “Main menu” leaves for now. Your draft waits there for {drafts}.", drafts=t.duration(DRAFT_LIFE)),
        t("• {cancel} discards what you entered.", cancel="/cancel"),
        t("• To speak to someone, call the hotline: {phone}", phone=t.phone(turn.work.offices.hotline)),
    )


# ---------------------------------------------------------------------------- a question


def _asks(turn: Turn, step: FormStep, typed: str) -> bool:
    """Whether words are plainly a question, and can't be the answer of a step that asks for something certain."""
    text, work = turn.said.text, turn.work
    if len(text) > A_QUESTION:
        return False
    if not step.describes:
        if any(map(str.isdigit, text)) or any(when_said(text, work.today)):
            return False  # a number, a day or a time is for the step to look at
        if step.takes_all and _MARKS.isdisjoint(text) and _begins(typed, _WHERE):
            return False
    known = work.understanding.of(text, work.today)
    return known.want is Want.KNOW and known.danger is None and known.place.block is None


def _begins(typed: str, with_: frozenset[str]) -> bool:
    return any(typed == one or typed.startswith(f"{one} ") for one in with_)


async def _answered(turn: Turn, step: FormStep, typed: str) -> Next | None:
    """The answer and the form's question again; None where the bank knows none and the step looks at it."""
    text, office = turn.said.text, _office(turn)
    if _begins(typed, _WHY):
        return None if step.describes else Reask(_explained(turn))
    found = turn.work.understanding.answers_to(text, office)
    money = {word for word in bare_words(text) if not forms(word).isdisjoint(_COSTS)}
    costs = bool(money) or _FREE.search(typed) is not None
    if step.describes:
        if found or costs:
            _offer(turn, office, found or _of_money(turn, office, typed, money), free=not found)
        return await step.handle_answer(turn, Answer(turn.said))
    if not found and not costs and not (step.takes_all and not _MARKS.isdisjoint(text)):
        return None
    await inquiries.ask(turn.work, turn.resident, office, text)
    asked = Piece(message=turn.said.message, text=text)
    again = step.with_draft(step.draft.but(asked=asked))
    if found:
        await _say(turn, office, found[0], [*_others(turn, office, found[1:]), _add_row(turn)])
        return again
    if costs:
        _say_free(turn, office, _of_money(turn, office, typed, money), [_add_row(turn)])
        return again
    why = turn.t(
        "❓ That looks like a question, and there is no ready answer to it. With {ask} you can send it to the "
        "municipality when you are done here.",
        ask="/ask",
    )
    return Reask(why, again)


def _office(turn: Turn) -> OfficeId:
    here = turn.here
    return (here.draft.office if isinstance(here, FormStep) else OfficeId("")) or turn.resident.office


def _of_money(turn: Turn, office: OfficeId, typed: str, money: set[str]) -> tuple[AnswerId, ...]:
    """Answers about what something costs."""
    return inquiries.sharing(turn.work, office, money | {"much"} if "how much" in typed else money)


async def _say(turn: Turn, office: OfficeId, id_: AnswerId, rows: Rows = ()) -> bool:
    """Say a ready answer; False where it was removed meanwhile."""
    found = inquiries.answer_of(turn.work, office, id_)
    if found is None:
        return False
    link = [[Button(label=turn.t.plain("🔗 Open the website"), url=found.website)]] if found.website else []
    turn.say(turn.t.join_lines(*await answer_lines(turn, office, found)), [*link, *rows])
    return True


def _say_free(turn: Turn, office: OfficeId, near: tuple[AnswerId, ...], rows: Rows) -> None:
    """What is done here costs nothing; which other fees may be meant."""
    t = turn.t
    others = _others(turn, office, near)
    text = t.join_lines(
        t("💬 Appointments and requests are free of charge."),
        t("If you mean other fees, choose your question:") if others else None,
    )
    turn.say(text, [*others, *rows])


def _offer(turn: Turn, office: OfficeId, found: tuple[AnswerId, ...], *, free: bool) -> None:
    """The words are kept as the description; the answer is there for whoever asks."""
    if free:
        _say_free(turn, office, found, ())
        return
    t = turn.t
    turn.say(t("💬 Your words stay in your description. There is also a ready answer:"), _others(turn, office, found))


def _others(turn: Turn, office: OfficeId, ids: tuple[AnswerId, ...]) -> list[list[Button]]:
    known = inquiries.listed(turn.work, office)
    return [
        [Button(label=shorten(f"❓ {label(turn, known, id_)}", _WIDTH), route="asideanswer", value=id_)]
        for id_ in ids[: _OTHERS + 1]
        if id_ in known
    ]


def _add_row(turn: Turn) -> list[Button]:
    return [Button(label=turn.t.plain("✍️ Add my question to the description"), route="asidewords")]


# ---------------------------------------------------------------------------- its buttons


def _here(turn: Turn) -> Step | NoReply:
    """The form's question again, where one is at hand; else nothing is interrupted."""
    return turn.here if isinstance(turn.here, FormStep) else NoReply()


async def show(turn: Turn, id_: str) -> Next:
    """Show an answer beside whatever is going on."""
    office = _office(turn)
    if await _say(turn, office, AnswerId(id_)):
        await inquiries.ask_listed(turn.work, office, AnswerId(id_))
    elif not isinstance(turn.here, FormStep):
        return MainMenu()
    return _here(turn)


async def add(turn: Turn, _: str) -> Next:
    """Its words were meant for the description after all."""
    here = turn.here
    if not isinstance(here, FormStep):
        return MainMenu()
    asked = here.draft.asked
    if asked is None:
        return here
    draft = here.draft.with_words(asked.message, asked.text).but(asked=None)
    return Reask(turn.t("✍️ Your question stands in the description now."), here.with_draft(draft))


FLOW = Flow(routes={"asideanswer": show, "asidewords": add})
