"""Messages that wait for their time are passed over in the index."""

from storage.migrations.schema import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql("0022_waiting_messages.sql")
