"""How a line stands on the day: held or going on, and what each who waits was told."""

from storage.migrations.schema import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_sql("0025_lines.sql")
