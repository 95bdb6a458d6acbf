"""What is kept at the desk: words for later, ready words, news for one another, and what was said elsewhere."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import big, flag, index, moment, numbered, row, sealed, to, words

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables, empty, and a column that is empty for every note of before."""
    op.add_column("note", words("kind", null=True))
    numbered(
        "timed_reply",
        row("case_id"),
        row("staff_id"),
        moment("at"),
        moment("due_at"),
        big("seen"),
        sealed("body"),
        words("state"),
        words("why", null=True),
        to("case_file", "timed_reply", "case_id"),
        to("staff", "timed_reply", "staff_id"),
    )
    index("ix_timed_reply_case_id", "timed_reply", ["case_id"])
    index("ix_timed_reply_due", "timed_reply", ["due_at"], "state = 'waiting'")
    numbered(
        "canned",
        big("number"),
        row("staff_id"),
        moment("at"),
        words("title"),
        words("body"),
        flag("gone", False),
        to("staff", "canned", "staff_id"),
    )
    index("ix_canned_number_id", "canned", ["number", "id"])
    numbered(
        "news",
        row("staff_id"),
        row("case_id"),
        row("from_id", null=True),
        moment("at"),
        words("kind"),
        flag("seen", False),
        to("staff", "news", "staff_id"),
        to("case_file", "news", "case_id"),
        to("staff", "news", "from_id"),
    )
    index("ix_news_case_id", "news", ["case_id"])
    index("ix_news_unseen", "news", ["staff_id", "id"], "NOT seen")
