"""The articles that the centre writes in the console, each version for ever."""

from __future__ import annotations

from storage.migrations.parts import index, moment, numbered, row, to, words

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, empty: every answer stays as it is shipped."""
    numbered(
        "article_version",
        words("name"),
        row("staff_id"),
        moment("at"),
        words("why"),
        words("state"),
        moment("start_at", null=True),
        moment("end_at", null=True),
        words("shipped"),
        words("items"),
        words("body"),
        to("staff", "article_version", "staff_id"),
    )
    index("ix_article_version_name_id", "article_version", ["name", "id"])
