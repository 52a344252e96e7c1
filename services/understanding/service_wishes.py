"""What somebody wants of the service itself: a person to talk to, another language, their data erased.

Only a message that says nothing else is one. "I talked to an employee yesterday and nothing happened" is a complaint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.understanding.words import words

_LONGEST = 14  # words of such a message


class ServiceWish(StrEnum):
    """Where it leads to."""

    PERSON = "person"  # to talk to
    LANGUAGE = "language"  # the other one
    ARABIC = "arabic"
    ENGLISH = "english"
    REFERENCE = "reference"  # of a request, which they do not have at hand
    STATUS = "status"  # of whatever they have here
    ERASE = "erase"  # what is kept of them
    MESSAGES = "messages"  # fewer of them
    WHO = "who"  # answers here: a person or a machine
    FREE = "free"  # whether it costs anything
    PLACE = "place"  # where the municipality is, and when it is open


# What begins such a message or stands in it and says no more.
_POLITE = (
    "please, pls, plz, kindly, thank you, thanks, hi, hello, hey, good morning, sir, madam, just, now",
    "i, we, a, an, the, my, your, our, any, some, of, all, here, also, again",
    "من فضلك, من فضلكم, لو سمحت, لو سمحتي, لو سمحتم, لو سمحتوا, لو سمحتون, رجاء, السلام عليكم, هلا, مرحبا, يا اخي",
    "الله يعافيك, الله يعطيك العافية, الحين, الآن",
)
_OPENINGS = (
    "want to, need to, would like to, d like to, wish to, have to, want, need, would like, can, could, may, let me",
    "how can, how do, how to, how could, is it possible to, can you, could you, would you, do you, where can",
    "is there way to, want you to, need you to",
    "ابي, ابغي, ابغا, ابا, اريد, أرغب في, أرغب ب, ودي, بغيت, ممكن, اقدر, هل يمكن, هل يمكنني, كيف, كيف اقدر, شلون",
    "شلون اقدر, وشلون, كيف يمكنني, ابيكم, اريد منكم, ارجو, أود, نبي, نريد, محتاج, أحتاج",
)


def _phrases(*lines: str) -> list[str]:
    return [phrase.strip() for line in lines for phrase in line.split(",")]


def _each(firsts: str, seconds: str) -> list[str]:
    return [f"{first} {second}" for first in _phrases(firsts) for second in _phrases(seconds)]


_TO_ARABIC = "arabic, to arabic, in arabic, to arabic language, into arabic"
_TO_ENGLISH = "english, to english, in english, to english language, into english"
_ARABIC_AR = "عربي, العربي, بالعربي, للعربي, العربية, بالعربية, للعربية, الى العربي, الى العربية, باللغة العربية"
_ENGLISH_AR = (
    "انجليزي, الانجليزي, بالانجليزي, للانجليزي, الانجليزية, بالانجليزية, للانجليزية, الى الانجليزي, الى الانجليزية, "
    "باللغة الانجليزية, انقلش, بالانقلش, انجلش"
)
_SPEAK = "change, switch, change language, switch language, speak, talk, write, reply, answer, use, translate, go"
_SPEAK_AR = (
    "غير, غيروا, غير اللغة, غيروا اللغة, تغيير اللغة, حول, حولوا, حول اللغة, بدل, بدلوا, كلمني, كلموني, تكلم, اتكلم, "
    "تكلموا, اكتب, اكتبوا, رد, ردوا, خلها, خلوها, ابيها, أبغيها"
)

_SAID: Mapping[ServiceWish, list[str]] = MappingProxyType(
    {
        ServiceWish.PERSON: [
            *_each(
                "talk to, talk with, speak to, speak with, chat with, contact, reach, connect me to, connect me with, "
                "transfer me to, put me through to, get me, get hold of",
                "human, human being, person, real person, live person, employee, staff, staff member, member of staff, "
                "someone, somebody, agent, live agent, human agent, representative, officer, operator, "
                "customer service, someone real, someone in charge",
            ),
            *_phrases(
                "human, real person, person, employee, agent, live agent, human agent, representative, operator",
                "customer service, customer support, customer care, live chat, talk, speak human",
            ),
            *_each(
                "اكلم, اتكلم مع, أتحدث مع, أتحدث إلى, التحدث مع, التحدث إلى, التكلم مع, الكلام مع, اتواصل مع, "
                "التواصل مع, حولني على, حولني الى, حولوني على, حولوني الى, تحويلي الى, وصلوني مع, اكلم لي, احاجي, ارمس",
                "موظف, الموظف, موظفة, موظفين, الموظفين, احد, أحد الموظفين, احد من الموظفين, حد, شخص, شخص حقيقي, انسان, "
                "بشر, آدمي, مسؤول, المسؤول, المسؤولين, خدمة العملاء, خدمة الزبائن",
            ),
            *_phrases("موظف, شخص حقيقي, خدمة العملاء, خدمة الزبائن, اكلم موظف حقيقي, اكلمكم, اتكلم معكم"),
        ],
        ServiceWish.LANGUAGE: _phrases(
            "change language, switch language, other language, another language, different language, language",
            "غير اللغة, غيروا اللغة, اغير اللغة, تغيير اللغة, بدل اللغة, تبديل اللغة, حول اللغة, لغة ثانية, لغة اخرى",
            "اللغة",
        ),
        ServiceWish.ARABIC: [
            *_each(_SPEAK, _TO_ARABIC),
            *_each(_SPEAK_AR, _ARABIC_AR),
            *_phrases(
                "arabic, عربي, in arabic, arabic language, speak only arabic, don't speak english",
                "don't understand english",
            ),
            *_phrases("ما اعرف انجليزي, ما افهم انجليزي, لا أفهم الإنجليزية, لا أعرف الإنجليزية, باللغة العربية"),
        ],
        ServiceWish.ENGLISH: [
            *_each(_SPEAK, _TO_ENGLISH),
            *_each(_SPEAK_AR, _ENGLISH_AR),
            *_phrases(
                "english, انجليزي, in english, english language, speak only english, no arabic, can't read arabic"
            ),
            *_phrases("don't speak arabic, don't understand arabic, don't know arabic, do not understand arabic"),
            *_phrases("ما اعرف عربي, ما افهم عربي, باللغة الإنجليزية, بالانجليزي"),
        ],
        ServiceWish.REFERENCE: [
            *_each(
                "forgot, forgotten, have forgotten, lost, have lost, don't have, dont have, do not have, don't know, "
                "dont know, do not know, can't find, cant find, cannot find, don't remember, dont remember, find, "
                "what is, what's, where is, where do i find, where can i find, send me, give me, show me, resend",
                "reference, reference number, reference no, ref, ref number, complaint number, complaint reference, "
                "complaint no, request number, request reference, request no, case number, ticket number, "
                "tracking number",
            ),
            *_each(
                "نسيت, ضيعت, ضاع, ضاع مني, ضاع علي, فقدت, ما عندي, مو عندي, ليس عندي, ليس لدي, ما اعرف, لا أعرف, "
                "ما اتذكر, لا أتذكر, ما اذكر, ما حفظت, مب حافظ, شنو, وش, ما هو, وين, وين القى, كم, عطوني, أعطوني, "
                "ارسلوا لي, طرشوا لي",
                "رقم الشكوى, رقم شكواي, رقم شكوتي, رقم الطلب, رقم طلبي, رقم البلاغ, رقم بلاغي, الرقم المرجعي, "
                "رقم المرجع, رقم المعاملة, رقم المتابعة",
            ),
        ],
        ServiceWish.STATUS: _phrases(
            "what's status, what is status, status of it, status update, any news, any update, any updates, "
            "news, update",
            "updates, update me, what happened, what's happening, what happened to it, what's status of request",
            "what's status of complaint, what is status of request, what is status of complaint",
            "شنو صار, شصار, شو صار, وش صار, ايش صار, ماذا حدث, وين وصلتوا, وين وصلتون, وين وصل الموضوع, شنو صار عليه",
            "في جديد, فيه جديد, هل من جديد, أي جديد, شنو الجديد, شالجديد, الحالة, شنو الحالة, ما هي الحالة",
            "وين طلبي, وين طلباتي, طلبي وين, طلباتي وين, وين شكواي, وين شكوتي, شكوتي وين, شكواي وين, وين بلاغي",
            "request مالي وين, complaint مالي وين, where's request, where is request, where's complaint",
            "where is complaint, where are requests, where are complaints",
            "حالة الطلب, حالة الشكوى, حالة طلبي, حالة شكواي, شنو حالة الطلب, ما هي حالة طلبي, ما حالة طلبي",
        ),
        ServiceWish.ERASE: [
            *_each(
                "delete, erase, remove, clear, wipe, forget, want to delete",
                "data, personal data, information, personal information, info, personal info, account, profile, "
                "history, everything about me, everything you know about me, data you have, data about me",
            ),
            *_phrases("forget me, forget about me, delete me, erase me, right to be forgotten, data deletion"),
            *_each(
                "احذف, احذفوا, حذف, امسح, امسحوا, مسح, امحوا, محو, ازالة, أزيلوا, شيلوا, الغوا, إلغاء, تحذفون, تمسحون",
                "بياناتي, كل بياناتي, جميع بياناتي, بياناتي الشخصية, معلوماتي, كل معلوماتي, جميع معلوماتي, "
                "معلوماتي الشخصية, حسابي, ملفي, كل شي عني, كل ما يخصني",
            ),
        ],
        ServiceWish.MESSAGES: [
            *_each(
                "stop, stop sending me, stop sending, turn off, switch off, mute, disable, cancel, no more, end, "
                "unsubscribe from, opt out, don't send me, dont send me, do not send me, don't want, dont want, "
                "do not want, get fewer, too many, fewer, less",
                "notifications, notification, messages, alerts, reminders, announcements, news, texts, updates, "
                "news messages, these messages, these notifications",
            ),
            *_phrases("unsubscribe, opt out, stop messaging me, stop texting me, do not disturb, notifications"),
            *_each(
                "وقف, وقفوا, اوقف, أوقفوا, إيقاف, ايقاف, توقيف, توقفون, توقفوا, إلغاء, الغوا, كتم, لا ترسلون, "
                "لا ترسلوا, لا تطرشون, لا تطرشوا, لا ترسلون لي, ما ابي, ما ابغي, لا أريد, لا اريد, قللوا, أقلل",
                "الرسايل, الرسائل, رسايل, رسائل, رسايلكم, رسائلكم, هالرسايل, هذه الرسائل, الاشعارات, اشعارات, "
                "إشعاراتكم, التنبيهات, تنبيهات, التذكيرات, الأخبار, الإعلانات",
            ),
            *_phrases("الاشعارات, التنبيهات, إلغاء الاشتراك, الغاء الاشتراك"),
        ],
        ServiceWish.WHO: [
            *_each(
                "are you, is this, is it, am i talking to, am i speaking to, am talking to, am speaking to, "
                "am chatting with",
                "robot, bot, chatbot, machine, computer, ai, human, real, real person, person, automated, automatic",
            ),
            *_phrases(
                "who are you, what are you, who is this, who's this, who am i talking to, who am talking to, "
                "bot, robot",
                "who am speaking to, who runs this, what is this, what's this, what is this service",
                "منو انت, منو انتو, منو انتوا, من انت, من انتم, مين انت, مين انتو, انت منو, انت مين, انتو منو, من معي",
                "منو معي, مين معي, مع من أتكلم, مع منو اتكلم, مع من أتحدث, روبوت, بوت, شنو هذا, ما هذا, ما هذه الخدمة",
            ),
            *_each(
                "انت, انتو, انتوا, هل انت, هل أنتم, هذا, هذي, هل هذا, هل هذه, اكلم, هل أتحدث مع, يعني انت",
                "روبوت, بوت, آلة, انسان, آدمي, شخص حقيقي, حقيقي, ذكاء اصطناعي, رد آلي, برنامج, كمبيوتر",
            ),
        ],
        ServiceWish.FREE: _phrases(
            "is it free, is this free, is service free, is this service free, free, is it for free, is this for free",
            "is it free of charge, free of charge, does it cost anything, does it cost money, does this cost anything",
            "does it cost, do i have to pay, do have to pay, do i need to pay, do need to pay, is it paid",
            "مجاني, مجانا, مجانية, هل هو مجاني, هل هي مجانية, هل هذا مجاني, هل الخدمة مجانية, الخدمة مجانية, ببلاش",
            "هل البوت مجاني, الخدمة ببلاش, بفلوس, هي بفلوس, هذا بفلوس, هالخدمة بفلوس, الخدمة بفلوس, هل الخدمة بفلوس",
            "هل الخدمة برسوم, هل توجد رسوم, هل فيه رسوم, فيه رسوم, عليها رسوم, هل عليها رسوم, لازم ادفع, هل أدفع",
        ),
        ServiceWish.PLACE: _phrases(
            "opening hours, working hours, office hours, business hours, hours, opening times, working times",
            "where is municipality, where is municipality located, where is office, where are you, "
            "where are you located",
            "municipality location, location of municipality, municipality address, address of municipality",
            "أوقات الدوام, أوقات العمل, ساعات الدوام, ساعات العمل, مواعيد الدوام, مواعيد العمل, الدوام, أوقات دوامكم",
            "وين البلدية, اين البلدية, أين تقع البلدية, وين مكان البلدية, موقع البلدية, عنوان البلدية, مقر البلدية",
            "وين مقركم, وين مكتبكم, وين مكانكم, وينكم, أين مقركم",
        ),
    }
)


def _any_of(lines: tuple[str, ...]) -> str:
    longest_first = sorted((" ".join(words(one)) for one in _phrases(*lines)), key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


_NO_MORE = re.compile(rf"(?<!\w)(?:{_any_of(_POLITE)})(?!\w)")
_OPENING = re.compile(rf"^(?:(?:{_any_of(_OPENINGS)})(?!\w) ?)+")


def _bare(said: str) -> str:
    return " ".join(_NO_MORE.sub(" ", said).split())


#: What two wishes are said by is the first of them.
_KNOWN = {_bare(" ".join(words(phrase))): wish for wish, phrases in reversed(list(_SAID.items())) for phrase in phrases}


def vocabulary() -> set[str]:
    """The Arabic words by which people ask for a person, which they also write in Latin letters."""
    asked = (phrase for phrase, wish in _KNOWN.items() if wish is ServiceWish.PERSON)
    return {word for phrase in asked for word in phrase.split() if not word.isascii()}


def service_wish(said: list[str]) -> ServiceWish | None:
    """What a message asks of the service; None where it says anything else."""
    if not 0 < len(said) <= _LONGEST:
        return None
    bare = _bare(" ".join(said))
    return _KNOWN.get(bare) or _KNOWN.get(_OPENING.sub("", bare))
