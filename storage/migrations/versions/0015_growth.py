"""What duties and staff look for has an index of its own, so that neither reads a table whole."""

from alembic import op

from storage.migrations.schema import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql("0015_growth.sql")
    run_sql(f"0015_growth.{op.get_bind().dialect.name}.sql")
