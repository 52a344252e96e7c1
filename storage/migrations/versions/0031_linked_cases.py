"""Which open request an appointment is about."""

from storage.migrations.schema import run_sql

revision = "0031"
down_revision = "0023"


def upgrade() -> None:
    run_sql("0031_linked_cases.sql")
