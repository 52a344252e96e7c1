"""A change knows the inquiry that a ready answer was made of."""

from storage.migrations.schema import run_sql

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    run_sql("0068_answers_of_inquiries.sql")
