"""Where the living card of each appointment is."""

from storage.migrations.schema import run_sql

revision = "0098"
down_revision = "0027"


def upgrade() -> None:
    run_sql("0098_booking_cards.sql")
