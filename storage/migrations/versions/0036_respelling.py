"""Words are spelt anew in the index of words, and the name that a channel gives is told from one that was typed."""

from storage.migrations.schema import run_sql

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_sql("0036_respelling.sql")
