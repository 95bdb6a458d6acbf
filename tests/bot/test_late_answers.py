"""Answers that take long: shown as being made, and before the free reply dies a word whose button brings another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.hourglass import Hourglass
from bot.interim import Interim
from bot.visit import HARVEST
from dialogs.heard import Typed
from storage import Store, people, pushes
from tests.bot.correspondence import Correspondence
from tests.bot.desk import open_case_of, write
from tests.bot.post import TARO, post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio
ASKED = "会議室はいくらですか"
SOON, NOTHING = "お返事に、いつもより時間がかかっています。", "お返事は、もうお送りしました。"


@pytest.fixture
async def centre(store: Store, now: datetime) -> AsyncIterator[Correspondence]:
    async with post_office(store, Clock(now)) as post:
        made = Correspondence.at(store, post)
        made.begin(HANAKO)
        made.later(60)
        await post.carry()
        post.line.ledger.clear()
        post.line.allow(200)
        yield made


def hourglass(centre: Correspondence) -> Hourglass:
    return Hourglass(centre.store, centre.post.channels, lambda: centre.now)


def interim(centre: Correspondence) -> Interim:
    return Interim(centre.store, centre.mind.house, centre.post.postman, lambda: centre.now)


async def asks(centre: Correspondence, text: str = ASKED) -> None:
    """Hanako writes, and nobody hears it yet."""
    await centre.arrives(await centre.post.line.say(HANAKO, text))


async def late(centre: Correspondence, seconds: float = 46) -> int:
    """So much later, still unheard; how many people are told."""
    centre.later(seconds)
    told = await interim(centre).look()
    await centre.post.postman.idle()
    return told


async def takes(centre: Correspondence) -> list[str]:
    """She touches the button; what her phone shows because of it."""
    before = len(centre.post.shown())
    await centre.arrives(await centre.post.line.tap(HANAKO, HARVEST))
    await centre.work()
    return centre.post.shown()[before:]


def no_pushes_left(centre: Correspondence) -> None:
    centre.post.line.allow(200, used=200)
    write(centre, lambda conn: pushes.told(conn, "line", 200, 200, centre.now))


# -- shown as being made -----------------------------------------------------------------------------------------------


async def test_who_is_answered_at_once_never_sees_that_we_are_busy(centre: Correspondence) -> None:
    await centre.write(ASKED)
    centre.later(2)
    assert await hourglass(centre).look() == 0
    assert "loading" not in centre.post.calls()


async def test_who_waits_for_more_than_a_second_sees_it_until_the_answer(centre: Correspondence) -> None:
    glass = hourglass(centre)
    await asks(centre)
    assert await glass.look() == 0
    shown = []
    for _ in range(6):
        centre.later(1.5)
        shown.append(await glass.look())
    assert shown == [1, 0, 0, 1, 0, 0], "five seconds each, begun again before they end"
    assert centre.post.line.busy_until(HANAKO) is not None
    (call, *_) = centre.post.line.ledger.of("loading")
    assert (call.status, call.body) == (202, {"chatId": HANAKO, "loadingSeconds": 5})
    await centre.work()
    assert centre.post.line.busy_until(HANAKO) is None


async def test_telegram_shows_typing(centre: Correspondence) -> None:
    centre.begin(str(TARO), "telegram")
    centre.later(60)
    await centre.post.carry()
    centre.receive(centre.event(str(TARO), Typed(ASKED), "telegram"))
    centre.later(2)
    assert await hourglass(centre).look() == 1
    assert centre.post.telegram.busy_until(TARO) is not None


async def test_words_that_are_long_on_their_way_show_it_too(centre: Correspondence) -> None:
    await asks(centre)
    centre.hear()
    centre.later(2)
    assert await hourglass(centre).look() == 1


async def test_nobody_is_told_so_who_talks_with_a_coordinator_or_waits_in_vain(centre: Correspondence) -> None:
    case = open_case_of(centre, HANAKO)
    await centre.desk.claim(case.id, centre.member("sato"))
    centre.later(60)
    await centre.post.carry()
    await asks(centre)
    centre.later(2)
    assert await hourglass(centre).look() == 0
    await centre.desk.release(case.id, centre.member("sato2"))
    centre.later(120)
    assert await hourglass(centre).look() == 0


# -- a word in between -------------------------------------------------------------------------------------------------


async def test_at_45_seconds_the_free_reply_is_spent_on_a_word_with_a_button(centre: Correspondence) -> None:
    await asks(centre)
    assert [await late(centre, 44), await late(centre, 2), await late(centre, 1)] == [0, 1, 0]
    assert centre.post.shown()[-1].startswith(SOON)
    assert centre.post.line.consumption == 0


async def test_the_answer_goes_on_the_buttons_reply_when_nothing_can_be_pushed(centre: Correspondence) -> None:
    no_pushes_left(centre)
    await asks(centre)
    assert await late(centre) == 1
    await centre.work()
    assert centre.post.shown()[-1].startswith(SOON), "it waits, for nothing is left to push it with"
    (answer, *_) = await takes(centre)
    assert "部屋代" in answer
    assert (centre.post.line.consumption, len(centre.post.line.ledger.of("push"))) == (200, 0)


async def test_the_button_may_be_touched_before_the_answer_is_there(centre: Correspondence) -> None:
    no_pushes_left(centre)
    await asks(centre)
    assert await late(centre) == 1
    (answer, *_) = await takes(centre)
    assert "部屋代" in answer
    assert centre.post.line.ledger.of("push") == []


async def test_with_pushes_left_the_answer_does_not_wait_for_the_button(centre: Correspondence) -> None:
    await asks(centre)
    assert await late(centre) == 1
    await centre.work()
    assert "部屋代" in centre.post.shown()[-1]
    assert centre.post.line.consumption == 1
    assert (await takes(centre))[0].startswith(NOTHING), "an answer that is there already is not sent twice"


async def test_a_token_that_is_gone_is_left_alone(centre: Correspondence) -> None:
    await asks(centre)
    assert await late(centre, 51) == 0
    assert centre.post.calls().count("reply") == 0


async def test_of_many_messages_one_is_answered_so_and_the_others_keep_their_right(centre: Correspondence) -> None:
    one = interim(centre)
    for text in ("一つ目です", "二つ目です", ASKED):
        await asks(centre, text)
        centre.later(1)
    told = 0
    for _ in range(6):
        centre.later(8 if told == 0 else 1)
        told += await one.look()
        await centre.post.postman.idle()
    assert told == 1


async def test_who_talks_with_a_coordinator_keeps_the_free_reply_for_them(centre: Correspondence) -> None:
    case = open_case_of(centre, HANAKO)
    await centre.desk.claim(case.id, centre.member("sato"))
    await asks(centre)
    assert await late(centre) == 0


async def test_the_word_comes_in_the_persons_language(centre: Correspondence) -> None:
    person = centre.person_of(HANAKO)
    whole = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person]
    change = people.PersonChange(person, whole.key, "en", whole.session or {}, None, centre.now)
    write(centre, lambda conn: people.save(conn, centre.store.vault, [change]))
    await asks(centre)
    assert await late(centre) == 1
    assert centre.post.shown()[-1].startswith("The answer is taking longer than usual.")


async def test_a_word_that_line_does_not_take_is_never_pushed(centre: Correspondence) -> None:
    await asks(centre)
    centre.post.line._state.rights.clear()
    assert await late(centre) == 1
    assert centre.post.line.ledger.of("push") == []
    await centre.work()
    assert "部屋代" in centre.post.shown()[-1]


async def test_a_flood_of_one_person_takes_nobody_elses_word(centre: Correspondence) -> None:
    for number in range(60):
        centre.receive(centre.event("Uflood", Typed(f"もしもし {number}")))
    await asks(centre)
    one = interim(centre)
    centre.later(46)
    await one.look()
    await one.look()
    await centre.post.postman.idle()
    assert centre.post.shown()[-1].startswith(SOON)


async def test_a_flood_of_one_person_hides_nobody_elses_wait(centre: Correspondence) -> None:
    for number in range(60):
        centre.receive(centre.event("Uflood", Typed(f"もしもし {number}")))
    await asks(centre)
    centre.later(2)
    assert await hourglass(centre).look() == 2
