"""Grants in the chat: found, matched to what a group says of itself, made use of, reminded of, and left alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.laddering import changed
from bot.notices import Pen
from bot.reminding import Reminding
from bot.tellers import TELLERS
from dialogs.heard import Tapped
from dialogs.saying import Message
from dialogs.wishes import Often, Wishes
from knowledge.grants import Card
from knowledge.segment import And, Asked, Has, Not, Segment
from storage import Store, grant_people, grants, people, receivers, reminders, segments
from storage.grants import Change, Grant
from storage.receive_tables import receiver
from storage.reminders import Kind, State
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import text_of
from tests.grants import content, member_of, put, there

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def today(centre: Centre) -> date:
    return centre.mind.local(centre.now).date()


def call(centre: Centre, days: int, **other: Any) -> Grant:
    """A call that everybody may see, which ends in so many days."""
    what = content(today(centre) + timedelta(days=days), **other)
    return write(centre, lambda conn: put(conn, what, centre.mind.local(centre.now)))


def tell_group(centre: Centre, who: str, consent: str = "同意する") -> list[Message]:
    """Through the form: a group without legal form, in the ward, for children, since 2024, of 20万円."""
    centre.say(who, Tapped("f:grant_group"))
    for words in ("任意団体", "区全域", "子ども", "2024", "20万円"):
        said = centre.say(who, words)
    said = centre.say(who, consent)
    sends = [button.tap for message in said for button in message.buttons if button.tap.startswith("s:")]
    return centre.say(who, Tapped(sends[-1])) if sends else said


async def test_a_group_sees_why_a_call_fits_and_which_rule_fails(centre: Centre) -> None:
    centre.begin("U1")
    call(centre, 40, name="合う", forms=["voluntary", "npo"], fields=["children"], ceiling=100_000, rate=75)
    call(centre, 20, name="NPOだけ", forms=["npo"], years_from=5, budget_to=100_000, delivery="postmark")
    call(centre, -1, name="終わった")
    first = centre.say("U1", "助成金をさがす")
    assert [one.text.split("\n")[0] for one in first] == ["■ NPOだけ", "■ 合う", first[-1].text]
    assert "合わない" not in first[0].text
    assert "消印有効" in first[0].text
    assert tell_group(centre, "U1")[-1].text == "団体のことを残しました。"
    fits, fails, tail = centre.say("U1", Tapped("m:grants"))
    assert "○ 聞いている条件には合っています。" in fits.text
    assert "上限:100,000円\n費用の75%まで出ます" in fits.text
    assert fails.text.split("\n")[-3:] == [
        "× 合わない条件:団体の種類はNPO法人",
        "× 合わない条件:活動を始めて5年以上",
        "× 合わない条件:1年の予算が100,000円以下",
    ]
    assert "団体のことを消す" in [button.label for button in tail.buttons]


async def test_what_a_group_says_is_kept_only_with_consent_told_and_erased(centre: Centre) -> None:
    centre.begin("U1")
    of = call(centre, 40)
    assert "残しません" in tell_group(centre, "U1", "同意しない")[-1].text
    assert card(centre) is None
    tell_group(centre, "U1")
    centre.say("U1", Tapped(f"g:use:{of.id}"))
    [mine] = centre.say("U1", "何を持っていますか")
    assert "教えていただいた、団体のこと" in mine.text
    assert "使ってみる助成:1件" in mine.text
    assert card(centre) is not None
    centre.say("U1", Tapped("g:drop"))
    assert card(centre) is None
    tell_group(centre, "U1")
    person = centre.person_of("U1")
    centre.say("U1", "消して")
    centre.say("U1", Tapped("m:forget_sure"))
    later = centre.now + timedelta(days=90)
    assert centre.store.read(lambda conn: grant_people.mine(conn, person)) == {}
    assert centre.store.read(lambda conn: reminders.due(conn, later)) == []


def card(centre: Centre) -> Card | None:
    person = centre.person_of("U1")
    loaded = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person]
    return centre.store.read(lambda conn: grant_people.card(conn, centre.store.vault, person, loaded.key))


async def test_announcements_are_chosen_by_a_group_only_if_that_was_agreed_to(centre: Centre) -> None:
    ours, others = Has(Asked.FORM, ("voluntary",)), Has(Asked.FORM, ("npo", "unset"))
    centre.begin("U1")
    person = centre.person_of("U1")
    said = receivers.Said(person, 0, "ja", Wishes(topics=("events",), often=Often.AT_ONCE))
    write(centre, lambda conn: receivers.keep(conn, said, centre.now))
    write(centre, lambda conn: conn.execute(update(receiver).values(reachable=True, channel="line")))

    def many(means: Segment) -> int:
        return centre.store.read(lambda conn: segments.count(conn, means, centre.now)).total

    assert (many(ours), many(others)) == (0, 1)
    tell_group(centre, "U1", "同意しない")
    assert (many(ours), many(others)) == (0, 1)
    assert "お知らせ選び" in "".join(one.text for one in tell_group(centre, "U1", "?"))
    tell_group(centre, "U1")
    assert (many(ours), many(others)) == (1, 0)
    assert many(And((Has(Asked.BASE, ("ward",)), Has(Asked.FIELD, ("children", "nature"))))) == 1
    assert many(Not(Has(Asked.BASE, ("ward",)))) == many(Has(Asked.FIELD, ("nature",))) == 0
    vault, told = centre.store.vault, card(centre)
    assert told is not None
    whose = (person, centre.store.read(lambda conn: people.load(conn, vault, [person]))[person].key)
    before = (told, "2026-11")  # agreed to when announcements were not named
    write(centre, lambda conn: grant_people.keep_card(conn, vault, whose, before, centre.now))
    assert (many(ours), many(others)) == (0, 1)
    tell_group(centre, "U1")
    assert many(ours) == 1
    centre.say("U1", Tapped("g:drop"))
    assert (many(ours), many(others)) == (0, 1)


async def climb(centre: Centre, days: int) -> list[str]:
    """So many days, looked at once an hour; what was said, with its day."""
    said = []
    work = Reminding(centre.store, centre.mind, TELLERS, lambda: centre.now)
    first = centre.now.replace(minute=1)
    for hour in range(0, days * 24, 1):
        centre.now = first + timedelta(hours=hour)
        if centre.mind.local(centre.now).hour == 10:
            await work.look()
            said += [f"{today(centre)} {text.splitlines()[0]}" for text in text_of(centre.carried())]
    return said


async def test_the_ladder_has_three_rungs_each_once_by_day(centre: Centre) -> None:
    centre.begin("U1")
    of = call(centre, 40)
    said = centre.say("U1", Tapped(f"g:use:{of.id}"))
    assert "次の日に" in said[0].text
    centre.say("U1", Tapped(f"g:use:{of.id}"))
    centre.carried()
    last = of.content.closes
    assert await climb(centre, 45) == [
        f"{last - timedelta(days=left)} 「はじめて助成」の締切まで、あと{left}日です。" for left in (30, 14, 3)
    ]


@pytest.mark.parametrize(("tap", "word"), [("applied", "申し込まれた"), ("not", "わかりました")])
async def test_the_ladder_stops_when_they_say_so(centre: Centre, tap: str, word: str) -> None:
    who = f"U{tap}"
    centre.begin(who)
    of = call(centre, 20)
    centre.say(who, Tapped(f"g:use:{of.id}"))
    assert word in centre.say(who, Tapped(f"g:{tap}:{of.id}"))[0].text
    centre.carried()
    assert await climb(centre, 22) == []


async def test_reminders_move_and_end_with_their_call_and_the_change_is_told(centre: Centre) -> None:
    centre.begin("U1")
    of = call(centre, 20)
    centre.say("U1", Tapped(f"g:use:{of.id}"))
    centre.carried()
    later = of.content.model_copy(update={"closes": of.content.closes + timedelta(days=10)})

    def move(conn: Connection) -> Grant:
        writes, checks = member_of(conn, "writes", centre.now), member_of(conn, "checks", centre.now)
        assert grants.change(conn, Change(later, writes, of.id, of.version), centre.now)
        new = there(conn, of.id)
        assert new.content == of.content  # until somebody else has checked it
        assert not grants.check(conn, new, writes, today(centre), centre.now)
        assert grants.check(conn, new, checks, today(centre), centre.now)
        after = there(conn, of.id)
        assert changed(Pen(conn, centre.store.vault, centre.mind, centre.now), of, after) == 1
        return after

    after = write(centre, move)
    assert ["締切が変わりました" in text for text in text_of(centre.carried())] == [True]
    assert (await climb(centre, 17))[0].startswith(str(later.closes - timedelta(days=14)))

    def away(conn: Connection) -> None:
        assert grants.take_away(conn, after, member_of(conn, "writes", centre.now), centre.now)
        changed(Pen(conn, centre.store.vault, centre.mind, centre.now), after, there(conn, of.id))

    write(centre, away)
    assert ["一覧から外れました" in text for text in text_of(centre.carried())] == [True]
    assert await climb(centre, 15) == []
    assert centre.say("U1", Tapped(f"g:show:{of.id}"))[0].text == "この助成は、いまは申し込めません。"


async def test_what_nobody_checked_for_180_days_is_marked_and_a_person_decides(centre: Centre) -> None:
    centre.begin("U1")
    of = call(centre, 200)
    centre.now += timedelta(days=181)
    [shown, _] = centre.say("U1", "助成金をさがす")
    assert "しばらく確かめていません" in shown.text
    centre.say("U1", Tapped(f"g:use:{of.id}"))
    centre.carried()
    assert await climb(centre, 20) == []
    late = centre.store.read(lambda conn: reminders.late(conn, (Kind.GRANT,)))
    assert [(one.offset, one.state) for one in late] == [("d-14@10", State.LATE), ("d-3@10", State.LATE)]


async def test_a_rung_that_is_late_waits_for_a_person(centre: Centre) -> None:
    centre.begin("U1")
    of = call(centre, 20)
    centre.say("U1", Tapped(f"g:use:{of.id}"))
    centre.carried()
    centre.now += timedelta(days=8)
    await Reminding(centre.store, centre.mind, TELLERS, lambda: centre.now).look()
    assert centre.carried() == []
    assert len(centre.store.read(lambda conn: reminders.late(conn, (Kind.GRANT,)))) == 1
    assert centre.store.read(lambda conn: reminders.late(conn, (Kind.EVENT,))) == []


@pytest.mark.parametrize(("flow", "answers"), [("read", ["対象", "これで次へ"]), ("write", ["計画はある"])])
async def test_help_leads_through_questions_to_a_case(centre: Centre, flow: str, answers: list[str]) -> None:
    who = f"U{flow}"
    centre.begin(who)
    of = call(centre, 20)
    said = centre.say(who, Tapped(f"g:{flow}:{of.id}"))
    assert len(said) == 2
    assert "どの助成" not in said[-1].text


@pytest.mark.parametrize("language", ["ja-easy", "en", "zh", "ko"])
async def test_every_language_finds_uses_and_ends(centre: Centre, language: str) -> None:
    centre.begin("U1")
    centre.say("U1", Tapped(f"l:{language}"))
    of = call(centre, 20, forms=["npo"], rate=50, ceiling=1_000_000)
    assert len(centre.say("U1", Tapped("m:grants"))) == 2
    assert "20" in centre.say("U1", Tapped(f"g:show:{of.id}"))[0].text
    assert centre.say("U1", Tapped(f"g:use:{of.id}"))[0].links == ()
    assert centre.say("U1", Tapped(f"g:applied:{of.id}"))[0].buttons
