"""On the director's page people are called in as well, and what was tapped by mistake is taken back."""

from storage.migrations.schema import run_sql

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run_sql("0034_page_tap_acts.sql")
