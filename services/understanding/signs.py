"""Signs in a message of what kind of thing it is: how it is put, and which sorts of words it has.

Each sign is a list of phrases, parted by commas, in the letters that `normalise` leaves (ي for ى, ه for ة, ا for أ).
`*` is any letters, also none; `..` is up to three words. None of the signs decides anything by itself: `kinds` says how
much each speaks for what.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from services.understanding.questions import is_about_own_trouble, is_for_long, is_reproach
from services.understanding.words import words

_MARKS = frozenset("?؟")
_NONE: frozenset[str] = frozenset()
# What comes before what somebody has to say.
_GREETINGS = (
    "السلام, عليكم, وعليكم السلام, ورحمه الله, وبركاته, مرحبا*, هلا, اهلا, صباح الخير, مساء الخير",
    "الله يعطيكم العافيه, يعطيكم العافيه, لو سمحت*, من فضلك*, عفوا, السموحه, اخوي, اخواني, اختي, يا جماعه, ياجماعه",
    "حياكم, طيب, بس, hi, hello, hey, dear, sir, madam, good morning, good evening, good afternoon, good day, please",
    "pls, plz, sorry, excuse me, kindly, team, all, just, ok, so, and, but, also, just checking, quick question",
)
_BEFORE_A_QUESTION = (
    "من, في, عن, علي, حق, الي, عند, لين, from, at, to, for, on, by, until, till, in, about, with, and, so, but",
)
_WHICH = (
    "جيف, وجيف, وكيف, وشلون",
    "مين, متي, لمتي, كيف, شلون, وين, اين, كم, بكم, جم, بجم, شكثر, منو, شنو, شسوي, شنسوي, شنهي, شنهو, وش, ايش, ماهي",
    "ماهو, ما هي, ما هو, ماذا, لمن, شصار, شسالفه, شالفرق, شالمطلوب, شالاوراق, شالحل, ما المستندات, ما الاوراق",
    "ما الاجراء*, ما شروط, ما الشروط, ما رسوم, ما الرسوم, ما اجراءات, ما الجهه, ما الرقم, ما الخطوات, ما الطريقه",
    "ما الفرق, ما المده, من المسوول, من المسؤول, من الجهه, من المختص, من يتولي, من يقوم, من اي, لاي, اي جهه, اي يوم",
    "اي ايام, اي ساعه, اي وقت, اي رقم, اي وزاره, اي قسم, اي مكان, اي موقع, كل متي, حق منو, في منو, من منو, مع منو",
)
_WHICH_ENGLISH = ("what, whats, where, wheres, when, how, who, whom, whose, which",)
_DO = (
    "هل, يصير, يجوز, مسموح, يسمح, اقدر, نقدر, ممكن, لازم, عندكم, لديكم, اكو, يحتاج, تحتاج, يحق, انتو, تقبلون, تعطون*",
    "تجمعون, تيون, ترشون, تشيلون, توفرون, تداوم*, يلزم, يشترط, تشترطون, is, are, do, does, did, can, could, may",
    "should, will, would, has, have, am, was, were, any",
)
_WANTS = ("ابي, ابغي, نبي, نبغي, بغيت, اريد, نريد, اود, ارغب, احتاج, ممكن, عطوني, تعطوني, need, want, like, get, give",)
_MEETINGS = ("موعد", "مواعيد", "مقابله", "لقاء", "appoint*", "slot", "meeting", "احجز", "حجز", "دور", "اقابل", "نقابل")
_TIMED = ("جمع, رفع, تسليم, توزيع, شيل, مرور, رش, تقليم, دوام, صلاه, صرف, باص, الباص, رحل, تسجيل, نزول, فتح",)


def _phrases(lines: Iterable[str]) -> list[str]:
    return [phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip()]


_SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # ------------------------------------------------ asking
        "question word": _WHICH,
        "question word, English": _WHICH_ENGLISH,
        "one or the other": (
            "ولا لا, ولا ا*, ولا ل*, ولا م*, ولا ب*, ولا ع*, ولا ح*, ولا ن*, ولا وزاره, ولا جمعيه, ولا غير*, ولا شنو",
            "لو عادي, او لا, لو لا, لو بعد, او هيئه, او وزاره, او البلديه, لو في, لو انتو, او انتو, او الاشغال",
            "لو الاشغال, or not, or no, or yet, or is it, or do i, or do we, or can, or does, or has to, or should",
            "or somewhere, or is there",
        ),
        "wants to know": (
            "اعرف, نعرف, اسال, نسال, استفسر, افهم, معرفه, استفسار, الاستفسار, الاطلاع, سوال, ما ادري, ما ندري",
            "مو متاكد*, الفرق بين, احد يعرف, يفيدني, تفيد*, افيدو*, افادتي, افادتنا, خبروني, تخبر*, علموني, فهموني",
            "دلوني, وضحوا, توضيح, to know, to ask, to understand, to find out, to check if, to enquire, to inquire",
            "difference between, dont know, don t know, do not know, not sure, wondering, wonder, question, inquiry",
            "enquiry, any idea, curious, confused, tell me, let me know, advise, explain, clarify, inform me",
            "guide me, more info*, information, details",
        ),
        "wants a number or list": (
            "ابي .. رقم, ابغي .. رقم, اريد .. رقم, محتاج .. رقم, رقم تلفون, رقم هاتف, رقم الواتساب, ايميل, لوكيشن",
            "رقم *بلديه, رقم مكتب*, رقمكم, timing*, توقيت*, which number",
            "القائمه, معلومات, تفاصيل, رابط, phone number, the number, email, e mail, the list, a list, the link",
            "the form, location of",
        ),
        "papers and steps": (
            "*اوراق, *مستند*, *شروط, *اجراءات, *اجراء, *خطوات, *خطوه, *طريقه, *متطلبات, *مطلوب, *المطلوبه, *وثائق",
            "*نموذج, *استماره, requirement*, document*, docs, papers, procedure*, process, steps, conditions, form",
            "forms, rules, how to, what to, eligib*, qualify",
        ),
        "whose job": (
            "*مسوول, *مسؤول, *مسووليه, *مسؤوليه, *مسووليت*, *مسؤوليت*, *اختصاص*, *مختص*, تابع*, تتبع, يتبع, *جهه",
            "من شغل, نتصل في*, اتصل في*, نكلم, responsible, responsable, in charge, whose job, department, authority",
            "ministry, belong*, handle*, deal with, deals with, looks after, take care, takes care, who do i call",
            "whom to",
        ),
        "plans": (
            "we want, i want, we d like, would like to, نويت, عشان ا*, ناوي*, *افكر, بفتح*, بسوي*, بحط*, ببني*",
            "ببيع*, بغير*, بركب*, بزيد*, بزرع*, بهدم*, بنحط*, بنسوي*, بنفتح*, باخذ*, ابي ا*, ابغي ا*, ودي ا*",
            "بغيت ا*, نبي ن*, يبي ي*, تبي ت*, حاب ا*, ارغب في, planning, plan to, thinking of, thinking about",
            "going to, want to, like to, need to, wants to, looking to, looking for, hoping to, intend to, i d like",
        ),
        "may one": (
            "يبي له, يبي لها, يبيله, يبيلها, required, مخالفه لو, عادي, اقدر, نقدر, يصير, يجوز, يحق, مسموح, يسمح",
            "لازم, ممكن, يمكن*, بالامكان, يلزم, يستلزم, يشترط, تشترطون, ضروري, can i, can we, can one, could i",
            "may i, should i, should we, must i, do i, do we, am i, will i, can a, can an, does one, can residents",
            "can expats, can people, can owners, can tenants, is it possible, is it allowed, necessary, needed",
        ),
        "price": ("سعر*, وسعر*, مجاني*, ببلاش, بفلوس, spraying free, for free, free of charge, is .. free, price",),
        "do you": (
            "هل .. يوجد, عندكم, لديكم, تقبلون, تعطون*, توفرون, تجمعون, تشيلون, ترشون, تسوون, تاخذون*, انتو, do you",
            "do u, does the municipality, does municipality, are you, is there, are there, is it, does it, do they",
        ),
        # ------------------------------------------------ complaining
        "fault": (
            "متناثر*, يسيل, ثعابين, عقارب, حيه, حيات, مليانه, needles, collapse, under water, coming up, burning",
            "locked, puts its, loose, *مكسور*, *مكسر*, *متكسر*, *خربان*, *خراب, *تالف*, *متهالك*, *معطل*, *عطلان*",
            "*طافي*, *مطفي*, *متروس*, *مليان*, *ممتلي*, *طافح*, تطفح, يطفح, *فايض*, تفيض, *ريحه, *ريحته*, *رايحه",
            "*روايح, *وسخ*, *وصخ*, *متسخ*, *قذر*, *قذاره, *مسدود*, *متكوم*, *مكوم*, *متراكم*, *تراكم, *متجمع*",
            "*تسريب, *تسرب, يسرب, طاح*, *طايح*, *مايل*, *مزعج*, *ازعاج, *خطر*, *صراصير, *فيران, *جرذان, *يريور",
            "*بعوض, *ناموس, *ذبان, *حشرات, *حفر, *حفره, *محفر, *ظلام, *مظلم*, *مزبله, يقط*, يرمي*, ترمي, يصب*, يكب*",
            "يحرق*, قاط*, *مقطوط*, *مرمي*, حاط*, ماخذ*, مسكر*, ساد*, *مقفول*, *مخلوع*, *ايل, *متصدع*, *غرقان*, *تاخر",
            "*متاخر*, *غلط, *ذبحتنا, *دخان, *غبار, *مخلين, *تاركين, *متروك*, *مكشوف*, *نافق, *ميت, *منظر, *فوضي",
            "*تخريب, *عرقله, *راكده, *مستنقع, *وقح, *تنبح, *هجم*, *يهاجم*, *مخالف*, *تعدي, *تجاوز*, *صوت, broken",
            "dirty, filthy, smell*, stink*, overflow*, blocked, blocking, blocks, clogged, leak*, rats, noise, noisy",
            "damage*, cracked, fell, fallen, falling, pile, piled, piles, dumped, dumping, dumps, illegal*, dark",
            "dead, rotten, mess*, disgust*, horrible, terrible, awful, bad, dangerous, unsafe, hazard, loud, stuck",
            "pothole*, holes, cockroach*, landfill, wrong, full, burst, flooded, graffiti, occup*, throw*, pour*",
            "parks, left, abandoned, hanging, rusty, collapsed, exposed, flicker*, blinking, barking, attack*",
            "mosquito*, flies, litter*, uncollected, ignored, mistake, overcharged",
        ),
        "again": (
            "مرتين, مرات, كل مره, كل يوم, كل ليله, دايم*, للحين, الي الحين, لحد الان, بعدها, بعده, مره ثانيه, مازال*",
            "مازلنا, طوال, again, still, always, every day, every night, every time, every morning, every evening",
            "every week, twice, times, never, keeps, keep, constantly, whole night, all night, all day",
        ),
        "nobody came": (
            "محد, ماحد, ما احد, ما في احد, ماشال*, ماجو*, ما شال*, ما شلتو*, ما ياه, ما يا, ما جا*, لم يتم, ما نقدر",
            "ما ينشال*, ما يمر*, ما يرد*, ما ترد*, ما يشيل*, ما تشيل*, ما ينظف*, ما وصل*, ما صلح*, ما نظف*, ما رد*",
            "ما تشوف*, ما يحاسب*, بدون فايده, nobody, no one, noone, no body, cant, can t, cannot, couldn t",
            "not been, not working, does not, doesn t, didn t, not come, no come, no response, no action",
            "not collected, not emptied, no water, no light",
        ),
        "demands": (
            "شيلوا*, نظفوا*, صلحوا*, تعالوا*, طرشوا*, سووا*, شوفوا*, تكفون, حلوا, ازيلوا, نطالب, نطلب منكم, لنا حل",
            "حل, تدخل*, please .. remove, please .. clean, please .. fix, please .. repair, please .. come",
            "please .. check, pls .. fix, pls .. clean, please .. stop, please .. collect, please .. correct",
            "please look into, please do, pls do, take action, action against, need action, do something",
            "send somebody, send someone, send a team, send team, send an inspector, sort this, needs to be",
        ),
        "other people": (
            "جاري, جارنا, جيراني, جيراننا, *الجيران, *الجار, *المقاول, *المطعم, *العمال, *الورشه, *الكراج, *عزاب",
            "*الشباب, neighbor*, neighbour*, contractor, restaurant, workers, garage, workshop, drivers, driver",
            "tenant next, people are",
        ),
        "enough": (
            "حرام, عيب, معقول*, يعقل, زهقنا, تعبنا, ملينا, مليينا, طفشنا, شفيكم, وينكم, وين انتو, وين الرقابه",
            "وين البلديه, لين متي, الي متي, لي متي, fed up, sick of, sick and tired, unacceptable, acceptable",
            "normal, shame, ridiculous, even work, paying for, where is the garbage, do you even, really, seriously",
            "how long, how many times, supposed to",
        ),
        "your work undone": (
            "متي راح ت*, متي بت*, متي ت*ون, متي تيون, متي بي*, *الصيانه ولا, when will you, when are you",
            "when will someone, when will somebody, when will they, when will anyone, when is someone",
            "when is anyone, will you ever, will anyone, will someone, are you going to, who will pay",
            "who is going to pay, *التعويض, يعوضني, compensat*",
        ),
        # ------------------------------------------------ coming to see somebody
        "appointment": (
            "ميعاد*, *موعد*, *مواعيد, *مقابله, *لقاء, appoint*, apoint*, appt*, slot, slots, booking, meeting",
        ),
        "books": (
            "احجز*, نحجز, *حجز, بحجز, سجلوني, سجلني, سجلوا, عطوني دور, رتبوا, شوفولي, شوفوا لي, book, reserve",
            "schedule, sign me up, put me, put my name, fit me, squeeze me, arrange .. meeting, set up a meeting",
            "pencil me",
        ),
        "wants to meet": (
            "وجها لوجه, ادخل علي المدير, ادش, تحديد لقاء, تحديد موعد, تحديد مقابله, مع المدير, مع مسوول",
            "سعاده المدير, with the director, with the manager, with your engineer, with the engineer",
            "with the person, with someone, minutes with, a time with, يوم العميل, يوم العملاء, *المدير العام",
            "ashoof, اقابل, نقابل, اقابله, ادش على, اشوف المدير, نشوف المدير, التقي, اكلم .. المدير, اكلم احد, اقعد",
            "نقعد, اجتمع, *اجتماع, شخصيا, ويه لويه, وجه لوجه, meet, see the manager, see a manager, see the engineer",
            "see an engineer, see the head, see the official, see someone, see somebody, speak to, speak with",
            "talk to, sit with, sit down with, face to face, in person, director, dg, manager",
        ),
        "wants one": (
            *(f"{want} .. {what}" for want in _phrases(_WANTS) for what in _phrases(_MEETINGS)),
            "اقرب موعد, اول موعد, موعد فاضي, وقت فاضي, earliest .. appoint*, earliest .. slot, next available",
            "any free, free slot*, يناسبكم, يناسبني, يناسب المدير, انا متفرغ, المدير فاضي, فاضي عندكم, اللي فاضي",
            "whichever is free, is available, works for us, suit us, earliest you can, availability, available slot*",
            "suits me, suit me, better for me, works for me",
        ),
        "has one": (
            "ميعادي, my turn, موعدي, حجزي, مواعيدي, *الموعد, my appoint*, my booking, my meeting, my slot",
            "our appoint*, the appoint*, my customer day",
        ),
        "a day": (
            "*الاحد, *الاثنين, *الثلاثا*, *الاربعا*, *الخميس, باجر, باچر, بكره, غدا, الاسبوع الياي, الاسبوع الجاي",
            "الاسبوع القادم, هالاسبوع, اثنين, ثلاثا*, اربعا*, خميس, اليوم, عقب باجر, بعد بكره, الياي, الجاي, القادم",
            "نوفمبر, ديسمبر, يناير, فبراير, مارس, # #, sunday, monday, tuesday, wednesday, thursday, tomorrow, today",
            "next week, this week, end of the month, # days time, sun, mon, tue, tues, wed, thu, thurs, wensday",
            "weekday, november, december, january, february, march, nov, dec, jan",
        ),
        "an hour": (
            "الساعه, ساعه #, # الصبح, # الظهر, # ونص, # ص, الصبح, الظهر, # am, # pm, #am, #pm, # o clock, at #",
            "at nine, at ten, at eleven, morning, noon, any time, same time, either # or #, between # and #",
            "بين # و #",
        ),
        "time of something else": tuple(f"{time} {of}*" for time in ("موعد", "مواعيد") for of in _phrases(_TIMED)),
        # ------------------------------------------------ one's own request
        "own request": (
            "طلبي, طلباتي, معاملتي, شكواي, شكوتي, بلاغي, بلاغاتي, اعتراضي, رسالتي, طلبنا, شكوانا, معاملتنا, مقترحي",
            "البلاغ .. مالي, علي الطلب, حاله الطلب, حاله الشكوي, رقم الطلب, رقم الشكوي, my request, my complaint",
            "my application, my case, my ticket, my report, my suggestion, my permit, my certificate, my approval",
            "my message, my photos, my .. request, my .. application, my .. complaint, my .. approval, our request",
            "our complaint, our application, request no, complaint no, reference, ref no, application no, case no",
            "ticket no, request number, complaint number",
        ),
        "has sent": (
            "قدمت, قدمنا, رفعت, ارسلت, بلغت, طرشت, راجعت, كلمتكم, قلتوا, قالوا, وعدتو*, طلبت, دزيت, سلمت, دفعت",
            "i submitted, i submit, i applied, i apply for .. before, i filed, i sent, i reported, i requested",
            "i complained, i made, i paid, have submitted, have applied, have sent, have reported, we submitted",
            "we applied, we sent, applied, submitted, i called",
        ),
        "how it stands": (
            "في رد, ما في رد, تواصل معاي, شفتوا, انغلقت, rejected, accepted, looked into, closed without, وين وصل*",
            "شصار, شنو صار, وش صار, وش تم, بما تم, ما تم, صار شي, صار عليه*, تحديث, حاله, متابعه, جاهز*, خلصت, تمت",
            "تشيكون, ردوا, بيردون, ردكم, وصلكم, وصلتكم, استلمتو*, ناطر*, انتظر, status, update*, progress, news",
            "pending, approved, ready, decided, decision, received, receive my, what happened, any reply",
            "any response, reply yet, yet, hear back, heard back, waiting for, confirmed, looked at, follow up",
            "following up, processed, been reviewed",
        ),
        # ------------------------------------------------ suggesting
        "suggests": (
            "benches, more shade, shade trees",
            "might help, could use, park needs, area needs, needs a park, hope you, hope to see, بدل لا, خلوا",
            "شرايكم, ما رايكم, لماذا لا يتم, لماذا لا يوجد, ليش ما في, why isn t there, why is there no",
            "would like to see, good if, اقترح*, نقترح, اقتراح*, *مقترح, *مقترحات, ياليت, يا ليت, ياريت, يا ريت",
            "ليتكم, حبذا, فكره, افكار, اتمني, نتمني, نامل, رايي, برايي, اري ان, نري ان, *الافضل, المفروض, ودنا, نطمح",
            "احسن لو, حلو لو, زين لو, بيكون زين, بيكون احسن, بيكون احلي, suggest*, propos*, idea, ideas",
            "would be nice, would be great, would be lovely, would be good, would be better, would be helpful",
            "it d be, be useful, should have, should make, should consider, should organise, should organize",
            "should put, should add, you should, municipality should, they should, we should, you could, how about",
            "what about, why not, why don t, why dont, have you thought, have you considered, would love, i d love",
            "love to see, can t you add, maybe, perhaps, better if, would help, consider, in my opinion, i think",
            "wish there, wouldn t it, improve, instead of",
        ),
        "if only you": (
            "can you .. put, can u .. put, could you .. put, can you .. add, can u .. add, could you .. add",
            "لو ت*ون, لو ت*ونه*, لو يكون, لو تم, لو كل, لو كان, لو صار, ليش ما تسوون, ليش ما تحطون, ليش ما تفكرون",
            "ليش ما نسوي, تفكرون, بدل ما, بدال, مثل باقي الدول, مثل دبي, like in dubai, put more, add more",
            "install more, plant more, more benches, more trees, more shade, more bins, please put, please add",
            "pls put, pls add, can we have, could we have",
        ),
        # ------------------------------------------------ the place
        "address": (
            "block #, blk #, road #, rd #, bldg #, building #, house #, مجمع #, طريق #, شارع #, بنايه #, مبني #",
            "منزل #",
        ),
    }
)


def _pattern(lines: Iterable[str]) -> str:
    return "|".join(
        re.escape(one)
        .replace(r"\ ", " ")
        .replace(r" \.\. ", r" (?:\w+ ){0,3}")
        .replace(r"\*", r"\w*")
        .replace(r"\#", r"\d+")
        for one in _phrases(lines)
    )


def _by_phrase() -> dict[str, frozenset[str]]:
    """The signs of each phrase that is always the same words."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, lines in _SIGNS.items():
        for phrase in _phrases(lines):
            if _LOOSE.search(phrase) is None:
                found[phrase].add(name)
    return {phrase: frozenset(names) for phrase, names in found.items()}


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each sign that has phrases that vary, and what finds those: inside a word too, or only from its beginning."""
    for name, lines in _SIGNS.items():
        loose = [phrase for phrase in _phrases(lines) if _LOOSE.search(phrase)]
        for begins, phrases in (
            ("", [phrase[1:] for phrase in loose if phrase.startswith("*")]),
            (r"\b", [phrase for phrase in loose if not phrase.startswith("*")]),
        ):
            if phrases:
                yield name, re.compile(rf"{begins}(?:{_pattern(phrases)})\b")


# Most phrases are looked up, which takes a tenth of searching for them all; searched for are those that vary.
_LOOSE = re.compile(r"[*#]|\.\.")
_FIXED: Mapping[str, frozenset[str]] = MappingProxyType(_by_phrase())
_LONGEST = max(len(phrase.split()) for phrase in _FIXED)
_PATTERNS = tuple(_patterns())
_GREETED = re.compile(rf"^(?:(?:{_pattern(_GREETINGS)})\b ?)+")
_ASKING = re.compile(rf"(?:(?:{_pattern(_BEFORE_A_QUESTION)}) )?(?:{_pattern((*_WHICH, *_WHICH_ENGLISH))})\b")
_DOING = re.compile(rf"(?:{_pattern(_DO)})\b")
_AT_THE_END = re.compile(rf"\b(?:{_pattern((*_WHICH, *_WHICH_ENGLISH))})(?: \w+){{0,2}}$")
_CLAUSE = re.compile(r"[.!?؟،,;؛\n:]+")
#: How a question is put. A reproach is put so too, and these say nothing of it.
FORMS = frozenset(
    {"begins as a question", "goes on as a question", "begins with do or may", "goes on with do or may"}
    | {"ends as a question", "ends with its mark", "has its mark", "question word", "question word, English"}
    | {"may one", "do you", "one or the other"}
)
#: When something is, or was: no appointment by itself.
TIMES = frozenset({"a day", "an hour", "with figures"})
MEETS = frozenset({"appointment", "books", "wants one", "has one", "wants to meet", "comes"})


def vocabulary() -> set[str]:
    """The words of all signs that are not parts of words."""
    return {
        word for lines in _SIGNS.values() for line in lines for word in words(line.replace("*", "")) if len(word) > 2
    }


def signs_of(text: str, said: Sequence[str], clauses: Sequence[Sequence[str]]) -> frozenset[str]:
    """The signs that a message has: its text as it was typed, its words, and those of each of its clauses."""
    plain = " ".join(said)
    found = {name for name, pattern in _PATTERNS if pattern.search(plain)}.union(*_fixed(said))
    parts = [part for part in (_GREETED.sub("", " ".join(one)) for one in clauses) if part] or [""]
    tests = {
        "begins as a question": _ASKING.match(parts[0]) is not None,
        "goes on as a question": any(_ASKING.match(one) for one in parts[1:]),
        "begins with do or may": _DOING.match(parts[0]) is not None,
        "goes on with do or may": any(_DOING.match(one) for one in parts[1:]),
        "ends as a question": _AT_THE_END.search(parts[-1]) is not None,
        "ends with its mark": text.rstrip()[-1:] in _MARKS,
        "has its mark": not _MARKS.isdisjoint(text),
        "reproach": is_reproach(said),
        "own trouble": is_about_own_trouble(said),
        "for long": is_for_long(said),
        "with figures": any(word[:1].isdigit() for word in said),
    }
    found |= {name for name, has in tests.items() if has}
    return frozenset(found - FORMS if "reproach" in found else found)


def _fixed(said: Sequence[str]) -> Iterator[frozenset[str]]:
    """The signs of each run of words that is a phrase."""
    for first in range(len(said)):
        for after in range(first + 1, min(first + _LONGEST, len(said)) + 1):
            yield _FIXED.get(" ".join(said[first:after]), _NONE)


def clauses_of(text: str) -> list[str]:
    """The parts of a text that could stand by themselves."""
    return [part for part in _CLAUSE.split(text) if part.strip()]
