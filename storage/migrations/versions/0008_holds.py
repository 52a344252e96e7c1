"""A seat may be held beside an offer or a place in the line: they stay until the hold is confirmed."""

from storage.migrations.schema import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql("0008_holds.sql")
