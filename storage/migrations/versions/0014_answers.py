"""A further question for an appointment needs no column of its own."""

from storage.migrations.schema import run_sql

revision = "0014"
down_revision = "0011"


def upgrade() -> None:
    run_sql("0014_answers.sql")
