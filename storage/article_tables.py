"""The table of the articles that the centre writes: each version for ever, and which of them residents may read."""

from __future__ import annotations

from sqlalchemy import Index

from storage.columns import moment, numbered, to, words
from storage.table import table

# Rows are only ever added: what a name says now follows from its rows in order (storage/articles.py).
article_version = table(
    "article_version",
    numbered(),
    words("name"),  # of the article: the shipped one's, or our own
    to("staff", "staff_id"),
    moment("at"),
    words("why"),  # as the writer told it
    words("state"),
    moment("start_at", null=True),
    moment("end_at", null=True),
    words("shipped"),  # a mark of the shipped article that was before the writer
    words("items"),  # the questions that it was written for, as ",1,2,"
    words("body"),  # JSON; see knowledge/edited.py
    Index(None, "name", "id"),
)
