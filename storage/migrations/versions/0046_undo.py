"""A step of a visit that was a mistake can be taken back for a few minutes."""

from storage.migrations.schema import run_sql

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    run_sql("0046_undo.sql")
