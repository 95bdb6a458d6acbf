"""The tables of broadcasts: what is said to whom, and who exactly it was on the way to, in chunks of one request."""

from __future__ import annotations

from array import array

from sqlalchemy import BigInteger, Column, Index

from storage.columns import flag, moment, number, numbered, only, sealed, to, words
from storage.table import table

LEFT = "state IN ('queued', 'sending')"

broadcast = table(
    "broadcast",
    numbered(),
    to("staff", "staff_id"),
    to("staff", "editor_id"),
    moment("at"),
    words("state"),
    words("title"),  # for coordinators alone
    words("body"),  # what is said, by language, as JSON
    Column("segment_id", BigInteger, nullable=True),  # the version of the segment; empty for a correction
    Column("corrects_id", BigInteger, nullable=True),  # the broadcast whose readers it goes to
    number("lane", 2),
    flag("drill", False),
    moment("due_at", null=True),
    moment("expires_at", null=True),
    flag("partly", False),  # goes to as many as the month of LINE has room for, not to all or nobody
    flag("beyond", False),  # also to those who had enough lately
    words("mark"),  # of all of the above that an approval is bound to
    words("said_mark"),  # of what is said alone
    words("tested", null=True),  # the mark it was tested under
    number("expected"),  # how many it meant when it was asked for, and when it was last agreed to
    moment("asked_at", null=True),
    to("staff", "approved_by", null=True),
    moment("approved_at", null=True),
    words("held", null=True),  # why it waits for a person
    flag("often", False),  # a person let it go although some got much lately
    moment("started_at", null=True),
    moment("ended_at", null=True),
    to("staff", "stopped_by", null=True),
    words("came_to", null=True),  # its sums as JSON, once its chunks are gone
    only("ix_broadcast_live", "state", "due_at", where="state IN ('approved', 'running')"),
    Index(None, "started_at"),
)
# The people of one request, and how far each is: as many letters as numbers of contacts, eight bytes each. A row a
# person would cost a hundred times as much to write, twice, and tell nothing more.
chunk = table(
    "broadcast_chunk",
    numbered(),
    to("broadcast", "broadcast_id"),
    number("lane", 2),
    words("channel"),
    words("language"),
    words("retry_key"),
    words("state"),
    sealed("contacts"),
    sealed("fates"),
    number("people"),
    number("accepted"),
    number("failed"),
    number("unknown"),
    number("skipped"),
    number("tried"),
    moment("first_at", null=True),  # of the first attempt under this key
    moment("next_at"),
    words("lease_owner", null=True),
    words("why", null=True),
    only("ix_broadcast_chunk_due", "channel", "lane", "next_at", "id", where=LEFT),
    Index(None, "broadcast_id", "state"),
)


def unpacked(contacts: bytes) -> array[int]:
    """The numbers of a chunk's people."""
    numbers = array("q")
    numbers.frombytes(contacts)
    return numbers
