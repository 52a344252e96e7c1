"""A person and a number have one appointment to come at an office."""

from storage.migrations.schema import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql("0033_one_at_a_time.sql")
