"""What residents ask and whether a ready answer was it, without who asked."""

from storage.migrations.schema import run_sql

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    run_sql("0050_questions.sql")
