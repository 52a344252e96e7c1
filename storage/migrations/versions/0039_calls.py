"""Who is met by phone or video is not in the hall."""

from storage.migrations.schema import run_sql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    run_sql("0039_calls.sql")
