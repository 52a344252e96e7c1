"""A step of a visit that was a mistake can be taken back for a few minutes."""

from storage.migrations.schema import run_sql

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    run_sql("0035_undo.sql")
