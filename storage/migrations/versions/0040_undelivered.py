"""Somebody is told of a message that failed for good, once."""

from storage.migrations.schema import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_sql("0040_undelivered.sql")
