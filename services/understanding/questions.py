"""How people put a question, and how they put a complaint as one.

Word order tells these apart ("can I ..." asks, "can you fix ..." wants work done), so they are patterns over the
normalised words, not phrases in any order. `normalise` has written ى as ي and ة as ه by then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_POLITE = r"^(?:hi |hello |please |sorry |excuse me |السلام عليكم |مرحبا |لو سمحتوا |لو سمحتون |لو سمحت )*"
_WORK = (
    r"(?:fix|repair|clean|remov|empt|spray|replac|com[ei]|cut|mend|collect|pick|tak[ei]|sort|do something|do anything)"
)
_SOMEBODY = r"(?:you|they|anyone|anybody|someone|somebody|the municipality)"

# Anywhere in a message.
_ASKS = (
    r"(?:ممكن|ابي|ابغي|ابغا|اريد|نبي|نبغي|ودي|بغيت|احب|حاب|حابه) (?:اعرف|نعرف|اسال|استفسر|افهم)",
    r"ممكن (?:تخبروني|تخبرونا|تفيدوني|تفيدونا|تقولون)",
    r"ليش (?:لازم|ندفع|ادفع|تاخذون)",
    r"(?:want|like|love|need) to (?:know|ask|understand|find out)",
    r"(?:tell me|let me know|wondering|i d like to know) (?:how|what|when|where|which|who|if|whether)",
    r"why (?:do|must) (?:i|we) (?:need|pay|have to pay)",
    r"why is there an? (?:\w+ )?(?:fee|charge)",
    (
        r"(?:وين|منو|شنو|شلون|كيف|كم|جم|متي|لمتي|اي|ايش|وش|من وين) (?:اقدر|نقدر|ممكن|لازم|المفروض|احصل|نحصل|اقدم|"
        r"يقدم\w*|اودي\w*|اروح|اسوي|نسوي|اراجع|ادفع|اطلع|اقط\w*|ارمي|احط|اشتكي|ابلغ|اتواصل|تداوم\w*|تفتح\w*|"
        r"الطريقه|المطلوب|الاوراق|المستندات|الشروط|الاجراءات|الرسوم)"
    ),
    r"(?:لمتي|متي|جم يوم|اي ايام|اي يوم) (?:تداوم|تفتح|تسكر|تستقبل|تبطل|يوزع|توزع|تجمع)\w*",
    r"(?:ياخذون|يبيله|يبيلها|يحتاج\w*|تحتاج\w*|محتاج) (?:\w+ )?(?:رخصه|تصريح|موافقه|ترخيص|اجازه)",
    r"(?:رقم|ايميل|عنوان|موقع|لوكيشن) (?:ال)?(?:تلفون|هاتف|واتساب|خط|بلديه|مكتب|فرع)",
    r"(?:لو|اذا) (?:\w+ ){1,12}(?:منو|وين|شنو|شلون|كيف|كم|اتصل بمنو)",
    r"(?:ارجو|يرجي|نرجو|اود|نود|ارغب|نرغب) (?:\w+ )?(?:توضيح|معرفه|الاستفسار|افادتي|تزويدي|بيان|اعلامي|ايضاح)",
    r"(?:حاله|متابعه|مصير|وين وصل|شصار علي|شنو صار علي) (?:ال)?(?:شكوي|شكواي|طلب|طلبي|بلاغ|بلاغي|معامله|معاملتي)",
    r"(?:abi|aby|abgha|bagheet|wedi) (?:a3arf|a3ref|as2al|asal|astafser)",
    r"(?:kaif|keif|shlon|shloon|chm|cham|kam) \w+",
    r"(?:wain|wen|meta|mita) (?:a|n|t|y)\w+",
    r"(?:شلون|كيف|وين|من وين) (?!ال)(?:ا|ن|ي)\w{2,}",
    r"(?:من|في|حق|مع|ب) منو|(?:انتو|البلديه|انتم) (?:او|ولا|لو) \w+|(?:تتبع|يتبع|تابع|تابعه) (?:ل|ال)?بلديه",
    r"(?:what|which) \w+ (?:do|does|would|should|will|can|could) (?:i|you|we|they|one|it)",
    r"(?:what|how) (?:is|are|does) (?:the|a|an|one|it|this|that) \w+",
    r"where exactly|what exactly",
    r"(?:still )?(?:pending|approved|ready|processed) (?:or|yet)",
    (
        r"(?:where|how|what|which|who|when) (?:exactly )?(?:do|should|can|could|must|would|may|shall) (?:i|we|one|"
        r"someone|people|tenants|owners)"
    ),
    r"(?:what|which) (?:documents|papers|forms|permits?|approvals?|days?|times?|number|ministry|department|office)",
    (
        r"(?:can|could|would) (?:u|you) (?:please |pls |plz |kindly )?(?:send|tell|explain|advise|share|guide|"
        r"confirm|clarify|let|inform)"
    ),
    r"(?:please|pls|plz|kindly) (?:advise|advice|explain|tell|clarify|confirm|share|guide|inform)",
    (
        r"(?:looking for|need|want|like) (?:some |more |the |your )?(?:information|info|details|list|number|"
        r"clarification|advice|guidance)"
    ),
    (
        r"is there (?:a|an|any) (?:\w+ )?(?:fee|charge|list|limit|way|form|fine|number|office|app|service|rule|"
        r"deadline|place|permit)"
    ),
    (
        r"(?:any idea|not sure|never know|dont know|don t know|no idea|wondering) (?:how|what|when|where|which|"
        r"who|if|whether)"
    ),
    r"(?:update|updates|status|progress|news|reply|response) (?:on|of|about|for|to|regarding) (?:my|the|our)",
)
# At the start of a message, whether or not it ends with a question mark.
_BEGINS = (
    r"(?:هل )?(?:يصير|يجوز|يسمح|مسموح|اقدر|نقدر|يحق) \w+",
    r"يحتاج (?:اجي|اجيب|اخذ|اطلع|اقدم|ارسل|موافقه|رخصه|ترخيص|تصريح|عقد|اوراق)",
    r"عندكم (?:خدمه|تطبيق|رقم|موقع|نموذج)",
    r"(?:ال)?(?:شروط|متطلبات|اجراءات|خطوات) \w+",
    r"is (?:it|this) (?:allowed|ok|okay|permitted|legal|necessary|free|required)",
    r"is there (?:an?|any) (?:fee|charge|limit|form|fine|number|office|way|service|law|rule|deadline)",
    r"(?:is|are) (?:\w+ ){1,3}(?:allowed|permitted|legal|required)",
    r"am i (?:allowed|required|able|supposed|entitled|eligible)",
    r"(?:can|may|must|should|could) (?:i|we|my|an?|expats|residents|tenants|owners|citizens|foreigners|people)",
    r"who (?:can|may|should|must|is|do|does)",
    r"do (?:i|we) (?:need|have)",
    r"does \w+ \w+",
    r"(?:requirements|conditions|documents|rules|procedure) (?:for|of|to)",
    r"any (?:office|branch|number|form|fee|charge|app|way|rules)",
)
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
)


def _any(patterns: Sequence[str]) -> str:
    return rf"\b(?:{'|'.join(patterns)})"


_QUESTION = re.compile(rf"{_any(_ASKS)}\b|{_POLITE}(?:{'|'.join(_BEGINS)})\b")
_REPROACH = re.compile(rf"{_any(_REPROACHES)}\b")
_TROUBLE = re.compile(rf"{_any((*_OWN, *_FOR_LONG))}\b")
_OWN_PLAN = re.compile(_any(_MAY_I))


def is_question(said: Sequence[str]) -> bool:
    """Whether normalised words have a form in which people ask something."""
    return _QUESTION.search(" ".join(said)) is not None


def is_reproach(said: Sequence[str]) -> bool:
    """Whether they are a question by form only: "when will you fix the lamp?"."""
    text = " ".join(said)
    if _REPROACH.search(text) is not None:
        return True
    return _TROUBLE.search(text) is not None and _OWN_PLAN.search(text) is None
