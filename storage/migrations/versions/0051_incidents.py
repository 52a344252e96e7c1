"""Incidents: what many report at once is answered once, for all of them."""

from storage.migrations.schema import run_sql

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    run_sql("0051_incidents.sql")
