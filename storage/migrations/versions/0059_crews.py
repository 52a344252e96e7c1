"""Crews in the field: what is near them, and photos that show what was done."""

from storage.migrations.schema import run_sql

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_sql("0059_crews.sql")
