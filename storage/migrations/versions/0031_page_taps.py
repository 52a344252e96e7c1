"""A tap on a page that is sent again has its effect once."""

from storage.migrations.schema import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_sql("0031_page_taps.sql")
