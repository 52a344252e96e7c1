"""What is owed to a group that the bot cannot write to waits until it can."""

from storage.migrations.schema import run_sql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_sql("0041_lost_chats.sql")
