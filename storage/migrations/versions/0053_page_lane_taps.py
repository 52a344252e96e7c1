"""On the director's page a whole line is held and goes on, too."""

from storage.migrations.schema import run_sql

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_sql("0053_page_lane_taps.sql")
