"""The tables of the main way on one page: people, what comes in and goes out, cases, staff; the others on theirs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint

from storage.clock_columns import clock_columns
from storage.columns import BigId, at_contact, flag, moment, number, numbered, only, sealed, to, words
from storage.queue_tables import unsearched
from storage.table import table

UNFINISHED = "state IN ('queued', 'sending')"
OPEN = "state <> 'closed'"

# -- people ----------------------------------------------------------------------------------------------------------
person = table(
    "person",
    numbered(),
    sealed("wrapped_key"),  # gone with the row: nothing sealed with it can be read again
    Column("language", Text, nullable=False, server_default="ja"),
    sealed("session", null=True),
    words("consented", null=True),
    moment("created_at"),
    moment("seen_at"),
    flag("reachable", True),
)
contact = table(
    "contact",
    numbered(),
    to("person", "person_id"),
    words("channel"),
    sealed("address_index"),
    sealed("address"),
    flag("reachable", True),
    moment("moved_at", null=True),  # when they last came or left, as the platform tells it
    Column("home_id", BigInteger, nullable=True),  # whose it was before it was joined; empty where it always was theirs
    UniqueConstraint("channel", "address_index"),
    Index(None, "person_id"),
)
erasure = table("erasure", numbered(), moment("at"), Column("person_id", BigInteger, nullable=False), words("what"))

# -- in and out ------------------------------------------------------------------------------------------------------
inbox = table(
    "inbox",
    numbered(),
    words("channel"),
    words("event_id"),
    at_contact(null=True),
    to("person", "person_id", null=True),
    moment("at"),
    moment("arrived_at"),
    sealed("payload", null=True),
    sealed("reply_token", null=True),
    sealed("said_id_index", null=True),
    words("state"),
    number("tries"),
    words("why", null=True),
    sealed("mark", null=True),  # of the words, where a key must not come again with others
    UniqueConstraint("channel", "event_id"),
    # Who was heard is not kept here: whoever is named still waits, or is dead.
    only("ix_inbox_waiting", "person_id", "id", where="person_id IS NOT NULL"),
    only("ix_inbox_dead", "id", where="state = 'dead'"),
    only("ix_inbox_said", "said_id_index", where="said_id_index IS NOT NULL"),
)
tombstone = table("tombstone", Column("said_id_index", LargeBinary, primary_key=True), words("channel"), moment("at"))
outbox = table(
    "outbox",
    numbered(),
    to("person", "person_id"),
    at_contact(),
    words("channel"),
    sealed("body", null=True),
    sealed("reply_token", null=True),
    moment("reply_until", null=True),
    words("retry_key"),
    words("state"),
    number("lane", 1),
    words("lease_owner", null=True),
    moment("lease_until", null=True),
    moment("next_at"),  # when it may be claimed (again): the due time, or the end of the lease
    number("tried"),
    words("via", null=True),
    words("why", null=True),
    moment("created_at"),
    moment("done_at", null=True),
    Column("case_id", BigInteger, nullable=True),
    only("ix_outbox_due", "lane", "next_at", "id", where=UNFINISHED),
    only("ix_outbox_later", "person_id", "id", where="state = 'waiting_person'"),
    only("ix_outbox_line", "person_id", "lane", "id", where=UNFINISHED),
    Index(None, "person_id"),
)

# -- cases and their talk --------------------------------------------------------------------------------------------
staff = table(
    "staff",
    numbered(),
    words("login"),
    words("name"),
    words("role"),
    words("password_hash", null=True),
    flag("active", True),
    moment("created_at"),
    UniqueConstraint("login"),
)
case_file = table(
    "case_file",
    numbered(),
    words("ref"),
    to("person", "person_id", null=True),  # empty once the person is forgotten; what is left is a figure
    at_contact(null=True),
    words("flow"),
    number("revision"),
    words("topic"),
    words("topics"),
    words("urgency"),
    words("mode"),
    words("state"),
    to("staff", "holder", null=True),
    moment("claimed_at", null=True),
    moment("pending_until", null=True),
    moment("opened_at"),
    moment("changed_at"),
    moment("closed_at", null=True),
    words("why"),
    sealed("rows", null=True),
    sealed("record", null=True),
    number("version", 1),
    words("language"),
    moment("last_in_at", null=True),
    moment("first_reply_at", null=True),
    *clock_columns(),
    *unsearched("case", "rows IS NOT NULL"),
    UniqueConstraint("ref"),
    only("ix_case_open_person", "person_id", where=OPEN),
    only("ix_case_open_holder", "holder", "id", where=OPEN),
    only("ix_case_open_topic", "topic", "id", where=OPEN),
    only("ix_case_open", "id", where=OPEN),
    only("ix_case_closed", "id", where="state = 'closed'"),
    only("ix_case_over", "closed_at", where="state = 'closed' AND person_id IS NOT NULL"),
    only("ix_case_pending", "pending_until", where="state = 'pending'"),
    Index(None, "person_id"),
)
case_event = table(
    "case_event",
    numbered(),
    to("case_file", "case_id"),
    moment("at"),
    words("who_kind"),
    to("staff", "staff_id", null=True),
    words("kind"),
    words("data", null=True),
    Index(None, "case_id", "id"),
)
message = table(
    "message",
    numbered(),
    to("person", "person_id"),
    to("case_file", "case_id", null=True),
    at_contact(null=True),
    moment("at"),
    words("direction"),
    words("author"),
    to("staff", "staff_id", null=True),
    sealed("body", null=True),
    sealed("said_id_index", null=True),
    Column("outbox_id", BigInteger, nullable=True),
    flag("withdrawn", False),
    sealed("handle", null=True),  # by which the platform lets us quote it: LINE's quote token, Telegram's number
    sealed("quoted_index", null=True),  # of what the person quoted, as `said_id_index`
    Column("answers_id", BigInteger, nullable=True),  # the line that a coordinator answered
    *unsearched("message", "case_id IS NOT NULL AND author <> 'bot'"),
    Index(None, "case_id", "id"),
    Index(None, "person_id", "id"),
    only("ix_message_said", "said_id_index", where="said_id_index IS NOT NULL"),
)
# A table of its own: nothing that sends ever reads it.
note = table(
    "note",
    numbered(),
    to("case_file", "case_id"),
    to("staff", "staff_id"),
    moment("at"),
    sealed("body"),
    words("kind", null=True),  # what was said elsewhere and written down by a coordinator; empty for a note
    *unsearched("note", "body IS NOT NULL"),
    Index(None, "case_id", "id"),
)

# -- doors: who may come in ------------------------------------------------------------------------------------------
login_link = table(
    "login_link",
    Column("token_hash", LargeBinary, primary_key=True),
    to("staff", "staff_id"),
    moment("expires_at"),
    moment("used_at", null=True),
)
staff_session = table(
    "staff_session",
    Column("token_hash", LargeBinary, primary_key=True),
    to("staff", "staff_id"),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    flag("revoked", False),
    words("device", null=True),  # in plain words, such as "iPhone の Safari"; what the browser said is kept nowhere
    Index(None, "staff_id"),
)
private_link = table(
    "private_link",
    Column("token_hash", LargeBinary, primary_key=True),
    to("person", "person_id"),
    words("purpose"),
    moment("created_at"),
    moment("expires_at"),
    moment("bound_at", null=True),
    sealed("session_hash", null=True),
    Column("case_id", BigInteger, nullable=True),
    words("flow", null=True),
    Column("run", Integer, nullable=True),
    words("question", null=True),
    Column("contact_id", BigInteger, nullable=True),  # the chat it was given in; empty where an older release gave it
    Index(None, "person_id"),
)
web_session = table(
    "web_session",
    Column("token_hash", LargeBinary, primary_key=True),
    to("person", "person_id"),
    at_contact(null=True),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    words("purpose"),
    Index(None, "person_id"),
)

# -- figures ---------------------------------------------------------------------------------------------------------
feed = table(
    "feed",
    numbered(),
    moment("at"),
    words("kind"),
    Column("case_id", BigInteger, nullable=True),
    Column("person_id", BigInteger, nullable=True),
)
# One row per name and shard: two servers that count the same thing do not wait for each other's commit.
tally = table(
    "tally", words("name", key=True), Column("shard", Integer, primary_key=True, autoincrement=False), number("n")
)
answer_shown = table(
    "answer_shown",
    numbered(),
    moment("at"),
    to("person", "person_id", null=True),
    words("article"),
    number("version"),
    words("language"),
    words("feedback", null=True),
    Index(None, "person_id"),
)
unanswered = table(
    "unanswered",
    numbered(),
    moment("at"),
    to("person", "person_id"),
    sealed("body"),
    words("language"),
    Index(None, "person_id"),
)
# Whether an article helped with a question, of which only a blind index is kept: enough to know the same one again.
learned = table(
    "learned", numbered(), to("person", "person_id"), sealed("asked_index"), words("article"), flag("helped", True)
)
Index(None, learned.c.person_id)
Index(None, learned.c.asked_index)

# -- who saw and did what --------------------------------------------------------------------------------------------
# Triggers let rows only be added (migration 0003). No foreign key: nothing else may ever need a row here to go.
audit = table(
    "audit",
    Column("id", BigId, primary_key=True, autoincrement=False),
    moment("at"),
    Column("staff_id", BigInteger, nullable=True),
    words("what"),
    words("cases"),  # ",3,17,": numbers of cases
    Column("about", BigInteger, nullable=True),
    sealed("mark"),
    Index(None, "staff_id", "at"),
    only("ix_audit_many", "at", where="what = 'many'"),
)
audit_head = table(
    "audit_head",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    sealed("mark"),
)
# One sealed word, to notice a wrong NAKODO_SECRET_KEY at start and not at the first resident.
keystone = table("keystone", Column("id", Integer, primary_key=True, autoincrement=False), sealed("proof"))
