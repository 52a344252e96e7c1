"""A delegate hears that nobody answered, and sees the queue of whom they booked for."""

from storage.migrations.schema import run_sql

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    run_sql("0063_acting_last_mile.sql")
