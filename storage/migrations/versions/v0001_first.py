"""Every table of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, flag, index, moment, numbered, row, sealed, small, to, words

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In an order in which each table finds those it points to."""
    _people()
    _inward_and_outward()
    _cases()
    _doors()
    _figures()


def _people() -> None:
    numbered(
        "person",
        sealed("wrapped_key"),
        sa.Column("language", sa.Text(), server_default="ja", nullable=False),
        sealed("session", null=True),
        words("consented", null=True),
        moment("created_at"),
        moment("seen_at"),
        flag("reachable", True),
    )
    numbered(
        "contact",
        row("person_id"),
        words("channel"),
        sealed("address_index"),
        sealed("address"),
        flag("reachable", True),
        to("person", "contact", "person_id"),
        sa.UniqueConstraint("channel", "address_index", name=op.f("uq_contact_channel_address_index")),
    )
    index("ix_contact_person_id", "contact", ["person_id"])
    numbered("erasure", moment("at"), big("person_id"), words("what"))


def _inward_and_outward() -> None:
    numbered(
        "inbox",
        words("channel"),
        words("event_id"),
        big("contact_id", null=True),
        row("person_id", null=True),
        moment("at"),
        moment("arrived_at"),
        sealed("payload", null=True),
        sealed("reply_token", null=True),
        sealed("said_id_index", null=True),
        words("state"),
        count("tries"),
        words("why", null=True),
        to("person", "inbox", "person_id"),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_inbox_channel_event_id")),
    )
    index("ix_inbox_dead", "inbox", ["id"], "state = 'dead'")
    index("ix_inbox_said", "inbox", ["said_id_index"], "said_id_index IS NOT NULL")
    index("ix_inbox_waiting", "inbox", ["person_id", "id"], "person_id IS NOT NULL")
    op.create_table(
        "tombstone",
        sealed("said_id_index"),
        words("channel"),
        moment("at"),
        sa.PrimaryKeyConstraint("said_id_index", name=op.f("pk_tombstone")),
    )
    numbered(
        "outbox",
        row("person_id"),
        big("contact_id"),
        words("channel"),
        sealed("body", null=True),
        sealed("reply_token", null=True),
        moment("reply_until", null=True),
        words("retry_key"),
        words("state"),
        count("lane", 1),
        words("lease_owner", null=True),
        moment("lease_until", null=True),
        moment("next_at"),
        count("tried"),
        words("via", null=True),
        words("why", null=True),
        moment("created_at"),
        moment("done_at", null=True),
        big("case_id", null=True),
        to("person", "outbox", "person_id"),
    )
    index("ix_outbox_due", "outbox", ["lane", "next_at", "id"], "state IN ('queued', 'sending')")
    index("ix_outbox_later", "outbox", ["person_id", "id"], "state = 'waiting_person'")
    index("ix_outbox_line", "outbox", ["person_id", "lane", "id"], "state IN ('queued', 'sending')")
    index("ix_outbox_person_id", "outbox", ["person_id"])


def _cases() -> None:
    numbered(
        "staff",
        words("login"),
        words("name"),
        words("role"),
        words("password_hash", null=True),
        flag("active", True),
        moment("created_at"),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    numbered(
        "case_file",
        words("ref"),
        row("person_id", null=True),
        big("contact_id", null=True),
        words("flow"),
        count("revision"),
        words("topic"),
        words("topics"),
        words("urgency"),
        words("mode"),
        words("state"),
        row("holder", null=True),
        moment("claimed_at", null=True),
        moment("pending_until", null=True),
        moment("opened_at"),
        moment("changed_at"),
        moment("closed_at", null=True),
        words("why"),
        sealed("rows", null=True),
        sealed("record", null=True),
        count("version", 1),
        words("language"),
        moment("last_in_at", null=True),
        moment("first_reply_at", null=True),
        to("staff", "case_file", "holder"),
        to("person", "case_file", "person_id"),
        sa.UniqueConstraint("ref", name=op.f("uq_case_file_ref")),
    )
    index("ix_case_closed", "case_file", ["id"], "state = 'closed'")
    index("ix_case_file_person_id", "case_file", ["person_id"])
    index("ix_case_open", "case_file", ["id"], "state <> 'closed'")
    index("ix_case_open_holder", "case_file", ["holder", "id"], "state <> 'closed'")
    index("ix_case_open_person", "case_file", ["person_id"], "state <> 'closed'")
    index("ix_case_open_topic", "case_file", ["topic", "id"], "state <> 'closed'")
    index("ix_case_pending", "case_file", ["pending_until"], "state = 'pending'")
    numbered(
        "case_event",
        row("case_id"),
        moment("at"),
        words("who_kind"),
        row("staff_id", null=True),
        words("kind"),
        words("data", null=True),
        to("case_file", "case_event", "case_id"),
        to("staff", "case_event", "staff_id"),
    )
    index("ix_case_event_case_id_id", "case_event", ["case_id", "id"])
    numbered(
        "message",
        row("person_id"),
        row("case_id", null=True),
        big("contact_id", null=True),
        moment("at"),
        words("direction"),
        words("author"),
        row("staff_id", null=True),
        sealed("body", null=True),
        sealed("said_id_index", null=True),
        big("outbox_id", null=True),
        flag("withdrawn", False),
        to("case_file", "message", "case_id"),
        to("person", "message", "person_id"),
        to("staff", "message", "staff_id"),
    )
    index("ix_message_case_id_id", "message", ["case_id", "id"])
    index("ix_message_person_id_id", "message", ["person_id", "id"])
    index("ix_message_said", "message", ["said_id_index"], "said_id_index IS NOT NULL")
    numbered(
        "note",
        row("case_id"),
        row("staff_id"),
        moment("at"),
        sealed("body"),
        to("case_file", "note", "case_id"),
        to("staff", "note", "staff_id"),
    )
    index("ix_note_case_id_id", "note", ["case_id", "id"])


def _doors() -> None:
    op.create_table(
        "login_link",
        sealed("token_hash"),
        row("staff_id"),
        moment("expires_at"),
        moment("used_at", null=True),
        to("staff", "login_link", "staff_id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_link")),
    )
    op.create_table(
        "staff_session",
        sealed("token_hash"),
        row("staff_id"),
        moment("created_at"),
        moment("seen_at"),
        moment("expires_at"),
        flag("revoked", False),
        to("staff", "staff_session", "staff_id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_table(
        "private_link",
        sealed("token_hash"),
        row("person_id"),
        words("purpose"),
        moment("created_at"),
        moment("expires_at"),
        moment("bound_at", null=True),
        sealed("session_hash", null=True),
        big("case_id", null=True),
        words("flow", null=True),
        small("run", null=True),
        words("question", null=True),
        to("person", "private_link", "person_id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_private_link")),
    )
    index("ix_private_link_person_id", "private_link", ["person_id"])
    op.create_table(
        "web_session",
        sealed("token_hash"),
        row("person_id"),
        big("contact_id", null=True),
        moment("created_at"),
        moment("seen_at"),
        moment("expires_at"),
        words("purpose"),
        to("person", "web_session", "person_id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
    )
    index("ix_web_session_person_id", "web_session", ["person_id"])


def _figures() -> None:
    numbered("feed", moment("at"), words("kind"), big("case_id", null=True), big("person_id", null=True))
    op.create_table(
        "tally",
        words("name"),
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        count("n"),
        sa.PrimaryKeyConstraint("name", "shard", name=op.f("pk_tally")),
    )
    numbered(
        "answer_shown",
        moment("at"),
        row("person_id", null=True),
        words("article"),
        count("version"),
        words("language"),
        words("feedback", null=True),
        to("person", "answer_shown", "person_id"),
    )
    index("ix_answer_shown_person_id", "answer_shown", ["person_id"])
    numbered(
        "unanswered",
        moment("at"),
        row("person_id"),
        sealed("body"),
        words("language"),
        to("person", "unanswered", "person_id"),
    )
    index("ix_unanswered_person_id", "unanswered", ["person_id"])
    op.create_table(
        "keystone",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sealed("proof"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keystone")),
    )
