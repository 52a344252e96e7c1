"""The words that tell which of the days and hours of a message is meant, and which is not."""

from __future__ import annotations

from services.understanding.tables import any_of, phrases

NOT = any_of("not ela illa مو مب موب مهب مش ليس ليست وليس ومو ومب غير except excluding عدا ماعدا إلا mo mub mob")
CANNOT = phrases(
    {
        0: (
            *("cant", "can't", "cannot", "can not", "doesnt work", "doesn't work", "does not work", "not good"),
            *("doesn't suit", "doesnt suit", "does not suit", "is difficult", "is bad", "isn't good", "isnt good"),
            *(
                "no good",
                "not possible",
                "won't work",
                "wont work",
                "not suitable",
                "not available",
                "busy",
                "not free",
            ),
            *("ما اقدر", "ماقدر", "مااقدر", "ما اقدر اجي", "ما يناسبني", "مايناسبني", "ما يناسب", "ما ينفع"),
            *("ما يصلح", "ما يصلح لي", "صعب", "ما يمدي", "غير مناسب"),
            *("ما يصير", "ما عندي", "مشغول", "مشغولة", "لا استطيع", "لا يناسبني", "لا يمكنني", "لا اقدر", "ما بقدر"),
            *(
                "ما يمديني",
                "لن اتمكن",
                "لا اتمكن",
                "ma agdar",
                "magdar",
                "ma ynasebni",
                "ma ynaseb",
                "ma agder",
                "مابي",
                "ما ابي",
                "ما ابغي",
                "ما ابغى",
                "ماابي",
                "ما اريد",
                "لا اريد",
                "dont want",
                "don't want",
                "do not want",
                "مابغي",
                "ما اقدر احضر",
                "mabi",
                "ma yeseer",
                "ma ye9eer",
                "ma yesir",
                "ma abi",
                "is full",
                "fully booked",
                "is booked",
                "ممتلئ",
                "محجوز",
                "مليان",
                "too early",
                "too late",
            ),
        )
    }
)
#: What says beside a day that somebody has no time then; by itself it is a reason.
BUSY = phrases(
    {
        0: (
            *("away", "travelling", "traveling", "abroad", "out of bahrain", "out of the country", "not in bahrain"),
            *("have work", "at work", "on duty", "have duty", "have school", "have an exam", "working", "i work"),
            *("مسافر", "مسافرة", "عندي دوام", "عندي شغل", "عندي امتحان", "عندي اختبار", "عندي سفر", "برع البحرين"),
        )
    }
)
#: After "any" or "every", what excepts the days that follow.
EVERY = any_of("any every all anything anytime whichever")
EXCEPT = phrases({0: ("other than", "apart from", "aside from", "besides", "باستثناء", "سوى", "ما عدا", "بخلاف")})
INSTEAD_OF = any_of("instead بدل بدال بدلا عوض عوضا rather")
THAN = any_of("than over")
#: What makes "than" of "من" and "على".
BETTER, THAN_IF_BETTER = any_of("احسن افضل أفضل انسب"), any_of("من على")
#: What a clause begins with that says why.
REASON = any_of("because as cos coz cuz since لان لاني لأنه لانها لاننا لانو عشان علشان")
BEGINS_CLAUSE = REASON | any_of("so but بس لكن")
#: Before a moment, what says that it is one of something else.
#: Before a moment, what says that it is over or given up.
CANCELLED = any_of("cancel cancelled canceled missed الغوا الغي ألغوا إلغاء فاتني انلغى")
#: Before a moment, what says that it is the appointment that somebody has.
HELD = phrases(
    {
        0: (
            *("i have an appointment", "i have appointment", "i have a booking", "we have an appointment"),
            *("my appointment", "my booking", "our appointment", "i am booked"),
            *("عندي موعد", "عندي حجز", "عندنا موعد", "موعدي", "حجزي"),
        )
    }
)
NO = any_of("no nope لا")
ELSEWHERE = any_of(
    "flight travel exam school doctor dentist surgery hospital open opens opening hours every daily"
    " closes close land lands arrive arrives return expires expire due shift work job finish finishes"
    " ends starts start begins comes leaves collects collected said says told"
    " تمر يمر تبدا يبدا ينتهي يخلص يطلع يطلعون اطلع برجع ارجع بوصل تنتهي اختبار"
    " شاحنة مدرسة اخلص تقولون يقولون قالوا قالولي قلتوا"
    " سفر رحلة طيارتي امتحان دوام دوامي دوامكم دوامهم عملية مستشفى يفتح تفتحون يشتغل يشتغلون كل"
    " safar dawam"
)
BEFORE_NOW = any_of(
    "was were came visited been since ago had went waited couldnt couldn't missed"
    " اتمكن فاتني حضور كان كانت جيت ييت حضرت راجعت منذ صار قدمت سجلت رحت ريت"
)
#: The same, even of the only day that is named: nobody asks for what they did.
DONE = any_of(
    "called phoned rang emailed applied paid submitted complained visited كلمتكم اتصلت دفعت راجعتكم بلغتكم رحت"
)
CHANGE = any_of(
    "move push bring change reschedule shift postpone changed moved rescheduled postponed swap switch"
    " غير تقدم تنقل تاجل غيروا اغير نغير تغيير تغير تغييره انقل"
    " نقل انقلوا نقله حول حولوا تحويل اجل اجلوا تأجيل تاجيله اأجل نأجل"
    " قدم قدموا تقديم تعديل اعدل عدلوا aghayer ghayer agayer"
)
MINE = any_of("my موعدي حجزي maw3idi")
FROM = any_of("from من")
WANTED = any_of(
    "appointment appt book booking slot meeting come visit meet see for"
    " موعد موعدا حجز احجز احجزوا اجي ايي اييكم اقابل مقابلة maw3id maw3ed mawid"
)
#: Before a moment, what says that it is moved to that.
TO = any_of("to till until for الى ل ليوم لي")
UNTIL = any_of("to till until - الى لين حتى لغاية")
BETWEEN = any_of("between بين been bain bw btw btwn")
AND = any_of("and & و w")
IF = any_of("if اذا واذا otherwise else")
OR = IF | any_of("or او أو ولا والا ولة يا aw")
BUT = any_of(
    "no la2 but sorry actually mean rather better prefer لا عفوا اسف اسفة قصدي اقصد احسن افضل الاصح بالاصح بل"
    " nope instead"
)
