"""Which clock of a case runs and until when is stored as it changes; what is due is then a range of an index."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from knowledge.clocks import Clocks, Targets
from knowledge.hours import Calendar, Period
from storage import calls, cases, clocking, feed, people, promises, talk, worklist
from storage.cases import By, State, Which, Who
from storage.engine import Store
from storage.talk import Author, Line, Way
from storage.worklist import Wanted
from tests.knowledge.test_hours import at
from tests.storage.house import a_case, do, member, opening, someone

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = (Period(at("2026-11-24 10:00").time(), at("2026-11-24 18:00").time()),)
CLOCKS = Clocks(
    Calendar(TOKYO, dict.fromkeys(range(5), DAY)),
    Targets(first=240, next=120, solution=4800),
    urgencies={"danger": Targets(first=15)},
)
TUESDAY = at("2026-11-24 10:00")


class Case:
    """One case of one person, and what happens to it."""

    def __init__(self, store: Store, address: str = "U1") -> None:
        self.store = store
        self.who = someone(store, TUESDAY, address)
        self.id = a_case(store, TUESDAY, self.who).id
        self.staff = member(store, TUESDAY, "staff" + address)
        self.settle(TUESDAY)

    def settle(self, now: datetime) -> None:
        do(self.store, lambda conn: clocking.settle(conn, CLOCKS, [self.id], now))

    def says(self, author: Author, now: datetime) -> None:
        staff_id = self.staff if author is Author.STAFF else None
        way = Way.OUT if staff_id else Way.IN
        line = Line(self.who.id, self.who.key, now, way, author, {}, self.id, staff_id=staff_id)
        do(self.store, lambda conn: talk.write(conn, self.store.vault, [line]))
        self.settle(now)

    def claim(self, now: datetime) -> None:
        assert do(self.store, lambda conn: cases.claim(conn, self.id, self.staff, now))
        self.settle(now)

    def state(self, to: State, now: datetime) -> None:
        assert do(self.store, lambda conn: cases.set_state(conn, self.id, to, By(Who.STAFF, self.staff), now))
        self.settle(now)

    @property
    def head(self) -> cases.CaseHead:
        found = self.store.read(lambda conn: cases.head_of(conn, self.id))
        assert found is not None
        return found

    @property
    def due(self) -> tuple[str | None, datetime | None]:
        return self.head.due_clock, self.head.due_at


def test_first_next_and_the_end_follow_each_other(store: Store) -> None:
    case = Case(store)
    assert case.due == ("first", at("2026-11-24 14:00"))
    case.claim(at("2026-11-24 11:00"))
    assert case.due == ("first", at("2026-11-24 14:00"))
    case.says(Author.STAFF, at("2026-11-24 12:00"))
    assert case.due == ("solution", at("2026-12-07 18:00"))
    case.says(Author.PERSON, at("2026-11-24 17:00"))
    case.says(Author.PERSON, at("2026-11-24 17:30"))
    assert case.due == ("next", at("2026-11-25 11:00"))
    assert case.head.asked_at == at("2026-11-24 17:00")  # the oldest words that wait count
    case.says(Author.STAFF, at("2026-11-25 10:00"))
    assert case.due == ("solution", at("2026-12-07 18:00"))


@pytest.mark.parametrize("how", [State.WAITING_PERSON, State.PENDING])
def test_while_the_person_is_waited_for_all_clocks_rest_and_their_words_start_them(store: Store, how: State) -> None:
    case = Case(store)
    case.claim(TUESDAY)
    case.says(Author.STAFF, at("2026-11-24 12:00"))
    if how is State.PENDING:
        by = By(Who.STAFF, case.staff)
        do(store, lambda conn: cases.pend(conn, case.id, at("2026-12-20 10:00"), by, at("2026-11-24 14:00")))
        case.settle(at("2026-11-24 14:00"))
    else:
        case.state(how, at("2026-11-24 14:00"))
    assert case.head.due_at is None
    case.says(Author.PERSON, at("2026-12-01 10:00"))
    assert case.head.state is State.CLAIMED
    assert case.due == ("next", at("2026-12-01 12:00"))
    case.says(Author.STAFF, at("2026-12-01 11:00"))
    # Ten days of eight hours, of which four hours had passed: the week of waiting is added.
    assert case.due == ("solution", at("2026-12-14 14:00"))


def test_a_partner_that_is_waited_for_stops_no_clock(store: Store) -> None:
    case = Case(store)
    case.claim(TUESDAY)
    case.state(State.WAITING_PARTNER, at("2026-11-24 11:00"))
    assert case.due == ("first", at("2026-11-24 14:00"))


def test_who_was_never_answered_waits_again_from_when_the_case_goes_on(store: Store) -> None:
    case = Case(store)
    case.claim(TUESDAY)
    case.state(State.WAITING_PERSON, at("2026-11-24 11:00"))
    case.state(State.CLAIMED, at("2026-11-25 12:00"))
    assert case.due == ("first", at("2026-11-25 16:00"))


def test_words_to_the_bot_start_no_clock_and_the_wish_for_a_person_does(store: Store) -> None:
    case = Case(store)
    case.claim(TUESDAY)
    case.says(Author.STAFF, at("2026-11-24 11:00"))
    do(store, lambda conn: cases.release(conn, case.id, case.staff, at("2026-11-24 12:00")))
    case.says(Author.PERSON, at("2026-11-24 13:00"))
    assert case.due[0] == "solution"
    do(store, lambda conn: calls.called(conn, feed.Change(at("2026-11-24 14:00"), "called", case.id, case.who.id)))
    case.settle(at("2026-11-24 14:00"))
    assert case.due == ("next", at("2026-11-24 16:00"))


def test_danger_is_due_at_once_and_stands_above_what_breaks_sooner(store: Store) -> None:
    one, other = Case(store), Case(store, "U2")
    two_days = at("2026-11-26 10:00")
    danger = calls.Danger("abuse", "x", "y", other.who.key)
    do(store, lambda conn: calls.alarmed(conn, store.vault, other.id, danger, two_days))
    other.settle(two_days)
    found = store.read(lambda conn: worklist.items(conn, Wanted(two_days)))
    assert [(item.head.id, item.rank) for item in found] == [(other.id, 0), (one.id, 1)]
    over = store.read(lambda conn: worklist.items(conn, Wanted(two_days, Which.OVERDUE)))
    assert {item.head.id for item in over} == {one.id, other.id}


def test_folders_of_what_waits_and_what_is_overdue_and_their_counts(store: Store) -> None:
    late, waits, fresh = Case(store), Case(store, "U2"), Case(store, "U3")
    waits.claim(TUESDAY)
    waits.state(State.WAITING_PERSON, TUESDAY)
    fresh.claim(TUESDAY)
    fresh.says(Author.STAFF, TUESDAY)

    def look(which: Which, now: datetime) -> list[int]:
        return [item.head.id for item in store.read(lambda conn: worklist.items(conn, Wanted(now, which)))]

    assert look(Which.OVERDUE, at("2026-11-24 13:59")) == []
    assert look(Which.OVERDUE, at("2026-11-24 14:00")) == [late.id]
    assert look(Which.WAITING, TUESDAY) == [waits.id]
    assert look(Which.ALL, TUESDAY) == [late.id, fresh.id, waits.id]
    counts = store.read(lambda conn: cases.counts(conn, fresh.staff, at("2026-11-24 14:00")))
    assert (counts.mine, counts.unassigned, counts.open, counts.waiting, counts.overdue) == (1, 1, 3, 1, 1)


def test_each_step_is_warned_of_once_for_ever_and_again_only_for_another_promise(store: Store) -> None:
    case = Case(store)

    def warn(now: str) -> int:
        return do(store, lambda conn: clocking.warn(conn, CLOCKS, case.id, at(now)))

    assert store.read(lambda conn: clocking.due_for_warning(conn, at("2026-11-24 12:59"))) == []
    assert store.read(lambda conn: clocking.due_for_warning(conn, at("2026-11-24 13:00"))) == [case.id]
    assert [warn("2026-11-24 13:00"), warn("2026-11-24 13:01"), warn("2026-11-24 13:30")] == [1, 0, 2]
    assert store.read(lambda conn: clocking.due_for_warning(conn, at("2026-11-24 13:31"))) == []
    assert [warn("2026-11-24 15:00"), warn("2026-11-24 16:00")] == [3, 0]
    assert [head.warned for head in store.read(clocking.warned)] == [3]
    case.claim(at("2026-11-24 16:00"))
    case.says(Author.STAFF, at("2026-11-24 16:00"))
    assert store.read(clocking.warned) == []
    case.says(Author.PERSON, at("2026-11-24 16:30"))
    assert warn("2026-11-25 10:00") == 2


def test_a_case_of_an_older_release_stands_first_until_it_has_its_clocks(store: Store) -> None:
    case = Case(store)
    who = someone(store, TUESDAY, "U2")
    new = do(store, lambda conn: cases.open_case(conn, store.vault, opening(who), at("2026-11-24 11:00")))
    assert store.read(clocking.stale) == [new.id]
    assert [item.head.id for item in store.read(lambda conn: worklist.items(conn, Wanted(TUESDAY)))] == [
        new.id,
        case.id,
    ]
    do(store, lambda conn: clocking.settle(conn, CLOCKS, [new.id], at("2026-11-24 11:00")))
    assert store.read(clocking.stale) == []
    assert [item.head.id for item in store.read(lambda conn: worklist.items(conn, Wanted(TUESDAY)))] == [
        case.id,
        new.id,
    ]


def test_closed_and_forgotten_cases_are_due_never_and_reopened_ones_anew(store: Store) -> None:
    case, gone = Case(store), Case(store, "U2")
    by = By(Who.STAFF, case.staff)
    do(store, lambda conn: clocking.warn(conn, CLOCKS, case.id, at("2026-11-24 13:00")))
    do(store, lambda conn: cases.close(conn, case.id, by, at("2026-11-24 13:00")))
    do(store, lambda conn: people.forget(conn, gone.who.id, at("2026-11-24 13:00")))
    for one in (case, gone):
        one.settle(at("2026-11-24 13:00"))
        assert one.due == (None, None)
    assert store.read(clocking.warned) == []
    assert store.read(lambda conn: clocking.due_for_warning(conn, at("2026-11-25 10:00"))) == []
    do(store, lambda conn: cases.reopen(conn, case.id, by, at("2026-11-25 10:00")))
    case.settle(at("2026-11-25 10:00"))
    assert case.due == ("first", at("2026-11-25 14:00"))


def test_how_long_replies_take_is_known_from_twenty_of_the_last_thirty_days(store: Store) -> None:
    def replies(conn: Connection, first: int, n: int, now: datetime) -> None:
        for case_id in range(first, first + n):
            promises.replied(conn, case_id, case_id, now, None)

    do(store, lambda conn: replies(conn, 1, 19, TUESDAY))
    assert store.read(promises.bound) is None
    do(store, lambda conn: replies(conn, 19, 2, TUESDAY))  # the same case twice counts once
    assert store.read(promises.bound) == 19
    later = TUESDAY + timedelta(days=31)
    do(store, lambda conn: promises.work_out(conn, later))
    assert store.read(promises.bound) is None
