"""A resident may act for another one, who has agreed."""

from storage.migrations.schema import run_sql

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    run_sql("0055_delegations.sql")
