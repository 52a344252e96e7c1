"""One of those who joined a request may speak for all of them."""

from storage.migrations.schema import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql("0056_streets.sql")
