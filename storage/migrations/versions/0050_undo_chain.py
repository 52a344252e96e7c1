"""One wrong tap after another can be taken back, the newest first."""

from storage.migrations.schema import run_sql

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    run_sql("0050_undo_chain.sql")
