"""Thousands of events and calls from one file: taken with a few statements, for whoever writes waits meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, event, update

from knowledge.event import Content as Says
from storage import Store, event_imports, events, grant_imports, grants
from storage.event_imports import Incoming
from storage.event_tables import event as event_table
from storage.events import Change, DateState, Span, State
from storage.grant_tables import grant_file
from storage.heads import Took
from tests.grants import content, member_of
from tests.storage.house import do

T = TypeVar("T")
MANY, FEW = 1000, 20


def counted(store: Store, job: Callable[[Connection], T]) -> tuple[T, int]:
    """What a job gives, and with how many statements."""
    said: list[object] = []

    def note(*told: object) -> None:
        said.append(told[2])

    def listen(conn: Connection) -> T:
        event.listen(conn, "before_cursor_execute", note)
        try:
            return job(conn)
        finally:
            event.remove(conn, "before_cursor_execute", note)

    return do(store, listen), len(said)


def happenings(now: datetime, title: str, many: int = MANY, hours: int = 0) -> list[Incoming]:
    """So many events of one date each."""
    start = now + timedelta(days=5, hours=hours)
    spans = (Span(start, start + timedelta(hours=2)),)
    says = [Says(title=f"{title}{n}", organiser="町会", capacity=30) for n in range(many)]
    return [Incoming(f"in:{n}", one, spans, f"{title}{hours}{n}") for n, one in enumerate(says)]


def calls(now: datetime, name: str, many: int = MANY, days: int = 20) -> list[grant_imports.Incoming]:
    """So many calls."""
    closes = now.date() + timedelta(days=days)
    each = ((f"in:{n}", content(closes, name=f"{name}{n}")) for n in range(many))
    return [grant_imports.Incoming(uid=uid, content=one, mark=f"{name}{days}{uid}") for uid, one in each]


@pytest.fixture
def member(store: Store, now: datetime) -> int:
    return do(store, lambda conn: member_of(conn, "fair", now))


def test_a_thousand_new_events_are_taken_with_a_few_statements(store: Store, now: datetime, member: int) -> None:
    found = happenings(now, "会")
    took, statements = counted(store, lambda conn: event_imports.take(conn, found, member, None, now))
    assert (took, statements < FEW) == (Took(new=MANY), True)
    made = store.read(lambda conn: events.latest(conn, MANY))
    assert {(one.content.capacity, one.dates[0].capacity, one.state) for one in made} == {(30, 30, State.DRAFT)}
    assert len({one.uid for one in made}) == MANY
    assert len(store.read(lambda conn: events.versions(conn, made[0].id))) == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_a_thousand_changed_events_are_taken_with_a_few_statements(
    store: Store, now: datetime, member: int, state: State
) -> None:
    do(store, lambda conn: event_imports.take(conn, happenings(now, "会"), member, None, now))
    do(store, lambda conn: conn.execute(update(event_table).values(state=state.value)))
    found = happenings(now, "祭", hours=1)
    took, statements = counted(store, lambda conn: event_imports.take(conn, found, member, None, now))
    assert (took, statements < FEW) == (Took(changed=MANY), True)
    made, start = store.read(lambda conn: events.latest(conn, MANY)), found[0].spans[0].starts_at
    draft = state is State.DRAFT
    assert {one.version for one in made} == {2}
    assert {one.content.title[0] for one in made} == {"祭" if draft else "会"}
    assert {one.pending is None for one in made} == {draft}
    assert {(len(one.dates), one.dates[0].span.starts_at == start) for one in made} == {(1, draft)}
    assert [one.what for one in store.read(lambda conn: events.versions(conn, made[0].id))] == ["changed", "made"]
    took, statements = counted(store, lambda conn: event_imports.take(conn, found, member, None, now))
    assert (took, statements <= 2) == (Took(same=MANY), True)


def test_a_file_with_a_little_of_everything_leaves_what_was_taken_off_and_keeps_each_ones_dates(
    store: Store, now: datetime, member: int
) -> None:
    first = happenings(now, "会", 4)
    do(store, lambda conn: event_imports.take(conn, first, member, None, now))
    made = store.read(lambda conn: events.heads.by_name(conn, [one.uid for one in first]))
    away = store.read(lambda conn: events.find(conn, made["in:3"].id))
    assert away is not None
    do(store, lambda conn: events.move(conn, away, State.AWAY, member, now))
    later = happenings(now, "祭", 6, hours=2)
    two = later[1].spans[0], Span(now + timedelta(days=9), now + timedelta(days=10))
    second = [first[0], replace(later[1], spans=two), replace(later[2], spans=()), *later[3:]]
    took = do(store, lambda conn: event_imports.take(conn, second, member, None, now))
    assert took == Took(new=2, changed=3, same=1)
    shown = {one.uid: one for one in store.read(events.latest)}
    assert {uid: one.content.title for uid, one in shown.items()} == {
        "in:0": "会0", "in:1": "祭1", "in:2": "祭2", "in:4": "祭4", "in:5": "祭5",
    }  # fmt: skip
    assert [one.span for one in shown["in:1"].dates] == list(two)
    assert [one.state for one in shown["in:2"].dates] == [DateState.OFF]
    assert shown["in:0"].version == 1


@pytest.mark.parametrize("state", [grants.State.DRAFT, grants.State.PUBLISHED])
def test_a_thousand_calls_new_and_changed_are_taken_with_a_few_statements(
    store: Store, now: datetime, member: int, state: grants.State
) -> None:
    took, statements = counted(store, lambda conn: grant_imports.take(conn, calls(now, "助成"), member, now))
    assert (took, statements < FEW) == (Took(new=MANY), True)
    do(store, lambda conn: conn.execute(update(grant_file).values(state=state.value)))
    found = calls(now, "募集", days=30)
    took, statements = counted(store, lambda conn: grant_imports.take(conn, found, member, now))
    assert (took, statements < FEW) == (Took(changed=MANY), True)
    made, draft = store.read(lambda conn: grants.latest(conn, MANY)), state is grants.State.DRAFT
    assert {(one.content.name[:2], one.pending is None) for one in made} == {("募集" if draft else "助成", draft)}
    assert {one.newest.name[:2] for one in made} == {"募集"}
    # What everybody sees closes as it did until somebody else has checked the rest.
    assert [len(_open(store, now.date() + timedelta(days=days))) for days in (20, 21)] == [0 if draft else 500, 0]
    assert {one.what for one in store.read(lambda conn: grants.versions(conn, made[0].id))} == {"changed", "made"}
    took, statements = counted(store, lambda conn: grant_imports.take(conn, found, member, now))
    assert (took, statements <= 2) == (Took(same=MANY), True)


def _open(store: Store, today: date) -> Sequence[grants.Grant]:
    return store.read(lambda conn: grants.published(conn, today))


def test_whoever_read_an_older_version_is_told_so(store: Store, now: datetime, member: int) -> None:
    [one] = happenings(now, "会", 1)
    do(store, lambda conn: event_imports.take(conn, [one], member, None, now))
    [of] = store.read(events.latest)
    again = Change(one.content, one.spans, member, of.id, of.version)
    assert do(store, lambda conn: events.change(conn, again, now))
    assert not do(store, lambda conn: events.change(conn, again, now))
