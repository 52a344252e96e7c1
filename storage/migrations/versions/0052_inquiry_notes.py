"""What residents ask and whether a ready answer was it, without who asked."""

from storage.migrations.schema import run_sql

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    run_sql("0052_inquiry_notes.sql")
