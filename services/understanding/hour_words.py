"""The words in which people say an hour, in Arabic, in Arabic written in Latin letters, and in English."""

from __future__ import annotations

from services.text.day_halves import AFTER_NOON, MORNING
from services.understanding.tables import any_of, phrases, said

HOURS = said(
    {
        1: "واحدة وحدة الواحدة one wa7da wahda",
        2: "ثنتين اثنتين ثنتان اثنين الثانية two thintain",
        3: "ثلاث ثلاثة الثالثة three thalath thalatha",
        4: "أربع أربعة الرابعة four arba3",
        5: "خمس خمسة الخامسة five 5ams",
        6: "ست ستة السادسة six sit",
        7: "سبع سبعة السابعة seven sab3",
        8: "ثمان ثماني ثمانية الثامنة eight thaman thamanya",
        9: "تسع تسعة التاسعة nine tes3 tis3 tis3a tes3a",
        10: "عشر عشرة العاشرة ten 3ashr 3ashra",
        11: "احدعش حدعش إحدعش دعش الحادية حداعش احداعش eleven 7da3sh hda3sh da3ash i7da3ash",
        12: "اثنعش ثنعش اثناعش إثنعش ثنتعش اثنتعش اطنعش twelve ethna3sh thna3sh ithna3sh",
    }
)
#: Hours of two words; what follows "الحادية" may be left out, what follows "الثانية" tells it from two.
LONG_HOURS = phrases(
    {
        11: ("الحادية عشرة", "الحادية عشر", "احدى عشر", "احدى عشرة", "احد عشر"),
        12: ("الثانية عشرة", "الثانية عشر", "اثنا عشر", "اثنى عشر", "اثنتي عشرة"),
    }
)
#: Hours that are nothing else, unless they count times: "التاسعة", not "المرة التاسعة".
ORDINAL_HOURS = any_of("الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية")
NO_HOUR_AFTER = any_of("مرة المرة للمرة الدرجة المرحلة الفقرة المادة")
AT = any_of(
    "at الساعة ساعة الساعا ساعا السعة @"
    " sa3a sa3ah elsa3a alsa3a essa3a s3a as3a saa elsaa clock time timing الوقت وقت س"
)
#: What makes an hour of a number only where it counts nothing: "after 10", not "after 10 days".
NEAR = any_of(
    "before b4 after past around round about by from between till until approx approximately roughly"
    " قبل بعد عقب ع خلها خله خلوها خلوه خليها خليه حوالي حدود بحدود تقريبا على عند من بين لين لغاية حتى الى تمام"
    " gabl gabel ba3ad 3ala 7awali been bain bw btw btwn frm"
)
MINUTES_PAST = said(
    {
        30: "ونص ونصف ونصفا والنصف النصف نص ونس وثلاثين وثلاثون wnos wnus wnoss",
        15: "وربع والربع الربع وربعا wrob3 wrub3 wrobo3",
        20: "وثلث والثلث الثلث وعشرين وعشرون",
        10: "وعشر وعشرة",
        5: "وخمس وخمسة",
        40: "وأربعين وأربعون",
        50: "وخمسين وخمسون",
    }
)
#: Minutes that are told after their hour without "and", "ten thirty".
MINUTES_AFTER = said({15: "fifteen", 20: "twenty", 30: "thirty", 40: "forty", 45: "forty-five", 50: "fifty"})
#: Tens of minutes that a five may follow, "nine forty five".
TENS_OF_MINUTES = any_of("twenty thirty forty fifty")
UNLESS = any_of("إلا الا illa ela ella ila")
MINUTES_LESS = said({15: "ربع ربعا الربع rob3 rub3", 20: "ثلث ثلثا الثلث", 10: "عشر عشرة", 5: "خمس خمسة"})
MINUTES = any_of("minutes minute mins دقيقة دقايق دقائق")
ENGLISH_PARTS = said(
    {30: "half", 15: "quarter quater qtr", 5: "five 5", 10: "ten 10", 20: "twenty 20", 25: "twenty-five 25"}
)
#: Before "past" alone: "15 minutes past ten".
PARTS_BEFORE_PAST = said({15: "15 fifteen", 30: "30 thirty"})
ALONE = said({30: "نص نصف nos nus noss", 15: "ربع rob3 rub3", 20: "ثلث"})  # after "and" by itself, "و نص"
AND = any_of("و w o wa wo u")

#: What a half of the day, said beside its hour, begins at.
HALVES_OF_DAY = phrases({0: MORNING, 12: AFTER_NOON})
O_CLOCK = any_of("oclock o'clock o’clock o`clock")
NOON = any_of("noon midday")
