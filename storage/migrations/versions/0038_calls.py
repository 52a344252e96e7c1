"""Who is met by phone or video is not in the hall."""

from storage.migrations.schema import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql("0038_calls.sql")
