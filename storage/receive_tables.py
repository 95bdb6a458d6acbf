"""The tables of what people want to receive: one narrow row a person, and the segments that coordinators keep."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Computed, ForeignKey, Index, Integer

from storage.columns import BigId, flag, moment, number, numbered, only, to, words
from storage.table import table

# Worked out by the database itself: no writer can forget it, and whoever counts need not look at the three of them.
_ACTIVE = "stopped_at IS NULL AND often <> 'off' AND reachable"
# For whom things are gathered, word for word as an index has it: so both databases know that it fits.
GATHERED = "active AND often IN ('weekly', 'monthly')"
# Whose next moment is still to be worked out. Without an index of these alone SQLite takes it that half of all are so.
UNKNOWN = f"{GATHERED} AND digest_at IS NULL"


def _bits(name: str) -> Column[int]:
    """A set of numbered codes (knowledge/interests.toml)."""
    return Column(name, BigInteger, nullable=False, server_default="0")


# Narrow and unsealed, for everybody is read at once: codes of a short list, nothing in anybody's own words.
receiver = table(
    "receiver",
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    _bits("topics"),
    _bits("areas"),
    _bits("roles"),
    words("often"),
    Column("quiet_from", Integer, nullable=False),  # hours of the centre's clock; the same twice: never quiet
    Column("quiet_to", Integer, nullable=False),
    Column("contact_id", BigInteger, nullable=True),  # where it is to arrive
    words("channel"),  # of that contact
    flag("reachable", True),  # by that contact
    words("language"),
    moment("asked_at", null=True),  # when we last asked whether they want any
    moment("changed_at", null=True),
    moment("stopped_at", null=True),
    number("digest_day", 4),  # 0 is Monday
    number("digest_hour", 12),  # of the centre's clock
    moment("digest_at", null=True),  # when the next digest is due; empty until it is worked out
    moment("digested_at", null=True),  # when one was last sent
    Column("home_id", BigInteger, nullable=True),  # whose it was before channels were joined
    Column("active", Boolean, Computed(_ACTIVE, persisted=True), nullable=False),
    Index("ix_receiver_active", "active", "channel", "language", "topics", "areas", "roles", "often"),
    only("ix_receiver_gathered", "digest_at", where=GATHERED),
    only("ix_receiver_unknown", "person_id", where=UNKNOWN),
)
# Rows are only ever added: the newest of a number is the segment as it is now.
segment = table(
    "segment",
    numbered(),
    Column("number", BigInteger, nullable=False),
    to("staff", "staff_id"),
    moment("at"),
    words("name"),
    words("body"),
    number("counted"),  # how many it meant when it was kept
    flag("gone", False),
    Index(None, "number", "id"),
)
