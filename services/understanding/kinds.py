"""What somebody wants: to complain, suggest, observe, ask for a service, come to Customer Day, or know something.

Each sign in a message (`signs`) speaks for some wants and against others, by the points of a table; what has most is
taken, and where another has nearly as many it is in doubt. The points were fitted to the tuned messages of `tests/data`
and rounded: a clerk can read and change them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.understanding.phrases import Hit, Phrases
from services.understanding.signs import FORMS, MEETS, TIMES, signs_of
from services.understanding.words import words


class Want(StrEnum):
    """What a message asks for. The first four are kinds of requests."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OBSERVATION = "observation"
    SERVICE_REQUEST = "service_request"
    BOOK = "book"
    KNOW = "know"
    TRACK = "track"  # how what one sent stands, or when one's own appointment is


# Each line is phrases, parted by commas: all words of a phrase, near one another, in any form.
_SAID: Mapping[Want, tuple[str, ...]] = MappingProxyType(
    {
        Want.BOOK: (
            "موعد, موعدا, مواعيد, حجز موعد, احجز, أحجز, نحجز, حجز, ابي موعد",
            "ابي مقابلة, اريد مقابلة, مقابلة بخصوص, مقابلة المدير, أقابل المدير",
            "لقاء المدير, اجتماع المدير, اشوف المدير, يوم العميل, المدير العام",
            "دور عند المدير",
            "a7jez, ahjez, ahjiz, a7jiz, a7jezli, 7jezli, maw3ed, احجزلي, احجزوا, احجزولي",
            "نقابل المدير, اقابل المدير, للمدير, agabel mudeer",
            "agabil mudeer, ngabil mudeer, put me down",
            "schedule me, fit me in, squeeze me in, with the dg, with dg, ashoof mudeer, سجلوني, سجلني",
            "mawid, maw3id, mo3ed, mawed, moid, mawaid, appointment, appoinment, apointment",
            "book a meeting, book a slot, appt, apptmt, any slot, slot please, free slot, want meeting, need meeting",
            "request meeting, can i come, may i come, could i come, i want to come, i can come, اقدر اجي, ممكن اجي",
            "اقدر اي, اقدر ايي, ممكن ايي, ابي اييكم, ابي اجيكم, اجيكم, أزوركم, أراجعكم, ابي اراجع, أبي أقابل",
            "give slot, need slot, want slot, get slot, have slot, available slot, slot for, slot at, time slot",
            "possible to meet, want to meet, like to meet, wish to meet, meet inspector, meet manager, meet someone",
            *(
                f"slot {day}"
                for day in ["today", "tomorrow", "tmrw", "sunday", "monday", "tuesday", "wednesday", "thursday"]
            ),
            *(f"slot {day}" for day in ["sun", "mon", "tue", "wed", "thu", "thurs"]),
            "arrange meeting, schedule meeting, fix meeting, visit your office, visit the office",
            "booking, meet the director, see the director, meeting with the director, customer day",
            "reserve a seat",
            "reserve a slot, director general, meet dg, see dg, see the manager",
            "meet the manager, see manager, see the dg, slot on, book me",
        ),
        Want.SUGGESTION: (
            "اقترح, أقترح, نقترح, اقتراح, مقترح, اقتراحي, ياليت, يا ليت, حبذا",
            "لو تسوون, لو تحطون",
            "لو تزرعون, لو توفرون, فكرة, ليش ما تسوون, ليش ما تحطون, أتمنى, اتمنى",
            "نتمنى, الأفضل",
            "suggest, suggestion, propose, proposal, idea, it would be nice, would be great",
            "من رأيي, أرى أن, نرى أن, لو تخلون, لو يكون, لو توفر, lo tsawon, lo tkhalon",
            "lovely if, great if, nice if, better if",
            "municipality should, i think should, maybe you can, you should, should organise",
            "would be lovely, my suggestion, why don't you, should consider, you could, good idea",
            "would be good, why not, put more, add more, install more",
            "how about, please consider, could you add, should be more, would love",
        ),
        Want.OBSERVATION: (
            "ملاحظة, لاحظت, لاحظنا, للعلم, حبيت أنبه, أنوه, انتباهكم, شفت",
            "noticed, observation, observed, fyi, just to let you know, want to point out",
            "for your information",
        ),
        Want.SERVICE_REQUEST: (
            "أريد حاوية, ابي حاوية, نبي حاوية, محتاج حاوية, محتاجين, طلب حاوية",
            "طلب شهادة, أريد شهادة",
            "ابي, نبي, ابغي, نبغي, محتاج, تحتاج, لو سمحتوا",
            "ابي شهادة, استخراج, إصدار, تجديد, نبي رش, طلب رش, طلب تقليم",
            "نبي تقليم, طلب خدمة, أحتاج",
            "ابي رخصة, طلب رخصة, أقدم على, بغيت أطلع, ابغي اطلع, لو سمحتون نبي",
            "نحتاج",
            "need, please put, refund",
            "need a bin, need a certificate, need a new, request a, request for, would like a",
            "apply for, issue a",
            "renew my, can you send, please send, we need, i need, please provide, please spray",
            "collection of",
        ),
        Want.COMPLAINT: (
            "ashtki, ashteki, ashtiki, shakwa, shakwah",
            "شكوى, أشتكي, اشتكي, نشتكي, بلاغ, أبلغ, ابلغ, مشكلة, تعبنا, زهقنا",
            "ما حد, محد, من زمان",
            "لم يتم, ما شالوا, ما جوا, للأسف, متضررين, ازعاج, إزعاج, مكسور, خربان",
            "طافي, متكوم, مسدود",
            "complain, complaint, problem, report, broken, nobody, no one, still not, not working",
            "fed up, sick of",
            "disgusting, terrible, overflowing, for days, for weeks, since, full of, blocked",
            "unacceptable, dirty",
        ),
    }
)
# How to complain is asked with the words of a complaint.
_HOW_TO_COMPLAIN = (
    "كيف أقدم شكوى, شلون أقدم شكوى, وين أقدم شكوى, كيف أشتكي, شلون أشتكي, وين أشتكي, كيف أقدم بلاغ",
    "how do i complain, how can i complain, how to complain, where do i complain, how do i make a complaint",
    "how to make a complaint, how do i submit a complaint, how do i report, how can i report, where can i report",
)
#: "When is my appointment?" books none.
_CHECKS = re.compile(
    r"(?:اتاكد|اعرف|متي|نسيت|وين|شنو|كم|ذكروني|شوفو?) (?:\w+ ){0,2}(?:موعدي|حجزي)"
    r"|(?:موعدي|حجزي) (?:متي|هو|اي|شنو|وين|كم)"
    r"|(?:when|what time|what day|where) (?:is|was|are) (?:\w+ ){0,2}(?:my|our) (?:\w+ )?"
    r"(?:appointment|booking|meeting|slot)"
    r"|(?:confirm|check|forgot|remind me|lost) (?:\w+ ){0,3}my (?:appointment|booking|meeting|slot)"
)
_ASKING = FORMS | {"wants to know"}
_NO_REPORTS = frozenset({Want.KNOW, Want.TRACK, Want.BOOK, Want.SUGGESTION})
_NO_BOOKING = frozenset({"looking", "cooking", "hooking"})


@dataclass(frozen=True, slots=True)
class _Points:
    """How much a sign speaks for each want; below nought, against it. `report` is what is wrong or wanted."""

    ask: int = 0
    report: int = 0
    book: int = 0
    suggest: int = 0
    track: int = 0


_WITHOUT_SIGNS = _Points(ask=3, report=5, book=-2, suggest=-3, track=-6)
# Phrases of the table above; those of an appointment, and a time.
_SAYS_BOOK, _SAYS_SUGGEST, _BOOKS_A_TIME = "says that it books", "says that it suggests", "books a time"
_POINTS: Mapping[str, _Points] = MappingProxyType(
    {
        "a day": _Points(ask=-3, report=-1, book=4, suggest=-1, track=1),
        "address": _Points(ask=-3, report=5, book=-1, track=-1),
        "again": _Points(ask=-3, report=2, book=-1, track=3),
        "an hour": _Points(ask=-1, report=-1, book=2, suggest=-1, track=-1),
        "appointment": _Points(ask=-3, report=-2, book=4, suggest=-1, track=2),
        "begins as a question": _Points(ask=5, report=-4, book=-2, suggest=-2, track=2),
        "begins with do or may": _Points(ask=4, report=-3, book=-2, suggest=-1, track=2),
        "books": _Points(report=-1, book=2, track=-1),
        _BOOKS_A_TIME: _Points(ask=-1, book=2),
        "demands": _Points(ask=-2, report=2),
        "do you": _Points(ask=4, report=-2, track=-1),
        "ends as a question": _Points(ask=2, report=-2, book=-2, track=1),
        "ends with its mark": _Points(ask=3, report=-2, book=-2, track=1),
        "enough": _Points(ask=-2, report=2),
        "fault": _Points(ask=-2, report=7, book=-1, suggest=-2, track=-1),
        "for long": _Points(ask=-3, report=3, track=1),
        "goes on as a question": _Points(ask=4, report=-2, suggest=-2),
        "has one": _Points(ask=-3, report=-1, book=-2, track=6),
        "has sent": _Points(ask=-2, book=-1, suggest=-1, track=3),
        "how it stands": _Points(ask=-5, report=-3, book=-1, suggest=-1, track=10),
        "if only you": _Points(ask=-2, report=-2, book=-1, suggest=5),
        "may one": _Points(ask=4, report=-2, book=1, track=-2),
        "nobody came": _Points(ask=-3, report=3, track=1),
        _SAYS_BOOK: _Points(ask=-2, report=-3, book=5, suggest=-1, track=1),
        _SAYS_SUGGEST: _Points(ask=-2, report=-2, suggest=4, track=1),
        "one or the other": _Points(ask=4, report=-4, book=-1, suggest=-1, track=2),
        "other people": _Points(ask=-1, report=3, book=-1, suggest=-1),
        "own request": _Points(ask=-2, report=-1, track=4),
        "own trouble": _Points(ask=-1, report=3, book=-1, suggest=-1, track=-1),
        "papers and steps": _Points(ask=4, report=-2, book=-1, suggest=-1, track=-1),
        "plans": _Points(ask=4, report=-2, suggest=-1),
        "price": _Points(ask=4, report=-3),
        "question word": _Points(ask=6, report=-4, book=-2, suggest=-2, track=2),
        "question word, English": _Points(ask=4, report=-3, book=-1, track=1),
        "reproach": _Points(ask=-3, report=3, track=-1),
        "suggests": _Points(ask=-4, report=-4, book=-1, suggest=10, track=-1),
        "time of something else": _Points(ask=2, book=-1),
        "wants a number or list": _Points(ask=3, report=-1, book=-1, suggest=-1),
        "wants one": _Points(ask=-3, report=-1, book=4, track=-1),
        "wants to know": _Points(ask=5, report=-2, book=-3, suggest=-1),
        "wants to meet": _Points(ask=-2, report=-3, book=6, suggest=-1),
        "whose job": _Points(ask=2, report=-1, book=1, suggest=-1, track=-1),
        "with figures": _Points(ask=-1, report=-1, book=4, track=-1),
        "your work undone": _Points(ask=-2, report=1, book=2, track=-1),
    }
)
_DOUBT = 4  # fewer points between the best and the next leave open which is meant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a message asks for; None is something to report, of no kind by its words. `sure`: nothing else is near."""

    want: Want | None
    sure: bool = True


def _table() -> dict[Want, list[str]]:
    return {want: [one for line in lines for one in line.split(",")] for want, lines in _SAID.items()}


_RULES = Phrases(_table())
_HOW = Phrases({Want.KNOW: [one for line in _HOW_TO_COMPLAIN for one in line.split(",")]})


def vocabulary() -> set[str]:
    """The words of all phrases."""
    return {word for lines in _table().values() for line in lines for word in words(line)}


def want_of(text: str, said: list[str], clauses: Sequence[Sequence[str]]) -> Wanted:
    """What a message asks for, by its words alone: as it was typed, its words, and those of each of its clauses."""
    if any(hit.sure == 1 for hit in _HOW.find(said)):
        return Wanted(Want.KNOW)
    if _CHECKS.search(" ".join(said)) is not None:
        return Wanted(Want.TRACK)
    says = {hit.meant for hit in _RULES.find(said) if hit.sure == 1 or _is_booking(hit, said)}
    found = set(signs_of(text, said, clauses))
    found |= {sign for want, sign in ((Want.BOOK, _SAYS_BOOK), (Want.SUGGESTION, _SAYS_SUGGEST)) if want in says}
    if found.isdisjoint(MEETS | {_SAYS_BOOK}):
        found -= TIMES
    elif _SAYS_BOOK in found and found & TIMES:
        found.add(_BOOKS_A_TIME)
    (best, want), (second, _), *_ = sorted(_weighed(found, says), key=lambda one: -one[0])
    states = found.isdisjoint(_ASKING) and want not in _NO_REPORTS  # nothing in it asks: it says what is wrong
    return Wanted(want, sure=states or best - second >= _DOUBT)


def _weighed(found: set[str], says: set[Want]) -> list[tuple[int, Want | None]]:
    """The points of each want."""
    points = [_WITHOUT_SIGNS, *(_POINTS[sign] for sign in found if sign in _POINTS)]
    return [
        (sum(one.ask for one in points), Want.KNOW),
        (sum(one.report for one in points), _reported(says)),
        (sum(one.book for one in points), Want.BOOK),
        (sum(one.suggest for one in points), Want.SUGGESTION),
        (sum(one.track for one in points), Want.TRACK),
    ]


def _reported(says: set[Want]) -> Want | None:
    return next((want for want in (Want.OBSERVATION, Want.COMPLAINT, Want.SERVICE_REQUEST) if want in says), None)


def _is_booking(hit: Hit[Want], said: list[str]) -> bool:
    """Whether misspelt words ask for an appointment: they are misspelt often, and "looking" is no "booking"."""
    return hit.meant is Want.BOOK and _NO_BOOKING.isdisjoint(said[at] for at in hit.places)
