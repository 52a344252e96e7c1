"""When each file came to an appointment."""

from storage.migrations.schema import run_sql

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    run_sql("0064_added_files.sql")
