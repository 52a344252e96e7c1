"""A typed "yes" or "no" to a question with buttons: "yes please", "no thanks", "don't cancel", "لا أريد الإلغاء".

Only what says nothing else is one: "no time" is a reason, and a reason is asked about once more.
"""

from __future__ import annotations

import re

from services.text.normalise import normalise

_ALONE = "no|nope|nah|لا|كلا"  # not a text: typed
# What stands beside a refusal and says no more, as `normalise` writes it.
_BESIDE = (
    "please|thanks?|thank you|very much|a lot|sorry|wait|it was|by|my|a|mistake|accident|i changed my mind",
    "شكرا|جزيلا|لكم|رجا|من فضلكم?|عفوا|اسف|مشكورين?|تسلم|تسلمون|الله|يعطيكم?|العافيه",  # not a text: typed
    "بالغلط|بالخطا|عن طريق الخطا|غيرت رايي",  # not a text: typed
)
_IT = r"(?: it| this| that| (?:the|my) (?:appointment|meeting|booking|request|complaint|place))"
_IT_AR = r"(?: (?:ال)?(?:موعد|حجز|طلب|شكوي|مقترح|ملاحظه)(?:ي|نا)?)"  # not a text: typed
_WANT_AR = "(?:اريد|نريد|اود|نود|ارغب|نرغب|ابي|نبي|ابغي|نبغي|اقصد)"  # not a text: typed
_UNDO_AR = "(?:(?:ال)?(?:الغا|الغاي|انسحاب|سحب)ه?|الغيه?|نلغيه?|اسحبه?|نسحبه?|انسحب)"  # not a text: typed
_STAY = (
    rf"(?:i |we )?(?:want to )?(?:keep|leave){_IT}?(?: as it is)?",
    rf"(?:i |we )?(?:do not|don t|dont|did not|didn t|didnt) (?:(?:want|wish|mean) to )?(?:cancel|withdraw){_IT}?",
    r"(?:i|we) (?:will|ll|am|m|are|re) (?:come|coming|attend|attending|be there)",
    rf"(?:لا|ما|لم|لن) {_WANT_AR}(?: في)? {_UNDO_AR}{_IT_AR}?",  # not a text: typed
    rf"(?:لا|ما) (?:تلغي|تلغو|تسحبو?)(?:ا|ن|ه|نه)?{_IT_AR}?",  # not a text: typed
    r"(?:(?:اريد|نريد|ابي|ابغي) )?(?:ابقا|الابقا) عليه|ابقوا? عليه|ابقوه|خلوه|خليه|اتركوه",  # not a text: typed
    r"ساحضر|سنحضر|سوف احضر|بحضر|باجي|بايي",  # not a text: typed
)
_SAID_BESIDE = "|".join(_BESIDE)
_REFUSAL = "|".join((_ALONE, *_STAY))
_NO = re.compile(rf"(?:(?:{_SAID_BESIDE}) )*(?:{_REFUSAL})(?: (?:{_SAID_BESIDE}|{_REFUSAL}))*")


_AGREED_EN = (
    "yes|yep|yeah|ok|okay|sure|fine|all right|alright|agreed|i agree|confirm|correct|that s right|right|continue|go on|"
    "go ahead"
)
_AGREED_AR = "نعم|اي|ايه|ايوه|موافقه?|اوافق|اكيد|صح|صحيح|مضبوط|كملو?ا?|اكمل|استمرو?ا?|يلا"  # not a text: typed
_FINE_AR = "تمام|زين|طيب|اوكيه?|اوك"  # not a text: typed
_AGREED = f"{_AGREED_EN}|{_AGREED_AR}|{_FINE_AR}"
_YES = re.compile(rf"(?:(?:{_SAID_BESIDE}) )*(?:{_AGREED})(?: (?:{_SAID_BESIDE}|{_AGREED}))*")


def agrees(text: str) -> bool:
    """Whether it says no more than "yes" or "yes, please": it confirms what is asked, and undoes nothing."""
    return _YES.fullmatch(" ".join(re.findall(r"\w+", normalise(text)))) is not None


def refuses(text: str) -> bool:
    """Whether it says no more than "no", "keep it", "no, I don't want to cancel"; "no time" says more."""
    return _NO.fullmatch(" ".join(re.findall(r"\w+", normalise(text)))) is not None
