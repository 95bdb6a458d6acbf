"""The tables of the coordinators' group on Telegram: who is who there, what topics show, what is to be said."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint

from storage.columns import BigId, flag, moment, number, numbered, only, sealed, to, words
from storage.table import table

STALE = "wanted > reached"

# One row: how far the feed was followed, who follows it now, and when the last calls went out.
forum = table(
    "forum",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, nullable=False),
    Column("moved_to", BigInteger, nullable=True),
    Column("cursor", BigInteger, nullable=False),
    words("sent"),  # JSON: the moments of the calls of the last minute, in seconds since 1970
    moment("rest_until", null=True),
    words("lease_owner", null=True),
    moment("lease_until", null=True),
)
# What the topic of a case shows, as far as Telegram has told us. `told` is the last line of the talk that went there.
topic = table(
    "topic",
    Column("case_id", BigId, ForeignKey("case_file.id"), primary_key=True, autoincrement=False),
    Column("thread", BigInteger, nullable=True),
    Column("card", BigInteger, nullable=True),
    flag("pinned", False),
    flag("closed", False),
    words("name", null=True),
    sealed("mark", null=True),
    Column("told", BigInteger, nullable=False),
    number("told_part"),
    words("doing", null=True),  # written before a call goes out: whoever finds it knows that its outcome is unknown
    flag("doubt", False),
    flag("anew", False),  # somebody deleted the one before
    Column("wanted", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    moment("look_at", null=True),
    only("ix_topic_stale", "case_id", where=STALE),
    only("ix_topic_doing", "case_id", where="doing IS NOT NULL"),
    only("ix_topic_look", "look_at", where="look_at IS NOT NULL"),
    Index("ix_topic_thread", "thread"),
)
# Messages of a topic that stand for lines of the talk: ours, or a coordinator's own (without a mark).
topic_post = table(
    "topic_post",
    numbered(),
    to("case_file", "case_id"),
    Column("message_id", BigInteger, nullable=False),
    words("pieces"),
    sealed("mark", null=True),
    Index("ix_topic_post_case_id", "case_id", "id"),
)
# Our own words to a coordinator; none of a resident's are ever in here.
staff_word = table(
    "staff_word",
    numbered(),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=True),
    Column("answers", BigInteger, nullable=True),
    words("tap", null=True),
    flag("loud", False),
    words("text"),
    words("state"),
    moment("created_at"),
    only("ix_staff_word_waiting", "id", where="state <> 'done'"),
)
staff_code = table(
    "staff_code",
    Column("code_hash", LargeBinary, primary_key=True),
    to("staff", "staff_id"),
    moment("expires_at"),
    Index("ix_staff_code_staff_id", "staff_id"),
)
staff_chat = table(
    "staff_chat",
    Column("user_index", LargeBinary, primary_key=True),  # blind: the Telegram user id itself is kept nowhere
    to("staff", "staff_id"),
    moment("linked_at"),
    UniqueConstraint("staff_id"),
)
