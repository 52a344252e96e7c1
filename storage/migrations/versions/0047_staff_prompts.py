"""What members of staff were asked to write, and what they wrote without replying, is kept."""

from storage.migrations.schema import run_sql

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    run_sql("0047_staff_prompts.sql")
