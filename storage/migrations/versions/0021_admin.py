"""What administrators look at: the audit, requests about people's own data, consents, and whose commands are shown."""

from alembic import op

from storage.migrations.schema import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql("0021_admin.sql")
    run_sql(f"0021_admin.{op.get_bind().dialect.name}.sql")
