"""How people put a complaint as a question, and what tells that something is wrong.

Word order tells these apart ("can I ..." asks, "can you fix ..." wants work done), so they are patterns over the
normalised words, not phrases in any order. `normalise` has written ى as ي and ة as ه by then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORK = (
    r"(?:fix|repair|clean|remov|empt|spray|replac|com[ei]|cut|mend|collect|pick|tak[ei]|sort|do something|do anything)"
)
_SOMEBODY = r"(?:you|they|anyone|anybody|someone|somebody|the municipality)"

# What is one's own: with a question about it something is wrong there, unless it asks what one may do oneself.
_OWN = (
    r"(?:جدام|قدام|عند|ورا|خلف|جنب|يم|علي) (?:باب |بيت|بيتنا|بيتي|عمارتنا|العماره|منزلي|منزلنا|بابنا)\w*",
    r"(?:قبال|مقابل|بجنب) (?:بيت|منزل|باب)\w*",
    r"(?:جاري|جارنا|جيراني|جيراننا|الجيران|الجار)",
    (
        r"(?:in front of|outside|behind|beside|next to|opposite|near|on|across|at) (?:my|our|the) (?:\w+ )?"
        r"(?:house|home|gate|door|garage|villa|window|wall|driveway|flat|shop|corner|school|mosque|kids?|children)"
    ),
    r"(?:my|our) (?:neighbou?rs?|street|road|building|area|block|lane|gate)",
)
_MAY_I = (
    (
        r"(?:يصير|يجوز|يسمح|مسموح|اقدر|نقدر|ابي|نبي|ابغي|بغيت|احتاج|لازم) (?:\w+ )?(?:احط|نحط|ابني|نبني|اسوي|نسوي|"
        r"اركب|ازرع|اهدم|اقص|انصب|افتح|اخذ|رخصه|تصريح)"
    ),
    r"(?:can|may|could|should|do|must|shall) (?:i|we) (?!have to (?:live|break|wait|suffer))",
    r"(?:شلون|كيف|وين|من وين|كم) (?:اقدر|نقدر|احصل|اطلب|نطلب|ادفع|اقدم|نقدم|ارد\w*|استرد|اسجل|اخذ|استلم|اودي)",
    r"(?:شنو|ما هي|ماهي|اي) (?:ال)?(?:اوراق|مطلوب|مستندات|شروط|اجراءات|رسوم)",
    r"(?:من|في|حق|مع) منو",
    r"(?:how|where) (?:do|does|can|could|should) (?:i|one|we) ",
    (
        r"am i allowed|(?:want|planning|plan|like|going) to (?:put|build|plant|open|add|use|set|make|install|"
        r"extend|cut|park|rent)"
    ),
    r"(?:permit|permission|licence|license|approval|allowed to)",
)
_FOR_LONG = (
    (
        r"(?:صار|صارله|صارلها|صارلنا|لها|له|لنا|من|اكثر من) (?:\w+ ){0,2}(?:ايام|يوم|يومين|اسبوع|اسبوعين|اسابيع|"
        r"شهر|شهرين|شهور|اشهر|سنه|سنين|زمان|فتره)"
    ),
    r"(?:كل يوم|كل ليله|طول الليل|للحين|لحد الان|الي الان)",
    r"(?:leena|lena|sarlana|sarlna|sarlah|men) (?:esbo3|isbo3|shahar|shahr|yomain|ayam|sana)",
    (
        r"(?:for|since|been|over) (?:the |about |over |more than |almost |nearly |last |past )*(?:\w+ )?"
        r"(?:days?|weeks?|months?|years?|yesterday)"
    ),
    r"(?:all|every|each) (?:day|night|week|evening|morning|weekend)",
    r"(?:again and again|still not|yet again|once again)",
)
# Wants work done, or says that none was, in the words of a question.
_REPROACHES = (
    r"متي (?:راح )?ب?(?:تصلحون|تنظفون|ترشون|تجون|تعدلون|تبلطون|تسفلتون|تتحركون)",
    r"متي (?:راح ت|بت)شيلون",
    r"(?:لين|الين|الي|لحد) متي",
    r"لمتي(?! (?:تداوم|تفتح|مفتوح|تستقبل|الدوام|دوامكم))",
    r"منو بي(?:ص|ش|ن|ج|ر)\w+",
    r"(?:عاجبكم|يعجبكم|يرضيكم)",
    r"(?:wain|wen) (?:el|al) (?:3ommal|baladiya|baladeya|mas2ool)\w*",
    r"(?:ma7ad|mahad|ma 7ad|ma shfna|ma shifna|ma yaw|ma sawaw)",
    r"كم مره (?:لازم|نشتكي|اشتكي|ابلغ|بلغت|اتصل)",
    r"ليش (?:ما|لم|محد|مو|للحين|تاركين|مخلين)",
    r"(?:كم|جم|جم من) مره",
    r"متي ب(?:ت|ي)\w+",
    r"متي b[ty]\w+",  # a verb in Latin letters that no rule knows
    r"(?:ما|مو) (?:حرام|عيب|عدل)",
    r"(?:ذبحتنا|ذبحنا|طفشنا|مليينا|قرفنا|تعبنا)",
    r"why (?:is|are|does|do|has|have|did|wont|won t|cant) (?:nobody|no one|noone|nothing|my|our|the)",
    r"why (?:is|are|does|has) (?:there (?:no|still)|it (?:always|still|that))",
    r"(?:is|isn t) it (?:normal|acceptable|fair|right|ok that)",
    r"before (?:anyone|anybody|someone|somebody|you)",
    r"(?:supposed|expected|meant) to (?:live|wait|walk|sleep|drive|cross|put up)",
    r"(?:هل يعقل|معقول|معقوله|شفيكم)",
    r"(?:متي تفكونا|هذي بلديه)",
    r"what kind of municipality",
    r"how (?:can|could|dare) you",
    r"how is it possible that",
    r"is this how",
    r"يصير (?:جذي|كذا|هالشي)",
    r"(?:شلون|كيف) (?:تخلون|تتركون)",
    r"وين (?:البلديه|المسؤولين|انتو) (?:عن|من)",
    r"وين (?:عمال|الرقابه|التفتيش)",
    rf"when (?:will|are|is) (?:{_SOMEBODY}|it)(?: going to| gonna| ever| finally| be)* {_WORK}\w*",
    rf"(?:are|is|will|can|could|would) {_SOMEBODY}(?: please| going to| gonna| ever| finally| not)* {_WORK}\w*",
    r"how long (?:do|must|should|will) (?:i|we) (?:have to |need to )?(?:live|suffer|endure|put up|smell|tolerate)",
    r"how many times (?:do|must|should|have|will)",
    rf"do(?:es)? {_SOMEBODY} (?:ever|even|care)",
    r"where (?:is|are) (?:the|your) (?:\w+ )?(?:trucks?|lorry|cleaners?|sweepers?|workers?)",
    r"who (?:will|is going to|is gonna|should) (?:pay|compensate)",
    r"(?:كيف|شلون) (?:تسمحون|يسمح|تقبلون|تسكتون)",
    r"(?:شنو|ايش|وش) هال\w+",
    r"هل هذا (?:منظر|عدل|معقول|حل|كلام|يرضي\w*)",
    r"متي (?:راح |ب)?نرتاح",
    r"منو (?:بي|راح ي)(?:دفع|عوض|تحمل)\w*",
    r"are we (?:expected|supposed|meant)",
    r"what(?: is|s| s) the (?:point|use)",
    r"do (?:you|u) (?:even )?(?:know|realise|realize) (?:how|that)",
    r"(?:is|are) (?:anyone|anybody|you) aware",
    r"why (?:are|is) there (?!an? (?:\w+ )?(?:fee|charge)|no )",
    r"(?:nobody|no one|noone) (?:will|is going to|ever)",
)


def _any(patterns: Sequence[str]) -> str:
    return rf"\b(?:{'|'.join(patterns)})"


_REPROACH = re.compile(rf"{_any(_REPROACHES)}\b")
_IS_OWN = re.compile(rf"{_any(_OWN)}\b")
_LONG = re.compile(rf"{_any(_FOR_LONG)}\b")
_OWN_PLAN = re.compile(_any(_MAY_I))


def is_reproach(said: Sequence[str]) -> bool:
    """Whether they are a question by form only: "when will you fix the lamp?"."""
    return _REPROACH.search(" ".join(said)) is not None


def is_about_own_trouble(said: Sequence[str]) -> bool:
    """Whether they name what is one's own, and do not ask what one may do there oneself."""
    text = " ".join(said)
    return _IS_OWN.search(text) is not None and _OWN_PLAN.search(text) is None


def is_for_long(said: Sequence[str]) -> bool:
    """Whether they say how long, and do not ask what one may do oneself."""
    text = " ".join(said)
    return _LONG.search(text) is not None and _OWN_PLAN.search(text) is None
