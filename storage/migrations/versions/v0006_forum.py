"""The coordinators' group on Telegram: who is who there, what each topic shows, what is still to be said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, flag, index, moment, numbered, row, sealed, to, words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Six tables; the topics fill by themselves when a group is set."""
    op.create_table(
        "forum",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        big("chat"),
        big("moved_to", null=True),
        big("cursor"),
        words("sent"),
        moment("rest_until", null=True),
        words("lease_owner", null=True),
        moment("lease_until", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum")),
    )
    _topics()
    numbered(
        "staff_word",
        big("chat"),
        big("thread", null=True),
        big("answers", null=True),
        words("tap", null=True),
        flag("loud", False),
        words("text"),
        words("state"),
        moment("created_at"),
    )
    index("ix_staff_word_waiting", "staff_word", ["id"], "state <> 'done'")
    _members()


def _topics() -> None:
    op.create_table(
        "topic",
        row("case_id"),
        big("thread", null=True),
        big("card", null=True),
        flag("pinned", False),
        flag("closed", False),
        words("name", null=True),
        sealed("mark", null=True),
        big("told"),
        count("told_part"),
        words("doing", null=True),
        flag("doubt", False),
        flag("anew", False),
        big("wanted"),
        big("reached"),
        moment("look_at", null=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_topic")),
        to("case_file", "topic", "case_id"),
    )
    index("ix_topic_stale", "topic", ["case_id"], "wanted > reached")
    index("ix_topic_doing", "topic", ["case_id"], "doing IS NOT NULL")
    index("ix_topic_look", "topic", ["look_at"], "look_at IS NOT NULL")
    index("ix_topic_thread", "topic", ["thread"])
    numbered(
        "topic_post",
        row("case_id"),
        big("message_id"),
        words("pieces"),
        sealed("mark", null=True),
        to("case_file", "topic_post", "case_id"),
    )
    index("ix_topic_post_case_id", "topic_post", ["case_id", "id"])


def _members() -> None:
    op.create_table(
        "staff_code",
        sealed("code_hash"),
        row("staff_id"),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_staff_code")),
        to("staff", "staff_code", "staff_id"),
    )
    index("ix_staff_code_staff_id", "staff_code", ["staff_id"])
    op.create_table(
        "staff_chat",
        sealed("user_index"),
        row("staff_id"),
        moment("linked_at"),
        sa.PrimaryKeyConstraint("user_index", name=op.f("pk_staff_chat")),
        to("staff", "staff_chat", "staff_id"),
        sa.UniqueConstraint("staff_id", name=op.f("uq_staff_chat_staff_id")),
    )
