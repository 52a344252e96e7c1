"""The times of a day can be given by a draw instead of first come."""

from storage.migrations.schema import run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_sql("0032_draws.sql")
