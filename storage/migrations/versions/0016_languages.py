"""Languages are rows: a further one needs no change of the schema."""

from storage.migrations.schema import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql("0016_languages.sql")
