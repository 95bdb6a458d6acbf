"""Segments in the database: counted exactly, in one walk of one index, and kept in every version."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Row, select

from knowledge.interests import GROUP, codes, mask
from knowledge.segment import ANY, UNSET, All, And, Asked, Did, Has, Not, Or, Refusal, Segment, Took, to_json
from storage import segments
from storage.engine import Store
from storage.event_tables import sign_up
from storage.grant_tables import group_card
from storage.receive_tables import receiver, segment
from tests.bench import receivers
from tests.storage.house import do, member
from tests.storage.test_plans import overheard, plan_of

PEOPLE = 3000
LIVE_STATES = ("going", "waiting", "offered")
_KEPT = {Asked.TOPIC: "topics", Asked.AREA: "areas", Asked.ROLE: "roles"}
Known = tuple[dict[int, int], dict[int, Row[tuple[object, ...]]]]  # bits of cards and sign-ups, by person


def fits(means: Segment, row: Row[tuple[object, ...]], known: Known, now: datetime) -> bool:
    """The same by hand, in Python."""
    cards, signed = known
    match means:
        case All():
            return True
        case Has(asked, chosen) if asked in _KEPT:
            bits = getattr(row, _KEPT[asked])
            return bool(bits & mask(asked, chosen)) or (UNSET in chosen and bits == 0)
        case Has(asked, chosen) if asked in GROUP:
            bits = cards.get(row.person_id, 0) & mask(asked, codes()[asked])
            return bool(bits & mask(asked, chosen)) or (UNSET in chosen and bits == 0)
        case Has(asked, chosen):
            return getattr(row, asked) in chosen
        case Took(did, of, days):
            one = signed.get(row.person_id)
            when = one and (one.arrived_at if did is Did.CAME else one.at if one.state in LIVE_STATES else None)
            kind = "course" if one and one.date_id % 4 == 0 else "event"
            return bool(one and when and when >= now - timedelta(days=days) and of in (ANY, kind, str(one.date_id)))
        case And(parts):
            return all(fits(part, row, known, now) for part in parts)
        case Or(parts):
            return any(fits(part, row, known, now) for part in parts)
        case Not(part):
            return not fits(part, row, known, now)


MORE: tuple[Segment, ...] = (
    Not(receivers.SEGMENTS[2]),
    Has(Asked.AREA, ("unset",)),
    Has(Asked.FIELD, ("unset",)),
    Not(Has(Asked.FORM, ("npo", "unset"))),
    *(Took(did, of, 365) for did in Did for of in ("event", "course", "7")),
    Not(Took(Did.CAME, "any", 30)),
)


def test_every_segment_counts_exactly_whom_it_means_in_little_time(store: Store, now: datetime) -> None:
    receivers.fill(store, PEOPLE, now)
    rows = store.read(lambda conn: conn.execute(select(receiver)).all())
    able = [row for row in rows if row.stopped_at is None and row.reachable and row.often != "off"]
    assert 0 < len(able) < PEOPLE
    cards = {row.person_id: row.bits for row in store.read(lambda conn: conn.execute(select(group_card)).all())}
    signed = {row.person_id: row for row in store.read(lambda conn: conn.execute(select(sign_up)).all())}
    for means in (*receivers.SEGMENTS, *MORE):
        wanted = [row for row in able if fits(means, row, (cards, signed), now)]
        counts = store.read(partial(segments.count, means=means, now=now))
        assert counts.total == len(wanted) > 0
        assert counts.of_channel() == {one: sum(row.channel == one for row in wanted) for one in counts.of_channel()}
        assert sum(counts.of_language().values()) == counts.total
        found = store.read(partial(Connection.execute, statement=segments.audience(means, now))).all()
        assert sorted(found) == sorted((row.person_id, row.contact_id) for row in wanted)
    assert receivers.preview_p95(store, now, 2) < 300


def test_a_count_walks_through_one_index_alone(store: Store, now: datetime) -> None:
    receivers.fill(store, PEOPLE, now)
    if store.read(lambda conn: conn.dialect.name) != "sqlite":
        return  # PostgreSQL reads the narrow table as it lies, in parallel
    statement = (
        "EXPLAIN QUERY PLAN SELECT channel, language, count(*) FROM receiver"
        " WHERE active = 1 AND (topics & 3) <> 0 GROUP BY channel, language"
    )
    steps = store.read(lambda conn: [row[3] for row in conn.exec_driver_sql(statement)])
    assert len(steps) == 1  # the index has them in order: nothing is sorted
    assert "ix_receiver_active (active=?)" in steps[0]


def test_groups_and_taking_part_are_found_through_indexes_of_their_own(store: Store, now: datetime) -> None:
    receivers.fill(store, PEOPLE, now)
    wanted: dict[Segment, str] = {
        Took(Did.SIGNED, "any", 30): "ix_sign_up_signed",
        Took(Did.CAME, "course", 30): "ix_sign_up_came",
        Has(Asked.FORM, ("npo",)): "ix_group_card_bits",
    }

    def plans(conn: Connection) -> dict[str, str]:
        found = {}
        for means, index in wanted.items():
            with overheard(conn) as said:
                segments.count(conn, means, now)
            found[index] = "\n".join(plan_of(conn, *said[0]))
        return found

    lite = store.read(lambda conn: conn.dialect.name) == "sqlite"
    for index, plan in store.read(plans).items():
        assert not lite or index in plan
        assert not lite or "SCAN receiver" not in plan
        # PostgreSQL may read a small table as it lies; what it must never do is ask anew for each person.
        assert "SubPlan" not in plan or "hashed SubPlan" in plan


def test_nobody_is_meant_in_their_quiet_hours(store: Store, now: datetime) -> None:
    receivers.fill(store, 50, now)
    hours = {(21, 8): (1, 10), (9, 17): (11, 20), (0, 0): (21, 30), (8, 8): (31, 40)}
    for (begins, ends), (first, last) in hours.items():
        theirs = receiver.update().where(receiver.c.person_id.between(first, last))
        change = theirs.values(quiet_from=begins, quiet_to=ends)
        do(store, partial(Connection.execute, statement=change))

    def meant(hour: int) -> set[int]:
        return {row.person_id for row in store.read(lambda c: c.execute(segments.audience(All(), now, hour)).all())}

    able = {row.person_id for row in store.read(lambda c: c.execute(segments.audience(All(), now)).all())}
    night, day, never, same = (able & set(range(first, last + 1)) for first, last in hours.values())
    assert all((night, day, never, same))
    for hour in range(24):
        quiet = (night if hour >= 21 or hour < 8 else set()) | (day if 9 <= hour < 17 else set())
        assert meant(hour) & (night | day | never | same) == (night | day | never | same) - quiet


def test_versions_are_kept_and_whoever_comes_second_is_told(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    means = Has(Asked.TOPIC, ("events",))
    first = do(store, lambda c: segments.add(c, segments.New(staff_id, "催し\x00", means, 3), now))
    (saved,) = store.read(segments.everything)
    assert (saved.number, saved.name, saved.means, saved.counted) == (first, "催し", means, 3)
    newer = segments.New(staff_id, "全員", All(), 9, first, saved.id)
    assert do(store, lambda c: segments.add(c, newer, now)) == first
    assert do(store, lambda c: segments.add(c, newer, now)) is None
    (now_it_is,) = store.read(segments.everything)
    assert now_it_is.means == All()
    before = store.read(lambda c: segments.version(c, saved.id))
    assert before == saved
    assert store.read(lambda c: segments.named(c, saved.id))["topic"] == {"events"}
    assert store.read(lambda c: segments.named(c, 99)) == {}
    away = segments.New(staff_id, "全員", All(), 9, first, now_it_is.id, gone=True)
    do(store, lambda c: segments.add(c, away, now))
    assert store.read(segments.everything) == []
    assert store.read(lambda c: segments.find(c, first or 0)) is None


def test_B01_a_kept_segment_whose_codes_are_gone_means_nobody(store: Store, now: datetime) -> None:
    staff_id = member(store, now)
    number = do(store, lambda c: segments.add(c, segments.New(staff_id, "x", All(), 1), now))
    old = to_json(Has(Asked.TOPIC, ("gold",)))
    do(store, lambda c: c.execute(segment.update().values(body=old)))
    found = store.read(lambda c: segments.find(c, number or 0))
    assert found is not None
    assert found.means is Refusal.UNKNOWN
    assert store.read(lambda c: segments.named(c, found.id)) == {}
