"""Words are spelt anew in the index of words, and the name that a channel gives is told from one that was typed."""

from storage.migrations.schema import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql("0033_respelling.sql")
