"""What the clock does by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot import chores
from storage import Store, audit, people
from storage.audit import Entry, What
from tests.bot.centre import Centre


@pytest.mark.parametrize(
    ("days", "still_here"), [(364, True), (366, False)], ids=["the day before a year", "after a year"]
)
def test_P12_a_year_after_the_last_word_a_person_is_forgotten(
    store: Store, now: datetime, days: int, still_here: bool
) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    later = centre.now + timedelta(days=days)
    for _ in range(2):  # doing it twice changes nothing
        store.writer.submit(lambda conn: chores.do(conn, later)).result()
    known = store.read(lambda conn: people.known(conn, store.vault, [("line", "U1")]))
    assert bool(known) is still_here


def test_P18_every_night_the_log_says_whether_the_audit_is_whole(
    store: Store, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    store.writer.submit(lambda conn: audit.add(conn, store.vault, [Entry(1, What.OPENED, (7,))], now)).result()
    chores.at_night(store)
    assert "the audit is whole" in capsys.readouterr().out
    store.writer.submit(lambda conn: conn.execute(text("DELETE FROM audit_head"))).result()
    chores.at_night(store)
    assert "the audit was changed from outside" in capsys.readouterr().out


def test_P11_an_open_case_keeps_its_person(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    later = centre.now + timedelta(days=800)
    assert store.writer.submit(lambda conn: chores.do(conn, later)).result() == 0
    assert store.read(lambda conn: people.known(conn, store.vault, [("line", "U1")]))
