"""What each resident was asked lately is kept, so that nobody is asked the same thing twice in an hour."""

from storage.migrations.schema import run_sql

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    run_sql("0051_asked_lately.sql")
