"""Deep links, as printed on posters and shown on websites: `t.me/<bot>?start=<payload>`.

A payload is `<what>_<which>` with an optional `-<source>`:

| payload                | opens                                              |
|------------------------|----------------------------------------------------|
| `book_capital`         | the days of an office                              |
| `day_12`               | the times of one of them                           |
| `complain_capital`     | a complaint to it                                  |
| `suggest_capital`      | a suggestion to it                                 |
| `track_C-7K3M-2QF`     | a request or an appointment, for whose it is       |
| `checkin_B-4M7K-9QA`   | an appointment, for whose it is and for staff at that door |
| `door_12-k3v…`         | the entrance of a session: residents say that they are here |
| `book_capital-poster`  | the same as without, counted as come by a poster   |
| `staff_7kq…`           | an invitation to the staff's desk                  |
| `intake_capital`       | filing for a caller or a visitor, for its staff    |
| `admin`                | the menu of those who administer                   |
| `walkin_capital`       | adding somebody who came without an appointment, for its staff |
| `announce_capital`     | announcements, for those who may write them        |
| `improve_C-7K3M-2QF`   | what came of a request, for the same               |
| `bank_C-7K3M-2QF`      | a ready answer made of an answered inquiry, for those who configure |
| `for_7kq…`             | agreeing that somebody acts for one                |
| `news_12-0`            | what a button of an announcement opens, and counts it |

Telegram allows letters, digits, `_` and `-`, 64 in all. The longest beginning that names an office or a
reference is which, so either may have hyphens of its own; the rest is the source. A link to an appointment goes
straight to the days, as whoever scans a poster expects. Any other shows what it would open. Nothing is booked or
sent by following one.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.admin.entries import DOOR
from conversations.announcements import taps as announcement_taps
from conversations.delegation import consent
from conversations.delegation.asking import LINK_PAYLOAD
from conversations.door import entrance
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.staff import invitations
from locales import N_
from services.offices.offices import Office, Offices
from services.residents import count_visit
from services.text.references import BOOKING_EXAMPLE, CASE_EXAMPLE, parse_reference
from storage.ids import OfficeId

_PAYLOAD = re.compile(r"(?P<what>[a-z]+)_(?P<rest>[A-Za-z0-9_-]{1,56})")


class What(StrEnum):
    BOOK = "book"
    DAY = "day"
    COMPLAIN = "complain"
    SUGGEST = "suggest"
    TRACK = "track"
    CHECK_IN = "checkin"
    INTAKE = "intake"
    WALK_IN = "walkin"
    ANNOUNCE = "announce"
    IMPROVE = "improve"
    BANK = "bank"


#: Links that work once, by how they begin.
_BY_CODE: Mapping[str, Callable[[Turn, str, Step], Awaitable[Next]]] = MappingProxyType(
    {invitations.PAYLOAD: invitations.follow, LINK_PAYLOAD: consent.follow}
)
_OF_REFERENCE = frozenset({What.TRACK, What.CHECK_IN, What.IMPROVE, What.BANK})
#: For staff: to anybody else such a link is as one that there is not.
_FOR_STAFF: Mapping[What, str] = MappingProxyType(
    {
        What.INTAKE: "intake",
        What.WALK_IN: "walkin",
        What.ANNOUNCE: "announce",
        What.IMPROVE: "improvement",
        What.BANK: "answer_from_case",
    }
)


class Source(StrEnum):
    """Where a link stood. A closed set, so that a made-up one can't fill the reports."""

    POSTER = "poster"
    WEBSITE = "website"
    HOTLINE = "hotline"
    SOCIAL = "social"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """What a payload says. `which` is an office's id or a reference, not yet looked up for whose it is."""

    what: What
    which: str
    source: Source | None = None

    @property
    def counted_as(self) -> str:
        """Its name in the reports; a person's reference has no place there."""
        return self.what if self.what in {What.DAY, What.TRACK, What.CHECK_IN} else f"{self.what}_{self.which}"


def parse(offices: Offices, payload: str) -> Link | None:
    """The link that a payload is; None where it is none, or names an office that is not there."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match["what"] not in set(What):
        return None
    what, rest = What(match["what"]), match["rest"]
    cuts = [len(rest), *(place for place in range(len(rest) - 1, 0, -1) if rest[place] == "-")]
    for cut in cuts:
        which = _which(offices, what, rest[:cut])
        if which is not None:
            return Link(what, which, _source(rest[cut + 1 :]))
    return None


def _which(offices: Offices, what: What, text: str) -> str | None:
    if what is What.DAY:
        return text if re.fullmatch(r"\d{1,12}", text, re.ASCII) else None
    return _reference(text) if what in _OF_REFERENCE else _office(offices, text)


def _reference(text: str) -> str | None:
    reference = parse_reference(text)
    # It reads a reference out of any words; here it must be all there is.
    return reference if reference and len(text) <= len(reference) else None


def _office(offices: Offices, text: str) -> str | None:
    office = offices.get(OfficeId(text))
    return None if office is None or office.retired else office.id


def _source(tag: str) -> Source | None:
    if not tag:
        return None
    return Source(tag.lower()) if tag.lower() in set(Source) else Source.OTHER


# ---------------------------------------------------------------------------- what a link shows


class Followed(Step):
    """What a link would open, and the button that does."""

    step: Literal["link:office"] = "link:office"
    accepts = frozenset({Kind.CHOICE})
    what: Literal[What.BOOK, What.COMPLAIN, What.SUGGEST]
    office: OfficeId

    async def ask(self, turn: Turn) -> Prompt:
        t, office = turn.t, turn.work.offices.get(self.office)
        if office is None:
            return Prompt(t("This office is no longer available."), back=False)
        text = t.join_lines(t("🏛 <b>{office}</b>", office=t.pick(office.name)), self._explained(turn, office))
        labels = {
            What.BOOK: N_("📅 Book a Customer Day appointment"),
            What.COMPLAIN: N_("📢 Submit a complaint"),
            What.SUGGEST: N_("💡 Make a suggestion"),
        }
        route, label = self.what.value, labels[self.what]
        if self.what is What.BOOK and not office.customer_day:
            route, label = What.COMPLAIN.value, labels[What.COMPLAIN]
        return Prompt(text, [[Button(label=t.plain(label), route=route, value=office.id)]], back=False)

    def _explained(self, turn: Turn, office: Office) -> Markup:
        t = turn.t
        match self.what:
            case What.BOOK if not office.customer_day:
                return t(
                    "This office does not have a Customer Day. You can send it a complaint or a suggestion directly."
                )
            case What.BOOK:
                return t(
                    "On Customer Day, the Director General meets citizens and residents face to face. You "
                    "can book in a few steps."
                )
            case What.COMPLAIN:
                return t("When you submit a complaint, we will give you a reference and send you updates here.")
            case What.SUGGEST:
                return t("When you make a suggestion, we will give you a reference and send you updates here.")

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


async def follow(turn: Turn, payload: str, otherwise: Step) -> Next:
    """Show what a link would open, and count that someone came by it; what is no link leads to another step."""
    if (asked := next((one for one in _BY_CODE if payload.startswith(one)), None)) is not None:
        return await _BY_CODE[asked](turn, payload.removeprefix(asked), otherwise)
    if payload.startswith(entrance.PAYLOAD):
        return Redirect("door", payload.removeprefix(entrance.PAYLOAD))
    if payload == DOOR:
        return Redirect(DOOR)
    if payload.startswith(announcement_taps.PAYLOAD):
        return await announcement_taps.tapped(turn, payload.removeprefix(announcement_taps.PAYLOAD))
    link = parse(turn.work.offices, payload)
    if link is None:
        tracks = payload.startswith((f"{What.TRACK}_", f"{What.CHECK_IN}_"))
        why = unknown_reference(turn) if tracks else turn.t("This link is not valid or is no longer in use.")
        return Reask(why, otherwise)
    if (door := _FOR_STAFF.get(link.what)) is not None:
        return Redirect(door, link.which)
    count_visit(turn.work, link.counted_as, link.source or "")
    if link.source is not None:
        turn.change(source=link.source.value)
    if link.what is What.CHECK_IN and link.which.startswith("B"):
        return Redirect("checkin", link.which)
    if link.what in {What.TRACK, What.CHECK_IN}:
        # These routes show it to its owner, and nothing to anyone else.
        return Redirect("case" if link.which.startswith("C") else "appointment", link.which)
    if link.what is What.DAY:
        return Redirect("book_day", link.which)
    office = turn.work.offices.get(OfficeId(link.which))
    if link.what is What.BOOK and office is not None and office.customer_day:
        return Redirect("book", office.id)
    return Followed.model_validate({"what": link.what, "office": link.which})


def unknown_reference(turn: Turn) -> Markup:
    """What helps with a reference that was mistyped: how one looks, and where one's own are found."""
    t = turn.t
    return t.join_lines(
        t(
            "We could not find a request or appointment with that reference. Examples: {case} for a "
            "request, {booking} for an appointment.",
            case=t.ref(CASE_EXAMPLE),
            booking=t.ref(BOOKING_EXAMPLE),
        ),
        t(
            "You can find the reference in our confirmation message. To see your requests, use "
            "{requests}. To see your appointments, use {appointments}.",
            requests="/my",
            appointments="/appointments",
        ),
    )


FLOW = Flow(steps=(Followed,))
