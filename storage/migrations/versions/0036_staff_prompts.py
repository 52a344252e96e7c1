"""What members of staff were asked to write, and what they wrote without replying, is kept."""

from storage.migrations.schema import run_sql

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_sql("0036_staff_prompts.sql")
