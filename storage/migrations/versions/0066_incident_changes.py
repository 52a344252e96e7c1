"""The words of an incident can be changed while it is open."""

from storage.migrations.schema import run_sql

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    run_sql("0066_incident_changes.sql")
