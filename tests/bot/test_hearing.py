"""The ear: several listen at once and each person is answered once, in order; nothing makes it stop listening."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.bell import Bell
from bot.conversation import Helping, hear
from bot.hearing import Ear, suited
from bot.ingress import Ingress
from bot.mind import Mind
from bot.ports import Arrived
from dialogs.around import Card, Finding, Found
from dialogs.heard import Came, Heard, Tapped, Typed
from knowledge.search import Learnt
from storage import Store, inbox, people, tables, talk
from tests.bot.centre import Centre
from tests.each import each
from tests.ours import mind

pytestmark = pytest.mark.anyio
PEOPLE = 200
SAID: tuple[Heard, ...] = (
    Came(),
    Tapped("m:consent"),
    Tapped("f:consultation"),
    Tapped("a:1:standing:npo"),
    Tapped("a:1:trouble:money"),
)


@asynccontextmanager
async def listening(store: Store, now: datetime, mind_: Mind | None = None) -> AsyncIterator[asyncio.Event]:
    """An ear that listens; set the event to tell it that something came."""
    arrived = asyncio.Event()
    ear = asyncio.create_task(Ear(store, mind_ or mind(), Bell(), lambda: now).run(arrived, None))
    yield arrived
    assert not ear.done()
    ear.cancel()
    await asyncio.gather(ear, return_exceptions=True)


async def heard_out(store: Store) -> None:
    """Wait until nothing waits any more."""
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(store.read, inbox.depth))["inbox"]:  # noqa: ASYNC110 - it is another's database
            await asyncio.sleep(0.02)


def everything(now: datetime) -> list[Arrived]:
    """What the people of a busy morning did, each in their own order of time."""
    return [
        Arrived("line", f"{who}-{step}", f"U{who}", now + timedelta(seconds=step), heard, f"token {who} {step}")
        for who in range(PEOPLE)
        for step, heard in enumerate(SAID)
    ]


async def receive(stores: Sequence[Store], events: Sequence[Arrived], now: datetime) -> None:
    """Posts of ten events each, at both servers in turn."""
    doors = [Ingress(store, lambda: now) for store in stores]
    posts = [events[at : at + 10] for at in range(0, len(events), 10)]
    await asyncio.gather(*(doors[number % len(doors)].receive(post) for number, post in enumerate(posts)))


async def test_W10_two_ears_answer_each_of_two_hundred_people_once_and_in_order(
    store: Store, second: Store, now: datetime
) -> None:
    chance = random.Random(7)  # noqa: S311 - an order, not a secret
    events = everything(now)
    shuffled = chance.sample(events, len(events)) + chance.sample(events, len(events))
    await receive([store, second], shuffled, now)
    async with listening(store, now), listening(second, now):
        redelivered = chance.sample(events, len(events))
        await receive([second, store], redelivered, now)  # and once more while both are at work
        await heard_out(store)
    assert list(answers(store).values()) == [len(SAID)] * PEOPLE
    for person, lines in talks(store).items():
        assert lines == ["m:consent", "f:consultation", "a:1:standing:npo", "a:1:trouble:money"], person
    sessions = store.read(lambda conn: people.load(conn, store.vault, list(talks(store))))
    assert {tuple((one.session or {})["picked"]) for one in sessions.values()} == {("money",)}
    assert len(sessions) == PEOPLE


def answers(store: Store) -> Counter[int]:
    """How many parcels there are for each person."""
    return Counter(store.read(lambda conn: conn.execute(select(tables.outbox.c.person_id)).scalars().all()))


def talks(store: Store) -> dict[int, list[str]]:
    """What each person tapped, as it was kept."""
    of = store.read(lambda conn: list(conn.execute(select(tables.person.c.id)).scalars()))
    whole = {one: store.read(lambda conn, one=one: talk.of_person(conn, store.vault, one)) for one in of}  # type: ignore[misc]
    return {one: [line.body["tap"] for line in said if line.body and "tap" in line.body] for one, said in whole.items()}


class Trap:
    """A search with a mistake in it: what it finds for one word cannot be written down."""

    def __call__(
        self, heard: Heard, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> Found | None:
        """See Look."""
        if isinstance(heard, Typed) and heard.text == "わな":
            return Found(Finding.ANSWER, (Card("a", 2**80, "題", "答え", ""),))
        if isinstance(heard, Typed) and heard.text == "こわれる":
            raise TypeError("canary-words")
        return None


@pytest.mark.parametrize("word", ["わな", "こわれる"], ids=["cannot be written", "cannot be worked out"])
async def test_S20_one_message_that_breaks_costs_itself_and_neither_its_person_nor_others_are_left_in_silence(
    store: Store, now: datetime, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    centre.begin("U2")
    said = [("U1", "メニュー"), ("U1", word), ("U1", "使い方"), ("U2", "メニュー"), ("U2", "使い方")]
    before = answers(store)
    centre.receive(*[centre.event(who, Typed(text)) for who, text in said])
    async with listening(store, now, replace(mind(), look=Trap())):
        await heard_out(store)
    (dead,) = store.read(inbox.dead)
    assert dead.tries == 3
    heard = [
        line.body["text"]
        for line in centre.lines("U1")
        if line.body and line.way is talk.Way.IN and "text" in line.body
    ]
    assert heard == ["メニュー", "使い方"]
    grown = answers(store) - before
    assert grown[centre.person_of("U2")] == 2
    assert grown[centre.person_of("U1")] >= 2
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err


async def test_a_long_round_ends_early_and_the_next_goes_on_behind_it(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.receive(*(centre.event(f"U{number}", Came()) for number in range(5)))
    ids = sorted(centre.person_of(f"U{number}") for number in range(5))
    heard, after = [], 0
    for _ in range(5):
        helping = Helping(after=after, seconds=0)
        made = store.writer.submit(partial(lambda h, c: hear(c, store.vault, mind(), now, h), helping)).result()
        heard.append((made.heard, made.last))
        after = made.last
    assert heard == [(1, person_id) for person_id in ids]
    assert store.read(inbox.depth)["inbox"] == 0


async def test_a_round_whose_time_is_over_leaves_the_rest_of_one_persons_messages_in_order(
    store: Store, now: datetime
) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    centre.receive(*(centre.event("U1", Typed(words)) for words in ("メニュー", "使い方", "メニュー")))
    left = []
    for _ in range(3):
        made = store.writer.submit(lambda c: hear(c, store.vault, mind(), now, Helping(seconds=0))).result()
        left.append((made.heard, store.read(inbox.depth)["inbox"]))
    assert left == [(1, 2), (1, 1), (1, 0)]
    lines = [line.body or {} for line in centre.lines("U1") if line.way is talk.Way.IN]
    assert [line.get("text") for line in lines[-3:]] == ["メニュー", "使い方", "メニュー"]


@each(
    ("asked", "heard", "share", "next_one"),
    [
        (32, 32, 0.5, 64),  # half its time: twice as many
        (32, 32, 0.01, 64),  # never more than twice as many
        (32, 32, 2.0, 16),
        (32, 12, 1.5, 8),  # ended early
        (32, 3, 0.1, 32),  # nobody else waited: that says nothing
        (8, 8, 20.0, 8),
        (128, 128, 0.2, 128),
    ],
)
def test_a_round_is_for_as_many_people_as_fit_its_time(asked: int, heard: int, share: float, next_one: int) -> None:
    assert suited(asked, heard, share) == next_one


def test_an_hour_is_offered_until_the_minute_it_begins() -> None:
    known = mind()
    first = datetime.fromisoformat(known.shelves(datetime(2026, 11, 24, 0, 0, tzinfo=UTC))["consulting_hours"][0].key)
    begins = first.replace(tzinfo=known.zone).astimezone(UTC)

    def offered(moment: datetime) -> bool:
        return first.strftime("%Y-%m-%dT%H:%M") in {item.key for item in known.shelves(moment)["consulting_hours"]}

    assert offered(begins - timedelta(microseconds=1))
    assert not offered(begins)
    assert offered(begins - timedelta(seconds=1))  # also for who was heard a little later than another


async def test_an_ear_waits_for_its_database_and_goes_on(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.receive(centre.event("U1", Typed("こんにちは")))
    ear = Ear(store, mind(), Bell(), lambda: now)
    ended = asyncio.create_task(ear.run(asyncio.Event(), None))
    await heard_out(store)
    store.writer.close()  # from now on nothing can be written
    centre.now += timedelta(seconds=1)
    await asyncio.sleep(0.05)
    assert not ended.done()
    ended.cancel()
    await asyncio.gather(ended, return_exceptions=True)
    assert ended.cancelled()
