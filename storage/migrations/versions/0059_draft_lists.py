"""What is drafted by itself is listed in one message a day."""

from storage.migrations.schema import run_sql

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_sql("0059_draft_lists.sql")
