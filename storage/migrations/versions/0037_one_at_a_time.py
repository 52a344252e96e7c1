"""A person and a number have one appointment to come at an office."""

from storage.migrations.schema import run_sql

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run_sql("0037_one_at_a_time.sql")
