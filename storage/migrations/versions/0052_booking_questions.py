"""Staff ask about an appointment, and its visitor answers."""

from storage.migrations.schema import run_sql

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    run_sql("0052_booking_questions.sql")
