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
# Wants work done, or says that none was, in the words of a question.
_REPROACHES = (
    r"متي (?:راح )?ب?(?:تصلحون|تنظفون|ترشون|تجون|تعدلون|تبلطون|تسفلتون|تتحركون)",
    r"متي (?:راح ت|بت)شيلون",
    r"(?:لين|الين|الي|لحد) متي",
    r"لمتي",
    r"كم مره (?:لازم|نشتكي|اشتكي|ابلغ|بلغت|اتصل)",
    r"ليش (?:ما|لم|محد|مو|للحين)",
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

_QUESTION = re.compile(rf"\b(?:{'|'.join(_ASKS)})\b|{_POLITE}(?:{'|'.join(_BEGINS)})\b")
_REPROACH = re.compile(rf"\b(?:{'|'.join(_REPROACHES)})\b")


def is_question(said: Sequence[str]) -> bool:
    """Whether normalised words have a form in which people ask something."""
    return _QUESTION.search(" ".join(said)) is not None


def is_reproach(said: Sequence[str]) -> bool:
    """Whether they are a question by form only: "when will you fix the lamp?"."""
    return _REPROACH.search(" ".join(said)) is not None
