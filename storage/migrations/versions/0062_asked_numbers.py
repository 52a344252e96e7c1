"""Finding what was asked about a telephone number."""

from storage.migrations.schema import run_sql

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    run_sql("0062_asked_numbers.sql")
