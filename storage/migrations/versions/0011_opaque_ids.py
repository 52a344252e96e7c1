"""Ids that a channel gives are text: Telegram's are numbers, those of other channels are not."""

from alembic import op

from storage.migrations.schema import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql(f"0011_opaque_ids.{op.get_bind().dialect.name}.sql")
