"""A session has a link of its own for meetings by video, and its draw can be switched off."""

from storage.migrations.schema import run_sql

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    run_sql("0057_session_links.sql")
