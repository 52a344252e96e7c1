"""Requests that tell of a danger alert the team at any hour, until somebody takes them."""

from storage.migrations.schema import run_sql

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    run_sql("0047_dangers.sql")
