"""On the director's page a whole line is held and goes on, too."""

from storage.migrations.schema import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql("0056_page_lane_taps.sql")
