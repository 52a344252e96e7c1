"""Administrators change the offices, the templates and single sessions while the bot runs."""

from alembic import op

from storage.migrations.schema import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql("0019_configuration.sql")
    run_sql(f"0019_configuration.{op.get_bind().dialect.name}.sql")
