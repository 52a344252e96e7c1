"""From whom a request is: how people type whether it is under their name, and a number to call."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from conversations.engine.draft_step import Added
from conversations.engine.fields import beside_phone, phone_prompt
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Continue, Next, Prompt, Reask, Turn
from conversations.requests.adding import with_phone
from conversations.requests.step import RequestStep
from services.text.normalise import normalise

# What people type instead of tapping, as `normalise` writes it; what is said beside it tells nothing by itself.
_WITHOUT = frozenset(["without", "no", "anonymous", "دون", "بدون", "بلا", "لا", "مجهول"])  # not a text: typed
_WITH = frozenset(["with", "yes", "named", "نعم", "باسمي", "بالاسم", "بذكره", "مع"])  # not a text: what people type
_BESIDE_EN = frozenset(["my", "the", "a", "name", "it", "please", "thanks"])
_BESIDE = _BESIDE_EN | frozenset(["من", "اسم", "الاسم", "اسمي", "ذكر", "ذكره", "شكرا"])  # not a text: what people type


def says_without(text: str) -> bool:
    """Whether that is all that was typed: "without", "بدون ذكر الاسم"; a name says more."""
    return _says(text, _WITHOUT)


def says_with(text: str) -> bool:
    """Whether no more was typed than that it is to be with the name that is known."""
    return _says(text, _WITH)


def is_no_name(text: str) -> bool:
    """Whether words are a sentence, which tells more of the matter than who it is from."""
    words = re.findall(r"\w+", normalise(text))
    return len(words) > _LONGEST_NAME or any(word in _IN_SENTENCES or word.isdecimal() for word in words)


def _says(text: str, meant: frozenset[str]) -> bool:
    words = set(re.findall(r"\w+", normalise(text)))
    return bool(words & meant) and words <= meant | _BESIDE


_LONGEST_NAME = 8  # words, as "Mohammed bin Abdulla bin Khalifa Al Khalifa" has
# Words of sentences that no name has, as `normalise` writes them.
_IN_SENTENCES = frozenset(
    word
    for line in (
        "it is are was were the there this that not my our your they we have has since please near in for and",
        "في من الى هذا هذه هناك يوجد توجد مو ليس ما عند كل اليوم امس مره قريب عندنا احنا نحن انا",  # not a text: typed
    )
    for word in normalise(line).split()
)


class GivingPhone(RequestStep):
    """Only from the summary: a phone number is welcome, and never required."""

    step: Literal["request:phone"] = "request:phone"
    by_typing: ClassVar[bool] = True
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t("What phone number can we call you on? Share it or type it.")
        return phone_prompt(turn, text, ((Button(label=t.plain("Skip phone number"), value="none"),),))

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            turn.say(turn.t("📱 No phone number given."))
            return self.answer(phone="", phone_own=False, phone_of="")
        added = with_phone(turn, Added(self.draft))
        if added.trouble is not None:
            return Reask(added.trouble)
        t, draft = turn.t, added.draft
        note = beside_phone(turn.said)
        if note:
            draft = draft.with_words(None, note)
        turn.say(
            t.join_lines(
                t("📱 Phone: {phone}", phone=t.phone(draft.phone)),
                t("We have added this to your description: “{words}”", words=t.own(note, 500)) if note else None,
            )
        )
        return Continue(draft)
