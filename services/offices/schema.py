"""The parts of the offices file: what each may say, and what is wrong with it where it says something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from services.offices.answers import Answer, AnswerId
from services.offices.plain_values import Clock, Email, IdRule, Phone, Share, Span, Stretch, Weekday, later, text_of
from services.offices.texts import LanguageCode, Line, LocalizedText, Website, matching, wrong
from services.offices.yaml_file import FileModel
from storage.ids import CategoryId, ChatId, ForumTopicId, LaneId, OfficeId
from storage.records.cases import CaseKind

#: Blocks run from 101 to 1216, with gaps.
FIRST_BLOCK, LAST_BLOCK = 101, 1216


# ---------------------------------------------------------------------------- offices

_TOPIC = matching(r"^[0-9]+$", "a topic's number")


def _weekday(value: object) -> Weekday:
    try:
        return Weekday[str(value).strip().upper()]
    except KeyError:
        raise wrong("a weekday: " + ", ".join(day.name.lower() for day in Weekday)) from None


class Hours(FileModel):
    """Working hours. A weekday without any is a day off; in Ramadan every working day has `ramadan`'s."""

    sunday: Stretch | None = None
    monday: Stretch | None = None
    tuesday: Stretch | None = None
    wednesday: Stretch | None = None
    thursday: Stretch | None = None
    friday: Stretch | None = None
    saturday: Stretch | None = None
    ramadan: Stretch | None = None

    @model_validator(mode="after")
    def _works_at_all(self) -> Self:
        if not any(self.on(day) for day in Weekday):
            raise wrong("hours on one weekday at least")
        return self

    def on(self, weekday: int, *, ramadan: bool = False) -> Span | None:
        """The hours of a weekday (Monday is 0), or None on a day off."""
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        usual = days[weekday]
        return self.ramadan if usual and ramadan and self.ramadan else usual


class MeetingPlace(FileModel):
    """Where a resident comes to: the pin on the map and what is written under it."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    title: LocalizedText
    address: LocalizedText


class Meeting(StrEnum):
    """How a resident and the municipality meet."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"


#: The time of day at which a draw is made.
DRAW_AT = time(10)


class LaneRule(FileModel):
    """One weekly sitting: who receives people, on which weekday, in slots of how many minutes.

    `capacity` people share a slot. Seats can be booked up to `weeks_ahead` weeks before and until
    `lead_hours` hours before; the share `released_late` of them only in the last 24 hours. With
    `draw_days` the seats are drawn among applicants that many days before, at 10:00; without, the
    first to book has them. The rule
    holds from `active_from` to `active_until`, both included. Two sittings of a week are two rules.
    """

    lane: Annotated[LaneId, IdRule]
    name: LocalizedText  # whom one meets, by title
    person: LocalizedText | None = None  # and by name
    bring: LocalizedText | None = None  # what visitors bring, where it is more than their identity card
    weekday: Annotated[Weekday, BeforeValidator(_weekday)]
    opens: Clock
    closes: Clock
    slot_minutes: Annotated[int, Field(ge=5, le=240)] = 15
    breaks: tuple[Stretch, ...] = ()
    capacity: Annotated[int, Field(ge=1, le=100)] = 1
    weeks_ahead: Annotated[int, Field(ge=1, le=52)] = 4
    lead_hours: Annotated[int, Field(ge=0, le=336)] = 2
    released_late: Share = 0.0
    draw_days: Annotated[int, Field(ge=0, le=60)] = 0
    meetings: Annotated[tuple[Meeting, ...], Field(min_length=1)] = (Meeting.IN_PERSON,)
    active_from: date | None = None
    active_until: date | None = None

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, closes: time, info: ValidationInfo) -> time:
        return later(closes, info)

    @field_validator("breaks")
    @classmethod
    def _breaks_fit(cls, breaks: tuple[Span, ...], info: ValidationInfo) -> tuple[Span, ...]:
        opens, closes, slot = (info.data.get(key) for key in ("opens", "closes", "slot_minutes"))
        if opens is None or closes is None:
            return breaks
        ordered = tuple(sorted(breaks, key=lambda pause: pause.opens))
        if any(pause.opens < opens or pause.closes > closes for pause in ordered):
            raise wrong(f"breaks within {opens:%H:%M}–{closes:%H:%M}")
        if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
            raise wrong("breaks that do not overlap")
        if slot is not None:
            for stretch in _between(opens, closes, ordered):
                if _minutes(*stretch) % slot:
                    raise wrong(f"slots of {slot} minutes to fill {stretch[0]:%H:%M}–{stretch[1]:%H:%M} exactly")
        return ordered

    @field_validator("draw_days")
    @classmethod
    def _drawn_while_bookable(cls, days: int, info: ValidationInfo) -> int:
        opens, ahead, lead = (info.data.get(key) for key in ("opens", "weeks_ahead", "lead_hours"))
        if not days or opens is None or ahead is None or lead is None:
            return days
        if days >= ahead * 7:
            raise wrong(f"a draw less than {ahead * 7} days before, when the day can be seen")
        if days * 24 * 60 + _minutes(DRAW_AT, opens) <= lead * 60:
            raise wrong(f"a draw more than {lead} hours before the first slot, while it can be booked")
        return days

    @field_validator("active_until")
    @classmethod
    def _ends_after_start(cls, until: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("active_from")
        if until and start and until < start:
            raise wrong(f"a date from {start} on")
        return until

    def holds_on(self, day: date) -> bool:
        """Whether the sitting takes place on a day, closures aside."""
        started = self.active_from is None or day >= self.active_from
        return day.weekday() == self.weekday and started and (self.active_until is None or day <= self.active_until)

    def slot_starts(self) -> tuple[time, ...]:
        """When the sitting's slots begin, breaks left out."""
        return tuple(
            (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()
            for start, end in _between(self.opens, self.closes, self.breaks)
            for minutes in range(0, _minutes(start, end), self.slot_minutes)
        )

    def overlaps(self, other: LaneRule) -> bool:
        """Whether two rules would have the same lane sit twice at one time."""
        same_day = self.lane == other.lane and self.weekday == other.weekday
        same_time = self.opens < other.closes and other.opens < self.closes
        starts = max(self.active_from or date.min, other.active_from or date.min)
        return same_day and same_time and starts <= min(self.active_until or date.max, other.active_until or date.max)


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _between(opens: time, closes: time, breaks: tuple[Span, ...]) -> Iterator[tuple[time, time]]:
    """The stretches that breaks (in order) leave of a sitting."""
    for pause in breaks:
        if opens < pause.opens:
            yield opens, pause.opens
        opens = pause.closes
    if opens < closes:
        yield opens, closes


class Closure(FileModel):
    """Days an office is shut: one `date`, or `from` … `to` with both included.

    With `works: true` the office works on them though the public calendar calls them holidays (the
    dates of the feasts are forecasts until the moon is seen).
    """

    day: date | None = Field(default=None, alias="date")
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    reason: LocalizedText
    works: bool = False

    @model_validator(mode="after")
    def _is_a_day_or_a_range(self) -> Self:
        if (self.day is None) == (self.first is None) or (self.first is None) != (self.last is None):
            raise wrong("either “date”, or “from” and “to”")
        if self.first and self.last and self.last < self.first:
            raise wrong(f"“to” not before “from” ({self.first})")
        return self

    def covers(self, day: date) -> bool:
        """Whether a day is one of these."""
        if self.first and self.last:
            return self.first <= day <= self.last
        return day == self.day


class Contacts(FileModel):
    """How an office is reached besides this bot. Phones are in E.164."""

    phone: Phone | None = None
    hotline: Phone | None = None
    whatsapp: Phone | None = None
    email: Email | None = None
    website: Website | None = None
    instagram: Website | None = None


class Ask(StrEnum):
    """What an office asks beyond the usual before an appointment."""

    TOPIC = "topic"  # which may be left open elsewhere
    PROJECT = "project"
    COMMERCIAL_REGISTRATION = "commercial_registration"


class FairUse(FileModel):
    """When an office slows down who cancels or moves again and again.

    After `cancellations`, or `moves`, within `days`, only times less than `ahead_days` ahead can be had until fewer
    are left. One in the last 24 hours counts twice.
    """

    cancellations: Annotated[int, Field(ge=1, le=100)] = 3
    moves: Annotated[int, Field(ge=1, le=100)] = 4
    days: Annotated[int, Field(ge=1, le=365)] = 30
    ahead_days: Annotated[int, Field(ge=7, le=365)] = 7  # a weekly sitting always has one day among them


class Office(FileModel):
    """A municipality, a centre or a unit: who receives people and cases."""

    id: OfficeId
    name: LocalizedText
    short_name: LocalizedText
    governorate: LocalizedText | None = None
    retired: bool = False  # takes nothing new; what it has keeps its name
    hours: Hours
    place: MeetingPlace | None = None
    customer_day: tuple[LaneRule, ...] = ()
    closures: tuple[Closure, ...] = ()
    fair_use: FairUse = FairUse()
    contacts: Contacts = Contacts()
    staff_chat: Annotated[ChatId | None, BeforeValidator(text_of)] = None
    staff_topic: Annotated[ForumTopicId, BeforeValidator(text_of), _TOPIC] | None = None
    staff_language: LanguageCode = "ar"
    council_chat: Annotated[ChatId | None, BeforeValidator(text_of)] = None  # of the council that watches over it
    video_link: Website | None = None  # where meetings by video take place
    public_channel: Annotated[ChatId | None, BeforeValidator(text_of)] = None  # where announcements are posted as well
    notice: LocalizedText | None = None  # what residents are told beside its contact details
    asks: tuple[Ask, ...] = ()
    kinds: Annotated[tuple[CaseKind, ...], Field(min_length=1)] = tuple(CaseKind)
    categories: tuple[CategoryId, ...] = ()  # empty: all
    keywords: tuple[Line, ...] = ()
    answers: dict[Annotated[AnswerId, IdRule], Answer] = Field(default_factory=dict)  # besides those of all offices

    @field_validator("customer_day")
    @classmethod
    def _sit_once_at_a_time(cls, rules: tuple[LaneRule, ...], info: ValidationInfo) -> tuple[LaneRule, ...]:
        for one, other in combinations(rules, 2):
            if one.overlaps(other):
                day = one.weekday.name.lower()
                raise wrong(f"sittings of {one.lane} on {day} that do not overlap")
        if rules and info.data.get("place", True) is None:
            raise wrong("a “place” for people to come to, since there are sittings")
        return rules

    @property
    def words(self) -> tuple[str, ...]:
        """What the office is found by."""
        governorate = self.governorate.texts if self.governorate else ()
        return (*self.name.texts, *self.short_name.texts, *governorate, *self.keywords)


# ---------------------------------------------------------------------------- geography

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class Box(FileModel):
    """Bounds in degrees."""

    west: Longitude
    east: Longitude
    south: Latitude
    north: Latitude

    @field_validator("east", "north")
    @classmethod
    def _not_inside_out(cls, value: float, info: ValidationInfo) -> float:
        opposite = "west" if info.field_name == "east" else "south"
        if value <= info.data.get(opposite, -200):
            raise wrong(f"more than “{opposite}” ({info.data[opposite]})")
        return value


class Area(FileModel):
    """An office's land: a ring of (longitude, latitude), its last point joined to its first."""

    office: OfficeId
    polygon: tuple[tuple[Longitude, Latitude], ...]

    @field_validator("polygon")
    @classmethod
    def _encloses(cls, polygon: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(set(polygon)) < 3:
            raise wrong("three different points at least")
        corners = [*polygon, polygon[0]] if polygon[0] != polygon[-1] else list(polygon)
        for one, other in combinations(pairwise(corners), 2):
            if _cross(*one, *other):
                raise wrong(
                    f"an outline that does not cross itself (see {one[0]} to {one[1]} and {other[0]} to {other[1]})"
                )
        return polygon


Point = tuple[float, float]


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the lines a–b and c–d cross; touching at an end is no crossing."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


class Block(FileModel):
    """A line of the blocks file: whose a block is, by which source, and whether that is sure."""

    block: Annotated[int, Field(ge=FIRST_BLOCK, le=LAST_BLOCK)]
    office: OfficeId
    source: Line
    confidence: Literal["sure", "guess"]


class Geography(FileModel):
    """What suggests an office: a point's area (in none but in the box: `elsewhere`), a block, its hundreds."""

    areas: tuple[Area, ...] = ()
    elsewhere: OfficeId | None = None
    box: Box
    blocks_file: str | None = None  # beside the offices file
    block_hundreds: dict[Annotated[int, Field(ge=1, le=12)], OfficeId] = Field(default_factory=dict)
    blocks: tuple[Block, ...] = ()  # filled from `blocks_file`
