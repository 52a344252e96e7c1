"""Incidents: what many report at once is answered once, for all of them."""

from storage.migrations.schema import run_sql

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    run_sql("0055_incidents.sql")
