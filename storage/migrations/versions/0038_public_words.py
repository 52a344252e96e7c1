"""Nobody reads a neighbour's words unless the neighbour has agreed, or staff have written a summary."""

from storage.migrations.schema import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql("0038_public_words.sql")
