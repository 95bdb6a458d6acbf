"""Places are never oversold, and the waiting list moves up in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Connection

from knowledge.event import Content, Way
from storage import Store, events, people, sign_ups
from storage.events import Change, Span
from storage.sign_ups import SignUp, State


def date_of(store: Store, now: datetime, capacity: int | None) -> int:
    content = Content(title="会", organiser="センター", way=Way.BOT, capacity=capacity)
    span = Span(now + timedelta(days=9), now + timedelta(days=9, hours=2))

    def job(conn: Connection) -> int:
        found = events.find(conn, events.add(conn, Change(content, [span], None), now))
        assert found is not None
        return found.dates[0].id

    return int(store.writer.submit(job).result())


def crowd(store: Store, now: datetime, count: int) -> list[tuple[int, int]]:
    pairs = [("line", f"U{n}") for n in range(count)]
    found = store.writer.submit(lambda conn: people.contacts_for(conn, store.vault, pairs, now)).result()
    return [(found[pair].person_id, found[pair].id) for pair in pairs]


def ask(store: Store, date_id: int, who: tuple[int, int], people_: int, now: datetime) -> SignUp:
    return store.writer.submit(lambda conn: sign_ups.ask(conn, date_id, who, people_, now)).result()


def test_two_last_places_are_given_to_two_of_a_thousand_by_two_servers(
    store: Store, second: Store, now: datetime
) -> None:
    date_id, everybody = date_of(store, now, 2), crowd(store, now, 1000)
    with ThreadPoolExecutor(8) as pool:
        asked = list(
            pool.map(lambda n: ask((store, second)[n % 2], date_id, everybody[n], 1, now), range(len(everybody)))
        )
    assert [one.state for one in asked].count(State.GOING) == 2
    found = store.read(lambda conn: events.of_date(conn, date_id))
    assert found is not None
    assert (found[1].taken, found[1].left) == (2, 0)


def test_who_waits_is_offered_a_place_in_order_and_a_group_that_does_not_fit_is_passed_over(
    store: Store, now: datetime
) -> None:
    date_id, who = date_of(store, now, 2), crowd(store, now, 5)
    first = ask(store, date_id, who[0], 1, now)
    ask(store, date_id, who[1], 1, now)
    group, single, last = (ask(store, date_id, who[n], 2 if n == 2 else 1, now) for n in (2, 3, 4))
    assert {one.state for one in (group, single, last)} == {State.WAITING}
    until = now + timedelta(hours=24)

    def frees(conn: Connection) -> list[SignUp]:
        assert sign_ups.leave(conn, first, State.LEFT)
        assert not sign_ups.leave(conn, first, State.LEFT)  # pressed twice: one place, not two
        return sign_ups.offer(conn, date_id, lambda _: until)

    [offered] = store.writer.submit(frees).result()
    assert (offered.id, offered.state, offered.offered_until) == (single.id, State.OFFERED, until)
    assert ask(store, date_id, who[3], 1, now).id == single.id  # asked again nothing changes
    assert not store.writer.submit(lambda conn: sign_ups.accept(conn, offered, until)).result()
    assert store.writer.submit(lambda conn: sign_ups.accept(conn, offered, now)).result()
