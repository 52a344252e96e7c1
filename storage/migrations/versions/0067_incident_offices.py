"""A municipality can be taken out of an open incident."""

from storage.migrations.schema import run_sql

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    run_sql("0067_incident_offices.sql")
