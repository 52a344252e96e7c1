"""A question is a kind of case of its own. Its table is large and much referred to: only its rule is written anew."""

from alembic import op
from sqlalchemy import text

revision = "0049"
down_revision = "0048"

_BEFORE = "kind IN ('complaint', 'suggestion', 'observation', 'service_request')"
_AFTER = "kind IN ('complaint', 'suggestion', 'observation', 'service_request', 'inquiry')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE cases DROP CONSTRAINT cases_kind_check")
        op.execute(f"ALTER TABLE cases ADD CONSTRAINT cases_kind_check CHECK ({_AFTER})")
        return
    # SQLite knows no other way short of copying the table (https://www.sqlite.org/lang_altertable.html, section 7).
    op.execute("PRAGMA writable_schema = ON")
    changed = op.get_bind().execute(
        text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'cases' AND instr(sql, :before) > 0"
        ),
        {"before": _BEFORE, "after": _AFTER},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table of cases is not as the release before made it")
    version = op.get_bind().execute(text("PRAGMA schema_version")).scalar_one()
    op.execute(f"PRAGMA schema_version = {int(version) + 1}")
    op.execute("PRAGMA writable_schema = RESET")
