"""How long a search takes among many lines in sealed columns, and what the index costs.

python -m tests.bench.search --lines 100000
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, text

from storage import Store, cases, indexing, migrate, open_store, people, searching, talk
from storage.sight import EVERYTHING, Sight
from tests.bench.__main__ import sqlite
from tests.postgres_shared import fresh_database
from tests.run_folder import close_run, open_run
from tests.secret import SECRET
from tests.storage.house import gauged

START = datetime(2026, 1, 1, tzinfo=UTC)
# As often as in real talk: a few words in every line, most in a few, and here and there a name.
COMMON = ["相談です", "お願いします", "ありがとうございます", "について", "教えてください", "でしょうか"]
TOPICS = [
    "助成金の申請",
    "公園の花だん",
    "会議室の予約",
    "ボランティアの募集",
    "団体の登録",
    "防災訓練",
    "子ども食堂",
    "町会の役員",
]
ASKED = {
    "common": "お願いします", "two words": "助成金 締切", "rare name": "珍名川原", "absent": "無い言葉だけ",
    "common pairs": "でしょうす", "one case": "番号九千九百",
}  # fmt: skip


def line(chance: random.Random, n: int) -> str:
    """Something a resident might write, of some forty signs."""
    kanji = "".join(chr(chance.randrange(0x4E00, 0x6000)) for _ in range(4))
    name = "珍名川原です。" if n % 33_331 == 77 else ""
    until = "締切は来週です。" if n % 50 == 3 else ""
    said = f"{chance.choice(TOPICS)}{chance.choice(COMMON)}。{kanji}さんから{chance.choice(COMMON)}。"
    return name + said + until


def fill(store: Store, lines: int, a_case: int = 30) -> None:
    """So many lines in cases of thirty each."""
    chance, now = random.Random(7), START  # noqa: S311 - made-up words
    for first in range(0, lines, 100 * a_case):
        now += timedelta(minutes=1)
        store.writer.submit(partial(_some, store=store, of=(first, a_case), chance=chance, now=now)).result()


def _some(conn: Connection, store: Store, of: tuple[int, int], chance: random.Random, now: datetime) -> None:
    first, a_case = of
    pairs = [("line", f"u{first}-{n}") for n in range(100)]
    found = people.contacts_for(conn, store.vault, pairs, now)
    known = people.load(conn, store.vault, [found[one].person_id for one in pairs])
    new: list[talk.Line] = []
    for number, pair in enumerate(pairs):
        way, who = found[pair], known[found[pair].person_id]
        opening = cases.Opening(
            who.id, who.key, way.id, "consultation", 1, "money", "week", cases.Mode.OPEN, "flow", "ja",
            rows=[["story", "x", line(chance, first + number)]],
        )  # fmt: skip
        head = cases.open_case(conn, store.vault, opening, now)
        for n in range(a_case):
            body = {"kind": "typed", "text": line(chance, first + number * a_case + n)}
            new.append(talk.Line(who.id, who.key, now, talk.Way.IN, talk.Author.PERSON, body, head.id, way.id))
    talk.write(conn, store.vault, new)


def bytes_of(store: Store) -> int:
    """How large the index is."""
    if store.dialect == "sqlite":
        asked = "SELECT sum(pgsize) FROM dbstat WHERE name = 'search_block'"
    else:
        asked = "SELECT pg_total_relation_size('search_block')"
    return int(store.read(lambda conn: conn.execute(text(asked)).scalar_one()))


def measure(url: str, lines: int) -> None:
    """Fill, index, search; prints what it found."""
    migrate(url)
    store = open_store(url, SECRET)
    begun = time.perf_counter()
    fill(store, lines)
    filled = time.perf_counter() - begun
    longest, taken, begun = 0.0, 0, time.perf_counter()
    while True:
        at = time.perf_counter()
        some = store.writer.submit(lambda conn: indexing.take_in(conn, store.vault)).result()
        longest = max(longest, time.perf_counter() - at)
        taken += some
        if not some:
            break
    spent = time.perf_counter() - begun
    print(f"{store.dialect}: filled in {filled:.0f} s; {taken} lines indexed, {1000 * spent / taken:.2f} ms and "
          f"{bytes_of(store) / taken:.0f} bytes a line, longest transaction {1000 * longest:.0f} ms")  # fmt: skip
    gauged(store)
    apart = Sight(7, apart=frozenset({3}), people=frozenset({3}))
    for name, asked in ASKED.items():
        for sight in (EVERYTHING, apart):
            _one(store, name, asked, sight)
    store.close()


def _one(store: Store, name: str, asked: str, sight: Sight, times: int = 20) -> None:
    took, found = [], 0
    for _ in range(times):
        at = time.perf_counter()
        found = len(store.read(lambda conn: searching.search(conn, store.vault, sight, asked)).hits)
        took.append(1000 * (time.perf_counter() - at))
    whose, p95 = "apart" if sight.apart else "all", sorted(took)[int(0.95 * times) - 1]
    print(f"  {name:14} {whose:5} {found:3} cases  median {statistics.median(took):6.1f} ms  p95 {p95:6.1f} ms")


@contextmanager
def databases() -> Iterator[list[str]]:
    """An empty one of each kind."""
    open_run()
    try:
        with sqlite() as lite, fresh_database() as large:
            yield [lite, large]
    finally:
        close_run()


def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    asked = parser.parse_args()
    with databases() as urls:
        for url in urls:
            measure(url, asked.lines)


if __name__ == "__main__":
    main()
