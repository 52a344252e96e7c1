"""An appointment that its visitor has released is kept for a few minutes in which they can take that back."""

from storage.migrations.schema import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql("0033_releases.sql")
