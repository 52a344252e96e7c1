"""Questions that were recalled before this release, and not answered since, are looked at once more."""

from storage.migrations.schema import run_sql

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    run_sql("0045_unanswered.sql")
