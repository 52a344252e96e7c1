"""What somebody wants: to complain, suggest, observe, ask for a service, come to Customer Day, or know something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.text.day_words import RELATIVE, weekdays
from services.text.normalise import normalise
from services.understanding.phrases import Hit, Phrases
from services.understanding.questions import is_question, is_reproach


class Want(StrEnum):
    """What a message asks for. The first four are kinds of requests."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OBSERVATION = "observation"
    SERVICE_REQUEST = "service_request"
    BOOK = "book"
    KNOW = "know"


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
        Want.KNOW: (
            "كم, بكم, جم, شكثر, كم رسوم, متى, شنو الأوراق, وش المطلوب, ما هي, ماهي, شلون",
            "كيف, وين, أين, هل, شنو",
            "ما هو, ممكن اعرف, أستفسر, استفسار, بغيت أسأل, سؤال, من المسؤول",
            "تفتحون, تسكرون, مداومين, أوقات الدوام, لازم رخصة, لازم تصريح, مسؤولية منو, أي جهة",
            "how much, how do i, how can i, how to, what documents, what is, what are, where can i",
            "where do, when do",
            "which office, who is responsible, who do i call, whose job, opening hours, working hours, question",
            "inquiry, enquiry, do you, do i need, what time, are you open, permit needed",
            "is it possible, can i",
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
# What a question begins with: some of them only where it ends with its mark, since they begin other sentences too.
_ASKING = frozenset(normalise("متى كيف أين وين كم بكم منو شلون شنو ماهي what when where how who whose which").split())
_MAY_ASK = frozenset(normalise("ما من هل لازم هو هي انتو عندكم فيه اكو is are do does did").split())
_QUESTION = frozenset("؟?")
#: What names a day by itself.
_DAYS = frozenset({*weekdays(), *(name for name in RELATIVE if " " not in name)})
#: "When is my appointment?" books none; nor does the time at which bins are emptied.
_CHECKS = re.compile(
    r"(?:اتاكد|اعرف|متي|نسيت|وين|شنو|كم|ذكروني|شوفو?) (?:\w+ ){0,2}(?:موعدي|حجزي)"
    r"|(?:موعدي|حجزي) (?:متي|هو|اي|شنو|وين|كم)"
    r"|(?:when|what time|what day|where) (?:is|was|are) (?:\w+ ){0,2}(?:my|our) (?:\w+ )?"
    r"(?:appointment|booking|meeting|slot)"
    r"|(?:confirm|check|forgot|remind me|lost) (?:\w+ ){0,3}my (?:appointment|booking|meeting|slot)"
)
#: "When is the nearest appointment?" asks for it.
_NO_BOOKING = frozenset({"looking", "cooking", "hooking"})
_A_SEAT = re.compile(r"(?:اقرب|اول) موعد|موعد فاضي|(?:nearest|earliest|next available|soonest) (?:appointment|slot)")
_OF_SOMETHING_ELSE = re.compile(r"(?:موعد|مواعيد) (?:جمع|رفع|تسليم|توزيع|شيل|مرور|رش|تقليم|دوام)")
_WHY = frozenset(normalise("ليش لماذا لويش why").split())


def _table() -> dict[Want, list[str]]:
    return {want: [one for line in lines for one in line.split(",")] for want, lines in _SAID.items()}


_RULES = Phrases(_table())
_HOW = Phrases({Want.KNOW: [one for line in _HOW_TO_COMPLAIN for one in line.split(",")]})


def want_of(text: str, said: list[str]) -> Want | None:
    """What a message asks for, by its words alone; None where they say nothing of it.

    A question about Customer Day is a question; what asks and complains in one ("why has nobody come?") complains.
    """
    if any(hit.sure == 1 for hit in _HOW.find(said)):
        return Want.KNOW
    wants = {hit.meant for hit in _RULES.find(said) if hit.sure == 1 or _is_booking(hit, said)}
    if _is_asked(text, said):
        wants.add(Want.KNOW)
    # "Can I come on 16 December at 11?" asks for that time.
    dated = any(map(str.isdigit, text)) or not _DAYS.isdisjoint(said)
    plain = " ".join(said)
    asks = Want.KNOW in wants and bool(_QUESTION & set(text)) and not dated and _A_SEAT.search(plain) is None
    if Want.BOOK in wants:
        if _CHECKS.search(plain) is not None:
            return Want.KNOW
        if not asks and _OF_SOMETHING_ELSE.search(plain) is None:
            return Want.BOOK
    for want in (Want.SUGGESTION, Want.OBSERVATION):
        if want in wants:
            return want
    reproach = is_reproach(said)
    asked = is_question(said) or (Want.KNOW in wants and Want.COMPLAINT not in wants)
    if asked and not reproach:
        return Want.KNOW
    for want in (Want.COMPLAINT, Want.SERVICE_REQUEST):
        if want in wants:
            return want
    # With nothing else to go by, the mark tells. Who asks why asks mostly of what is wrong.
    marked = text.rstrip()[-1:] in _QUESTION and not _WHY & set(said)
    return Want.KNOW if marked and not reproach else None


def _is_booking(hit: Hit[Want], said: list[str]) -> bool:
    """Whether misspelt words ask for an appointment: they are misspelt often, and "looking" is no "booking"."""
    return hit.meant is Want.BOOK and _NO_BOOKING.isdisjoint(said[at] for at in hit.places)


def _is_asked(text: str, said: list[str]) -> bool:
    """Whether it begins as a question does."""
    first = said[0] if said else ""
    return first in _ASKING or (first in _MAY_ASK and bool(_QUESTION & set(text)))
