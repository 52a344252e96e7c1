"""The day itself: who came, with which ticket, and how far they are."""

from storage.migrations.schema import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql("0023_visits.sql")
