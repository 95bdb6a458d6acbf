"""Tags that coordinators put on cases: free words, sealed, offered again only to whoever sees a case that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select

from dialogs.fold import fold
from storage import feed
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.plain import clean
from storage.queue_tables import case_tag, tag
from storage.sight import Sight
from storage.tables import case_file
from storage.twins import insert_new

_WORDS = "tag.words"
LONGEST = 20  # signs of one tag
AT_MOST = 8  # of one case
OFFERED = 100
_NEW = insert_new(tag, tag.c.id)
_FIND = select(tag.c.id).where(tag.c.words_index == bindparam("of"))
_PUT = insert_new(case_tag, case_tag.c.case_id)
_OFF = case_tag.delete().where(case_tag.c.case_id == bindparam("case"), case_tag.c.tag_id == bindparam("of"))
_ON = (
    select(case_tag.c.case_id, tag.c.id, tag.c.words)
    .join(tag, tag.c.id == case_tag.c.tag_id)
    .where(case_tag.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(tag.c.id)
)
_ALL = select(tag.c.id, tag.c.words).order_by(tag.c.id.desc()).limit(OFFERED)
_theirs = select(case_tag.c.case_id).join(case_file, case_file.c.id == case_tag.c.case_id)
_OF_TAG = _theirs.where(case_tag.c.tag_id == tag.c.id).correlate(tag)
_AMONG = exists().where(case_tag.c.tag_id == tag.c.id, case_tag.c.case_id.in_(bindparam("own", expanding=True)))
_BARE = tag.delete().where(~exists().where(case_tag.c.tag_id == tag.c.id))


@dataclass(frozen=True)
class Tag:
    """A tag: its number, which stands in addresses in the place of its words."""

    id: int
    words: str


def put(conn: Connection, vault: Vault, case_id: int, words: str, now: datetime) -> bool:
    """Put a tag on a case, made if need be; False when it is there already, says nothing, or there are too many."""
    said = clean(" ".join(words.split()), LONGEST)
    if not said or len(of_cases(conn, vault, [case_id]).get(case_id, [])) >= AT_MOST:
        return False
    index = vault.index(_WORDS, fold(said))
    row = {"words_index": index, "words": vault.seal(vault.house, _WORDS, said), "at": now}
    made = conn.execute(_NEW[conn.dialect.name], [row]).scalar() or conn.execute(_FIND, {"of": index}).scalar_one()
    new = conn.execute(_PUT[conn.dialect.name], [{"tag_id": made, "case_id": case_id}]).scalar() is not None
    if new:
        feed.add(conn, [feed.Change(now, "tagged", case_id)])
    return new


def take_off(conn: Connection, case_id: int, tag_id: int, now: datetime) -> bool:
    """Take a tag off a case; False when it is not there."""
    gone = conn.execute(_OFF, {"case": case_id, "of": tag_id}).rowcount > 0
    if gone:
        feed.add(conn, [feed.Change(now, "tagged", case_id)])
    return gone


def of_cases(conn: Connection, vault: Vault, case_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each of these cases."""
    found: dict[int, list[Tag]] = {}
    rows = conn.execute(_ON, {"ids": list(case_ids)}) if case_ids else ()
    for row in rows:
        found.setdefault(row.case_id, []).append(_tag(vault, row))
    return found


def offered(conn: Connection, vault: Vault, sight: Sight) -> list[Tag]:
    """The tags that stand on a case in sight, by their words: no other may be offered."""
    if sight.own:
        rows = conn.execute(_ALL.where(_AMONG), {"own": sight.own_cases(conn)}).all()
    else:
        rows = conn.execute(_ALL.where(sight.narrow(_OF_TAG).exists())).all()
    return sorted((_tag(vault, row) for row in rows), key=lambda one: one.words)


def drop_bare(conn: Connection) -> None:
    """Drop the tags that stand on no case any more."""
    conn.execute(_BARE)


def _tag(vault: Vault, row: AnyRow) -> Tag:
    return Tag(row.id, vault.unseal_text(vault.house, _WORDS, row.words))
