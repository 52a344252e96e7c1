"""What happens to a session twice is announced twice."""

from storage.migrations.schema import run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_sql("0027_occasions.sql")
