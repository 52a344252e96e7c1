"""What was told of sessions before and after them."""

from storage.migrations.schema import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql("0029_session_briefs.sql")
