"""A step of a visit that was a mistake can be taken back for a few minutes."""

from storage.migrations.schema import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql("0043_undo.sql")
