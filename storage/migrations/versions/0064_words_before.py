"""How much was told of an appointment before something was added."""

from storage.migrations.schema import run_sql

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    run_sql("0064_words_before.sql")
