"""Retention and being forgotten find what they let go of without reading every message."""

from storage.migrations.schema import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql("0006_outbox.sql")
