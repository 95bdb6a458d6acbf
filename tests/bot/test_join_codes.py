"""The code that joins two channels: single use, a quarter of an hour, seldom tried, and of no use to anybody else."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.conversation import hear
from dialogs.codes import SIGNS, read_code
from dialogs.heard import Tapped, Typed
from storage import Store, join_codes, talk
from storage.join_tables import join_code
from tests.bot.centre import Centre
from tests.bot.desk import case_of, in_the_form, session_of, write
from tests.bot.joiners import both, code, join, one, part, texts
from tests.ours import mind

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("K7M4-QH2X", "K7M4QH2X"),
        ("k7m4qh2x", "K7M4QH2X"),
        (" K7M4 QH2X ", "K7M4QH2X"),
        ("K7M4ーQH2X", "K7M4QH2X"),
        ("K7M4-QH2", None),
        ("K7M-4QH2", None),
        ("20261124", None),
        ("MEETMEAT", None),
        ("K7M4-QH2O", None),
        ("K7M4-QH2X です", None),
        ("K" * 5000, None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_code(typed) == read


async def test_N05_a_code_works_once_and_takes_the_place_of_the_one_before(centre: Centre) -> None:
    both(centre)
    old, new = code(centre), code(centre)
    centre.begin("T2", "telegram")
    assert "使えません" in centre.say("T1", old, "telegram")[-1].text
    assert "つなぎます" in centre.say("T1", new, "telegram")[-1].text
    assert "使えません" in centre.say("T2", new, "telegram")[-1].text
    assert "つなぎませんでした" in centre.say("T1", "いいえ", "telegram")[-2].text
    assert not one(centre)


@pytest.mark.parametrize("minutes", [(16, 0), (10, 6)], ids=["before it is typed", "before the yes"])
async def test_N05_a_code_dies_after_a_quarter_of_an_hour(centre: Centre, minutes: tuple[int, int]) -> None:
    both(centre)
    typed = code(centre)
    centre.now += timedelta(minutes=minutes[0])
    centre.say("T1", typed, "telegram")
    centre.now += timedelta(minutes=minutes[1])
    centre.say("T1", Tapped("m:join_sure"), "telegram")
    assert "時間が過ぎました" in texts(centre, "T1", "telegram")[-1]
    assert not one(centre)


async def test_N05_on_its_own_side_a_code_is_told_to_belong_elsewhere(centre: Centre) -> None:
    both(centre)
    typed = code(centre)
    assert "別の窓口で" in centre.say("U1", typed)[-1].text
    assert "つなぎます" in centre.say("T1", typed, "telegram")[-1].text


async def test_N05_guessing_is_stopped_by_person_and_altogether(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join_codes, "MOST_OF_ALL", 20)
    both(centre)
    typed = code(centre)
    for guess in range(5):
        assert "使えません" in centre.say("T1", f"AAAA-AAA{guess + 2}", "telegram")[-1].text
    assert "何度も続いた" in centre.say("T1", typed, "telegram")[-1].text
    centre.now += timedelta(minutes=15)
    typed = code(centre)
    assert "つなぎます" in centre.say("T1", typed, "telegram")[-1].text

    def guess_much(conn: object) -> list[str]:
        return [
            join_codes.take(conn, "AAAAAAA2", 10_000 + number, centre.now).value  # type: ignore[arg-type]
            for number in range(join_codes.MOST_OF_ALL + 1)
        ]

    assert set(write(centre, guess_much)) == {"wrong", "too_many"}
    typed = code(centre)
    assert "何度も続いた" in centre.say("T1", typed, "telegram")[-1].text


async def test_N05_a_wrong_code_in_a_form_may_be_an_answer(centre: Centre) -> None:
    in_the_form(centre)
    assert "使えません" not in "".join(one.text for one in centre.say("U1", "AB12-34CD".replace("1", "3")))
    assert session_of(centre)["flow"] == "consultation"


async def test_N05_nothing_is_joined_before_consent(centre: Centre) -> None:
    centre.begin("U1")
    typed = code(centre)
    centre.say("T1", typed, "telegram")
    centre.say("T1", Tapped("m:consent"), "telegram")
    assert not one(centre)
    centre.say("T1", "はい", "telegram")
    assert one(centre)
    centre.say("U9", "こんにちは")
    assert "同意" in centre.say("U9", Tapped("m:join"))[-1].text


async def test_N05_the_code_is_kept_nowhere_a_coordinator_or_a_thief_could_read_it(centre: Centre) -> None:
    case = case_of(centre)
    typed = code(centre)
    kept = centre.store.read(lambda conn: conn.execute(join_code.select()).all())
    assert typed.replace("-", "").encode() not in b"".join(bytes(row.code_hash) for row in kept)
    lines = centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, case.id))
    assert typed not in repr(lines)


async def test_N05_join_and_part_work_while_a_coordinator_holds_the_case(centre: Centre) -> None:
    case = case_of(centre, "T1", "telegram")
    await centre.desk.claim(case.id, centre.member("sato"))
    centre.begin("U1")
    join(centre)
    assert centre.say("T1", "はい", "telegram") == [], "a yes is for the coordinator"
    part(centre, "T1", "telegram")


async def test_N05_nobody_separates_what_was_never_joined(centre: Centre) -> None:
    both(centre)
    assert "つないでいる窓口はありません" in centre.say("U1", "別々にする")[-1].text
    assert "つないでいる窓口はありません" in centre.say("U1", Tapped("m:part_sure"))[-1].text
    assert "時間が過ぎました" in centre.say("U1", Tapped("m:join_sure"))[-1].text


async def test_N05_of_two_who_type_one_code_at_once_one_gets_it(centre: Centre, second: Store) -> None:
    both(centre)
    centre.begin("T2", "telegram")
    who = {"T1": centre.person_of("T1", "telegram"), "T2": centre.person_of("T2", "telegram")}
    signs = code(centre).replace("-", "")
    tries = [
        asyncio.wrap_future(
            store.writer.submit(lambda conn, n=number: join_codes.take(conn, signs, n, centre.now))  # type: ignore[misc]
        )
        for store, number in zip((centre.store, second), who.values(), strict=True)
    ]
    assert sorted(await asyncio.gather(*tries)) == ["fits", "wrong"]


async def test_N05_two_who_join_each_other_at_once_become_one(centre: Centre, second: Store) -> None:
    """Each typed the other's code, and both say yes at the same moment on two servers: no knot, nobody lost."""
    both(centre)
    from_line, from_telegram = code(centre), code(centre, "T1", "telegram")
    centre.say("T1", from_line, "telegram")
    centre.say("U1", from_telegram)
    yes = Tapped("m:join_sure")
    centre.receive(centre.event("U1", yes), centre.event("T1", yes, "telegram"))
    for _ in range(2):
        rounds = [
            asyncio.wrap_future(store.writer.submit(lambda conn, s=store: hear(conn, s.vault, mind(), centre.now)))  # type: ignore[misc]
            for store in (centre.store, second)
        ]
        await asyncio.gather(*rounds)
    assert one(centre)
    part(centre)
    assert centre.say("U1", Typed("メニュー"))
    assert centre.say("T1", Typed("メニュー"), "telegram")


def test_codes_hold_nothing_that_sounds_or_looks_like_another_sign() -> None:
    assert not set("01OIL") & set(SIGNS)
