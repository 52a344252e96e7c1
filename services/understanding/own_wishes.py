"""What somebody wants done with what they have: their appointment cancelled or moved, their request withdrawn.

Only short messages are read so. Nothing here acts: whoever is understood is asked, as by the button of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.understanding.phrases import Phrases
from services.understanding.words import forms, words

_LONGEST = 16  # words of a message that asks for nothing else


class OwnWish(StrEnum):
    """What is to be done; where several are said, the first of these is meant."""

    WITHDRAW = "withdraw"  # a request
    MOVE = "move"  # an appointment
    CANCEL = "cancel"  # an appointment
    MISS = "miss"  # cannot come: may mean either
    STANDS = "stands"  # asks how it stands
    ACT_FOR = "act_for"  # wants to file for another person
    NUMBER = "number"  # has another phone number
    ARRIVED = "arrived"  # for the appointment


_APPOINTMENTS = ("موعد", "حجز", "appointment", "appoinment", "apointment", "booking", "meeting", "slot")
_REQUESTS = ("شكوى", "شكواي", "شكوتي", "بلاغ", "طلب", "complaint", "request", "report")
_END = ("الغي", "الغاء", "ألغوا", "بلغي", "كنسل", "اكنسل", "كنسلوا", "شطب", "cancel", "cancle", "delete", "drop")
_CHANGE = (
    *("اجل", "أأجل", "تأجيل", "اجلوا", "اغير", "غيروا", "تغيير", "انقل", "نقل", "اقدم", "تقديم", "ابدل", "تبديل"),
    *("reschedule", "postpone", "move", "change", "shift", "delay", "push", "rebook", "bring forward"),
)
_ASK_AFTER = (
    *("وين وصلت", "وين وصل", "وين صار", "شصار على", "شنو صار على", "وش صار على", "ماذا حدث", "اخبار", "متابعة"),
    *("any news", "any update", "update on my", "news on my", "status of", "what happened to my", "where is my"),
)
_NUMBERS = (
    *("رقمي", "رقم تلفوني", "رقم هاتفي", "رقم جوالي", "رقم موبايلي", "رقم التلفون", "رقم الهاتف", "تلفوني"),
    *("my number", "my phone", "phone number", "mobile number", "my mobile", "contact number"),
)
_CHANGE_NUMBER = (
    *("غيرت", "اغير", "غيروا", "تغيير", "بدلت", "ابدل", "تبديل", "احدث", "تحديث", "عدلوا", "اعدل", "تعديل"),
    *("change", "changed", "update", "correct", "replace"),
)
_PEOPLE = ("امي", "ابوي", "والدتي", "والدي", "جدتي", "جدي", "جاري", "جارتي", "زوجي", "زوجتي", "اختي", "اخوي", "عمتي")
_RELATIVES = (
    "mother",
    "father",
    "mum",
    "mom",
    "dad",
    "parents",
    "grandmother",
    "neighbour",
    "neighbor",
    "wife",
    "husband",
)


def _each(verbs: tuple[str, ...], nouns: tuple[str, ...]) -> list[str]:
    return [f"{verb} {noun}" for verb in verbs for noun in nouns if verb.isascii() == noun.isascii()]


_SAID: Mapping[OwnWish, list[str]] = MappingProxyType(
    {
        OwnWish.WITHDRAW: _each((*_END, "اسحب", "سحب", "withdraw", "take back"), _REQUESTS),
        OwnWish.MOVE: _each(_CHANGE, (*_APPOINTMENTS, "my time", "my day", "to another day")),
        OwnWish.CANCEL: [
            *_each(_END, (*_APPOINTMENTS, "my visit", "my seat")),
            *("leave waiting list", "off the list", "off the waiting list", "remove me from list", "شيلوني من القائمة"),
        ],
        OwnWish.STANDS: _each(_ASK_AFTER, (*_REQUESTS, *_APPOINTMENTS)),
        OwnWish.ACT_FOR: [
            *_each(("طلب عن", "شكوى عن", "اسوي طلب حق", "نيابة عن", "بالنيابة عن"), _PEOPLE),
            *_each(("act for", "apply for", "do this for", "on behalf of"), _RELATIVES),
            "on behalf of someone, on behalf of somebody, act for someone, act for somebody",
        ],
        OwnWish.NUMBER: [
            *_each(
                (*_CHANGE_NUMBER, "new", "remove my", "delete my", "remove", "مسح", "امسح", "حذف", "احذف"), _NUMBERS
            ),
            *_each(_NUMBERS, ("changed", "تغير", "تبدل", "الجديد", "جديد", "صار")),
            "my new number, got a new number, have a new number, i changed my number, new sim, new mobile number",
            "رقمي الجديد, رقم جديد, غيرت رقمي, بدلت رقمي",
        ],
    }
)
# Said of what is in view or ahead, without naming it.
_SHORT: Mapping[OwnWish, list[str]] = MappingProxyType(
    {
        OwnWish.MOVE: [
            "reschedule, postpone it, push it, move it to, another day instead, another time instead",
            "أأجله, تأجيله, يوم ثاني بداله, وقت ثاني بداله",
        ],
        OwnWish.CANCEL: ["cancel it", "cancel everything", "الغوه", "الغيه", "كنسلوه", "كنسله"],
        OwnWish.MISS: [
            "can't come, cant come, cannot come, can't make it, cant make it, cannot make it, won't make it",
            "wont make it, won't come, not coming, unable to come, unable to attend, can't attend, cannot attend",
            "can't make",
            "ما اقدر اجي, ما اقدر ايي, ما اقدر احضر, ما بقدر اجي, ما بقدر ايي, ما راح اجي, ما راح اقدر, لن أحضر",
            "لن أتمكن من الحضور, اعتذر عن الحضور, اعتذر عن الموعد, مو جاي, مب ياي, ما بجي, ما بايي",
        ],
        OwnWish.ARRIVED: [
            "i'm here, im here, i am here, we are here, have arrived, i've arrived, just arrived, i arrived, arrived",
            "أنا وصلت, وصلت, وصلنا, أنا هنا, أنا هني, احنا هني",
        ],
    }
)


def _rules(table: Mapping[OwnWish, list[str]]) -> Phrases[OwnWish]:
    return Phrases({wish: [one for line in lines for one in line.split(",")] for wish, lines in table.items()})


_WORDS = frozenset(words(" ".join(_APPOINTMENTS)))
_NAMED, _POINTED_AT = _rules(_SAID), _rules(_SHORT)


def vocabulary() -> set[str]:
    """The words of all phrases."""
    lines = [line for table in (_SAID, _SHORT) for group in table.values() for line in group]
    return {word for line in lines for word in words(line)}


def names_appointment(text: str) -> bool:
    """Whether a text has a word for an appointment."""
    return not _WORDS.isdisjoint(form for word in words(text) for form in forms(word))


def own_wish(said: list[str], *, ahead: bool) -> OwnWish | None:
    """What a message asks to be done, by its words.

    With an appointment `ahead`, "cancel it" and "I can't come" are about that.
    """
    if not 0 < len(said) <= _LONGEST:
        return None
    rules = (_NAMED, _POINTED_AT) if ahead else (_NAMED,)
    found = {hit.meant for rule in rules for hit in rule.find(said) if hit.sure == 1}
    return next((wish for wish in OwnWish if wish in found), None)
