"""Messages that no bot may take back are deleted by the people of the chat, and that is followed up."""

from storage.migrations.schema import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql("0038_by_hand.sql")
