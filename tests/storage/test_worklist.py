"""The queue in the order of work, read by index however full the cabinet is; and tries counted per stretch of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from knowledge.rules import load_clocks
from storage import Store, cases, clocking, forgetting, open_store, people, staff, talk, tally, tries, worklist
from storage.cases import By, Mode, Opening, Which, Who
from storage.staff import Role
from storage.worklist import Wanted
from tests.conftest import SECRET
from tests.storage.house import a_case, do, someone

URGENCIES = ("none", "today", "week", "month")


def _fill(conn: Connection, store: Store, count: int, now: datetime) -> list[int]:
    """Cases of as many people, urgencies in turn."""
    made = []
    for n in range(count):
        pair = (("line", "telegram")[n % 2], f"u{n}")
        contact = people.contacts_for(conn, store.vault, [pair], now)[pair]
        person = people.load(conn, store.vault, [contact.person_id])[contact.person_id]
        opening = Opening(
            person_id=person.id,
            key=person.key,
            contact_id=contact.id,
            flow="consultation",
            revision=1,
            topic=("money", "place")[n % 3 == 0],
            urgency=URGENCIES[n % 4],
            mode=Mode.PRIVATE,
            why="urgent" if n == 7 else "flow",
            language="ja",
        )
        made.append(cases.open_case(conn, store.vault, opening, now).id)
    return made


def test_danger_comes_first_then_what_breaks_first_page_by_page(store: Store, now: datetime) -> None:
    made = store.writer.submit(lambda conn: _fill(conn, store, 20, now)).result()
    do(store, lambda conn: clocking.settle(conn, load_clocks(), made, now))
    pages: list[int] = []
    after: worklist.Place | None = None
    while True:
        page = store.read(partial(_page, Wanted(now, after=after, at_most=6)))
        if not page:
            break
        pages.append(len(page))
        after = page[-1].place
    whole = store.read(lambda conn: worklist.items(conn, Wanted(now, at_most=100)))
    today = [n for n in range(20) if n % 4 == 1]
    later = [n for n in range(20) if n not in [7, *today]]
    assert [made.index(item.head.id) for item in whole] == [7, *today, *later]
    assert pages == [6, 6, 6, 2]
    assert {item.channel for item in whole} == {"line", "telegram"}


def _page(wanted: Wanted, conn: Connection) -> list[worklist.Item]:
    return worklist.items(conn, wanted)


def test_folders_hold_what_they_say(store: Store, now: datetime) -> None:
    made = store.writer.submit(lambda conn: _fill(conn, store, 6, now)).result()
    aoki = store.writer.submit(lambda conn: staff.add(conn, "aoki", "青木", Role.COORDINATOR, now)).result()
    assert aoki is not None
    store.writer.submit(lambda conn: cases.claim(conn, made[0], aoki, now)).result()
    store.writer.submit(lambda conn: cases.close(conn, made[1], By(Who.STAFF, aoki), now)).result()

    def ids(which: Which, topic: str = "") -> set[int]:
        found = store.read(lambda conn: worklist.items(conn, Wanted(now, which, aoki, topic)))
        return {made.index(item.head.id) for item in found}

    assert ids(Which.MINE) == {0}
    assert ids(Which.UNASSIGNED) == {2, 3, 4, 5}
    assert ids(Which.ALL) == {0, 2, 3, 4, 5}
    assert ids(Which.CLOSED) == {1}
    assert ids(Which.ALL, "place") == {0, 3}


def test_the_answers_of_the_cases_on_a_page_are_read_and_those_of_who_was_forgotten_are_not(
    store: Store, now: datetime
) -> None:
    people_ = [someone(store, now, address) for address in ("told", "forgotten", "not asked for")]
    made = [a_case(store, now, who).id for who in people_]
    bare = store.writer.submit(lambda conn: _fill(conn, store, 1, now)).result()
    assert do(store, lambda conn: forgetting.forget(conn, people_[1].id, now))
    wanted = [*made[:2], *bare]
    found = store.read(lambda conn: worklist.answers_of(conn, store.vault, wanted))
    assert found == {made[0]: [["お困りのこと", "𠮷さんのこと\x00"]], bare[0]: []}
    assert store.read(lambda conn: worklist.answers_of(conn, store.vault, [])) == {}


def test_what_others_wrote_last_is_known_and_own_words_do_not_count(store: Store, now: datetime) -> None:
    def job(conn: Connection) -> tuple[int, int, int]:
        case_id = _fill(conn, store, 1, now)[0]
        aoki = staff.add(conn, "aoki", "青木", Role.COORDINATOR, now) or 0
        baba = staff.add(conn, "baba", "馬場", Role.COORDINATOR, now) or 0
        head = cases.get(conn, store.vault, case_id)
        assert head is not None
        person_id = head.head.person_id
        assert person_id is not None
        person = people.load(conn, store.vault, [person_id])[person_id]
        for author, member in [(talk.Author.PERSON, None), (talk.Author.STAFF, baba), (talk.Author.STAFF, aoki)]:
            line = talk.Line(
                person_id=person.id,
                key=person.key,
                at=now,
                way=talk.Way.IN if member is None else talk.Way.OUT,
                author=author,
                body={"text": "x"},
                case_id=case_id,
                staff_id=member,
                contact_id=head.head.contact_id,
            )
            talk.write(conn, store.vault, [line])
        return case_id, aoki, baba

    case_id, aoki, baba = store.writer.submit(job).result()
    lines = sorted(store.read(lambda conn: worklist.ways(conn, case_id)))
    assert store.read(lambda conn: worklist.newest_of_others(conn, case_id, aoki)) == lines[1]
    assert store.read(lambda conn: worklist.newest_of_others(conn, case_id, baba)) == lines[2]
    assert store.read(lambda conn: worklist.newest_of_others(conn, case_id + 1, aoki)) == 0
    assert store.read(lambda conn: worklist.way_of(conn, None)) is None


@pytest.mark.parametrize("which", list(Which))
def test_L08_no_folder_is_read_by_walking_through_all_cases(sqlite_url: str, now: datetime, which: Which) -> None:
    store = open_store(sqlite_url, SECRET)
    try:
        store.writer.submit(lambda conn: _fill(conn, store, 50, now)).result()
        wanted = Wanted(now, which, 1, "money" if which is Which.ALL else "")
        plan = store.read(lambda conn: _plan(conn, wanted))
    finally:
        store.close()
    assert plan
    assert [step for step in plan if step.startswith("SCAN") and "USING" not in step] == []


def _plan(conn: Connection, wanted: Wanted) -> list[str]:
    statement, values = worklist.asked(wanted)
    compiled = statement.compile(dialect=conn.dialect)
    filled = compiled.construct_params(values)
    places = tuple(filled[name] for name in compiled.positiontup or ())
    return [row[-1] for row in conn.exec_driver_sql("EXPLAIN QUERY PLAN " + str(compiled), places)]


def test_tries_are_counted_per_stretch_and_old_counters_go(store: Store, now: datetime) -> None:
    stretch = timedelta(minutes=15)

    def once(names: list[str], moment: datetime) -> dict[str, int]:
        return store.writer.submit(lambda conn: tries.count(conn, names, moment, stretch)).result()

    assert once(["a", "b"], now) == {"a": 1, "b": 1}
    assert once(["a"], now) == {"a": 2}
    later = now + stretch
    assert once(["a"], later) == {"a": 1}
    assert list(store.read(lambda conn: tally.under(conn, "try:")).values()) == [1]
