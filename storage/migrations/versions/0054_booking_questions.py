"""Staff ask about an appointment, and its visitor answers."""

from storage.migrations.schema import run_sql

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    run_sql("0054_booking_questions.sql")
