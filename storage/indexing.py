"""Takes words into the index of sealed blocks, many lines at once, and sweeps out what was erased or said anew."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import findable
from storage.crypt import Vault
from storage.findable import TABLE, Kind, Words
from storage.postings import SPAN, holds_any, packed, with_more, without
from storage.queue_tables import search_block, search_gone

FEWEST = 200  # lines that are taken in together: of fewer, the blocks that change would tell which pairs a line has
MOST = 256  # a tenth of a second in which nobody else writes to an SQLite file
SWEPT = 3000  # blocks opened in one transaction
_AT_ONCE = 800  # pairs looked up in one statement
_LOWEST = -(2**63)
_c, _g = search_block.c, search_gone.c
# Whoever changes blocks reads them first: one after another, also over several servers.
_ALONE = text("SELECT pg_advisory_xact_lock(7210462)")
_READ = select(_c.pair, _c.lines).where(_c.segment == bindparam("of"), _c.pair.in_(bindparam("pairs", expanding=True)))
_NEXT = (
    select(_c.pair, _c.lines)
    .where(_c.segment == bindparam("of"), _c.pair > bindparam("after"))
    .order_by(_c.pair)
    .limit(bindparam("at_most"))
)
_DROP = search_block.delete().where(_c.segment == bindparam("of"), _c.pair == bindparam("one"))
_ANY = select(_c.segment).limit(1)
_FIRST = select(_g.segment, _g.after).order_by(_g.segment, _g.after).limit(1)
_together = (_g.segment == bindparam("of"), _g.after == bindparam("from"))
_PLACES = select(_g.place).where(*_together)
_MOVE = update(search_gone).where(*_together).values(after=bindparam("to"))
_SWEPT = search_gone.delete().where(*_together)
_lite, _large = sqlite.insert(search_block), postgresql.insert(search_block)
_KEYS = ["segment", "pair"]
_PUT = {
    "sqlite": _lite.on_conflict_do_update(index_elements=_KEYS, set_={"lines": _lite.excluded.lines}),
    "postgresql": _large.on_conflict_do_update(index_elements=_KEYS, set_={"lines": _large.excluded.lines}),
}
Places = dict[int, set[int]]  # by pair
Blocks = dict[int, bytes]


def key_of(vault: Vault, pair: str) -> int:
    """What stands for a pair of signs in the table."""
    return int.from_bytes(vault.index("search_block.pair", pair)[:8], "big", signed=True)


def column(segment: int, pair: int) -> str:
    """What a block is sealed for: it fits no other place."""
    return f"search_block.lines/{segment}/{pair}"


def gone(conn: Connection, kind: Kind, *which: ColumnElement[bool]) -> None:
    """Before the words of these rows change or go: the index is swept of them, by the next chore.

    Whoever changes the words says in the same statement that the new ones are not in the index (`searched`).
    """
    _alone(conn)
    c = TABLE[kind].c
    segment = literal(findable.stretches(kind)[0], BigInteger) + c.id // SPAN
    theirs = select(segment, c.id % SPAN, literal(_LOWEST, BigInteger)).where(c.searched, *which)
    conn.execute(search_gone.insert().from_select(["segment", "place", "after"], theirs))


def sweep(conn: Connection, vault: Vault, at_most: int = SWEPT) -> bool:
    """Some more blocks without what is gone; False when there is nothing to be swept."""
    _alone(conn)
    first = conn.execute(_FIRST).first()
    if first is None:
        return False
    at = {"of": first.segment, "from": first.after}
    places = set(conn.execute(_PLACES, at).scalars())
    rows = conn.execute(_NEXT, {"of": first.segment, "after": first.after, "at_most": at_most}).all()
    left: Blocks = {}
    for pair, sealed in rows:
        lines = vault.unseal(vault.house, column(first.segment, pair), sealed)
        if holds_any(lines, places):
            left[pair] = without(lines, places)
    _write(conn, vault, first.segment, left)
    if len(rows) < at_most:
        conn.execute(_SWEPT, at)
    else:
        conn.execute(_MOVE, at | {"to": rows[-1].pair})
    return True


def take_in(conn: Connection, vault: Vault, fewest: int = FEWEST, most: int = MOST) -> int:
    """The next lines that are not in the index, the oldest first; how many. 0 while fewer than `fewest` of a kind wait.

    What is gone is swept first: a line that says something else now would be swept with its new words.
    """
    _alone(conn)
    if conn.execute(_FIRST).first() is not None:
        return 0
    for kind in Kind:
        ids = findable.unindexed(conn, kind, most)
        if len(ids) < max(fewest, 1):
            continue
        findable.mark(conn, kind, ids)
        for segment, new in _by_stretch(vault, findable.indexed(conn, vault, kind, ids)).items():
            _add(conn, vault, segment, new)
        return len(ids)
    return 0


def begin(conn: Connection) -> None:
    """At start: after a restore there are no blocks, for backups leave them out, and all words wait for them anew."""
    _alone(conn)
    if conn.execute(_ANY).first() is None:
        conn.execute(search_gone.delete())
        for kind in Kind:
            findable.wait_anew(conn, kind)


def step(conn: Connection, vault: Vault) -> bool:
    """One helping of whatever there is to do; False when there is nothing."""
    return sweep(conn, vault) or take_in(conn, vault) > 0


def _by_stretch(vault: Vault, found: Iterable[Words]) -> dict[int, Places]:
    by_stretch: dict[int, dict[str, set[int]]] = {}
    for words in found:
        segment, place = findable.stretch(words.kind, words.id)
        inside = by_stretch.setdefault(segment, {})
        for pair in findable.pairs_of(words):
            inside.setdefault(pair, set()).add(place)
    return {
        segment: {key_of(vault, pair): places for pair, places in inside.items()}
        for segment, inside in by_stretch.items()
    }


def _add(conn: Connection, vault: Vault, segment: int, new: Places) -> None:
    blocks, keys = Blocks(), sorted(new)
    for start in range(0, len(keys), _AT_ONCE):
        some = {"of": segment, "pairs": keys[start : start + _AT_ONCE]}
        for pair, sealed in conn.execute(_READ, some):
            blocks[pair] = with_more(vault.unseal(vault.house, column(segment, pair), sealed), new[pair])
    _write(conn, vault, segment, {pair: packed(new[pair]) for pair in keys if pair not in blocks} | blocks)


def _write(conn: Connection, vault: Vault, segment: int, blocks: Blocks) -> None:
    rows = [
        {"segment": segment, "pair": pair, "lines": vault.seal(vault.house, column(segment, pair), lines)}
        for pair, lines in blocks.items()
        if lines
    ]
    if rows:
        conn.execute(_PUT[conn.dialect.name], rows)
    if empty := [{"of": segment, "one": pair} for pair, lines in blocks.items() if not lines]:
        conn.execute(_DROP, empty)


def _alone(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(_ALONE)
