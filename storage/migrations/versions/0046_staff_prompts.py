"""What members of staff were asked to write, and what they wrote without replying, is kept."""

from storage.migrations.schema import run_sql

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    run_sql("0046_staff_prompts.sql")
