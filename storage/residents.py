"""People and where their conversations stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from storage.columns import assigned, columns_of, upsert_into
from storage.database import Dialect, Transaction
from storage.ids import ResidentId, UpdateId
from storage.records.residents import ConversationRow, Resident

#: The channel of people for whom staff file and book: nobody can be told anything there.
WALK_IN = "desk"

_ARRIVAL = """
SELECT r.*, c.step, c.turn, c.offered, c.saved, c.last_choice, c.album, c.keyboard, c.updated_at, c.resident_id,
       c.counted_since, c.counted,
       EXISTS (SELECT 1 FROM updates u WHERE u.channel = :channel AND u.update_id = :update_id) AS seen
FROM residents r LEFT JOIN conversations c ON c.resident_id = r.id
WHERE r.channel = :channel AND r.address = :address
"""

# Not the key: whoever owes this resident a message meanwhile (the outbox refers to the row) need not wait, and
# two who lock each other's do not stand in each other's way.
_LOCK = "SELECT 1 FROM residents WHERE channel = :channel AND address = :address FOR NO KEY UPDATE"


class Arrival:
    """What is known when an update arrives: whether it was handled before, who it is from, where they stand."""

    def __init__(self, *, seen: bool, resident: Resident, conversation: ConversationRow | None) -> None:
        self.seen = seen
        self.resident = resident
        self.conversation = conversation


async def lock(tx: Transaction, channel: str, address: str) -> None:
    """Keep others from this resident until the commit."""
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        await tx.one(_LOCK, channel=channel, address=address)


async def arrive(tx: Transaction, channel: str, address: str, update_id: UpdateId) -> Arrival | None:
    """Read all three in one statement, and keep others from this resident until the commit. None for a newcomer."""
    # A statement of its own: one that waits for a lock still sees the other tables as they were before.
    await lock(tx, channel, address)
    row = await tx.one(_ARRIVAL, channel=channel, address=address, update_id=update_id)
    if row is None:
        return None
    conversation = None if row["step"] is None else ConversationRow.of(row)
    return Arrival(seen=bool(row["seen"]), resident=Resident.of(row), conversation=conversation)


async def add(tx: Transaction, channel: str, address: str, name: str, language: str, at: datetime) -> Resident:
    """A person met for the first time. The second of two at once waits for the first, and gets the same row."""
    row = await tx.one(
        """
        INSERT INTO residents (channel, address, name, channel_name, language, created_at, seen_at)
        VALUES (:channel, :address, :name, :name, :language, :at, :at)
        ON CONFLICT (channel, address) DO UPDATE SET seen_at = :at
        RETURNING *
        """,
        channel=channel,
        address=address,
        name=name,
        language=language,
        at=at,
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return Resident.of(row)


async def id_of(tx: Transaction, channel: str, address: str) -> ResidentId | None:
    """Who has an address; None where nobody ever wrote from it."""
    row = await tx.one(
        "SELECT id FROM residents WHERE channel = :channel AND address = :address", channel=channel, address=address
    )
    return None if row is None else ResidentId(int(str(row["id"])))


async def by_id(tx: Transaction, resident: ResidentId) -> Resident | None:
    return Resident.maybe(await tx.one("SELECT * FROM residents WHERE id = :id", id=resident))


async def at(tx: Transaction, channel: str, address: str) -> Resident | None:
    """Whoever has this address; None for somebody who never wrote."""
    sql = "SELECT * FROM residents WHERE channel = :channel AND address = :address"
    return Resident.maybe(await tx.one(sql, channel=channel, address=address))


async def of_desk(tx: Transaction, among: Sequence[ResidentId]) -> list[ResidentId]:
    """Who of these is known by what staff wrote down alone: nobody can be told anything in a chat."""
    found = [await by_id(tx, one) for one in among]
    return [one.id for one in found if one is not None and one.channel == WALK_IN]


_CHANGEABLE = (
    "name",
    "channel_name",
    "language",
    "digits",
    "phone",
    "phone_own",
    "office",
    "consented_at",
    "reachable",
    "wants_reminders",
    "wants_progress",
    "wants_news",
    "source",
    "seen_at",
    "forgotten_at",
)
_SAVE = f"UPDATE residents SET {assigned(_CHANGEABLE)} WHERE id = :id"


def save(tx: Transaction, resident: Resident) -> None:
    """Write back everything a resident may change about themselves."""
    tx.later(_SAVE, **resident.model_dump(include={"id", *_CHANGEABLE}))


def unreachable(tx: Transaction, resident: ResidentId) -> None:
    tx.later("UPDATE residents SET reachable = FALSE WHERE id = :id", id=resident)


async def bar(tx: Transaction, resident: ResidentId, until: datetime, reason: str) -> Resident | None:
    """Keep a person from submitting until then."""
    sql = "UPDATE residents SET blocked_until = :until, blocked_reason = :reason WHERE id = :id RETURNING *"
    return Resident.maybe(await tx.one(sql, id=resident, until=until, reason=reason))


# ---------------------------------------------------------------------------- whose number it is


async def lock_phone(tx: Transaction, phone: str) -> None:
    """Be alone with what is kept under a number until the commit: filing for it, and linking what was filed."""
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        await tx.one("SELECT pg_advisory_xact_lock(7263543, hashtext(:phone))", phone=phone)


async def lock_person(tx: Transaction, resident: ResidentId) -> None:
    """Be alone with the appointments of a person until the commit."""
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        await tx.one("SELECT pg_advisory_xact_lock(7263544, CAST(:resident AS integer))", resident=resident)


async def owner_of(tx: Transaction, phone: str) -> Resident | None:
    """The person whose number it is: the one of whom a channel vouched for that last."""
    return Resident.maybe(
        await tx.one(
            """
            SELECT * FROM residents
            WHERE phone = :phone AND phone <> '' AND phone_own AND channel <> :desk AND forgotten_at IS NULL
            """,
            phone=phone,
            desk=WALK_IN,
        )
    )


def disown(tx: Transaction, phone: str, but: ResidentId) -> None:
    """A number was vouched for: whoever had it before has it no more."""
    tx.later(
        """
        UPDATE residents SET phone_own = FALSE
        WHERE phone = :phone AND phone <> '' AND phone_own AND channel <> :desk AND id <> :but
        """,
        phone=phone,
        desk=WALK_IN,
        but=but,
    )


_SAVE_CONVERSATION = upsert_into("conversations", columns_of(ConversationRow), key=("resident_id",))


def save_conversation(tx: Transaction, row: ConversationRow) -> None:
    tx.later(_SAVE_CONVERSATION, **row.model_dump())


def count_visit(tx: Transaction, link: str, source: str, day: date) -> None:
    """One more person came by a deep link, on a day of Bahrain's."""
    tx.later(
        """
        INSERT INTO visits (link, source, day, count) VALUES (:link, :source, :day, 1)
        ON CONFLICT (link, source, day) DO UPDATE SET count = visits.count + 1
        """,
        link=link,
        source=source,
        day=day,
    )
