"""The folder in which everything is kept: for its owner alone, and never begun anew by mistake."""

from __future__ import annotations

import os
from pathlib import Path

from bot.settings import PREFIX, Settings, SettingsError

_SQLITE = "sqlite:///"
_OWNER_ONLY = 0o700
_OTHERS = 0o077


def prepare(settings: Settings, *, new: bool = False) -> None:
    """Make the data folder, readable by its owner alone, as is whatever this process writes from now on.

    Raises OSError where it cannot be made, and SettingsError where the database is gone and the files that belong to
    it are still there, unless a `new` one is asked for.
    """
    os.umask(_OTHERS)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    for path in (settings.data_dir, *_of_sqlite(settings)):
        _close_to_others(path)
    if not new and _is_lost(settings):
        expected = f"the database that belongs to the files in {settings.data_dir / 'files'}; it is missing or empty"
        raise SettingsError(
            [f"{PREFIX}DATABASE_URL: expected {expected}. Restore it from a backup, or begin anew with `--new`"]
        )


def _of_sqlite(settings: Settings) -> tuple[Path, ...]:
    if not settings.database.startswith(_SQLITE):
        return ()
    path = Path(settings.database.removeprefix(_SQLITE))
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))


def _close_to_others(path: Path) -> None:
    """A folder or file of an earlier release may have been open to everybody on the machine."""
    if not path.exists():
        return
    state = path.stat()
    if state.st_mode & _OTHERS and state.st_uid == os.geteuid():
        path.chmod(state.st_mode & ~_OTHERS & 0o777)


def _is_lost(settings: Settings) -> bool:
    paths = _of_sqlite(settings)
    if not paths or (paths[0].exists() and paths[0].stat().st_size):
        return False
    files = settings.data_dir / "files"
    return files.is_dir() and any(files.iterdir())
