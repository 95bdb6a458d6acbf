"""Who comes in and what they may see: second factors, recovery codes, standings, and the devices of sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, index, moment, numbered, row, sealed, to, words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# No release could make any of these; should somebody have written one by hand, it gets what it saw and not more.
_RENAMED = {"chief": "manager", "operator": "auditor", "reader": "committee"}


def upgrade() -> None:
    """Three tables and a column; roles get the names that the centre uses."""
    op.create_table(
        "second",
        row("staff_id"),
        sealed("secret"),
        moment("confirmed_at", null=True),
        big("step"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second")),
        to("staff", "second", "staff_id"),
    )
    op.create_table(
        "recovery",
        sealed("code_index"),
        row("staff_id"),
        moment("used_at", null=True),
        sa.PrimaryKeyConstraint("code_index", name=op.f("pk_recovery")),
        to("staff", "recovery", "staff_id"),
    )
    index("ix_recovery_staff_id", "recovery", ["staff_id"])
    numbered(
        "standing",
        words("kind"),
        row("staff_id"),
        row("case_id"),
        big("contact_id", null=True),
        row("by_id", null=True),
        moment("at"),
        *(to(target, "standing", name) for target, name in _OF_STANDING),
        sa.UniqueConstraint("staff_id", "case_id", "kind", name=op.f("uq_standing_staff_id_case_id_kind")),
    )
    index("ix_standing_case_id", "standing", ["case_id"])
    index("ix_standing_contact_id", "standing", ["contact_id"])
    op.add_column("staff_session", words("device", null=True))
    for old, new in _RENAMED.items():
        op.execute(sa.text("UPDATE staff SET role = :new WHERE role = :old").bindparams(old=old, new=new))


_OF_STANDING = (("staff", "staff_id"), ("case_file", "case_id"), ("staff", "by_id"))
