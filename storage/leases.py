"""Who does what only one process may do, and until when."""

from __future__ import annotations

from storage.database import Dialect, Transaction

# By the database's own clock: all who may hold a lease share it, and nobody moves it on to try things out.
_TAKE = {
    Dialect.SQLITE: """
        INSERT INTO leases (name, holder, until)
        VALUES (:name, :holder, strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now', :seconds || ' seconds'))
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE leases.holder = excluded.holder OR leases.until <= strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')
        RETURNING holder
        """,
    Dialect.POSTGRES: """
        INSERT INTO leases (name, holder, until)
        VALUES (:name, :holder, clock_timestamp() + make_interval(secs => :seconds))
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE leases.holder = excluded.holder OR leases.until <= clock_timestamp()
        RETURNING holder
        """,
}


async def held(tx: Transaction) -> dict[str, str]:
    """Every lease and its holder, those that have run out too."""
    return {str(row["name"]): str(row["holder"]) for row in await tx.all("SELECT name, holder FROM leases")}


async def take(tx: Transaction, name: str, holder: str, seconds: float) -> bool:
    """Be the one process that does `name` for so long; False where another is."""
    return await tx.one(_TAKE[tx.dialect], name=name, holder=holder, seconds=seconds) is not None


def release(tx: Transaction, name: str, holder: str) -> None:
    tx.later("DELETE FROM leases WHERE name = :name AND holder = :holder", name=name, holder=holder)
