"""What was improved because residents asked for it, and whose requests those were."""

from storage.migrations.schema import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql("0018_improvements.sql")
