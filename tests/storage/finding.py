"""Everything by which cases are found: what test_plans holds to its indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from storage import cases, findable, indexing, searching, tags, views, worklist
from storage.engine import Store
from storage.sight import EVERYTHING, Sight
from storage.tables import case_file
from storage.worklist import Wanted

Job = Callable[[Connection], object]
APART = Sight(1, apart=frozenset({17}), people=frozenset({17}))
_WAITING = ("ix_message_unsearched", "ix_note_unsearched", "ix_case_unsearched", "pk_search_gone", "search_gone")
# As FEW in test_plans: read without a condition, for they hold only what is asked for.
FEW_FOUND = {
    **dict.fromkeys(("search", "search apart", "search own", "search ref", "take in", "sweep"), _WAITING),
    **dict.fromkeys(("counts of own", "counts apart"), ("ix_case_laid_by",)),
    "tags offered": ("pk_case_tag",),
}
JOINED = ("pk_person", "pk_case_file")  # of so few people PostgreSQL reads all in their order
OWN = Sight(1, own=True, asked=frozenset({18}))


def finding(s: Store, t: datetime) -> dict[str, Job]:
    """Searches by whoever sees all, most and few, the index behind them, tags, kept views and counts."""
    v = s.vault
    return {
        "search": lambda c: searching.search(c, v, EVERYTHING, "𠮷さん のこと"),
        "search apart": lambda c: searching.search(c, v, APART, "𠮷さん"),
        "search own": lambda c: searching.search(c, v, OWN, "𠮷さん"),
        "search ref": lambda c: searching.search(c, v, EVERYTHING, "K7M-4QH2"),
        "take in": lambda c: indexing.take_in(c, v, 1, 3),
        "gone": lambda c: indexing.gone(c, findable.Kind.ANSWERED, case_file.c.id == 16),
        "sweep": lambda c: indexing.sweep(c, v, 5),
        "tag": lambda c: tags.put(c, v, 16, "花だん", t),
        "tags offered": lambda c: tags.offered(c, v, APART),
        "tags of cases": lambda c: tags.of_cases(c, v, [15, 16]),
        "narrowed": lambda c: worklist.items(c, Wanted(t, narrow=worklist.Narrow(language="ja", tag=1))),
        "views": lambda c: views.seen(c, v, 1),
        "counts of own": lambda c: cases.counts(c, 1, t, OWN),
        "counts apart": lambda c: cases.counts(c, 1, t, APART),
    }


def index_all(store: Store) -> None:
    """Take in whatever waits, however little it is."""
    while store.writer.submit(lambda conn: indexing.take_in(conn, store.vault, 1, 100)).result():
        pass
