"""Crews in the field: what is near them, and photos that show what was done."""

from storage.migrations.schema import run_sql

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    run_sql("0061_crews.sql")
