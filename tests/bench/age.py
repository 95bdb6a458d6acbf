"""Makes a database as old as a ward's after years: people, their messages, and the cases among them.

python -m tests.bench.age URL [--people 300000] [--messages 10000000] [--cases 60000] [--open 400]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, select, text, update

from dialogs.heard import Typed, to_json
from dialogs.saying import Message
from storage import cases, indexing, migrate, open_store, staff
from storage.crypt import Key
from storage.engine import Store
from storage.staff import Role
from storage.tables import case_file, contact, message, person
from tests.storage.house import gauged

SECRET = "s" * 48  # the one of tests/serving.py
BATCH = 20_000
AT_ONCE = 8_192  # lines taken into the index of words in one transaction: nobody waits here
YEARS = timedelta(days=360)  # nothing is kept for longer than a year
PARTS = (
    "商店街の掃除を月に一度", "子ども食堂をはじめたい", "会場が見つかりません", "町会の回覧板に",
    "助成金の書きかた", "来週の打ち合わせ", "参加者は二十人ほど", "車いすの人もいます",
    "チラシを置く場所", "報告書の締め切り", "役所のどこに聞けば", "名簿のあつかい",
    "保険に入るべきか", "英語で案内したい", "高齢の方が多い", "昨日お電話した者です",
    "写真を使ってよいか", "道路を使うお祭り", "倉庫を借りたい", "若い人が集まらない",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    people: int = 300_000
    messages: int = 10_000_000
    cases: int = 60_000
    open: int = 400


def pour(conn: Connection, into: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table in the fastest way that each database has."""
    raw: Any = conn.connection.driver_connection
    names = ", ".join(columns)
    if conn.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {into.name} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {into.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def at(moment: datetime) -> str:
    """A moment as both databases read it."""
    return moment.isoformat(" ", "microseconds")


class Years:
    """Fills one database."""

    def __init__(self, store: Store, size: Size, now: datetime) -> None:
        self.store, self.size, self.now = store, size, now
        self.keys: list[Key] = []
        self.case_of: dict[int, int] = {}
        self._dice = random.Random(300)  # noqa: S311 - made-up words

    def fill(self) -> None:
        """Everything, with the time each part took."""
        for name, part in (
            ("people", self._people), ("cases", self._cases), ("messages", self._messages), ("index", self._index),
            ("statistics", self._settle),
        ):  # fmt: skip
            begun = time.perf_counter()
            part()
            print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)

    def _write(self, job: Any) -> Any:
        return self.store.writer.submit(job).result()

    def _people(self) -> None:
        vault, early = self.store.vault, at(self.now - YEARS)
        for first in range(1, self.size.people + 1, BATCH):
            numbers = range(first, min(first + BATCH, self.size.people + 1))
            made = [vault.new_person_key() for _ in numbers]
            self.keys += [key for key, _ in made]
            whole = [(n, wrapped, "ja", "1", early, early, True) for n, (_, wrapped) in zip(numbers, made, strict=True)]
            ways = [
                (
                    n,
                    n,
                    "line",
                    vault.index("line", f"U{n:032x}"),
                    vault.seal(key, "contact.address", f"U{n:032x}"),
                    True,
                )
                for n, (key, _) in zip(numbers, made, strict=True)
            ]
            of_person = ("id", "wrapped_key", "language", "consented", "created_at", "seen_at", "reachable")
            self._write(partial(pour, into=person, columns=of_person, rows=whole))
            of_contact = ("id", "person_id", "channel", "address_index", "address", "reachable")
            self._write(partial(pour, into=contact, columns=of_contact, rows=ways))

    def _cases(self) -> None:
        self._write(lambda conn: [staff.add(conn, f"c{n}", f"担当 {n}", Role.MANAGER, self.now) for n in range(8)])
        every = max(self.size.people // self.size.cases, 1)
        chosen = list(range(1, self.size.people + 1, every))[: self.size.cases]
        for first in range(0, len(chosen), 500):
            self._write(partial(self._open, chosen[first : first + 500], first))
        done = [self.case_of[one] for one in chosen[: -self.size.open]]
        closed = update(case_file).where(case_file.c.id <= max(done))
        self._write(lambda conn: conn.execute(closed.values(state="closed", closed_at=case_file.c.opened_at)))

    def _open(self, chosen: list[int], before: int, conn: Connection) -> None:
        step = YEARS / self.size.cases
        for n, who in enumerate(chosen, before):
            new = cases.Opening(
                person_id=who,
                key=self.keys[who - 1],
                contact_id=who,
                flow="consultation",
                revision=1,
                topic=f"T{n % 64 + 1:02}",
                urgency="week",
                mode=cases.Mode.PRIVATE,
                why="flow",
                language="ja",
                rows=[["story", "相談の内容", PARTS[n % len(PARTS)]]],
                record={"story": PARTS[n % len(PARTS)]},
            )
            when = self.now - YEARS + step * n
            self.case_of[who] = cases.open_case(conn, self.store.vault, new, when).id

    def _messages(self) -> None:
        away = list(message.indexes)
        for index in away:
            self._write(index.drop)
        columns = ("id", "person_id", "case_id", "contact_id", "at", "direction", "author", "body", "withdrawn")
        for first in range(1, self.size.messages + 1, BATCH):
            rows = list(self._lines(first, min(first + BATCH, self.size.messages + 1)))
            self._write(partial(pour, into=message, columns=columns, rows=rows))
        for index in away:
            self._write(index.create)

    def _lines(self, first: int, end: int) -> Iterator[tuple[Any, ...]]:
        vault, step, begun = self.store.vault, YEARS / self.size.messages, self.now - YEARS
        for n in range(first, end):
            who = n * 7919 % self.size.people + 1
            words = "、".join(self._dice.choices(PARTS, k=3)) + f" {n}"
            body = to_json(Typed(words)) if n % 2 else Message(words).to_json()
            way, author = ("in", "person") if n % 2 else ("out", "bot")
            sealed = vault.seal_json(self.keys[who - 1], "message.body", body)
            yield (n, who, self.case_of.get(who), who, at(begun + step * n), way, author, sealed, False)

    def _index(self) -> None:
        """What the server's own chore does over the years, in larger helpings."""
        more = partial(indexing.take_in, vault=self.store.vault, fewest=1, most=AT_ONCE)
        while self._write(more):
            pass

    def _settle(self) -> None:
        self._write(partial(_settle, numbered=(person, contact, message)))
        gauged(self.store)


def _settle(conn: Connection, numbered: Iterable[Table]) -> None:
    if conn.dialect.name == "postgresql":
        for one in numbered:
            newest = conn.execute(select(one.c.id).order_by(one.c.id.desc()).limit(1)).scalar()
            conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{one.name}', 'id'), {newest})"))


def age(url: str, size: Size) -> None:
    """Make it there, migrated. The database must be new."""
    migrate(url)
    store = open_store(url, SECRET)
    try:
        Years(store, size, datetime.now(UTC)).fill()
    finally:
        store.close()


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    for name, default in vars(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    given = vars(parser.parse_args())
    age(given.pop("url"), Size(**given))


if __name__ == "__main__":
    main()
