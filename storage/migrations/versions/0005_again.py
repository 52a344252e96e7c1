"""An update that was set aside can be given back, to be tried once more."""

from storage.migrations.schema import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql("0005_again.sql")
