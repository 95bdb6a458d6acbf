"""What people want to receive, from their words to the row: stopping always wins, and the row follows the person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dialogs.heard import Came, Corrected, Left, Showed, Tapped, Thing, Typed
from dialogs.stopping import stops
from dialogs.wishes import Often, Quiet, Receiving
from dialogs.wishing import under_announcement
from knowledge.segment import All, And, Asked, Did, Has, Or, Took
from storage import Store, people, receivers, segments
from storage.receive_tables import receiver
from tests.bot.centre import Centre
from tests.bot.desk import case_of, in_the_form, write
from tests.bot.joiners import both, join, part
from tests.each import each
from tests.storage.house import member

pytestmark = pytest.mark.anyio
EVENTS, STOP = Tapped("w:topic:events"), Tapped("m:stop")
WORDS = (
    "お知らせを止める", "お知らせを全部止めてください!", "通知いらない", "配信停止", "メルマガはもう結構です",
    "もうお知らせ送らないで", "ニュースはもういりません", "通知を オフ にして", "迷惑です。お知らせをやめてください",
    "おしらせを止めて", "おしらせは いりません", "unsubscribe", "Please stop the notifications", "STOP ALL NEWS",
    "I don't want any more announcements", "turn off notifications", "no more news please",
    "I don’t want your newsletter",
    "不要再发通知了", "退订", "取消订阅", "停止所有通知", "알림 그만 보내 주세요", "알림을 꺼 주세요",
    "소식 안 받을래요", "알림 모두 중지",
)  # fmt: skip
OTHERS = (
    "お知らせを止めないで", "お知らせを止めたらどうなりますか", "お知らせがほしい", "やめる", "会議室を止める",
    "don't stop the news", "不要停止通知", "알림을 끄지 마세요", "近くの催し", "連絡はいりません",
    "配信の機材を借りたい", "",
    "自治会のお知らせを配るのを止めたいと言う人がいて、" + "話し合いが続いています。" * 6,
)  # fmt: skip
BEFORE = (
    "w:topic:events", "w:take:grants", "w:again:all", "w:area:ueno", "w:often:at_once", "w:quiet:never", "m:menu",
    "f:consultation", "m:person", "l:en", "m:cancel",
)  # fmt: skip
AFTER = ("m:receive", "w:page:area", "m:menu", "w:why:1", "m:why", "m:steps", "l:ko", "w:later:events")


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def wishes(centre: Centre, who: str = "U1", channel: str = "line") -> Receiving:
    """As they are kept."""
    of = centre.person_of(who, channel)
    return centre.store.read(lambda conn: receivers.read(conn, of))


def meant(centre: Centre) -> list[tuple[int, int | None]]:
    """Everybody to whom anything may be sent now."""
    rows = centre.store.read(lambda conn: conn.execute(segments.audience(All(), centre.now)).all())
    return [(row.person_id, row.contact_id) for row in rows]


@each("text", WORDS)
def test_these_words_stop_all_announcements(text: str) -> None:
    assert stops(text)


@each("text", OTHERS)
def test_these_words_do_not(text: str) -> None:
    assert not stops(text)


async def test_chosen_in_two_taps_and_kept_as_said(centre: Centre) -> None:
    centre.begin("U1")
    for tap in ("m:receive", "w:topic:events", "w:area:asakusa", "w:quiet:daytime", "w:often:monthly"):
        centre.say("U1", Tapped(tap))
    kept = wishes(centre).wishes
    assert (kept.topics, kept.areas, kept.quiet, kept.often) == (
        ("events",),
        ("asakusa",),
        Quiet.DAYTIME,
        Often.MONTHLY,
    )
    assert [of for of, _ in meant(centre)] == [centre.person_of("U1")]


async def test_every_word_that_stops_stops_wherever_one_is(centre: Centre) -> None:
    """Outside, in a form, under a picture, among words of danger, and before the greeting."""
    centre.begin("U1")
    for at, words in enumerate(WORDS[::5]):
        centre.say("U1", EVENTS if at == 0 else Tapped("w:again:all"))
        assert len(meant(centre)) == 1, words
        centre.say("U1", words)
        assert meant(centre) == [], words
    centre.say("U1", Tapped("w:again:all"))
    in_the_form(centre)
    centre.say("U1", "お知らせを止める")
    assert meant(centre) == []
    centre.say("U1", Tapped("w:again:all"))
    centre.say("U1", Showed(Thing.PICTURE, "ref", caption="お知らせはいりません"))
    assert meant(centre) == []
    centre.say("U1", Tapped("w:again:all"))
    centre.say("U1", "死にたい。お知らせも止めて")
    assert meant(centre) == []
    assert centre.say("U9", "配信停止")
    assert wishes(centre, "U9").wishes.stopped


async def test_stopping_works_while_a_coordinator_talks_and_settings_do_not_reach_them(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    centre.say("U1", Tapped("m:person"))
    await centre.desk.claim(case_of(centre, "U1").id, centre.member("sato"))
    for stop in (STOP, Typed("もうお知らせはいりません"), Tapped("w:topic:events")):
        centre.say("U1", Tapped("w:again:all"))
        assert len(meant(centre)) == 1
        centre.say("U1", stop)
        assert meant(centre) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(BEFORE), max_size=6),
    stop=st.sampled_from([STOP, *map(Typed, WORDS)]),
    after=st.lists(st.sampled_from(AFTER), max_size=4),
)
async def test_stop_always_wins_whatever_was_before_and_whatever_is_looked_at_after(
    centre: Centre, before: list[str], stop: Tapped | Typed, after: list[str]
) -> None:
    """All of it in one round, as it comes when somebody taps fast."""
    centre.begin("U1")
    for one in (*map(Tapped, before), stop, *map(Tapped, after)):
        centre.receive(centre.event("U1", one))
    while centre.hear().heard:
        pass
    assert meant(centre) == []
    assert wishes(centre).wishes.stopped


async def test_corrected_into_a_stop_is_a_stop(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    centre.receive(centre.event("U1", Typed("お知らせをとても楽しみにしています"), said="m900"))
    centre.hear()
    centre.receive(centre.event("U1", Corrected("お知らせを止めて", "m900")))
    centre.hear()
    assert meant(centre) == []


async def test_asked_at_most_once_a_month_and_never_who_said_something(centre: Centre) -> None:
    centre.begin("U1")

    def offered() -> bool:
        centre.say("U1", Tapped("q:events-finding"))
        return any("受け取りますか" in one.text for one in centre.say("U1", Tapped("v:events-finding:2:y")))

    asked = []
    for _ in range(10):
        asked.append(offered())
        centre.now += timedelta(days=8)
    assert asked == [True, False, False, False, True, False, False, False, True, False]
    centre.now += timedelta(days=40)
    centre.say("U1", STOP)
    assert not offered()


async def test_told_erased_and_withdrawn(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    assert "催し" in centre.say("U1", "何を持っていますか")[-1].text
    centre.say("U1", Tapped("m:refuse"))
    assert wishes(centre).wishes.topics == ()
    assert wishes(centre).wishes.stopped
    centre.say("U1", Tapped("m:consent"))
    centre.say("U1", EVENTS)
    assert len(meant(centre)) == 1
    centre.say("U1", Tapped("m:forget_sure"))
    assert centre.store.read(lambda conn: conn.execute(select(receiver)).all()) == []


async def test_language_and_reach_are_those_of_today(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    centre.say("U1", Tapped("l:zh"))
    assert centre.store.read(lambda conn: segments.count(conn, All(), centre.now)).by == {("line", "zh"): 1}
    centre.now += timedelta(minutes=1)
    centre.say("U1", Left())
    assert meant(centre) == []
    centre.now += timedelta(minutes=1)
    centre.say("U1", Came())
    assert len(meant(centre)) == 1


async def test_joined_channels_have_one_row_and_parted_each_has_its_own(centre: Centre) -> None:
    both(centre)
    centre.say("T1", EVENTS, "telegram")
    join(centre)
    keeper = centre.person_of("U1")
    ((of, at),) = meant(centre)
    assert of == keeper
    assert dict(wishes(centre).ways)[at or 0] == "telegram"
    line = next(of for of, channel in wishes(centre).ways if channel == "line")
    centre.say("U1", Tapped(f"w:way:{line}"))
    assert meant(centre) == [(keeper, line)]
    part(centre)
    ((of, at),) = meant(centre)
    assert of == centre.person_of("T1", "telegram")
    assert dict(wishes(centre, "T1", "telegram").ways) == {at: "telegram"}


async def test_what_is_stopped_together_stays_stopped_for_both(centre: Centre) -> None:
    both(centre)
    centre.say("U1", EVENTS)
    centre.say("T1", Tapped("w:topic:grants"), "telegram")
    assert len(meant(centre)) == 2
    join(centre)
    assert [of for of, _ in meant(centre)] == [centre.person_of("U1")]
    centre.say("T1", STOP, "telegram")
    assert meant(centre) == []
    part(centre)
    assert meant(centre) == []
    centre.say("T1", Tapped("w:again:all"), "telegram")
    assert wishes(centre, "T1", "telegram").wishes.topics == ("grants",)
    assert [of for of, _ in meant(centre)] == [centre.person_of("T1", "telegram")]


async def test_a_stop_from_before_stops_the_joined_person(centre: Centre) -> None:
    both(centre)
    centre.say("U1", EVENTS)
    centre.say("T1", STOP, "telegram")
    join(centre)
    assert meant(centre) == []


async def test_under_every_announcement_stands_why_it_came_and_how_to_stop(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    why, stop = under_announcement(centre.mind.house.library["ja"], 3)
    assert "催し" in centre.say("U1", Tapped(why.tap))[-1].text
    centre.say("U1", Tapped(stop.tap))
    assert meant(centre) == []


async def test_why_it_came_names_what_else_people_were_chosen_by(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", EVENTS)
    by = member(centre.store, centre.now, "segments")
    topic = Has(Asked.TOPIC, ("events",))
    for means, also in (
        (topic, False),
        (And((topic, Took(Did.CAME, "any", 90))), True),
        (Or((Has(Asked.FORM, ("npo",)), topic)), True),
        (Has(Asked.FIELD, ("children",)), True),
    ):
        new = segments.New(by, "だれか", means, 1)
        number = write(centre, lambda conn, new=new: segments.add(conn, new, centre.now))  # type: ignore[misc]
        why, _ = under_announcement(centre.mind.house.library["ja"], number or 0)
        said = centre.say("U1", Tapped(why.tap))[-1].text
        assert ("催しへの参加も見て" in said) == also, means
        assert "ので、届きました。" in said


async def test_somebody_elses_channel_is_never_taken(centre: Centre) -> None:
    centre.begin("U1")
    centre.begin("U2")
    centre.say("U1", EVENTS)
    theirs = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [centre.person_of("U2")]))
    (contact,) = theirs[centre.person_of("U2")].contacts
    before = meant(centre)
    centre.say("U1", Tapped(f"w:way:{contact.id}"))
    assert meant(centre) == before
