"""A record of who of the centre saw or did what, to which rows can only be added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, big, index, moment, sealed, words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# On SQLite INSERT OR REPLACE takes a row away without asking the second trigger: hence the third.
_LITE = (
    "CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END",
    "CREATE TRIGGER audit_no_end BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END",
    "CREATE TRIGGER audit_no_other BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END",
)
_LARGE = (
    "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$",
    "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
)


def upgrade() -> None:
    """Two tables, and the triggers that refuse to change the first."""
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        moment("at"),
        big("staff_id", null=True),
        words("what"),
        words("cases"),
        big("about", null=True),
        sealed("mark"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    index("ix_audit_staff_id_at", "audit", ["staff_id", "at"])
    index("ix_audit_many", "audit", ["at"], "what = 'many'")
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        big("last"),
        sealed("mark"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    for statement in _LITE if op.get_bind().dialect.name == "sqlite" else _LARGE:
        op.execute(statement)
