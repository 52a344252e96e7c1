"""Which caption of an album is which part of the words that it became."""

from storage.migrations.schema import run_sql

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    run_sql("0049_album_parts.sql")
