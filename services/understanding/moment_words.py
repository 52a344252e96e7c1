"""The words in which people say when, in Arabic, in Arabic written in Latin letters, and in English.

Each table is read as it is compared: hamzas dropped, ة as ه, digits of any script as 0-9 (`services.text.normalise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from services.text.day_halves import AFTER_NOON, MORNING
from services.text.normalise import normalise


def _said(told: Mapping[int, str]) -> Mapping[str, int]:
    """What each word of a table means."""
    return MappingProxyType({normalise(word): number for number, said in told.items() for word in said.split()})


def _phrases(told: Mapping[int, Iterable[str]]) -> Mapping[tuple[str, ...], int]:
    """What each phrase of a table means, as the words that it is made of."""
    return MappingProxyType(
        {tuple(normalise(phrase).split()): number for number, said in told.items() for phrase in said}
    )


def _any(said: str) -> frozenset[str]:
    return frozenset(normalise(word) for word in said.split())


# ---------------------------------------------------------------------------- the clock

HOURS = _said(
    {
        1: "واحدة وحدة الواحدة one wa7da wahda",
        2: "ثنتين اثنتين ثنتان اثنين الثانية two thintain",
        3: "ثلاث ثلاثة الثالثة three thalath",
        4: "أربع أربعة الرابعة four arba3",
        5: "خمس خمسة الخامسة five 5ams",
        6: "ست ستة السادسة six sit",
        7: "سبع سبعة السابعة seven sab3",
        8: "ثمان ثماني ثمانية الثامنة eight thaman",
        9: "تسع تسعة التاسعة nine tes3 tis3",
        10: "عشر عشرة العاشرة ten 3ashr 3ashra",
        11: "احدعش حدعش إحدعش دعش الحادية حداعش احداعش eleven",
        12: "اثنعش ثنعش اثناعش إثنعش twelve",
    }
)
#: Hours of two words; what follows "الحادية" may be left out, what follows "الثانية" tells it from two.
LONG_HOURS = _phrases(
    {
        11: ("الحادية عشرة", "الحادية عشر", "احدى عشر", "احدى عشرة", "احد عشر"),
        12: ("الثانية عشرة", "الثانية عشر", "اثنا عشر", "اثنى عشر", "اثنتي عشرة"),
    }
)
#: Hours that are nothing else, unless they count times: "التاسعة", not "المرة التاسعة".
ORDINAL_HOURS = _any("الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية")
NO_HOUR_AFTER = _any("مرة المرة للمرة الدرجة المرحلة الفقرة المادة")
AT = _any("at الساعة ساعة @ sa3a elsa3a alsa3a essa3a s3a as3a saa elsaa clock time timing الوقت وقت")
#: What makes an hour of a number only where it counts nothing: "after 10", not "after 10 days".
NEAR = _any(
    "before b4 after around about by from between till until approx approximately roughly"
    " قبل بعد عقب حوالي حدود بحدود تقريبا على عند من بين لين لغاية حتى الى تمام"
    " gabl gabel ba3ad 3ala 7awali been bain bw btw btwn frm"
)
MINUTES_PAST = _said(
    {
        30: "ونص ونصف والنصف النصف نص ونس wnos wnus wnoss",
        15: "وربع والربع الربع wrob3 wrub3 wrobo3",
        20: "وثلث والثلث الثلث",
        10: "وعشر وعشرة",
        5: "وخمس وخمسة",
        40: "وأربعين",
        45: "وخمسةوأربعين",
    }
)
#: Minutes that are told after their hour without "and", "ten thirty".
MINUTES_AFTER = _said({15: "fifteen", 20: "twenty", 30: "thirty", 40: "forty", 45: "forty-five", 50: "fifty"})
UNLESS = _any("إلا الا illa ela ella ila")
MINUTES_LESS = _said({15: "ربع rob3 rub3", 20: "ثلث", 10: "عشر عشرة", 5: "خمس خمسة"})
ENGLISH_PARTS = _said({30: "half", 15: "quarter quater qtr", 5: "five 5", 10: "ten 10", 20: "twenty 20"})
ALONE = _said({30: "نص نصف nos nus noss", 15: "ربع rob3 rub3", 20: "ثلث"})  # after "and" by itself, "و نص"
AND = _any("و w o wa u")

#: What a half of the day, said after its hour, begins at.
HALVES_OF_DAY = _phrases({0: MORNING, 12: AFTER_NOON})
O_CLOCK = _any("oclock o'clock o’clock o`clock")
NOON = _any("noon midday")

# ---------------------------------------------------------------------------- counting

#: What is counted: "10 people" is no hour, "3 days" no day.
UNITS = _any(
    "people person persons ppl pax adults kids children men women family families members houses house homes shops"
    " minute minutes min mins hour hours hrs hr day days week weeks month months year years time times weekday"
    " bd dinar dinars km meter meters metres m2 bags bins cars trees floors questions items points"
    " اشخاص شخص شخصين انفار نفر نفرات عيال اولاد اطفال رجال نساء افراد فرد عائلات بيوت بيت محلات"
    " دقيقة دقائق دقايق ساعات ساعة يوم ايام اسبوع اسابيع شهر شهور اشهر سنة سنوات سنين مرات مرة"
    " دينار دنانير كيلو متر امتار اكياس حاويات سيارات اشجار طوابق اسئلة نقاط"
)
#: What has a number of its own: "block 9", "flat 10".
NUMBERED = _any(
    "block blk road rd house building bldg flat villa shop street st avenue no number room floor plot way"
    " مجمع طريق بيت منزل مبنى عمارة شقة فيلا محل شارع رقم دور طابق قطعة برقم بلوك"
)
COUNTED = _said(
    {
        1: "one a an",
        2: "two couple",
        3: "three ثلاث ثلاثة",
        4: "four أربع أربعة",
        5: "five خمس خمسة",
        6: "six ست ستة",
        7: "seven سبع سبعة",
        8: "eight ثمان ثمانية",
        9: "nine تسع تسعة",
        10: "ten عشر عشرة",
    }
)
DAYS_OF = _said(
    {
        1: "day days يوم ايام",
        2: "يومين",
        7: "week weeks اسبوع اسابيع isbo3 esbo3",
        14: "اسبوعين fortnight",
    }
)
AFTER = _any("بعد عقب in after 3gb 3ogob ba3ad")
FROM_NOW = _any("now today اليوم الحين الان")

# ---------------------------------------------------------------------------- days and months

_DAY_NUMBERS: Mapping[int, str] = {
    1: "first أول الأول",
    2: "second ثاني الثاني",
    3: "third three ثلاثة ثالث الثالث",
    4: "fourth four اربعة رابع الرابع",
    5: "fifth five خمسة خامس الخامس",
    6: "sixth six ستة سادس السادس",
    7: "seventh seven سبعة سابع السابع",
    8: "eighth eight ثمانية ثامن الثامن",
    9: "ninth nine تسعة تاسع التاسع",
    10: "tenth ten عشرة عاشر العاشر",
    11: "eleventh eleven احدعش",
    12: "twelfth twelve اثنعش",
    13: "thirteenth thirteen ثلطعش ثلاثطعش",
    14: "fourteenth fourteen اربعتعش اربعطعش",
    15: "fifteenth fifteen خمستعش خمسطعش",
    16: "sixteenth sixteen ستعش سطعش",
    17: "seventeenth seventeen سبعتعش سبعطعش",
    18: "eighteenth eighteen ثمنتعش ثمنطعش",
    19: "nineteenth nineteen تسعتعش تسعطعش",
    20: "twentieth twenty عشرين العشرين",
    30: "thirtieth thirty ثلاثين الثلاثين",
}
DAY_NUMBERS = _said(_DAY_NUMBERS)
TENS = _said({20: "twenty وعشرين والعشرين", 30: "thirty وثلاثين والثلاثين"})
#: "Second" of "23" is said before its ten in Arabic, after it in English.
UNITS_OF_TENS: Mapping[str, int] = {
    **_said({1: "واحد الحادي first one", 2: "اثنين ثنين second two"}),
    **{word: number for word, number in DAY_NUMBERS.items() if number < 10},
}
TEENS = _any("عشر عشرة")  # after a unit: "خمسة عشر" is 15
FIRST_OF = _said({1: "first 1st اول awal", 2: "second 2nd ثاني", 3: "third 3rd ثالث", 4: "fourth 4th رابع"})
LAST_OF = _any("last اخر الاخير")
NTH_AFTER = _said({1: "الاول", 2: "الثاني", 3: "الثالث", 4: "الرابع", 0: "الاخير"})  # "الأربعاء الأول من ديسمبر"
#: Before a day, what says that it is another one.
NOT_ON = _any("before after until till by قبل بعد عقب لين حتى لغاية gabl gabel")
HIJRI = _phrases(
    {
        1: ("محرم", "muharram"),
        2: ("صفر", "safar"),
        3: ("ربيع الأول", "ربيع أول", "rabi al awwal", "rabi al awal"),
        4: ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني", "rabi al thani"),
        5: ("جمادى الأولى", "جمادى الاول", "جماد الأول", "jumada al awwal", "jumada al ula"),
        6: ("جمادى الآخرة", "جمادى الثانية", "جماد الثاني", "جماد ثاني", "جمادى الاخر", "jumada al thani"),
        7: ("رجب", "rajab"),
        8: ("شعبان", "shaaban", "shaban", "sha3ban"),
        9: ("رمضان", "ramadan", "ramadhan"),
        10: ("شوال", "shawwal", "shawal"),
        11: ("ذو القعدة", "ذي القعدة", "ذو قعدة", "dhul qadah"),
        12: ("ذو الحجة", "ذي الحجة", "dhul hijjah"),
    }
)
MONTH_OF = _any("شهر month")
OF = _any("of in من في شهر the fe fi min")
NUMBER_OF_DAY = _any("يوم تاريخ بتاريخ the on yom ليوم بيوم")
NEXT_MONTH, THIS_MONTH = (
    _phrases(
        {
            1: (
                "next month",
                "the next month",
                "coming month",
                "الشهر الجاي",
                "الشهر القادم",
                "الشهر المقبل",
                "الشهر الياي",
                "شهر الجاي",
                "شهر القادم",
            )
        }
    ),
    _phrases({0: ("this month", "the month", "هذا الشهر", "هالشهر", "الشهر", "الشهر الحالي", "نفس الشهر")}),
)
WEEK_AHEAD = _phrases(
    {
        1: (
            "next week",
            "the coming week",
            "coming week",
            "الاسبوع الجاي",
            "الاسبوع القادم",
            "الاسبوع المقبل",
            "الاسبوع الياي",
            "اسبوع الجاي",
            "اسبوع القادم",
            "اسبوع الياي",
            "الاسبوع اللي ياي",
            "الاسبوع اللي جاي",
            "el isbo3 eljay",
            "elesbo3 eljay",
            "next wk",
        ),
        2: (
            "week after next",
            "the week after next",
            "the week after",
            "الاسبوع اللي عقبه",
            "الاسبوع اللي بعده",
            "الاسبوع بعد القادم",
            "بعد الاسبوع الجاي",
            "الاسبوع اللي عقب الجاي",
            "الاسبوع اللي عقب الياي",
            "الاسبوع اللي بعد القادم",
            "الاسبوع بعد الجاي",
        ),
        0: ("this week", "هذا الاسبوع", "هالاسبوع", "الاسبوع هذا"),
    }
)
_NEXT = ("القادم", "المقبل", "الجاي", "الياي")
#: After a weekday: the one after the next.
AFTER_NEXT = _phrases(
    {
        1: (
            *("after next", "after the next", "week", "اللي عقبه", "اللي بعده"),
            *(
                f"{which}{after} {which_next}"
                for which in ("", "اللي ")
                for after in ("بعد", "عقب")
                for which_next in _NEXT
            ),
        )
    }
)
#: After a weekday that is over.
OVER = _phrases({0: ("اللي راح", "اللي فات", "اللي طاف", "الفايت", "اللي مضى", "that passed", "just gone")})

# ---------------------------------------------------------------------------- what is not meant

NOT = _any("not مو مب موب مهب مش ليس ليست وليس ومو ومب غير except excluding عدا ماعدا إلا mo mub mob")
CANNOT = _phrases(
    {
        0: (
            *("cant", "can't", "cannot", "can not", "doesnt work", "doesn't work", "does not work", "not good"),
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
            ),
        )
    }
)
INSTEAD_OF = _any("instead بدل بدال بدلا عوض عوضا rather")
#: Before a moment, what says that it is one of something else.
ELSEWHERE = _any(
    "flight travel travelling traveling exam school surgery hospital open opens opening hours every daily"
    " سفر مسافر مسافرة رحلة طيارتي امتحان دوام دوامي دوامكم دوامهم عملية مستشفى يفتح تفتحون يشتغل يشتغلون كل"
    " safar dawam"
)
BEFORE_NOW = _any(
    "was were came visited been since ago had went waited couldnt couldn't missed"
    " اتمكن فاتني حضور كان كانت جيت ييت حضرت راجعت منذ صار قدمت سجلت رحت ريت"
)
CHANGE = _any(
    "move change reschedule shift postpone changed moved rescheduled postponed swap switch"
    " غير غيروا اغير نغير تغيير تغير تغييره انقل نقل انقلوا نقله حول حولوا تحويل اجل اجلوا تأجيل تاجيله اأجل نأجل"
    " قدم قدموا تقديم تعديل اعدل عدلوا aghayer ghayer agayer"
)
MINE = _any("my موعدي حجزي maw3idi")
FROM = _any("from من")
WANTED = _any(
    "appointment appt book booking slot meeting come visit meet see for"
    " موعد موعدا حجز احجز احجزوا اجي ايي اييكم اقابل مقابلة maw3id maw3ed mawid"
)
UNTIL = _any("to till until - الى لين حتى لغاية")
OR = _any("or او أو ولا والا ولة يا aw")
BUT = _any(
    "no sorry actually mean rather better prefer لا عفوا اسف اسفة قصدي اقصد احسن افضل الاصح بالاصح بل nope instead"
)
