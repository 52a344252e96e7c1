"""Who speaks for all that have one request, what the others say of it, and the appointment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.database import Transaction
from storage.ids import BookingId, CaseId, ResidentId
from storage.records import Instant, Record


class Voice(StrEnum):
    AGREES = "agrees"
    OBJECTS = "objects"
    LEFT = "left"  # and hears no more of it


class Street(Record):
    case_id: CaseId
    resident_id: ResidentId
    offer: int
    offered_at: Instant
    chosen_at: Instant | None
    booking_id: BookingId | None


class OwnStreet(Record):
    """One that somebody has to do with, for the copy of their data; `voice` is "" of whoever speaks."""

    reference: str
    voice: str
    at: Instant


class _Said(Record):
    """What one of the others says."""

    resident_id: ResidentId
    voice: Voice
    at: Instant


async def offer(tx: Transaction, case: CaseId, resident: ResidentId, number: int, at: datetime) -> Street | None:
    """Somebody offers to speak for all; None where somebody does already."""
    row = await tx.one(
        """
        INSERT INTO streets (case_id, resident_id, offer, offered_at) VALUES (:case_id, :resident, :number, :at)
        ON CONFLICT (case_id) DO NOTHING RETURNING *
        """,
        case_id=case,
        resident=resident,
        number=number,
        at=at,
    )
    return Street.maybe(row)


async def of_case(tx: Transaction, case: CaseId) -> Street | None:
    return Street.maybe(await tx.one("SELECT * FROM streets WHERE case_id = :case_id", case_id=case))


async def of_booking(tx: Transaction, booking: BookingId) -> Street | None:
    return Street.maybe(await tx.one("SELECT * FROM streets WHERE booking_id = :booking", booking=booking))


async def spoken_for_by(tx: Transaction, resident: ResidentId) -> list[Street]:
    """For whom somebody speaks, or offers to."""
    rows = await tx.all("SELECT * FROM streets WHERE resident_id = :resident ORDER BY case_id", resident=resident)
    return [Street.of(row) for row in rows]


async def shared_by(tx: Transaction, resident: ResidentId) -> list[Street]:
    """Those of requests that somebody has or joined, where another speaks or offers to."""
    rows = await tx.all(
        """
        SELECT s.* FROM cases c JOIN streets s ON s.case_id = c.id
        WHERE c.resident_id = :resident AND s.resident_id <> :resident
        UNION
        SELECT s.* FROM case_followers f JOIN streets s ON s.case_id = f.case_id
        WHERE f.resident_id = :resident AND s.resident_id <> :resident
        ORDER BY case_id
        """,
        resident=resident,
    )
    return [Street.of(row) for row in rows]


def say(tx: Transaction, case: CaseId, resident: ResidentId, voice: Voice, at: datetime) -> None:
    tx.later(
        """
        INSERT INTO street_voices (case_id, resident_id, voice, at) VALUES (:case_id, :resident, :voice, :at)
        ON CONFLICT (case_id, resident_id) DO UPDATE SET voice = excluded.voice, at = excluded.at
        """,
        case_id=case,
        resident=resident,
        voice=voice,
        at=at,
    )


async def voices(tx: Transaction, case: CaseId) -> dict[ResidentId, Voice]:
    rows = await tx.all("SELECT resident_id, voice FROM street_voices WHERE case_id = :case_id", case_id=case)
    return {ResidentId(int(str(row["resident_id"]))): Voice(str(row["voice"])) for row in rows}


async def choose(tx: Transaction, case: CaseId, at: datetime) -> bool:
    """From now on they speak for all; False where they did."""
    sql = "UPDATE streets SET chosen_at = :at WHERE case_id = :case_id AND chosen_at IS NULL"
    return await tx.run(sql, case_id=case, at=at) == 1


async def book(tx: Transaction, case: CaseId, booking: BookingId) -> bool:
    """The appointment for all; False where there is one."""
    sql = """
        UPDATE streets SET booking_id = :booking
        WHERE case_id = :case_id AND booking_id IS NULL AND chosen_at IS NOT NULL
    """
    return await tx.run(sql, case_id=case, booking=booking) == 1


def release(tx: Transaction, booking: BookingId) -> None:
    """The appointment will not take place; another may be booked."""
    tx.later("UPDATE streets SET booking_id = NULL WHERE booking_id = :booking", booking=booking)


async def follow_main(tx: Transaction, case: CaseId, main: CaseId) -> None:
    """Whoever speaks for those of a case speaks for those of `main` from now on, with what the others said of it."""
    found = await tx.all("SELECT resident_id, voice, at FROM street_voices WHERE case_id = :case_id", case_id=case)
    await tx.run("DELETE FROM street_voices WHERE case_id = :case_id", case_id=case)
    await tx.run("UPDATE streets SET case_id = :main WHERE case_id = :case_id", main=main, case_id=case)
    for said in (_Said.of(row) for row in found):
        say(tx, main, said.resident_id, said.voice, said.at)


async def end(tx: Transaction, case: CaseId) -> bool:
    """Nobody speaks for all any more; False where nobody did."""
    return await tx.run("DELETE FROM streets WHERE case_id = :case_id", case_id=case) == 1


def forget(tx: Transaction, resident: ResidentId) -> None:
    tx.later("DELETE FROM street_voices WHERE resident_id = :resident", resident=resident)
    tx.later("DELETE FROM streets WHERE resident_id = :resident", resident=resident)


async def of_resident(tx: Transaction, resident: ResidentId) -> list[OwnStreet]:
    """All that somebody has to do with."""
    rows = await tx.all(
        """
        SELECT c.reference, '' AS voice, s.offered_at AS at FROM streets s JOIN cases c ON c.id = s.case_id
        WHERE s.resident_id = :resident
        UNION ALL
        SELECT c.reference, v.voice, v.at FROM street_voices v JOIN cases c ON c.id = v.case_id
        WHERE v.resident_id = :resident
        """,
        resident=resident,
    )
    return sorted((OwnStreet.of(row) for row in rows), key=lambda one: (one.reference, one.at))
