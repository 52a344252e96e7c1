"""What administrators changed of the offices and templates files: rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Annotated

from pydantic import BeforeValidator

from storage.columns import columns_of, insert_into
from storage.database import Dialect, Transaction, one_of
from storage.ids import Actor, CaseId, OfficeId
from storage.records import Instant, Record


def _path(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


class ChangeRow(Record):
    """One change. `before` and `after` are JSON, or None where there was or is no value."""

    version: int
    at: Instant
    actor: Actor
    office: OfficeId  # "" where it concerns every office
    path: Annotated[tuple[str, ...], BeforeValidator(_path)]
    before: str | None
    after: str | None
    undoes: int | None
    case_id: CaseId | None = None  # the inquiry that a ready answer was made of


class PastChange(ChangeRow):
    """A change, and which later one took it back."""

    undone_by: int | None


async def version(tx: Transaction) -> int:
    """The last change's; 0 before the first."""
    row = await tx.one("SELECT coalesce(max(version), 0) AS version FROM configuration_changes")
    assert row is not None  # noqa: S101 - an aggregate has a row
    return int(str(row["version"]))


async def since(tx: Transaction, version: int) -> list[ChangeRow]:
    """The changes after a version, in their order."""
    rows = await tx.all(
        "SELECT * FROM configuration_changes WHERE version > :version ORDER BY version", version=version
    )
    return [ChangeRow.of(row) for row in rows]


async def lock(tx: Transaction) -> None:
    """Be alone with changing what is configured until the commit: what is read from now on stands till then."""
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        await tx.one("SELECT pg_advisory_xact_lock(7263546)")


_ADD = insert_into("configuration_changes", columns_of(ChangeRow))


async def add(tx: Transaction, change: ChangeRow) -> None:
    """Write a change down. Conflict where another took the same version at that moment."""
    await tx.run(_ADD, **change.model_dump() | {"path": json.dumps(change.path)})


_PAST = """
SELECT c.*, u.version AS undone_by FROM configuration_changes c
LEFT JOIN configuration_changes u ON u.undoes = c.version
"""


async def by_version(tx: Transaction, version: int) -> PastChange | None:
    return PastChange.maybe(await tx.one(f"{_PAST} WHERE c.version = :version", version=version))


async def newest(tx: Transaction, offices: Collection[OfficeId], limit: int) -> list[PastChange]:
    """The last changes of these offices ("" is what concerns all of them), the newest first."""
    condition = one_of(tx.dialect, "c.office", "offices")
    rows = await tx.all(
        f"{_PAST} WHERE {condition} ORDER BY c.version DESC LIMIT :limit", offices=tuple(offices), limit=limit
    )
    return [PastChange.of(row) for row in rows]


async def last_of(tx: Transaction, path: tuple[str, ...]) -> ChangeRow | None:
    """The last change of exactly this place."""
    row = await tx.one(
        "SELECT * FROM configuration_changes WHERE path = :path ORDER BY version DESC LIMIT 1", path=json.dumps(path)
    )
    return ChangeRow.maybe(row)


async def made_of(tx: Transaction, case: CaseId) -> list[ChangeRow]:
    """The changes that made ready answers of an inquiry, the newest first."""
    rows = await tx.all("SELECT * FROM configuration_changes WHERE case_id = :case ORDER BY version DESC", case=case)
    return [ChangeRow.of(row) for row in rows]
