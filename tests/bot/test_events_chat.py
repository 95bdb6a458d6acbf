"""Events in the chat: asked for in words or by buttons, signed up for, given up, offered to whoever waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.happenings import WaitingLists
from dialogs.happening import Happening, Wanted, sought
from dialogs.heard import Tapped
from storage import Store, event_people, people, sign_ups
from storage.events import Event
from storage.sign_ups import State
from tests.bot.centre import Centre
from tests.bot.desk import case_of, write
from tests.bot.fair import at, content, find, publish, sign_up, text_of
from tests.each import each
from tests.stopwatch import quickest

pytestmark = pytest.mark.anyio
SHELF = [Happening("1", "会", where="浅草公会堂 台東区浅草 Asakusa")]


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


@each(
    ("text", "wanted"),
    [
        ("今週末のイベント", Wanted("weekend")),
        ("今週末", Wanted("weekend")),
        ("今週末は開いていますか", None),
        ("子ども向け", Wanted(targets=("children",))),
        ("浅草の近く", Wanted(near="浅草")),
        ("浅草の近くで今週末に子ども向けの無料のイベントはありますか", Wanted("weekend", ("children",), True, "浅草")),
        ("free events near Asakusa", Wanted(free=True, near="asakusa")),
        ("What's on this weekend?", Wanted("weekend")),
        ("这个周末有什么活动", Wanted("weekend")),
        ("이번 주말 행사", Wanted("weekend")),
        ("来月の講座を教えてください", Wanted("next_month")),
        ("イベントを開きたい", None),
        ("イベントの保険は", None),
        ("無料", None),
        ("会議室は無料ですか", None),
        ("講座の開き方", None),
    ],
)
def test_words_that_look_for_events_are_told_from_questions_about_holding_one(text: str, wanted: Wanted | None) -> None:
    assert sought(text, SHELF, None) == wanted


@each("word", ["なに", "何か", "の催しは", "什么", "か"])
def test_small_words_are_not_taken_out_in_a_million_ways(word: str) -> None:
    assert quickest(lambda: sought(f"x{(word * 30)[:57]}y", SHELF, None)) < 0.05


def test_words_narrow_what_was_looked_for_before() -> None:
    assert sought("無料", SHELF, Wanted("weekend")) == Wanted("weekend", free=True)


async def test_three_cards_with_ways_to_sign_up_to_the_calendar_and_to_the_map(centre: Centre) -> None:
    centre.begin("U1")
    extras: dict[str, Any] = {
        "access": "エレベーターがあります",
        "contact": "町会 03-0000-0000",
        "helps": ["sign", "childcare"],
    }
    for days in (2, 3, 4, 5):
        publish(centre, content(title=f"会{days}", free=days == 3, capacity=9, **extras), at(centre, days))
    *cards, tail = centre.say("U1", "イベント")
    assert [card.text.split("\n")[0] for card in cards] == ["■ 会2", "■ 会3", "■ 会4"]
    assert [link.label for link in cards[0].links] == ["カレンダーに入れる", "地図を見る"]
    assert "あと9人" in cards[0].text
    more = next(button.tap for button in tail.buttons if button.label == "つぎを見る")
    assert centre.say("U1", Tapped(more))[0].text.startswith("■ 会5")
    [free, _] = centre.say("U1", "無料")
    assert free.text.startswith("■ 会3")
    [details] = centre.say("U1", Tapped(free.buttons[1].tap))
    all_of_it = ("主催:中央町会", "エレベーターがあります", "町会 03-0000-0000", "手話があります", "子どもを預かります")
    assert [one for one in all_of_it if one not in details.text] == []


async def test_the_second_of_one_place_waits_and_is_offered_it_by_day_until_it_lapses(centre: Centre) -> None:
    for who in ("U1", "U2", "U3"):
        centre.begin(who)
    of = publish(centre, content(capacity=1), at(centre, 9))
    assert sign_up(centre, "U1", of)[0].text.startswith("申し込みました。")
    assert "2番目" not in sign_up(centre, "U2", of)[0].text
    assert "2番目" in sign_up(centre, "U3", of)[0].text
    centre.carried()
    centre.now = centre.mind.local(centre.now).replace(hour=23)
    [mine] = centre.say("U1", "申し込みを見る")
    assert centre.say("U1", Tapped(mine.buttons[0].tap))[0].text.endswith("申し込みを取り消しました。")
    assert [text for text in text_of(centre.carried()) if "空きが出ました" in text] == []  # not at night
    centre.now = (centre.now + timedelta(days=1)).replace(hour=8, minute=1)
    [offer] = [text for text in text_of(centre.carried()) if "空きが出ました" in text]
    assert "午前8時" in offer
    centre.now += timedelta(hours=24)
    assert await WaitingLists(centre.store, centre.mind, lambda: centre.now).look() == 1
    told = text_of(centre.carried())
    assert [text[:5] for text in told] == ["お返事の時", "空きが出ま"]
    [third] = [one for one in of_date(centre, of) if one.state is State.OFFERED]
    assert third.person_id == centre.person_of("U3")
    assert centre.say("U2", Tapped(f"h:take:{third.id}"))[0].text != ""  # somebody else's offer
    assert centre.say("U3", Tapped(f"h:take:{third.id}"))[0].text.startswith("申し込みました。")
    assert find(centre, of).dates[0].taken == 1


def of_date(centre: Centre, of: Event) -> list[sign_ups.SignUp]:
    return centre.store.read(lambda conn: sign_ups.of_date(conn, of.dates[0].id))


async def test_several_places_are_asked_for_at_once_and_a_second_time_changes_nothing(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(capacity=5), at(centre, 9))
    sign_up(centre, "U1", of, 3)
    told = sign_up(centre, "U1", of, 2)
    assert told[0].text == "もう申し込んでいます。"
    assert find(centre, of).dates[0].left == 2


async def test_a_sign_up_outlives_a_coordinators_claim_and_its_button_is_not_for_them(centre: Centre) -> None:
    case, sato = case_of(centre), centre.member("sato")
    of = publish(centre, content(capacity=5), at(centre, 9))
    sign_up(centre, "U1", of)
    await centre.desk.claim(case.id, sato)
    [one] = of_date(centre, of)
    assert centre.say("U1", Tapped(f"h:leave:{one.id}"))[-1].text.endswith("取り消しました。")
    assert find(centre, of).dates[0].taken == 0


@pytest.mark.parametrize("language", ["ja-easy", "en", "zh", "ko"])
async def test_every_language_signs_up_and_gives_up(centre: Centre, language: str) -> None:
    centre.begin("U1")
    centre.say("U1", Tapped(f"l:{language}"))
    of = publish(centre, content(capacity=1), at(centre, 9))
    centre.say("U1", Tapped("m:events"))
    centre.say("U1", Tapped(f"h:join:{of.dates[0].id}"))
    centre.say("U1", Tapped("a:1:people:1"))
    [told] = centre.say("U1", Tapped("s:1"))
    assert len(told.links) == 3
    assert centre.say("U1", Tapped(told.buttons[0].tap))[0].text
    assert find(centre, of).dates[0].taken == 0


async def test_who_is_forgotten_leaves_their_place_and_hears_nothing_more(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(capacity=5), at(centre, 9))
    sign_up(centre, "U1", of, 3)
    centre.say("U1", "消して")
    centre.say("U1", Tapped("m:forget_sure"))
    assert (find(centre, of).dates[0].taken, of_date(centre, of)) == (0, [])


async def test_channels_that_are_joined_share_their_sign_ups_and_part_with_their_own(centre: Centre) -> None:
    for who, channel in (("U1", "line"), ("7", "telegram")):
        centre.begin(who, channel)
    both, own = publish(centre, content(capacity=9), at(centre, 9)), publish(centre, content(), at(centre, 8))
    line, telegram = centre.person_of("U1"), centre.person_of("7", "telegram")
    sign_up(centre, "U1", both, 2)
    ways = {channel: contact(centre, who, channel) for who, channel in (("U1", "line"), ("7", "telegram"))}

    def job(conn: Connection) -> list[int]:
        sign_ups.ask(conn, both.dates[0].id, (telegram, ways["telegram"]), 3, centre.now)
        sign_ups.ask(conn, own.dates[0].id, (telegram, ways["telegram"]), 1, centre.now)
        event_people.come(conn, telegram, line)
        together = sign_ups.of_person(conn, line)
        event_people.go(conn, line, telegram, [ways["telegram"]])
        return [len(together), len(sign_ups.of_person(conn, line)), len(sign_ups.of_person(conn, telegram))]

    assert write(centre, job) == [2, 1, 1]
    assert find(centre, both).dates[0].taken == 2  # the keeper's sign-up stands


def contact(centre: Centre, who: str, channel: str) -> int:
    return centre.store.read(lambda conn: people.known(conn, centre.store.vault, [(channel, who)]))[channel, who].id


async def test_an_offer_waits_for_the_end_of_ones_quiet_hours_and_holds_no_answer_up(centre: Centre) -> None:
    for who in ("U1", "U2"):
        centre.begin(who)
    centre.say("U2", Tapped("w:topic:events"))
    centre.say("U2", Tapped("w:quiet:daytime"))
    of = publish(centre, content(capacity=1), at(centre, 9))
    sign_up(centre, "U1", of)
    sign_up(centre, "U2", of)
    centre.carried()
    centre.now = centre.mind.local(centre.now).replace(hour=18)
    [mine] = centre.say("U1", "申し込みを見る")
    centre.say("U1", Tapped(mine.buttons[0].tap))
    centre.say("U2", "こんにちは")
    evening = text_of(centre.carried())
    assert not [text for text in evening if "空きが出ました" in text]
    assert len(evening) > 1  # and the greeting was returned
    centre.now = (centre.now + timedelta(days=1)).replace(hour=9, minute=1)
    [offer] = [text for text in text_of(centre.carried()) if "空きが出ました" in text]
    assert "午前9時" in offer
