"""What reports count of promises, and what retention finds of their words."""

from storage.migrations.schema import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql("0029_promise_figures.sql")
