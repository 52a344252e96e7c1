"""Counts what each person sends, so that one who sends too much at once can be asked to wait."""

from storage.migrations.schema import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql("0002_pace.sql")
