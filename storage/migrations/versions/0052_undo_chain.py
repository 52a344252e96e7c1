"""One wrong tap after another can be taken back, the newest first."""

from storage.migrations.schema import run_sql

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    run_sql("0052_undo_chain.sql")
