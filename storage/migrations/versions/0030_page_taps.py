"""A tap on a page that is sent again has its effect once."""

from storage.migrations.schema import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_sql("0030_page_taps.sql")
