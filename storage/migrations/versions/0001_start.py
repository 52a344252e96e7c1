"""The first schema: residents, conversations, outbox, Customer Day, cases, files, audit."""

from storage.migrations.schema import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql("0001_start.sql")
