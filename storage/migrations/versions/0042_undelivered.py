"""Somebody is told of a message that failed for good, once."""

from storage.migrations.schema import run_sql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_sql("0042_undelivered.sql")
