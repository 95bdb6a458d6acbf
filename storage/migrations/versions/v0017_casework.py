"""Work on a case: checklists, cases that belong together, partners outside the centre, appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import count, flag, index, moment, numbered, row, sealed, to, words

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Six tables, empty."""
    _ticked()
    _ties()
    _partners()
    _appointments()


def _ticked() -> None:
    numbered(
        "ticked",
        row("case_id"),
        words("item"),
        row("staff_id"),
        moment("at"),
        to("case_file", "ticked", "case_id"),
        to("staff", "ticked", "staff_id"),
        sa.UniqueConstraint("case_id", "item", name=op.f("uq_ticked_case_id_item")),
    )


def _ties() -> None:
    numbered(
        "tie",
        words("kind"),
        row("case_id"),
        row("other_id"),
        row("staff_id"),
        moment("at"),
        flag("was_open", False),
        row("was_held", null=True),
        to("case_file", "tie", "case_id"),
        to("case_file", "tie", "other_id"),
        to("staff", "tie", "staff_id"),
        to("staff", "tie", "was_held"),
    )
    index("ix_tie_case_id", "tie", ["case_id"])
    index("ix_tie_other_id", "tie", ["other_id"])
    few = sa.text("kind = 'merged'")
    op.create_index(op.f("ix_tie_merged"), "tie", ["case_id"], unique=True, sqlite_where=few, postgresql_where=few)
    numbered(
        "pointer",
        row("case_id"),
        row("message_id"),
        to("case_file", "pointer", "case_id"),
        to("message", "pointer", "message_id"),
        sa.UniqueConstraint("case_id", "message_id", name=op.f("uq_pointer_case_id_message_id")),
    )
    index("ix_pointer_message_id", "pointer", ["message_id"])


def _partners() -> None:
    numbered(
        "partner",
        row("case_id"),
        row("staff_id"),
        sealed("name"),
        sealed("purpose"),
        words("scope"),
        words("consent"),
        sealed("token_hash"),
        sealed("code_index"),
        sealed("session_hash", null=True),
        moment("made_at"),
        moment("expires_at"),
        moment("opened_at", null=True),
        moment("revoked_at", null=True),
        to("case_file", "partner", "case_id"),
        to("staff", "partner", "staff_id"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_token_hash")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_partner_session_hash")),
    )
    index("ix_partner_case_id", "partner", ["case_id"])
    numbered(
        "partner_deed",
        row("partner_id"),
        row("case_id"),
        moment("at"),
        sealed("body", null=True),
        words("key", null=True),
        to("partner", "partner_deed", "partner_id"),
        to("case_file", "partner_deed", "case_id"),
        sa.UniqueConstraint("partner_id", "key", name=op.f("uq_partner_deed_partner_id_key")),
    )
    index("ix_partner_deed_case_id", "partner_deed", ["case_id"])


def _appointments() -> None:
    numbered(
        "appointment",
        row("case_id"),
        row("staff_id"),
        words("uid"),
        count("sequence"),
        moment("made_at"),
        moment("changed_at"),
        moment("starts_at"),
        count("minutes", 60),
        words("way"),
        sealed("place"),
        words("state"),
        moment("day_at", null=True),
        moment("hour_at", null=True),
        to("case_file", "appointment", "case_id"),
        to("staff", "appointment", "staff_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_appointment_uid")),
    )
    index("ix_appointment_case_id", "appointment", ["case_id"])
    index("ix_appointment_starts_at", "appointment", ["starts_at"])
    index("ix_appointment_day", "appointment", ["day_at"], "day_at IS NOT NULL")
    index("ix_appointment_hour", "appointment", ["hour_at"], "hour_at IS NOT NULL")
