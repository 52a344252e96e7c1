"""A `Localizer` says things in one language: texts, numbers, dates, phones, people's own words.

Whatever it returns as `Markup` is HTML ready to send: escaped, and sound where Arabic and Latin
text meet. Whatever it returns as `str` is for a button's label or a toast, which show no HTML.
"""

from __future__ import annotations

import datetime as dt
import gettext
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from hijridate import Gregorian
from markupsafe import Markup, escape

from locales.bidi import (
    FSI,
    LRI,
    LRM,
    NBSP,
    RLI,
    RLM,
    clean,
    in_quotes,
    isolate,
    rtl_label,
    rtl_lines,
    shorten,
)
from locales.html import to_plain
from locales.languages import Digits, Language

_LOCALES = {language: Locale.parse(language.locale) for language in Language}
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_Item = TypeVar("_Item")


class Translated(Protocol):
    """A text kept as data in several languages; `get` gives another language's where it lacks one."""

    def get(self, language: str, /) -> str: ...


class _Prepared(dict[str, str]):
    """Texts of the catalogue as they are shown, each prepared once."""

    def __init__(self, prepare: Callable[[str], str]) -> None:
        super().__init__()
        self._prepare = prepare

    def __missing__(self, text: str) -> str:
        prepared = self[text] = self._prepare(text)
        return prepared


@dataclass(frozen=True, slots=True, eq=False)
class Localizer:
    """One language with a person's choice of digits and the zone clocks are read in."""

    language: Language
    digits: Digits
    zone: ZoneInfo
    texts: gettext.NullTranslations = field(repr=False)
    _shown: _Prepared = field(init=False, repr=False)
    _labels: _Prepared = field(init=False, repr=False)
    _weekdays: tuple[str, ...] = field(init=False, repr=False)
    _short_weekdays: tuple[str, ...] = field(init=False, repr=False)
    _months: tuple[str, ...] = field(init=False, repr=False)
    _short_months: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        days, months = self._locale.days["format"], self._locale.months["format"]
        as_is = str
        for name, value in {
            "_shown": _Prepared(rtl_lines if self.rtl else as_is),
            "_labels": _Prepared(rtl_label if self.rtl else as_is),
            "_weekdays": tuple(days["wide"][day] for day in range(7)),
            "_short_weekdays": tuple(days["wide" if self.rtl else "abbreviated"][day] for day in range(7)),
            "_months": ("", *(months["wide"][month] for month in range(1, 13))),
            "_short_months": ("", *(months["abbreviated"][month] for month in range(1, 13))),
        }.items():
            object.__setattr__(self, name, value)

    @property
    def rtl(self) -> bool:
        return self.language.rtl

    @property
    def _locale(self) -> Locale:
        return _LOCALES[self.language]

    # ------------------------------------------------------------------------ texts

    def __call__(self, msgid: str, /, **values: str | int) -> Markup:
        """The catalogue's text for the English sentence `msgid`, with each `{name}` filled in.

        A plain `str` is a person's own words: escaped and isolated. `Markup` (what this class
        makes) goes in as it is, an `int` in the tongue's digits. Raises KeyError where a value is missing.
        """
        return self._filled(self.texts.gettext(msgid), values)

    def plural(self, one: str, other: str, n: int, **values: str | int) -> Markup:
        """The form of the text for `n` things; `{n}` is the number."""
        return self._filled(self.texts.ngettext(one, other, n), {"n": n, **values})

    def plain(self, msgid: str, /, **values: str | int) -> str:
        """A text for a button's label or a toast: no HTML, values isolated."""
        return self._labelled(self.texts.gettext(msgid), values)

    def plain_plural(self, one: str, other: str, n: int, **values: str | int) -> str:
        return self._labelled(self.texts.ngettext(one, other, n), {"n": n, **values})

    def _filled(self, text: str, values: dict[str, str | int]) -> Markup:
        shown = {name: self._value(value) for name, value in values.items()}
        return Markup(in_quotes(self._shown[text].format_map(shown)))  # noqa: S704 — catalogue text, values escaped

    def _labelled(self, text: str, values: dict[str, str | int]) -> str:
        shown = {name: self._plain_value(value) for name, value in values.items()}
        return in_quotes(self._labels[text].format_map(shown))

    def _value(self, value: str | int) -> str:
        if isinstance(value, Markup):
            return str(value).removeprefix(RLM)  # a whole line's: inside a sentence it would only be copied along
        if isinstance(value, str):
            return self._isolated(value)
        return self._number(value)

    def _plain_value(self, value: str | int) -> str:
        if isinstance(value, Markup):
            return to_plain(value).removeprefix(RLM)
        if isinstance(value, str):
            return isolate(" ".join(clean(value).split()), FSI)
        return self._number(value)

    # ------------------------------------------------------------------------ people's words and names

    def own(self, text: str, limit: int | None = None) -> Markup:
        """A person's own words: escaped, isolated line by line, at most `limit` UTF-16 units of them."""
        return Markup(self._isolated(text if limit is None else shorten(clean(text), limit)))  # noqa: S704 — escaped

    def _isolated(self, text: str) -> str:
        safe = str(escape(clean(text)))
        if "\n" not in safe:
            return isolate(safe, FSI)
        first, *others = (isolate(line, FSI) if line.strip() else "" for line in safe.split("\n"))
        rest = "\n".join(others)
        return "\n".join((first, rtl_lines(rest) if self.rtl else rest))

    def pick(self, name: Translated) -> Markup:
        """A text kept in several languages, in this one."""
        return self.own(name.get(self.language.value))

    def pick_plain(self, name: Translated) -> str:
        return name.get(self.language.value)

    # ------------------------------------------------------------------------ numbers

    def number(self, n: float) -> Markup:
        """A number with its thousands apart; of a fraction at most three decimals."""
        return Markup(self._number(n))  # noqa: S704 — a number

    def duration(self, span: dt.timedelta) -> Markup:
        """Say "10 minutes", "1 hour and 30 minutes", "3 days": the two largest units, the last rounded.

        In Arabic in the genitive, as after خلال, قبل, بعد and لمدة, which is where durations stand.
        """
        minutes = round(span.total_seconds() / 60)
        if minutes < 1:
            return self("less than a minute")
        if minutes >= 24 * 60:
            days, hours = divmod(round(minutes / 60), 24)
            parts = [self.plural("{n} day", "{n} days", days)]
            parts += [self.plural("{n} hour", "{n} hours", hours)] if hours else []
        else:
            hours, minutes = divmod(minutes, 60)
            parts = [self.plural("{n} hour", "{n} hours", hours)] if hours else []
            parts += [self.plural("{n} minute", "{n} minutes", minutes)] if minutes else []
        return self.join(parts)

    def _number(self, n: float) -> str:
        if isinstance(n, int) and 0 <= n < 1000:
            return self._in_digits(str(n))
        # Babel's numbering system changes the separators, not the digits.
        text = self._in_digits(format_decimal(n, locale=self._locale, numbering_system=self._numbering))
        return isolate(text) if n < 0 else text

    @property
    def _arabic_digits(self) -> bool:
        return self.language is Language.AR and self.digits is Digits.ARABIC

    @property
    def _numbering(self) -> str:
        return "arab" if self._arabic_digits else "latn"

    def _in_digits(self, text: str) -> str:
        return text.translate(_ARABIC_DIGITS) if self._arabic_digits else text

    # ------------------------------------------------------------------------ dates and times

    def date(self, day: dt.date) -> Markup:
        """Say "Wednesday 2 December 2026". A datetime counts in the tongue's zone."""
        return self._apart(self._long_date(self._local_day(day)))

    def near_date(self, day: dt.date, today: dt.date) -> Markup:
        """Say "Wednesday 2 December", with the year where it is not that of `today`; for lines with little room.

        The day and its month are never on two lines.
        """
        local = self._local_day(day)
        year = "" if local.year == self._local_day(today).year else f" {local.year}"
        text = f"{self._weekdays[local.weekday()]} {local.day}{NBSP}{self._months[local.month]}{year}"
        return self._apart(self._in_digits(text))

    def full_date(self, day: dt.date) -> Markup:
        """The long date followed by the Hijri one (Umm al-Qura), which hijridate knows for 1924–2077.

        Its year and its era are never on two lines.
        """
        local = self._local_day(day)
        hijri = Gregorian.fromdate(local).to_hijri()
        if self.language is Language.AR:
            # After the number of its day a month is in the genitive: ذي القعدة, ذي الحجة.
            moon = f"{hijri.month_name('ar').replace('ذو ', 'ذي ')} {hijri.year}{hijri.notation('ar')}"
        else:
            moon = f"{hijri.month_name('en')} {hijri.year}{NBSP}{hijri.notation('en')}"
        moon = self._in_digits(f"{hijri.day} {moon}")
        return self._apart(f"{self._long_date(local)} ({moon})")

    def month(self, day: dt.date) -> Markup:
        """Say "December 2026"."""
        return self._apart(self._in_digits(f"{self._months[day.month]} {day.year}"))

    def day(self, day: dt.date) -> str:
        """Write "Wed 2 Dec", for a button."""
        local = self._local_day(day)
        weekday, month = self._short_weekdays[local.weekday()], self._short_months[local.month]
        return self._in_digits(f"{weekday} {local.day} {month}")

    def day_and_month(self, day: dt.date) -> str:
        """Write "2 Dec", where there is room for no more."""
        local = self._local_day(day)
        return self._in_digits(f"{local.day} {self._short_months[local.month]}")

    def clock(self, moment: dt.datetime | dt.time) -> str:
        """Write "09:15", for a button: 24 hours, an aware datetime read in the tongue's zone."""
        if isinstance(moment, dt.datetime):
            moment = self._local(moment)
        return self._in_digits(f"{moment.hour:02}:{moment.minute:02}")

    def time(self, moment: dt.datetime | dt.time) -> Markup:
        """Say "09:15"."""
        return Markup(isolate(self.clock(moment)))  # noqa: S704 — digits and a colon

    def span(self, start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> Markup:
        """Say "09:00–09:15"; in Arabic in words, since who reads from the right would meet the end of a range first."""
        if self.rtl:
            return self("from {start} to {end}", start=self.time(start), end=self.time(end))
        return Markup(isolate(f"{self.clock(start)}{LRM}–{LRM}{self.clock(end)}"))  # noqa: S704 — digits

    def moment(self, moment: dt.datetime) -> Markup:
        """The date and the time."""
        return self("{date} at {time}", date=self.date(moment), time=self.time(moment))

    def near_moment(self, moment: dt.datetime, today: dt.date) -> Markup:
        """The date, as `near_date` has it, and the time."""
        return self("{date} at {time}", date=self.near_date(moment, today), time=self.time(moment))

    def _long_date(self, day: dt.date) -> str:
        return self._in_digits(f"{self._weekdays[day.weekday()]} {day.day} {self._months[day.month]} {day.year}")

    def _local_day(self, day: dt.date) -> dt.date:
        return self._local(day).date() if isinstance(day, dt.datetime) else day

    def _local(self, moment: dt.datetime) -> dt.datetime:
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone")
        return moment.astimezone(self.zone)

    # ------------------------------------------------------------------------ phones and references

    def phone(self, e164: str) -> Markup:
        """Write "+97333123456" as "+973 3312 3456"; what is no phone number is shown as it is."""
        try:
            number = phonenumbers.parse(e164)
        except phonenumbers.NumberParseException:
            return self.own(e164)
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return Markup(isolate(shown))  # noqa: S704 — made of digits

    def ref(self, reference: str) -> Markup:
        """A reference, set to be copied with a tap; the isolate stays outside what is copied."""
        return Markup(isolate(f"<code>{escape(clean(reference))}</code>"))  # noqa: S704 — escaped

    # ------------------------------------------------------------------------ putting together

    def join(self, items: Iterable[str | int]) -> Markup:
        """Say "a, b and c"."""
        shown = [self._value(item) for item in items]
        return Markup(format_list(shown, locale=self._locale))  # noqa: S704 — each item escaped

    def join_lines(self, *parts: str | None) -> Markup:
        """The parts, a line each. An empty part is an empty line; None is left out."""
        text = "\n".join(self._value(part) if part else "" for part in parts if part is not None)
        return Markup(rtl_lines(text) if self.rtl else text)  # noqa: S704 — each part escaped

    def dotted(self, *parts: str | None) -> Markup:
        """The parts on one line, a dot between two. None is left out."""
        return Markup(" · ".join(self._value(part) for part in parts if part is not None))  # noqa: S704 — escaped

    def mirror(self, rows: Sequence[Sequence[_Item]]) -> tuple[tuple[_Item, ...], ...]:
        """Rows of buttons in reading order: no channel lays its keyboard out right to left."""
        return tuple(tuple(reversed(row)) if self.rtl else tuple(row) for row in rows)

    def _apart(self, text: str) -> Markup:
        """Text of this language's own direction, kept whole inside any sentence."""
        return Markup(isolate(text, RLI if self.rtl else LRI))  # noqa: S704 — our own words and digits
