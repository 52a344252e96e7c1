"""What came of a meeting, what was promised there, and why somebody did not come."""

from storage.migrations.schema import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql("0026_promises.sql")
