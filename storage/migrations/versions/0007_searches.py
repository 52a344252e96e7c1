"""What was searched for in a staff chat has a place of its own, and not that of a member."""

from storage.migrations.schema import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql("0007_searches.sql")
