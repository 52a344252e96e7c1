"""One of those who joined a request may speak for all of them."""

from storage.migrations.schema import run_sql

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_sql("0059_streets.sql")
