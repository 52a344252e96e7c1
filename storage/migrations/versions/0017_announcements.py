"""Announcements: what an office tells many residents at once, and to whom it went."""

from storage.migrations.schema import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql("0017_announcements.sql")
