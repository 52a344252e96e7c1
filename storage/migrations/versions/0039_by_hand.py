"""Messages that no bot may take back are deleted by the people of the chat, and that is followed up."""

from storage.migrations.schema import run_sql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    run_sql("0039_by_hand.sql")
