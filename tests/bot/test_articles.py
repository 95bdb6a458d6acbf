"""What the centre writes is answered with a moment later, in every process, and never instead of everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from bot.articles import Stock, needed, stock_of
from bot.cli.doctor import written
from bot.living import Living, Restocking
from bot.trial import changes, kept, known_questions, with_draft
from dialogs.around import Finding
from dialogs.heard import Typed
from knowledge.decision import Kind
from knowledge.edited import EDITED_FROM, Edited, made, mark, opened
from storage import Store, articles
from storage.articles import New, State, Version
from tests.clock import Clock
from tests.knowledge.crows import CROWS
from tests.ours import ARTICLES, BY_ID, DAY
from tests.storage.house import do, member

FEW = tuple(one for one in ARTICLES if one.topic in {"T38", "T39"})[-6:]
PRINTING = BY_ID["printing"]
ASKED = "木にカラスの巣があります"
HOUR = timedelta(hours=1)


def living() -> Living:
    """A shelf of few articles, soon made anew."""
    return Living(FEW, DAY, holes=lambda: {"phone": "03-0000-0000"})


def version(number: int, state: State, name: str = "own-1", shipped: str = "") -> Version:
    """A version without words."""
    return Version(number, name, datetime(2026, 11, 22).astimezone(), "Sato", "", state, None, None, shipped, ())


def stock(*written_: tuple[Version, Edited | str], values: dict[str, str] | None = None, at: datetime) -> Stock:
    """What there is with these versions."""
    bodies = {one.id: body if isinstance(body, str) else body.model_dump_json() for one, body in written_}
    return stock_of(FEW, [one for one, _ in written_], bodies, at, values or {})


def test_an_answer_of_our_own_stands_beside_the_shipped_and_an_edited_one_in_its_place(now: datetime) -> None:
    ours = opened(PRINTING).model_copy(update={"next_step": ""})
    found = stock(
        (version(1, State.PUBLIC), CROWS),
        (version(2, State.PUBLIC, "printing", mark(PRINTING)), ours),
        at=now,
    )
    by_id = {one.id: one for one in found.out}
    assert set(by_id) == {one.id for one in FEW} | {"own-1"}
    assert (by_id["printing"].version, by_id["printing"].next_step) == (EDITED_FROM + 2, None)
    assert (found.renewed, found.left, found.revision) == ((), (), 2)
    assert found.tests == ((CROWS.tests[0], "own-1"),)


@pytest.mark.parametrize("state", [State.AWAY, State.INTERNAL])
def test_what_is_taken_down_or_for_ourselves_no_resident_reads_also_when_it_is_shipped(
    state: State, now: datetime
) -> None:
    found = stock((version(2, state, "printing", mark(PRINTING)), opened(PRINTING)), at=now)
    assert "printing" not in {one.id for one in found.out}
    assert [one.id for one in found.internal] == ["printing"] * (state is State.INTERNAL)


def test_what_is_for_ourselves_stays_so_when_a_hole_of_it_is_not_set_any_more(now: datetime) -> None:
    body = opened(PRINTING).model_dump_json().replace("印刷", "{phone}", 1)
    kept = (version(2, State.INTERNAL, "printing", mark(PRINTING)), body)
    found = stock(kept, at=now)
    assert [one.name for one in found.left] == ["printing"]
    assert "printing" not in {one.id for one in found.out}


BROKEN = ["", "{", '{"colour": 1}', Edited().model_dump_json(), CROWS.model_dump_json().replace("区の係", "{mail}")]


@pytest.mark.parametrize("body", BROKEN, ids=["nothing", "cut", "strange", "empty", "unset hole"])
def test_one_broken_answer_is_left_out_and_named_and_what_is_shipped_stays(body: str, now: datetime) -> None:
    found = stock((version(1, State.PUBLIC), CROWS), (version(2, State.PUBLIC, "printing"), body), at=now)
    assert [one.name for one in found.left] == ["printing"]
    assert "区の係" not in found.left[0].why
    assert PRINTING in found.out
    assert "own-1" in {one.id for one in found.out}


def test_C32_an_article_that_a_release_changed_meanwhile_is_named_and_the_centres_words_stay(now: datetime) -> None:
    before = mark(replace(PRINTING, version=1))
    found = stock((version(2, State.PUBLIC, "printing", before), opened(PRINTING)), at=now)
    assert found.renewed == ("printing",)
    assert {one.id: one.version for one in found.out}["printing"] == EDITED_FROM + 2


def publish(store: Store, staff_id: int, now: datetime, edited: Edited = CROWS, **more: Any) -> Version:
    """Another version, for residents."""
    new = New(staff_id, "", 0, State.PUBLIC, edited.model_dump_json())
    made_ = do(store, lambda conn: articles.add(conn, replace(new, **more), now))
    assert made_ is not None
    return made_


def heard(look: Living) -> Finding:
    """What a resident's question gets."""
    found = look(Typed(ASKED), "ja", date(2026, 11, 23))
    assert found is not None
    return found.kind


@pytest.mark.anyio
async def test_each_of_two_servers_answers_with_what_was_published_within_seconds_and_takes_it_down_as_fast(
    store: Store, second: Store, now: datetime
) -> None:
    clock, (one, other) = Clock(now), (living(), living())
    staff_id = member(store, now)
    both = [Restocking(store, one, clock), Restocking(second, other, clock)]
    tasks = [asyncio.create_task(each.run()) for each in both]
    try:
        assert heard(one) is not Finding.ANSWER
        begun = monotonic()
        own = await asyncio.to_thread(publish, store, staff_id, now)
        await until(lambda: heard(one) is heard(other) is Finding.ANSWER)
        down = New(staff_id, own.name, None, State.AWAY, CROWS.model_dump_json())
        await asyncio.to_thread(do, store, lambda conn: articles.add(conn, down, now))
        await until(lambda: Finding.ANSWER not in (heard(one), heard(other)))
        assert monotonic() - begun < 10
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    for _ in range(200):
        if what():
            return
        await asyncio.sleep(0.04)
    raise AssertionError("it never came to be so")


def test_what_was_published_for_tomorrow_begins_and_ends_by_itself(store: Store, now: datetime) -> None:
    clock, look = Clock(now), living()
    restocking = Restocking(store, look, clock)
    publish(store, member(store, now), now, start_at=now + HOUR, end_at=now + 3 * HOUR)
    got = []
    for _ in range(4):
        restocking.now()
        got.append(heard(look) is Finding.ANSWER)
        clock.on(hours=1)
    assert got == [False, True, True, False]


def test_a_start_without_the_database_has_the_shipped_answers_and_the_written_ones_when_it_is_back(
    store: Store, now: datetime
) -> None:
    publish(store, member(store, now), now)
    look = living()
    restocking = Restocking(store, look, Clock(now))
    do(store, lambda conn: conn.execute(text("ALTER TABLE article_version RENAME TO gone")))
    restocking.begin()
    assert look.stock.out == FEW
    do(store, lambda conn: conn.execute(text("ALTER TABLE gone RENAME TO article_version")))
    restocking.now()
    assert heard(look) is Finding.ANSWER


def test_the_doctor_names_what_is_left_out_what_was_renewed_and_how_the_test_set_fares(
    store: Store, now: datetime
) -> None:
    assert list(written(store, living(), now)) == []
    staff_id = member(store, now)
    publish(store, staff_id, now)
    publish(store, staff_id, now, name="printing", after=None, body=opened(PRINTING).model_dump_json(), shipped="old")
    publish(store, staff_id, now, name="room-rules", after=None, body="{")
    said = {one.said: one.well for one in written(store, living(), now)}
    assert [well for words, well in said.items() if "room-rules(JSON)" in words] == [False]
    assert [well for words, well in said.items() if "元の文が変わった答え:printing" in words] == [False]
    assert [well for words, well in said.items() if "確かめる質問1件のうち、1件が正しい" in words] == [True]


def test_a_draft_shows_which_known_questions_it_would_take_from_others() -> None:
    look = living()
    before = look.stock
    thief = CROWS.model_copy(
        update={
            "text": {
                "ja": CROWS.of("ja").model_copy(update={"asks": (PRINTING.words["ja"].question, "a b", "c d")}),
            }
        }
    )
    draft = made(thief, "own-1", EDITED_FROM, {})
    after = look.with_(with_draft(before, draft), DAY)
    questions = known_questions(before, [ASKED])
    assert len(questions) == len(FEW) + 1
    changed = {one.question: one for one in changes(look.shelf, after, questions, DAY)}
    lost = changed[PRINTING.words["ja"].question]
    assert (lost.kind_before, lost.before) == (Kind.ANSWER, (PRINTING.words["ja"].title,))
    assert lost.after != lost.before
    assert len(changed) < 4
    told = kept(after, [(PRINTING.words["ja"].question, "printing"), ("カラスの巣を見つけたら？", "own-1")], DAY)
    assert (told.asked, told.right) == (2, 2) or told.wrong


def test_only_what_is_in_force_is_read(now: datetime) -> None:
    versions = [version(1, State.PUBLIC), version(2, State.DRAFT), version(3, State.AWAY, "printing")]
    assert needed(versions, now) == [1]
