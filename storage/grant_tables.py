"""The tables of grants: each call with its versions, who makes use of one, groups' own cards, and files to be taken."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint

from storage.columns import BigId, at_contact, moment, number, numbered, only, sealed, to, words
from storage.table import table

grant_file = table(
    "grant_file",
    numbered(),
    words("uid"),  # ours, or that of the file it came from
    number("version", 1),
    words("state"),
    words("content"),  # JSON of knowledge.grant.Content: nothing personal
    words("pending", null=True),  # what is to be said once somebody else has checked it; until then `content` stands
    words("closes"),  # the last day of `content`, an ISO date
    to("staff", "editor_id"),
    to("staff", "checker_id", null=True),
    words("checked", null=True),  # the day somebody compared it with its source, an ISO date
    moment("changed_at"),
    words("mark", null=True),  # the hash of what was imported
    UniqueConstraint("uid"),
    only("ix_grant_file_open", "closes", where="state = 'published'"),
)
# Rows are only ever added.
grant_version = table(
    "grant_version",
    numbered(),
    to("grant_file", "grant_id"),
    number("version"),
    moment("at"),
    to("staff", "staff_id"),
    words("what"),
    words("content"),
    Index(None, "grant_id"),
)
grant_use = table(
    "grant_use",
    numbered(),
    to("grant_file", "grant_id"),
    to("person", "person_id"),
    at_contact(),
    words("state"),
    moment("at"),
    UniqueConstraint("grant_id", "person_id"),
    Index(None, "person_id"),
)
group_card = table(
    "group_card",
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    sealed("card"),  # JSON of knowledge.grants.Card
    words("agreed"),  # the version of the consent text
    moment("at"),
    # The codes of `card` that announcements are chosen by (knowledge/interests.toml), of whoever agreed to that.
    Column("bits", BigInteger, nullable=False, server_default="0"),
    only("ix_group_card_bits", "bits", "person_id", where="bits <> 0"),
)
# A file between its preview and the press of the button.
grant_import = table(
    "grant_import",
    numbered(),
    to("staff", "staff_id"),
    moment("at"),
    words("found"),
)
