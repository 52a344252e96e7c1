"""Tables and columns bear the names that the code and its readers use."""

from storage.migrations.schema import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql("0010_names.sql")
