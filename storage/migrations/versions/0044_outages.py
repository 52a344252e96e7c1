"""The bot knows of its outages, in which Telegram forgets what people tapped."""

from storage.migrations.schema import run_sql

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    run_sql("0044_outages.sql")
