"""Who may come in: links that work once, sessions that can be ended, pages bound to one device."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import answers, cases, feed, notes, open_store, pages, sessions, staff
from storage.engine import Store
from storage.pages import NewLink, NewSession, Purpose
from tests.conftest import SECRET
from tests.storage.house import a_case, do, member, someone

DAY = timedelta(days=1)


def test_a_login_belongs_to_one(store: Store, now: datetime) -> None:
    sato = member(store, now, "sato")
    assert do(store, lambda conn: staff.add(conn, "sato", "Other", staff.Role.MANAGER, now)) is None
    found = store.read(lambda conn: staff.by_login(conn, "sato"))
    assert found == staff.Member(sato, "sato", "Sato", staff.Role.COORDINATOR, True, None)
    assert store.read(lambda conn: staff.get(conn, sato)) == found
    assert store.read(staff.everybody) == [found]
    for nobody in ("suzuki", "\x00", "\ud800", "x" * 10_000):
        assert store.read(lambda conn, name=nobody: staff.by_login(conn, name)) is None  # type: ignore[misc]


def test_a_login_link_lets_in_once_and_not_for_ever(store: Store, now: datetime) -> None:
    sato = member(store, now)
    void = do(store, lambda conn: staff.make_link(conn, sato, now, DAY))
    link = do(store, lambda conn: staff.make_link(conn, sato, now, DAY))
    assert do(store, lambda conn: staff.use_link(conn, void, now)) is None  # C-07: a newer one was made
    assert store.read(lambda conn: staff.look_link(conn, link, now)) == sato
    assert do(store, lambda conn: staff.use_link(conn, link, now)) == sato
    assert do(store, lambda conn: staff.use_link(conn, link, now)) is None
    assert store.read(lambda conn: staff.look_link(conn, link, now)) is None
    old = do(store, lambda conn: staff.make_link(conn, sato, now, DAY))
    assert do(store, lambda conn: staff.use_link(conn, old, now + DAY)) is None
    assert do(store, lambda conn: staff.use_link(conn, "made up \x00", now)) is None


def test_of_many_who_use_a_link_at_once_one_gets_in(database_url: str, now: datetime) -> None:
    stores = [open_store(database_url, SECRET) for _ in range(3)]
    sato = member(stores[0], now)
    link = do(stores[0], lambda conn: staff.make_link(conn, sato, now, DAY))
    futures = [store.writer.submit(lambda conn: staff.use_link(conn, link, now)) for _ in range(10) for store in stores]
    assert sorted(str(future.result(30)) for future in futures) == [str(sato), *["None"] * 29]
    for store in stores:
        store.close()


def test_C09_a_session_ends_by_time_by_logout_and_when_somebody_leaves(store: Store, now: datetime) -> None:
    sato = member(store, now)

    def start() -> str:
        return do(store, lambda conn: staff.start_session(conn, sato, now, DAY))

    def alive(token: str, at: datetime = now) -> bool:
        found = store.read(lambda conn: staff.of_session(conn, token, at))
        return found is not None and found.id == sato

    one, two, three = start(), start(), start()
    assert alive(one)
    assert not alive(one, now + DAY)
    do(store, lambda conn: sessions.touch(conn, one, now + timedelta(hours=1)))
    do(store, lambda conn: staff.end_session(conn, one))
    assert (alive(one), alive(two)) == (False, True)
    do(store, lambda conn: staff.set_password(conn, sato, "hash"))
    assert not alive(two)
    assert not alive(three)
    four, link = start(), do(store, lambda conn: staff.make_link(conn, sato, now, DAY))
    do(store, lambda conn: staff.set_active(conn, sato, False))
    assert not alive(four)
    assert do(store, lambda conn: staff.use_link(conn, link, now)) is None
    do(store, lambda conn: staff.set_active(conn, sato, True))
    assert not alive(four)  # coming back does not bring old sessions back


def test_P06_a_private_link_is_looked_at_freely_and_bound_once(store: Store, now: datetime) -> None:
    who = someone(store, now)
    new = NewLink(who.id, Purpose.ANSWER, DAY, flow="consultation", run=3, question="story")
    token = do(store, lambda conn: pages.make(conn, new, now))
    for _ in range(3):  # previews look too
        seen = store.read(lambda conn: pages.look(conn, token, now))
        assert seen is not None
        assert (seen.person_id, seen.purpose, seen.flow, seen.run, seen.question) == (
            who.id,
            Purpose.ANSWER,
            "consultation",
            3,
            "story",
        )
        assert seen.bound_at is None
    first = do(store, lambda conn: pages.bind(conn, token, now))
    assert first is not None
    link, secret = first
    assert link.bound_at == now
    assert do(store, lambda conn: pages.bind(conn, token, now)) is None
    assert store.read(lambda conn: pages.bound(conn, token, secret, now)) == link
    assert store.read(lambda conn: pages.bound(conn, token, "forwarded", now)) is None
    assert store.read(lambda conn: pages.bound(conn, token, secret, now + DAY)) is None
    do(store, lambda conn: pages.close(conn, token))
    assert store.read(lambda conn: pages.look(conn, token, now)) is None


def test_P06_an_old_private_link_opens_nothing(store: Store, now: datetime) -> None:
    who = someone(store, now)
    token = do(store, lambda conn: pages.make(conn, NewLink(who.id, Purpose.TALK, DAY, case_id=7), now))
    assert store.read(lambda conn: pages.look(conn, token, now + DAY)) is None
    assert do(store, lambda conn: pages.bind(conn, token, now + DAY)) is None
    do(store, lambda conn: pages.drop_old(conn, now + DAY))
    assert store.read(lambda conn: conn.execute(text("SELECT 1 FROM private_link")).first()) is None


def test_a_web_session_lives_until_its_time_or_its_end(store: Store, now: datetime) -> None:
    who = someone(store, now, "visitor", "web")
    new = NewSession(who.id, Purpose.CHAT, DAY, who.contacts[0].id)
    token = do(store, lambda conn: pages.start_session(conn, new, now))
    found = store.read(lambda conn: pages.of_session(conn, token, now))
    assert found == pages.WebSession(who.id, who.contacts[0].id, Purpose.CHAT, now, now + DAY)
    do(store, lambda conn: pages.touch_session(conn, token, now + timedelta(hours=1)))
    assert store.read(lambda conn: pages.of_session(conn, token, now + DAY)) is None
    do(store, lambda conn: pages.end_session(conn, token))
    assert store.read(lambda conn: pages.of_session(conn, token, now)) is None


@pytest.mark.parametrize("table", ["login_link", "staff_session", "private_link", "web_session"])
def test_no_token_lies_in_the_database(store: Store, now: datetime, table: str) -> None:
    sato, who = member(store, now), someone(store, now)

    def make(conn: object) -> list[str]:
        return [
            staff.make_link(conn, sato, now, DAY),  # type: ignore[arg-type]
            staff.start_session(conn, sato, now, DAY),  # type: ignore[arg-type]
            pages.make(conn, NewLink(who.id, Purpose.TALK, DAY), now),  # type: ignore[arg-type]
            pages.start_session(conn, NewSession(who.id, Purpose.CHAT, DAY), now),  # type: ignore[arg-type]
        ]

    made = do(store, make)
    assert len(set(made)) == 4
    assert all(len(token) >= 43 for token in made)
    rows = store.read(lambda conn: conn.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - our own names
    assert len(rows) == 1
    assert not any(token in str(rows) for token in made)


def test_notes_are_sealed_told_and_apart(store: Store, now: datetime) -> None:
    sato = member(store, now)
    head = a_case(store, now, someone(store, now))
    cursor = store.read(feed.newest)
    written = "内緒 𠮷 \x00"
    do(store, lambda conn: notes.add(conn, store.vault, notes.NewNote(head.id, sato, written), now))
    (note,) = store.read(lambda conn: notes.of_case(conn, store.vault, head.id))
    assert (note.text, note.staff_id, note.staff_name, note.at) == (written, sato, "Sato", now)
    assert [change.kind for change in store.read(lambda conn: feed.since(conn, cursor))] == ["noted"]
    raw = store.read(lambda conn: conn.execute(text("SELECT body FROM note")).scalar_one())
    assert "内緒".encode() not in bytes(raw)
    assert kinds_of(store, head.id) == ["opened"]


def kinds_of(store: Store, case_id: int) -> list[str]:
    return [event.kind for event in store.read(lambda conn: cases.history(conn, case_id))]


def test_answers_shown_are_rated_only_by_who_saw_them(store: Store, now: datetime) -> None:
    who, other = someone(store, now), someone(store, now, "U2")
    seen = [answers.Shown(now, who.id, article, 2, "ja") for article in ("a", "b")]
    first, second = do(store, lambda conn: answers.shown(conn, seen))
    assert store.read(lambda conn: answers.latest(conn, who.id, "b")) == second
    assert store.read(lambda conn: answers.latest(conn, other.id, "b")) is None
    assert do(store, lambda conn: answers.feedback(conn, first, who.id, "yes"))
    assert not do(store, lambda conn: answers.feedback(conn, first, other.id, "no"))
    rows = store.read(lambda conn: conn.execute(text("SELECT feedback FROM answer_shown ORDER BY id")).scalars().all())
    assert rows == ["yes", None]
    assert do(store, lambda conn: answers.shown(conn, [])) == []


def test_questions_nobody_could_answer_wait_for_an_article(store: Store, now: datetime) -> None:
    who = someone(store, now)
    asked = [answers.Question(now, who.id, who.key, "ja", f"𠮷 {n}?") for n in range(3)]
    do(store, lambda conn: answers.unknown(conn, store.vault, asked))
    waiting = store.read(lambda conn: answers.open_questions(conn, store.vault))
    assert [one.text for one in waiting] == ["𠮷 2?", "𠮷 1?", "𠮷 0?"]
    do(store, lambda conn: answers.settle(conn, waiting[0].id))
    older = store.read(lambda conn: answers.open_questions(conn, store.vault, before=waiting[1].id))
    assert [one.text for one in older] == ["𠮷 0?"]
    assert len(store.read(lambda conn: answers.open_questions(conn, store.vault))) == 2


def test_nothing_but_the_notes_the_forgetting_and_the_finding_knows_their_table() -> None:
    """What sends cannot read a note by mistake: no other page of the house even names the table."""
    naming = {
        page.name
        for page in Path(cases.__file__).parent.glob("*.py")
        if re.search(r"from storage\.tables import [^\n]*\bnote\b|^    note,$", page.read_text(), re.MULTILINE)
    }
    assert naming == {"notes.py", "forgetting.py", "emptying.py", "deletions.py", "findable.py"}
