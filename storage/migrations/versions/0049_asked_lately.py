"""What each resident was asked lately is kept, so that nobody is asked the same thing twice in an hour."""

from storage.migrations.schema import run_sql

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    run_sql("0049_asked_lately.sql")
