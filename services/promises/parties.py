"""Who keeps a promise, or has a matter now: a section or a member of the office, another body, or who was typed."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import Actor, staff_actor
from services.offices.offices import BodyId
from services.offices.texts import LocalizedText
from services.staff import permissions
from services.unit_of_work import Work
from storage.ids import OfficeId

_LANE, _BODY, _MEMBER = "lane:", "body:", "staff:"
#: As long as a name of a section gets.
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Party:
    """`key` is an id of the offices file with its kind before it; "" where `words` were typed instead."""

    key: str = ""
    words: str = ""

    @property
    def named(self) -> bool:
        return bool(self.key or self.words)

    @property
    def body(self) -> str:
        """Another body's id; "" where it is none."""
        return self.key.removeprefix(_BODY) if self.key.startswith(_BODY) else ""

    @property
    def member(self) -> str:
        """A member's address; "" where it is none."""
        return self.key.removeprefix(_MEMBER) if self.key.startswith(_MEMBER) else ""

    @property
    def owner(self) -> Actor:
        """Whose case a promise becomes; "" where it is the office's."""
        return staff_actor(self.member) if self.member else Actor("")


NOBODY = Party()


def sections(work: Work, office: OfficeId) -> tuple[Party, ...]:
    """The office's own sections: who receives people there, each once."""
    found = work.offices.get(office)
    lanes = dict.fromkeys(rule.lane for rule in found.customer_day) if found else {}
    return tuple(Party(f"{_LANE}{lane}") for lane in lanes)


def bodies(work: Work) -> tuple[Party, ...]:
    """The other bodies."""
    return tuple(Party(f"{_BODY}{body}") for body in work.offices.other_bodies)


async def members(work: Work, office: OfficeId) -> tuple[Party, ...]:
    """Who works on the office's cases."""
    return tuple(Party(f"{_MEMBER}{one.address}") for one in await permissions.can_claim(work, office))


async def is_known(work: Work, office: OfficeId, party: Party) -> bool:
    """Whether a party is one that an office can name: typed words always are."""
    if not party.key:
        return bool(party.words)
    return party in {*sections(work, office), *bodies(work), *await members(work, office)}


def name_of(work: Work, office: OfficeId, party: Party) -> LocalizedText | None:
    """What the offices file calls a party; None of a member, of who was typed, and of what is gone from the file."""
    if body := party.body:
        found = work.offices.bodies_by_id.get(BodyId(body))
        return found.name if found else None
    desk = work.offices.get(office)
    lane = party.key.removeprefix(_LANE) if party.key.startswith(_LANE) else ""
    return next((rule.name for rule in desk.customer_day if rule.lane == lane), None) if desk and lane else None
