"""What a few common words ask for, when someone writes instead of tapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.text.normalise import normalise


class Wish(StrEnum):
    """What words may ask for. The first six are what can be made of a message."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OBSERVATION = "observation"
    SERVICE_REQUEST = "service_request"
    INQUIRY = "inquiry"
    BOOK = "book"
    APPOINTMENTS = "appointments"
    REQUESTS = "requests"
    CONTACT = "contact"
    MENU = "menu"
    HELP = "help"
    ARABIC = "arabic"
    ENGLISH = "english"
    PEACE = "peace"  # السلام عليكم, which has an answer of its own
    HELLO = "hello"
    THANKS = "thanks"
    OK = "ok"
    SORRY = "sorry"
    DESPAIR = "despair"  # nobody helps, says somebody who names nothing in particular


def _phrases(*lines: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(normalise(phrase).split()) for line in lines for phrase in line.split(","))


_PHRASES: Mapping[Wish, frozenset[tuple[str, ...]]] = MappingProxyType(
    {
        Wish.COMPLAINT: _phrases(
            "شكوى, الشكوى, شكاوى, الشكاوى, شكوه, أشتكي, اشتكي, بلاغ, البلاغ",  # not a text: what a person may type
            "complaint, complaints, complain, report",
        ),
        Wish.SUGGESTION: _phrases(
            "مقترح, المقترح, اقتراح, الاقتراح, مقترحات, اقترح, فكرة",  # not a text: what a person may type
            "suggestion, suggestions, suggest, idea, proposal",
        ),
        Wish.OBSERVATION: _phrases(
            "ملاحظة, الملاحظة, ملاحظات, ملاحظه",  # not a text: what a person may type
            "observation, observations, remark, note",
        ),
        Wish.SERVICE_REQUEST: _phrases(
            "طلب خدمة, خدمة, الخدمة, خدمات",  # not a text: what a person may type
            "service, services, service request",
        ),
        Wish.INQUIRY: _phrases(
            "سؤال, السؤال, عندي سؤال, أسئلة, استفسار, الاستفسار, استفسارات, أستفسر, أسأل",  # not a text: typed
            "question, questions, ask, inquiry, enquiry, faq",
        ),
        Wish.BOOK: _phrases(
            "موعد, الموعد, حجز, الحجز, احجز, أحجز, يوم العميل, المدير العام",  # not a text: what a person may type
            "مقابلة, اجتماع, لقاء",  # not a text: what a person may type
            "appointment, booking, book, meeting, customer day, director, director general",
        ),
        Wish.APPOINTMENTS: _phrases(
            "مواعيدي, موعدي, حجوزاتي, حجزي",  # not a text: what a person may type
            "my appointment, my appointments, my booking, my bookings",
        ),
        Wish.REQUESTS: _phrases(
            "طلباتي, طلبي, متابعة, شكاواي, شكواي, متابعة طلباتي",  # not a text: what a person may type
            "my request, my requests, my complaint, my complaints, status, track, follow up",
        ),
        Wish.CONTACT: _phrases(
            "تواصل, اتصال, هاتف, رقم الهاتف, عنوان, الخط الساخن",  # not a text: what a person may type
            "contact, phone, telephone, call, hotline, address",
        ),
        Wish.MENU: _phrases(
            "القائمة, قائمة, القائمة الرئيسية, البداية, الرئيسية, ابدأ",  # not a text: what a person may type
            "menu, main menu, home, start, begin",
        ),
        Wish.HELP: _phrases(
            "مساعدة, المساعدة, ساعدوني, ساعدني",  # not a text: what a person may type
            "help, how, info",
        ),
        Wish.ARABIC: _phrases("عربي, العربية, عربية, بالعربي, arabic"),  # not a text: what a person may type
        Wish.ENGLISH: _phrases("english, إنجليزي, انجليزي, الإنجليزية"),  # not a text: what a person may type
        Wish.PEACE: _phrases(
            "السلام عليكم, سلام عليكم, السلام, سلام, السلام عليكم ورحمة الله",  # not a text: what a person may type
            "السلام عليكم ورحمة الله وبركاته",  # not a text: what a person may type
            "salam, salaam, salam alaikum, assalamu alaikum, as salamu alaykum, assalam alaikum",
        ),
        Wish.HELLO: _phrases(
            "مرحبا, مرحبًا, أهلا, أهلا وسهلا, هلا, هاي, صباح الخير, مساء الخير",  # not a text: what a person may type
            "hi, hello, hey, hello there, good morning, good evening, good afternoon",
        ),
        Wish.THANKS: _phrases(
            "شكرا, شكرًا, شكرا جزيلا, شكرا لكم, مشكورين, مشكور, تسلم, تسلمون",  # not a text: what a person may type
            "thanks, thank you, thank you very much, many thanks, thx, ty",
        ),
        Wish.OK: _phrases(
            "تمام, اوكي, أوكي, طيب, حاضر, زين, اوكيه, ماشي, ان شاء الله, إن شاء الله, خلاص",  # not a text: typed
            "ok, okay, k, fine, alright, all right, great, good, noted, got it, perfect, inshallah",
        ),
        Wish.SORRY: _phrases(
            "اسف, آسف, اسفة, آسفة, عذرا, عذرًا, المعذرة, اعتذر, أعتذر, السموحة, سامحوني",  # not a text: typed
            "sorry, apologies, my apologies, i apologise, i apologize, my mistake, oops",
        ),
        Wish.DESPAIR: _phrases(
            "حسبي الله, حسبي الله ونعم الوكيل, محد يرد, ما حد يرد, ما في فايدة, مافي فايدة",  # not a text: typed
            "مليت, تعبت, يئست, زهقت, ما منكم فايدة, خدمة سيئة, لا أحد يرد, لا احد يرد",  # not a text: typed
            "useless, nobody answers, no one answers, nobody cares, no one cares, this is useless, hopeless",
            "worst service, i give up, fed up, i am fed up, terrible service, you are useless, waste of time",
        ),
    }
)
_NODS = frozenset("👍👌✅🆗☑✔")
_REACTIONS = frozenset({"So", "Sk", "Mn", "Cf", "Me"})  # Unicode categories: emoji and what they are put together with
# What may stand around them without saying anything more.
_AROUND = frozenset(
    word
    for line in (
        "أريد اريد أرغب ابغي ابي ودي في الى إلى من",  # not a text: what a person may type
        "لو سمحت سمحتم يرجى ممكن تقديم إبداء عمل رفع عندي لدي",  # not a text: what a person may type
        "i want to would like a an the please make submit have need with my file share us you your can do how",
    )
    for word in normalise(line).split()
)
MAKES_SOMETHING = (
    Wish.COMPLAINT,
    Wish.SUGGESTION,
    Wish.OBSERVATION,
    Wish.SERVICE_REQUEST,
    Wish.INQUIRY,
    Wish.BOOK,
)


def only_wish(text: str) -> Wish | None:
    """What is asked for, where that is all that is said: "شكوى", "I want to book an appointment"."""
    words = _words(text)
    if not 0 < len(words) <= 8:
        return None
    for wish, phrases in _PHRASES.items():
        if tuple(words) in phrases:
            return wish
    left = [word for word in words if word not in _AROUND]
    for wish, phrases in _PHRASES.items():
        if tuple(left) in phrases:
            return wish
    named = [wish for wish in MAKES_SOMETHING if left and set(left) <= {w for phrase in _PHRASES[wish] for w in phrase}]
    return named[0] if len(named) == 1 else None


def is_reaction(text: str) -> bool:
    """Whether nothing was written but emoji."""
    return bool(text.strip()) and all(c.isspace() or unicodedata.category(c) in _REACTIONS for c in text)


def is_nod(text: str) -> bool:
    """Whether nothing was sent but an emoji, or several, that says yes in whatever colour of skin."""
    bare = [c for c in text if not c.isspace() and unicodedata.category(c) not in {"Sk", "Mn", "Cf", "Me"}]
    return bool(bare) and _NODS.issuperset(bare)


def likely_wish(text: str) -> Wish | None:
    """What to offer first for a message that says more: the kind of thing it names, where it names just one."""
    words = set(_words(text))
    named = [wish for wish in MAKES_SOMETHING if any(set(phrase) <= words for phrase in _PHRASES[wish])]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", normalise(text))
