"""A resident may act for another one, who has agreed."""

from storage.migrations.schema import run_sql

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_sql("0053_delegations.sql")
