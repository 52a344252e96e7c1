"""When each file came to an appointment."""

from storage.migrations.schema import run_sql

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    run_sql("0063_added_files.sql")
