"""Requests that tell of a danger alert the team at any hour, until somebody takes them."""

from storage.migrations.schema import run_sql

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    run_sql("0048_dangers.sql")
