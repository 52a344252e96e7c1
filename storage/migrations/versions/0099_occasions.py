"""What happens to a session twice is announced twice."""

from storage.migrations.schema import run_sql

revision = "0099"
down_revision = "0025"


def upgrade() -> None:
    run_sql("0099_occasions.sql")
