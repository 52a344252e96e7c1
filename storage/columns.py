"""Statements whose columns come from a record, so that a column is named once.

They are put together when a module is loaded: the text is constant, and every value is bound by its column's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pydantic import BaseModel


def columns_of(record: type[BaseModel], *, without: Collection[str] = ()) -> tuple[str, ...]:
    """A record's columns, less those that another table or the database itself fills."""
    assert set(without) <= set(record.model_fields), f"{record.__name__} has no such columns"  # noqa: S101 - a defect
    return tuple(name for name in record.model_fields if name not in without)


def insert_into(table: str, columns: Iterable[str]) -> str:
    names = tuple(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def upsert_into(table: str, columns: Iterable[str], key: Collection[str]) -> str:
    """Insert a row, or give the one that has its `key` its other columns."""
    names = tuple(columns)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f"{insert_into(table, names)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"


def assigned(columns: Iterable[str]) -> str:
    """What stands behind SET."""
    return ", ".join(f"{name} = :{name}" for name in columns)
