"""Which open request an appointment is about."""

from storage.migrations.schema import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql("0024_linked_cases.sql")
