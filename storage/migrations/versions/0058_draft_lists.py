"""What is drafted by itself is listed in one message a day."""

from storage.migrations.schema import run_sql

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    run_sql("0058_draft_lists.sql")
