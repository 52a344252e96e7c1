"""One of those who joined a request may speak for all of them."""

from storage.migrations.schema import run_sql

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    run_sql("0058_streets.sql")
