"""What a person did is found without reading every history: their data and their being forgotten ask for it."""

from storage.migrations.schema import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql("0004_actors.sql")
