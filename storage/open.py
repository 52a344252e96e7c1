"""Opens the database that an address names. Only the driver in use is loaded."""

from __future__ import annotations

from storage.database import Database, DatabaseUnavailable


async def open_database(url: str, *, pool: int = 8) -> Database:
    """Open `sqlite:///path` or `postgresql://…`. Raises DatabaseUnavailable."""
    if url.startswith("sqlite:///"):
        from storage.sqlite import SqliteDatabase  # noqa: PLC0415

        return await SqliteDatabase.open(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from storage.postgres import PostgresDatabase  # noqa: PLC0415

        return await PostgresDatabase.open(url, pool=pool)
    raise DatabaseUnavailable("DATABASE_URL must begin with sqlite:/// or postgresql://")
