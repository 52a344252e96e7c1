"""Crews in the field: what is near them, and photos that show what was done."""

from storage.migrations.schema import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql("0056_crews.sql")
