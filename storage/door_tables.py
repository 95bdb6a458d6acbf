"""The tables of who comes in and what they may see: second factors, recovery codes, standings to cases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, UniqueConstraint

from storage.columns import BigId, moment, numbered, sealed, to, words
from storage.table import table

# `step` is the last half minute whose code was used: that one and all before it are refused.
second = table(
    "second",
    Column("staff_id", BigId, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    sealed("secret"),
    moment("confirmed_at", null=True),
    Column("step", BigInteger, nullable=False),
)
recovery = table(
    "recovery",
    Column("code_index", LargeBinary, primary_key=True),  # keyed: a list of all codes that can be tells nothing
    to("staff", "staff_id"),
    moment("used_at", null=True),
    Index(None, "staff_id"),
)
# `kind` "apart": this member must not see the case, nor any other of whoever is behind the contact it came from.
# `kind` "asked": this member was asked in and may see it. No foreign key to a contact: people are forgotten.
standing = table(
    "standing",
    numbered(),
    words("kind"),
    to("staff", "staff_id"),
    to("case_file", "case_id"),
    Column("contact_id", BigInteger, nullable=True),
    to("staff", "by_id", null=True),
    moment("at"),
    UniqueConstraint("staff_id", "case_id", "kind"),
    Index(None, "case_id"),
    Index(None, "contact_id"),
)
# Coordinators' own chats: the row is the contact's and goes with it; nobody has two of one channel.
staff_way = table(
    "staff_way",
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    to("person", "person_id"),
    to("staff", "staff_id"),
    words("channel"),
    moment("linked_at"),
    UniqueConstraint("staff_id", "channel"),
    Index(None, "person_id"),
)
# `public_key` and `credential` are no secrets. `signs` is the counter of the device, 0 where it keeps none.
passkey = table(
    "passkey",
    numbered(),
    to("staff", "staff_id"),
    sealed("credential"),
    sealed("public_key"),
    Column("signs", BigInteger, nullable=False),
    words("name"),
    moment("created_at"),
    moment("used_at", null=True),
    UniqueConstraint("credential"),
    Index(None, "staff_id"),
)
# What a passkey must sign: drawn by us, used once, whatever comes of it.
challenge = table(
    "challenge",
    Column("token_hash", LargeBinary, primary_key=True),
    words("purpose"),
    moment("expires_at"),
)
