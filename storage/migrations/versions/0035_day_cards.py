"""The cards of a day's appointments are shown anew on its morning: which sessions that was done for."""

from storage.migrations.schema import run_sql

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    run_sql("0035_day_cards.sql")
