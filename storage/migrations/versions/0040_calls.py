"""Who is met by phone or video is not in the hall."""

from storage.migrations.schema import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_sql("0040_calls.sql")
