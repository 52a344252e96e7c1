"""How much was told of an appointment before something was added."""

from storage.migrations.schema import run_sql

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    run_sql("0065_words_before.sql")
