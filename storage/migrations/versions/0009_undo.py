"""The history says how a case stood before each move, so that what is taken back leaves it as it was."""

from storage.migrations.schema import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql("0009_undo.sql")
