"""The rules of the offices and templates files, as an administrator reads them.

The files' rules speak English, to whoever edits a file. What they say most often is said here in the reader's
language; whatever is not known here is shown in the files' own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from locales import N_, Localizer

#: What a rule says, and how it is read. What stands in a group is filled in.
_RULES: Mapping[str, str] = MappingProxyType(
    {
        "text": N_("text"),
        "some text": N_("text"),
        r"at most (?P<n>\d+) characters": N_("at most {n} characters"),
        r"at least (?P<n>-?[\d.]+)": N_("at least {n}"),
        r"at most (?P<n>-?[\d.]+)": N_("at most {n}"),
        r"at least (?P<n>\d+) in the list": N_("at least {n} in the list"),
        "a whole number": N_("a whole number"),
        r"a time such as (?P<example>\S+)": N_("a time such as {example}"),
        r"a time after (?P<time>[\d:]+)": N_("a time after {time}"),
        r"two times such as .*": N_("an opening and a closing time"),
        r"a phone number such as .*": N_("a phone number of Bahrain, or one with its country code"),
        "an e-mail address": N_("an email address"),
        r"an address that begins with (?P<start>\S+)": N_("an address that begins with {start}"),
        "Arabic text": N_("text with Arabic letters"),
        "English text": N_("text with English letters"),
        "an emoji without letters in it": N_("an emoji without letters in it"),
        r"breaks within (?P<span>\S+)": N_("breaks within the hours {span}"),
        "breaks that do not overlap": N_("breaks that do not overlap"),
        r"slots of (?P<minutes>\d+) minutes to fill (?P<span>\S+) exactly": N_(
            "appointments that fill {span} without a rest: change the hours, or the minutes ({minutes})"
        ),
        r"sittings of \S+ on \w+ that do not overlap": N_("sittings of the same person that do not overlap"),
        r"a “place” for people to come to, .*": N_("a place for people to come to: first set the point on the map"),
        "hours on one weekday at least": N_("working hours on some weekday"),
        r"a draw less than (?P<n>\d+) days before, .*": N_(
            "a draw less than {n} days before, when the day can be seen"
        ),
        r"a draw more than (?P<n>\d+) hours before .*": N_(
            "a draw more than {n} hours before the first appointment, while it can be booked"
        ),
        r"a date from (?P<day>\S+) on": N_("a date from {day} on"),
        r"not fewer days than “\w+” \((?P<n>\d+)\)": N_("not fewer days than the earlier deadline ({n})"),
        r"not fewer hours than “\w+” \((?P<n>\d+)\)": N_("not fewer hours than the earlier deadline ({n})"),
        r"(?P<name>\{hours\}) on a line of its own": N_("{name} on a line of its own"),
        r"one of the placeholders.*": N_("only these in braces: {names}"),
        r"the same placeholders in every language \((?P<names>.*) is not in “(?P<code>\w+)”\)": N_(
            "the same words in braces in every language ({names} is missing in “{code}”)"
        ),
        r"text whose braces come in pairs; .*": N_("text whose braces come in pairs"),
        r"states in which a case has .*": N_("statuses in which this kind of text can be sent"),
    }
)


def rule_words(t: Localizer, expected: str, names: tuple[str, ...] = ()) -> Markup:
    """What a rule expects. `names` are what may stand in braces."""
    for pattern, text in _RULES.items():
        match = re.fullmatch(pattern, expected)
        if match is not None:
            found = {name: t.own(value) for name, value in match.groupdict().items()}
            known = Markup(" ").join(t.own(f"{{{name}}}") for name in names)
            return t(text, **{"names": known, **found})
    return t.own(expected)
