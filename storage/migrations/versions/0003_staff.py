"""The staff desk: who may do what, which chat is whose, the card of each case, what cases are found by."""

from storage.migrations.schema import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql("0003_staff.sql")
