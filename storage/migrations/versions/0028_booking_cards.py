"""Where the living card of each appointment is."""

from storage.migrations.schema import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql("0028_booking_cards.sql")
