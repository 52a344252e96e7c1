"""The words in which people count days and name weeks and months, in Arabic, in Latin letters, and in English."""

from __future__ import annotations

from collections.abc import Mapping

from services.understanding.tables import any_of, phrases, said

# ---------------------------------------------------------------------------- counting

#: What is counted: "10 people" is no hour, "3 days" no day.
UNITS = any_of(
    "people person persons ppl pax adults kids children men women family families members houses house homes shops"
    " minute minutes min mins hour hours hrs hr day days week weeks month months year years time times weekday"
    " bd dinar dinars km meter meters metres m2 bags bins cars trees floors questions items points"
    " place places spots locations addresses complaints issues topics"
    " اشخاص شخص شخصين انفار نفر نفرات عيال اولاد اطفال رجال نساء افراد فرد عائلات بيوت بيت محلات"
    " دقيقة دقائق دقايق ساعات ساعة يوم ايام اسبوع اسابيع شهر شهور اشهر سنة سنوات سنين مرات مرة"
    " دينار دنانير كيلو متر امتار اكياس حاويات سيارات اشجار طوابق اسئلة نقاط"
)
#: What has a number of its own: "block 9", "flat 10".
NUMBERED = any_of(
    "bd bhd block blk road rd house building bldg flat villa shop street st avenue no number room floor plot way"
    " مجمع طريق بيت منزل مبنى عمارة شقة فيلا محل شارع رقم دور طابق قطعة برقم بلوك"
)
COUNTED = said(
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
DAYS_OF = said(
    {
        1: "day days يوم ايام",
        2: "يومين yomain yomen yomeen",
        7: "week weeks اسبوع اسابيع isbo3 esbo3",
        14: "اسبوعين isbo3ain esbo3ain fortnight",
    }
)
AFTER = any_of("بعد عقب in after 3gb 3ogob ba3ad")
#: Between so many weeks and the weekday that is meant then.
BEFORE_WEEKDAY = any_of("time on يوم من اليوم الحين now today")
FROM_NOW = any_of("now today اليوم الحين الان")

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
DAY_NUMBERS = said(_DAY_NUMBERS)
TENS = said({20: "twenty وعشرين والعشرين", 30: "thirty وثلاثين والثلاثين"})
#: "Second" of "23" is said before its ten in Arabic, after it in English.
UNITS_OF_TENS: Mapping[str, int] = {
    **said({1: "واحد الحادي first one", 2: "اثنين ثنين second two"}),
    **{word: number for word, number in DAY_NUMBERS.items() if number < 10},
}
TEENS = any_of("عشر عشرة")  # after a unit: "خمسة عشر" is 15
FIRST_OF = said({1: "first 1st اول awal", 2: "second 2nd ثاني", 3: "third 3rd ثالث", 4: "fourth 4th رابع"})
LAST_OF = any_of("last اخر الاخير")
NTH_AFTER = said({1: "الاول", 2: "الثاني", 3: "الثالث", 4: "الرابع", 0: "الاخير"})  # "الأربعاء الأول من ديسمبر"
#: Before a day, what says that it is another one.
NOT_ON = any_of("before after until till by latest اقصى اقصاه قبل بعد عقب لين حتى لغاية gabl gabel")
#: Before a month that is not named, no first of it but its beginning.
BEGINNING = any_of("اول أول")
HIJRI = phrases(
    {
        1: ("محرم", "muharram", "moharram"),
        2: ("صفر", "safar"),
        3: ("ربيع الأول", "ربيع أول", "rabi al awwal", "rabi al awal"),
        4: ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني", "rabi al thani"),
        5: ("جمادى الأولى", "جمادى الاول", "جماد الأول", "jumada al awwal", "jumada al ula"),
        6: ("جمادى الآخرة", "جمادى الثانية", "جماد الثاني", "جماد ثاني", "جمادى الاخر", "jumada al thani"),
        7: ("رجب", "rajab"),
        8: ("شعبان", "shaaban", "shaban", "sha3ban", "sha'ban", "sha’ban", "shabaan"),
        9: ("رمضان", "ramadan", "ramadhan", "ramzan"),
        10: ("شوال", "shawwal", "shawal"),
        11: ("ذو القعدة", "ذي القعدة", "ذو قعدة", "dhul qadah"),
        12: ("ذو الحجة", "ذي الحجة", "dhul hijjah", "dhul hijja", "zul hijjah"),
    }
)
MONTH_OF = any_of("شهر month")
OF = any_of("of in من في شهر the fe fi min")
NUMBER_OF_DAY = any_of("يوم تاريخ بتاريخ the on yom ليوم بيوم")
NEXT_MONTH, THIS_MONTH = (
    phrases(
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
    phrases({0: ("this month", "the month", "هذا الشهر", "هالشهر", "الشهر", "الشهر الحالي", "نفس الشهر")}),
)


def _after_next(what: str = "") -> tuple[str, ...]:
    """Every way to say that something is the one after the next."""
    nexts = ("القادم", "المقبل", "الجاي", "الياي")
    return tuple(f"{what}{which}{after} {one}" for which in ("", "اللي ") for after in ("بعد", "عقب") for one in nexts)


WEEK_AHEAD = phrases(
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
            "هالاسبوع الياي",
            "هالاسبوع الجاي",
            "هالاسبوع القادم",
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
            "بعد الاسبوع الجاي",
            *_after_next("الاسبوع "),
        ),
        0: ("this week", "هذا الاسبوع", "هالاسبوع", "الاسبوع هذا"),
    }
)
#: Of these, what is told by the week before it.
WEEK_AFTER = phrases({1: ("the week after", "الاسبوع اللي عقبه", "الاسبوع اللي بعده")})
_ONE_AFTER_IN_ARABIC = ("اللي بعده", "اللي عقبه", "اللي وراه", "الي بعده", "الي عقبه", "elli 3gbah", "elli ba3dah")
#: After a weekday: the one after the next.
AFTER_NEXT = phrases(
    {
        1: (
            *("after next", "after the next", "after that", "week", *_ONE_AFTER_IN_ARABIC),
            *_after_next(),
            *("elli 3gb el jay", "elli 3gb el yay", "3gb el jay", "3gb el yay"),
        )
    }
)
#: What is told by the day before it: "not this Wednesday but the one after", "tomorrow or the day after".
ONE_AFTER = phrases(
    {7: (*_ONE_AFTER_IN_ARABIC, "the one after that", "the one after", "the next one", "the following one", "the next")}
)
DAY_AFTER = phrases({1: ("the day after", "day after", "the next day", "عقبه", "بعده", *_ONE_AFTER_IN_ARABIC)})
NO_ONE_AFTER = any_of("week month day tomorrow available free one time to")
#: Before a weekday, what says that it is any such day.
ANY = any_of("any each some اي ay")
#: After a weekday that is over.
OVER = phrases({0: ("اللي راح", "اللي فات", "اللي طاف", "الفايت", "اللي مضى", "that passed", "just gone")})
