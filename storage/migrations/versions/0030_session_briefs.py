"""What was told of sessions before and after them."""

from storage.migrations.schema import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_sql("0030_session_briefs.sql")
