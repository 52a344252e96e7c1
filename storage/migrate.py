"""Bring a database to the schema this code expects."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database, DatabaseUnavailable, Dialect

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_LOCK_SECONDS = 300  # how long another process's migration is waited for


def head() -> str:
    """The newest revision. Revisions are numbered files, so their names order them."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


async def revision(database: Database) -> str | None:
    """The revision a database is at; None where it is new."""
    if database.dialect is Dialect.SQLITE:
        exists = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    else:
        exists = (
            "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version' AND schemaname = ANY (current_schemas(false))"
        )
    async with database.transaction() as tx:
        if await tx.one(exists) is None:
            return None
        row = await tx.one("SELECT version_num FROM alembic_version")
    return None if row is None else str(row["version_num"])


async def migrate(database: Database, url: str) -> bool:
    """Upgrade the database at `url` where it is behind; whether there was anything to do.

    Raises DatabaseUnavailable where a newer release has been at work in it.
    """
    at = await revision(database)
    if at == head():
        return False
    if at is not None and at > head():
        raise DatabaseUnavailable(f"the database is at revision {at}, and this release knows only {head()}: update it")
    await _upgrade(database.dialect, url)
    return True


async def _upgrade(dialect: Dialect, url: str, to: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 - half a second that a database at head never pays
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import URL, Connection  # noqa: PLC0415
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent))
    # Two processes that start together: the second waits here, then finds nothing to do.
    lock = "BEGIN IMMEDIATE" if dialect is Dialect.SQLITE else "SELECT pg_advisory_xact_lock(7263541)"

    def upgrade(connection: Connection) -> None:
        connection.exec_driver_sql(lock)
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    if dialect is Dialect.SQLITE:
        place = URL.create("sqlite+aiosqlite", database=url.removeprefix("sqlite:///"))
        engine = create_async_engine(place, poolclass=NullPool, connect_args={"timeout": _LOCK_SECONDS})
    else:
        from asyncpg import connect  # noqa: PLC0415

        # The driver reads the address, as it does for `open_database`: SQLAlchemy does not know all it may say.
        engine = create_async_engine("postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: connect(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    except OperationalError as error:  # a full disk, one that may not be written
        raise DatabaseUnavailable(f"the database could not be brought up to date: {error.orig}") from error
    finally:
        await engine.dispose()
