"""What is drafted by itself is listed in one message a day."""

from storage.migrations.schema import run_sql

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    run_sql("0060_draft_lists.sql")
