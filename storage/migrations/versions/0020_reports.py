"""A report reads the cases, reopenings and ratings of its period, and not all there are."""

from storage.migrations.schema import run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql("0020_reports.sql")
