"""What residents ask and whether a ready answer was it, without who asked."""

from storage.migrations.schema import run_sql

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_sql("0053_inquiry_notes.sql")
