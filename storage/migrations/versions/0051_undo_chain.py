"""One wrong tap after another can be taken back, the newest first."""

from storage.migrations.schema import run_sql

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    run_sql("0051_undo_chain.sql")
