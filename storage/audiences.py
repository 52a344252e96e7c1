"""Whom an announcement is for, as statements: counted from indexes, and gone through by the residents' ids.

Each part of an audience is a condition of its own, so that a statement holds those that are asked for and no other,
and an index serves it. They are put together from these constants; every value is bound.
"""

from __future__ import annotations

from storage.announcements import Audience
from storage.database import Dialect, Transaction, Value, one_of
from storage.ids import AnnouncementId, OfficeId, ResidentId
from storage.records import Record

# Nobody can be told anything where there is no channel, or after they asked to be forgotten.
_ANYBODY = "r.forgotten_at IS NULL AND r.channel <> 'desk'"
_TOLD = "r.reachable AND r.wants_news"
_CASES = {
    (False, False, False): None,
    (True, False, False): "SELECT c.resident_id FROM cases c WHERE c.closed_at IS NULL",
    (False, True, False): "SELECT c.resident_id FROM cases c WHERE c.category = :category",
    (True, True, False): "SELECT c.resident_id FROM cases c WHERE c.category = :category AND c.closed_at IS NULL",
    (False, False, True): "SELECT c.resident_id FROM cases c WHERE c.block = :block",
    (True, False, True): "SELECT c.resident_id FROM cases c WHERE c.block = :block AND c.closed_at IS NULL",
    (False, True, True): "SELECT c.resident_id FROM cases c WHERE c.category = :category AND c.block = :block",
    (True, True, True): """
        SELECT c.resident_id FROM cases c
        WHERE c.category = :category AND c.block = :block AND c.closed_at IS NULL
    """,
}
_HAS_BOOKED = "EXISTS (SELECT 1 FROM bookings b WHERE b.resident_id = r.id AND b.confirmed_at IS NOT NULL)"


def _of_cases(audience: Audience) -> str | None:
    return _CASES[audience.open_case, bool(audience.category), audience.block is not None]


def _conditions(dialect: Dialect, audience: Audience, *, by_id: bool) -> str:
    """What must hold of a resident. `by_id`: few of them, found by their ids, are asked.

    Then no other index may serve, which would find everybody of an office each time: one of an expression does not.
    """
    office, language = ("CAST(r.office AS TEXT)", "CAST(r.language AS TEXT)") if by_id else ("r.office", "r.language")
    parts = [_ANYBODY]
    if audience.test:
        parts.append(one_of(dialect, "r.id", "only", "BIGINT"))
    if audience.offices:
        parts.append(one_of(dialect, office, "offices"))
    if audience.language:
        parts.append(f"{language} = :language")
    if audience.booked:
        parts.append(_HAS_BOOKED if audience.booked == "has" else f"NOT {_HAS_BOOKED}")
    if (cases := _of_cases(audience)) is not None:
        parts.append(f"EXISTS ({cases} AND c.resident_id = r.id)" if by_id else f"r.id IN ({cases})")
    return " AND ".join(parts)


def _values(audience: Audience) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if audience.test:
        values["only"] = audience.only
    if audience.offices:
        values["offices"] = audience.offices
    if audience.language:
        values["language"] = audience.language
    if audience.category:
        values["category"] = audience.category
    if audience.block is not None:
        values["block"] = audience.block
    return values


class Group(Record):
    """Residents of one office and language whom an audience holds."""

    office: OfficeId
    language: str
    told: int
    opted_out: int  # they want no news
    unreachable: int  # they stopped the bot


async def count(tx: Transaction, audience: Audience) -> tuple[Group, ...]:
    """How many there are. Grows with them: read it apart."""
    rows = await tx.all(
        f"""
        SELECT r.office, r.language,
            sum(CASE WHEN {_TOLD} THEN 1 ELSE 0 END) AS told,
            sum(CASE WHEN r.reachable AND NOT r.wants_news THEN 1 ELSE 0 END) AS opted_out,
            sum(CASE WHEN r.reachable THEN 0 ELSE 1 END) AS unreachable
        FROM residents r WHERE {_conditions(tx.dialect, audience, by_id=False)}
        GROUP BY r.office, r.language ORDER BY r.office, r.language
        """,
        **_values(audience),
    )
    return tuple(Group.of(row) for row in rows)


async def newest(tx: Transaction) -> ResidentId:
    """The last resident there is; 0 where there is none."""
    row = await tx.one("SELECT max(id) AS id FROM residents")
    return ResidentId(0 if row is None or row["id"] is None else int(str(row["id"])))


async def take(
    tx: Transaction, announcement: AnnouncementId, audience: Audience, after: ResidentId, until: ResidentId
) -> int:
    """Make those among the residents behind `after`, up to `until`, recipients; how many they are."""
    told = _ANYBODY if audience.test else _TOLD
    return await tx.run(
        f"""
        INSERT INTO announcement_recipients (announcement_id, resident_id)
        SELECT CAST(:announcement AS BIGINT), r.id FROM residents r
        WHERE r.id > :after AND r.id <= :until AND {told} AND {_conditions(tx.dialect, audience, by_id=True)}
        ON CONFLICT DO NOTHING
        """,
        announcement=announcement,
        after=after,
        until=until,
        **_values(audience),
    )


async def came_after(tx: Transaction, audience: Audience, last: ResidentId, most: int) -> int:
    """How many it would have been for, had they come before; `most` at most."""
    row = await tx.one(
        f"""
        SELECT count(*) AS n FROM (
            SELECT r.id FROM residents r
            WHERE r.id > :last AND {_TOLD} AND {_conditions(tx.dialect, audience, by_id=True)}
            ORDER BY r.id LIMIT :most
        ) AS page
        """,
        last=last,
        most=most,
        **_values(audience),
    )
    return 0 if row is None else int(str(row["n"]))
