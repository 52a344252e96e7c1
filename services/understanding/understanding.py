"""What people mean by what they write: what they want, about what, where, when, with whom.

Nothing here acts. What is understood is shown, and put right in one tap; what is not understood is asked, as if
nothing had been said. The rules are tables: keywords and areas of the offices file (a clerk edits those), and the
phrases of `kinds`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import phonenumbers

from services.offices.answers import AnswerId
from services.offices.offices import DangerId, Offices, TopicId
from services.text.normalise import MAX_WORDS, latin_digits, normalise, without_bidi
from services.text.typed_times import Moment
from services.understanding.answers import AnswerRules
from services.understanding.categories import NOTHING, CategoryRules, Likely
from services.understanding.dangers import DangerRules
from services.understanding.kinds import Want, Wanted, vocabulary, want_of
from services.understanding.latin_arabic import LatinArabic
from services.understanding.own_wishes import OwnWish, own_wish
from services.understanding.own_wishes import vocabulary as words_of_own_wishes
from services.understanding.people import companions_said, name_said
from services.understanding.places import NOWHERE, PlaceRules, SaidPlace, without_address
from services.understanding.service_wishes import ServiceWish, service_wish
from services.understanding.service_wishes import vocabulary as words_of_service_wishes
from services.understanding.signs import clauses_of
from services.understanding.signs import vocabulary as words_of_signs
from services.understanding.times import Told, told_of
from services.understanding.topics import TopicRules
from services.understanding.two_matters import Matter, two_matters
from services.understanding.words import words
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind

_HOME = "BH"
_NEVER = Moment()
_UNTOLD = Told(_NEVER, may_be_all=False)
_DIGITS = re.compile(r"\d")
_PHONE_DIGITS = 8
_RECENT = 16  # messages, of those who write at the same moment
_IF_ONLY = re.compile(r"يا\s?ليت")  # "if only": its second word is also a lamp


@dataclass(frozen=True, slots=True)
class Understood:
    """All that a message says; what it does not say is None or empty."""

    want: Want | None = None
    sure: bool = True  # of what it wants
    danger: DangerId | None = None  # to somebody, now
    about: Likely = NOTHING
    place: SaidPlace = NOWHERE
    when: Moment = _NEVER
    companions: int | None = None
    matters: tuple[Matter, Matter] | None = None  # where it is about two
    name: str = ""
    phone: str = ""  # in E.164

    @property
    def kind(self) -> CaseKind:
        """The kind of request that it is, where it is one: who just states a problem complains."""
        if self.want in _ASKS:
            return CaseKind.INQUIRY
        return CaseKind(self.want.value) if self.want in _KINDS else CaseKind.COMPLAINT

    @property
    def category(self) -> CategoryId | None:
        """What it is about, where that need not be asked."""
        return self.about.categories[0] if self.about.sure else None


#: What a message may want, by its words, that names when somebody comes.
_MAY_COME = frozenset({Want.KNOW, Want.TRACK, Want.SERVICE_REQUEST, None})
_FEW_WORDS, _NOT_MANY_WORDS = 5, 10
_NO_REQUEST = frozenset({Want.BOOK, Want.KNOW, Want.TRACK})
_ASKS = frozenset({Want.KNOW, Want.TRACK})
_KINDS = frozenset({Want.COMPLAINT, Want.SUGGESTION, Want.OBSERVATION, Want.SERVICE_REQUEST})


class Understanding:
    """The rules of an offices file, ready to be used: made once for each file, since it reads every keyword."""

    def __init__(self, offices: Offices) -> None:
        self._categories = CategoryRules(offices.categories)
        self._places = PlaceRules(offices)
        self._answers = AnswerRules(offices)
        self._dangers = DangerRules(offices)
        self._topics = TopicRules(offices)
        self._latin = LatinArabic(_vocabulary(offices), _english(offices))
        self._owners = {category.id: category.owner for category in offices.categories}
        self._of_danger = {danger.id: danger.category for danger in offices.dangers}
        self._recent = lru_cache(_RECENT)(self._read)  # a turn asks in several places what its message means

    def of(self, text: str, today: date) -> Understood:
        """What a message means. `today` is the day at the offices."""
        return self._recent(text[:MAX_WORDS], today)

    def _read(self, text: str, today: date) -> Understood:
        rest = without_address(text)
        said = words(rest)
        danger = self._dangers.of(said)
        wanted, about = self._wanted(text), self._with_danger(self._about(rest), danger)
        want = wanted.want
        nothing_else = about is NOTHING and danger is None and want in _MAY_COME
        told = told_of(rest, today) if want is Want.BOOK or nothing_else else _UNTOLD
        if nothing_else and _is_appointment(wanted, told, said):
            want, wanted = Want.BOOK, Wanted(Want.BOOK)
        return Understood(
            want=want,
            sure=wanted.sure,
            danger=danger,
            about=about,
            place=self._places.place(text, said),
            when=told.when if want is Want.BOOK else _NEVER,
            companions=companions_said(said),
            matters=None
            if want in _NO_REQUEST or danger is not None
            else two_matters(text, lambda part: self._about(without_address(part))),
            name=name_said(text),
            phone=_phone(text),
        )

    def answers_to(self, text: str, office: OfficeId) -> tuple[AnswerId, ...]:
        """The ready answers of an office that a question may be after, the likeliest first."""
        return self._answers.likely(self._latin.read(words(without_address(text[:MAX_WORDS]))), office)

    def topic_of(self, text: str, today: date) -> TopicId | None:
        """Which topic of a meeting a message tells; None where that is not clear."""
        return self._topics.of(words(without_address(text[:MAX_WORDS])), self.of(text, today).category)

    def own_wish(self, text: str, *, ahead: bool) -> OwnWish | None:
        """What a message asks to be done with what its writer has; `ahead`: an appointment is among that."""
        return own_wish(self._latin.read(words(text[:MAX_WORDS])), ahead=ahead)

    def service_wish(self, text: str) -> ServiceWish | None:
        """What a message asks of the service itself, where it says nothing else."""
        return service_wish(self._latin.read(words(text[:MAX_WORDS])))

    def _wanted(self, text: str) -> Wanted:
        typed = words(text)
        clauses = [self._latin.read(words(part), typed) for part in clauses_of(text)]
        return want_of(text, self._latin.read(typed), clauses)

    def _with_danger(self, about: Likely, danger: DangerId | None) -> Likely:
        """Whoever tells of a danger is not asked what it is about.

        Its category says who deals with it, whatever stands near it: a bare wire on a pavement is no matter of roads.
        """
        category = None if danger is None else self._of_danger[danger]
        if category is None or (about.sure and self._owners[about.categories[0]] == self._owners[category]):
            return about
        return Likely((category,), sure=True)

    def _about(self, text: str) -> Likely:
        return self._categories.likely(words(_IF_ONLY.sub(" ", normalise(text))))


class Rulebook:
    """The rules of the offices file that holds now; made again once that is another one."""

    def __init__(self) -> None:
        self._made: tuple[Offices, Understanding] | None = None

    def of(self, offices: Offices) -> Understanding:
        """The rules of these offices."""
        if self._made is None or self._made[0] is not offices:
            self._made = offices, Understanding(offices)
        return self._made[1]


def _vocabulary(offices: Offices) -> set[str]:
    """The words of all rules."""
    answers = [*offices.answers.values(), *(answer for office in offices.all for answer in office.answers.values())]
    lines = [line for one in answers for line in (*one.keywords.all, *one.question.texts)]
    lines += [line for category in offices.categories for line in category.words]
    of_rules = vocabulary() | words_of_signs() | words_of_own_wishes() | words_of_service_wishes()
    return {word for line in lines for word in words(line)} | of_rules


def _english(offices: Offices) -> set[str]:
    """The words of the English questions, which people mix into Arabic."""
    return {word for one in offices.answers.values() for word in words(one.question.en)}


def _is_appointment(wanted: Wanted, told: Told, said: list[str]) -> bool:
    """Whether words that say nothing else are about coming: a day and an hour, or a day in a few that ask nothing.

    Where nothing is surely wanted, or an hour is, it need not be clear which of the days that are named is meant.
    """
    asked = wanted.sure and wanted.want in _ASKS
    if told.when.day is not None and (told.when.clock is not None or (len(said) <= _FEW_WORDS and not asked)):
        return True
    is_open = wanted.want is None or not wanted.sure or told.when.clock is not None
    return is_open and told.may_be_all and len(said) <= _NOT_MANY_WORDS


def _phone(text: str) -> str:
    """The first number that could ring."""
    plain = latin_digits(without_bidi(text))
    if len(_DIGITS.findall(plain)) < _PHONE_DIGITS:
        return ""
    found = next(iter(phonenumbers.PhoneNumberMatcher(plain, _HOME)), None)
    return "" if found is None else phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
