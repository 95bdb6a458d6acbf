"""What was said is kept as it was said, shows whether it got there, and goes when it is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from storage import cases, feed, inbox, outbox, people, talk
from storage.engine import Store
from storage.tables import message
from storage.talk import Author, Line, Way
from tests.storage.house import a_case, do, member, someone

HEARD = {"kind": "typed", "text": "𠮷 葛\U000e0100 👨‍👩‍👧 \x00 \u202e \ud83d"}


def heard(who: people.Person, at: datetime, case_id: int | None = None, said_id: str = "") -> Line:
    return Line(who.id, who.key, at, Way.IN, Author.PERSON, HEARD, case_id, who.contacts[0].id, None, "line", said_id)


def write(store: Store, *lines: Line) -> None:
    do(store, lambda conn: talk.write(conn, store.vault, lines))


def of_case(store: Store, case_id: int, after: int = 0) -> list[talk.Said]:
    return store.read(lambda conn: talk.of_case(conn, store.vault, case_id, after))


def test_words_are_kept_bit_for_bit(store: Store, now: datetime) -> None:
    who = someone(store, now)
    write(store, heard(who, now))
    (said,) = store.read(lambda conn: talk.of_person(conn, store.vault, who.id))
    assert (said.body, said.at, said.way, said.author) == (HEARD, now, Way.IN, Author.PERSON)
    assert (said.withdrawn, said.delivery, said.case_id) == (False, None, None)


def test_the_words_lie_sealed_in_the_table(store: Store, now: datetime) -> None:
    who = someone(store, now)
    write(store, heard(who, now))
    body = store.read(lambda conn: conn.execute(select(message.c.body)).scalar_one())
    assert "𠮷".encode() not in body
    assert store.vault.unseal_json(who.key, "message.body", body) == HEARD


def test_what_we_said_shows_how_its_way_went(store: Store, now: datetime) -> None:
    who, staff_id = someone(store, now), member(store, now)
    head = a_case(store, now, who)
    parcel = outbox.Outgoing(who.id, who.contacts[0].id, "line", who.key, [{"text": "x"}], case_id=head.id)

    def reply(conn: object) -> None:
        (number,) = outbox.put(conn, store.vault, [parcel], now)  # type: ignore[arg-type]
        line = Line(
            who.id, who.key, now, Way.OUT, Author.STAFF, {"text": "x"}, head.id, None, staff_id, outbox_id=number
        )
        talk.write(conn, store.vault, [line])  # type: ignore[arg-type]

    do(store, reply)
    assert [(said.delivery, said.staff_name) for said in of_case(store, head.id)] == [("queued", "Sato")]
    (claimed,) = do(store, lambda conn: outbox.claim(conn, store.vault, "me", now))
    assert of_case(store, head.id)[0].delivery == "sending"
    gave_up = outbox.Finished(claimed.id, "me", outbox.Delivery.GAVE_UP, now, why="blocked")
    do(store, lambda conn: outbox.finish(conn, [gave_up]))
    (said,) = of_case(store, head.id)
    assert (said.delivery, said.why) == ("gave_up", "blocked")


def test_R12_a_page_asks_for_what_came_after_its_last_line(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    write(store, *[heard(who, now + timedelta(seconds=n), head.id) for n in range(5)])
    lines = of_case(store, head.id)
    assert [line.id for line in of_case(store, head.id, lines[2].id)] == [lines[3].id, lines[4].id]


def test_W14_a_page_shows_words_by_the_time_they_were_said(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    write(store, *[heard(who, now + timedelta(seconds=second), head.id) for second in (3, 1, 2)])
    assert [line.at for line in of_case(store, head.id)] == [now + timedelta(seconds=n) for n in (1, 2, 3)]


def test_a_line_of_a_case_is_told_to_open_pages_and_others_are_not(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    cursor = store.read(feed.newest)
    write(store, heard(who, now), heard(who, now, head.id))
    changes = store.read(lambda conn: feed.since(conn, cursor))
    assert [(one.kind, one.case_id, one.person_id) for one in changes] == [("said", head.id, who.id)]


def test_a_case_knows_when_it_was_last_heard_and_first_answered(store: Store, now: datetime) -> None:
    who, staff_id = someone(store, now), member(store, now)
    head = a_case(store, now, who)
    times = [now + timedelta(minutes=n) for n in range(4)]
    mine = [
        Line(who.id, who.key, at, Way.OUT, Author.STAFF, {"text": "x"}, head.id, None, staff_id) for at in times[1:3]
    ]
    write(store, heard(who, times[0], head.id), *mine, heard(who, times[3], head.id))
    after = store.read(lambda conn: cases.head_of(conn, head.id))
    assert after is not None
    assert (after.last_in_at, after.first_reply_at) == (times[3], times[1])


def test_P07_R07_words_taken_back_are_gone_and_open_pages_are_told(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    write(store, heard(who, now, head.id, "m1"), heard(who, now, head.id, "m2"))
    cursor = store.read(feed.newest)
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    assert [(line.body is None, line.withdrawn) for line in of_case(store, head.id)] == [(True, True), (False, False)]
    bodies = store.read(lambda conn: conn.execute(select(message.c.body).order_by(message.c.id)).scalars().all())
    assert bodies[0] is None
    changes = store.read(lambda conn: feed.since(conn, cursor))
    assert [(one.kind, one.case_id) for one in changes] == [("withdrawn", head.id)]


def test_P07_words_taken_back_before_they_were_written_down_are_not_kept(store: Store, now: datetime) -> None:
    who = someone(store, now)
    do(store, lambda conn: inbox.withdraw(conn, store.vault, "line", "m1", now))
    write(store, heard(who, now, None, "m1"))
    (line,) = store.read(lambda conn: talk.of_person(conn, store.vault, who.id))
    assert (line.body, line.withdrawn) == (None, True)


def test_the_last_words_of_a_person(store: Store, now: datetime) -> None:
    who = someone(store, now)
    write(store, *[heard(who, now + timedelta(seconds=n)) for n in range(5)])
    last = store.read(lambda conn: talk.last_of_person(conn, store.vault, who.id, 2))
    assert [line.at for line in last] == [now + timedelta(seconds=3), now + timedelta(seconds=4)]
    assert store.read(lambda conn: talk.count_of_person(conn, who.id)) == 5


def test_writing_nothing_writes_nothing(store: Store, now: datetime) -> None:
    write(store)
    assert store.read(feed.newest) == 0
