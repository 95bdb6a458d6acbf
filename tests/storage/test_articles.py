"""Answers that the centre writes: no version is ever lost, and what residents read follows from their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage import articles
from storage.articles import New, State, Version, in_force, next_change
from storage.engine import Store
from tests.storage.house import do, member

HOUR = timedelta(hours=1)


def test_C32_of_two_who_write_at_once_the_second_is_told_and_both_texts_stay(
    store: Store, second: Store, now: datetime
) -> None:
    staff_id = member(store, now)
    first = do(store, lambda conn: articles.add(conn, New(staff_id, "", 0, State.DRAFT, "1"), now))
    assert first is not None
    assert first.name == f"own-{first.id}"
    new = New(staff_id, first.name, first.id, State.DRAFT, "2", why="料金")
    assert do(store, lambda conn: articles.add(conn, new, now))
    assert do(second, lambda conn: articles.add(conn, replace(new, body="3"), now)) is None
    assert do(second, lambda conn: articles.add(conn, replace(new, after=None, body="4"), now))
    kept = store.read(lambda conn: articles.versions(conn, first.name))
    assert list(store.read(lambda conn: articles.bodies(conn, [one.id for one in kept])).values()) == ["1", "2", "4"]
    assert (kept[1].why, kept[1].by, store.read(articles.newest)) == ("料金", "Sato", kept[-1].id)


def test_C35_a_second_click_begins_no_second_article(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    one, other = (do(store, lambda conn: articles.add(conn, New(staff_id, "", 0, State.DRAFT, "1"), now)) for _ in "12")
    assert one == other
    third = do(store, lambda conn: articles.add(conn, New(staff_id, "", 0, State.DRAFT, "2"), now))
    assert third is not None
    assert third.name != one.name if one else False


def version(number: int, state: State, now: datetime, start: int | None = None, end: int | None = None) -> Version:
    """A version of one article, with its times in hours from now."""
    at = [None if hours is None else now + hours * HOUR for hours in (start, end)]
    return Version(number, "a", now, "Sato", "", state, at[0], at[1], "", ())


# What was written, oldest first, and which of it is in force: its number and state.
ORDERS: dict[str, tuple[list[tuple[State, int | None, int | None]], tuple[int, State] | None]] = {
    "a draft changes nothing": ([(State.DRAFT, None, None)], None),
    "a draft leaves what is public": ([(State.PUBLIC, None, None), (State.DRAFT, None, None)], (1, State.PUBLIC)),
    "the newest decision": ([(State.PUBLIC, None, None), (State.PUBLIC, None, None)], (2, State.PUBLIC)),
    "taken down": ([(State.PUBLIC, None, None), (State.AWAY, None, None)], (2, State.AWAY)),
    "taken down and out again": ([(State.AWAY, None, None), (State.PUBLIC, None, None)], (2, State.PUBLIC)),
    "not begun yet": ([(State.PUBLIC, None, None), (State.PUBLIC, 1, None)], (1, State.PUBLIC)),
    "begun": ([(State.PUBLIC, None, None), (State.PUBLIC, -1, 1)], (2, State.PUBLIC)),
    "over": ([(State.PUBLIC, None, None), (State.PUBLIC, -2, -1)], (2, State.SHIPPED)),
    "taken down before it begins": ([(State.PUBLIC, -1, None), (State.AWAY, None, None)], (2, State.AWAY)),
    "for ourselves": ([(State.PUBLIC, None, None), (State.INTERNAL, None, None)], (2, State.INTERNAL)),
    "as shipped again": ([(State.PUBLIC, None, None), (State.SHIPPED, None, None)], (2, State.SHIPPED)),
}


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_in_force_follows_from_the_order(order: str, now: datetime) -> None:
    written, expected = ORDERS[order]
    found = in_force([version(n, *one[:1], now, *one[1:]) for n, one in enumerate(written, 1)], now).get("a")
    assert (None if found is None else (found.id, found.state)) == expected


def test_the_next_change_is_the_next_moment_at_which_anything_begins_or_ends(now: datetime) -> None:
    written = [version(1, State.PUBLIC, now, -3, 4), version(2, State.PUBLIC, now, 2, 9)]
    assert next_change(written, now) == now + 2 * HOUR
    assert next_change(written, now + 2 * HOUR) == now + 4 * HOUR
    assert next_change(written, now + 9 * HOUR) is None
