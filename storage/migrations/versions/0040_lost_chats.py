"""What is owed to a group that the bot cannot write to waits until it can."""

from storage.migrations.schema import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_sql("0040_lost_chats.sql")
