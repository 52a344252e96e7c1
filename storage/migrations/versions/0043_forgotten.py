"""What was told of somebody who is forgotten is found by an index."""

from storage.migrations.schema import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql("0043_forgotten.sql")
