"""What was told of sessions before and after them."""

from storage.migrations.schema import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql("0028_session_briefs.sql")
