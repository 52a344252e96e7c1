"""Which caption of an album is which part of the words that it became."""

from storage.migrations.schema import run_sql

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    run_sql("0050_album_parts.sql")
