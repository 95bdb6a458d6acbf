"""Quotes both ways: what a resident quotes is seen by the coordinator, and a reply goes out under what it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.handover import Done, Manner, Refused
from dialogs.heard import Withdrew
from storage import Store, quotes
from storage.casefile import CaseHead
from storage.staff import Member
from storage.tables import case_file, message
from tests.bot.correspondence import Correspondence
from tests.bot.desk import open_case_of, write
from tests.bot.post import TARO, post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(store: Store, now: datetime) -> AsyncIterator[Correspondence]:
    async with post_office(store, Clock(now)) as post:
        yield Correspondence.at(store, post)


async def held(centre: Correspondence, who: str = HANAKO) -> tuple[CaseHead, Member]:
    """A case about something harmless that Sato holds; what was said before has arrived."""
    case, sato = open_case_of(centre, who), centre.member("sato")
    centre.later(60)
    await centre.desk.claim(case.id, sato)
    await centre.post.carry()
    return case, sato


def quoted_in(centre: Correspondence, case: CaseHead) -> dict[str, str]:
    """What the lines of a case quote: words to words."""
    found = centre.store.read(lambda conn: quotes.of_case(conn, centre.store.vault, case.id))
    words = {one.id: str((one.body or {}).get("text")) for one in centre.lines(HANAKO)}
    return {words[line]: str((said.body or {}).get("text")) for line, said in found.items()}


def shown(centre: Correspondence) -> dict[str, Any]:
    """The last message object of ours on Hanako's phone."""
    return centre.post.line.delivered(HANAKO)[-1]


async def test_a_reply_to_one_message_quotes_it_on_line(centre: Correspondence) -> None:
    case, sato = await held(centre)
    asked = await centre.write("3日は空いていますか")
    await centre.write("それと、駐車場はありますか")
    answers = Manner(centre.line_with("3日は空いていますか"))
    assert await centre.desk.reply(case.id, sato, "3日は空いています。", "k1", answers) == Done()
    await centre.post.carry()
    assert (shown(centre)["text"], shown(centre)["quoteToken"]) == ("3日は空いています。", asked["quoteToken"])
    assert quoted_in(centre, case) == {"3日は空いています。": "3日は空いていますか"}


async def test_the_same_key_answers_one_message_once_and_no_other(centre: Correspondence) -> None:
    case, sato = await held(centre)
    await centre.write("一つ目")
    await centre.write("二つ目")
    first, second = Manner(centre.line_with("一つ目")), Manner(centre.line_with("二つ目"))
    done = [await centre.desk.reply(case.id, sato, "はい。", "k1", one) for one in (first, first, second)]
    assert done == [Done(), Done(), Refused("other_words")]


async def test_what_a_resident_quotes_of_a_coordinator_is_known(centre: Correspondence) -> None:
    case, sato = await held(centre)
    await centre.write("こんにちは、佐藤さん")
    for text in ("火曜はいかがですか", "木曜でもかまいません"):
        await centre.desk.reply(case.id, sato, text, text)
        await centre.post.carry()
    face = next(one for one in centre.post.line.screen(HANAKO) if one["texts"] == ["火曜はいかがですか"])
    await centre.write("これでお願いします", quoting=face["id"])
    assert quoted_in(centre, case) == {"これでお願いします": "火曜はいかがですか"}


async def test_what_a_resident_quotes_of_their_own_is_known_and_an_unknown_id_invents_nothing(
    centre: Correspondence,
) -> None:
    case, _ = await held(centre)
    earlier = await centre.write("3日の件です")
    await centre.write("これのことです", quoting=earlier["id"])
    await centre.write("あれのことです", quoting="468789577898269999")
    assert quoted_in(centre, case) == {"これのことです": "3日の件です"}


async def test_words_from_outside_of_any_case_are_not_shown_by_quoting_them(centre: Correspondence) -> None:
    centre.begin(HANAKO)
    before = await centre.write("だれにも見せない言葉")
    case, _ = await held(centre)
    await centre.write("これです", quoting=before["id"])
    assert quoted_in(centre, case) == {}


async def test_a_message_that_was_taken_back_is_neither_answered_nor_shown(centre: Correspondence) -> None:
    case, sato = await held(centre)
    gone = await centre.write("カナリア")
    await centre.write("これです", quoting=gone["id"])
    line = centre.line_with("カナリア")
    centre.say(HANAKO, Withdrew(gone["id"]))
    assert await centre.desk.reply(case.id, sato, "はい。", "k1", Manner(line)) == Refused("withdrawn")
    assert quoted_in(centre, case) == {"これです": "None"}
    row = centre.store.read(lambda conn: conn.execute(select(message).where(message.c.id == line)).one())
    assert (row.body, row.handle, row.quoted_index) == (None, None, None)
    assert await centre.desk.reply(case.id, sato, "はい。", "k1") == Done()


async def test_a_line_of_another_case_cannot_be_answered(centre: Correspondence) -> None:
    case, sato = await held(centre)
    await centre.write("わたしの言葉")
    line = centre.line_with("わたしの言葉")
    await centre.desk.close(case.id, sato)
    other = open_case_of(centre, "U2")
    await centre.desk.claim(other.id, sato)
    assert await centre.desk.reply(other.id, sato, "はい。", "k1", Manner(line)) == Refused("withdrawn")


async def test_a_quote_is_kept_sealed_and_says_nothing_of_a_closed_record(centre: Correspondence) -> None:
    await held(centre)
    said = await centre.write("封のある言葉")
    row = centre.store.read(
        lambda conn: conn.execute(select(message).where(message.c.id == centre.line_with("封のある言葉"))).one()
    )
    assert row.handle
    assert said["quoteToken"].encode() not in row.handle
    assert said["quoteToken"].encode() not in row.body


async def test_in_a_private_case_the_notice_quotes_nothing(centre: Correspondence) -> None:
    centre.begin(HANAKO)
    await centre.write("人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    await centre.write("聞こえますか")
    manner = Manner(centre.line_with("聞こえますか"))
    assert await centre.desk.reply(case.id, sato, "聞こえます。", "k1", manner) == Done()
    await centre.post.carry()
    assert "quoteToken" not in str(shown(centre))
    assert quoted_in(centre, case) == {"聞こえます。": "聞こえますか"}


async def test_telegram_answers_under_the_message_and_without_it_when_it_was_deleted(centre: Correspondence) -> None:
    centre.begin(str(TARO), "telegram")
    await centre.telegram("人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")

    write(centre, lambda conn: conn.execute(case_file.update().where(case_file.c.id == case.id).values(mode="open")))
    await centre.desk.claim(case.id, sato)
    number = await centre.telegram("3日は空いていますか")
    line = centre.line_with("3日は空いていますか", str(TARO), "telegram")
    await centre.desk.reply(case.id, sato, "空いています。", "k1", Manner(line))
    await centre.post.carry()
    ours = centre.post.telegram.delivered(TARO)[-1]
    assert ours["reply_to_message"]["message_id"] == number
    await centre.telegram("では、それで", under=ours["message_id"])
    found = centre.store.read(lambda conn: quotes.of_case(conn, centre.store.vault, case.id))
    told = {str((said.body or {}).get("text")) for said in found.values()}
    assert told == {"3日は空いていますか", "空いています。"}
    bubble = centre.post.telegram._state.screens.find(str(TARO), str(number))
    assert bubble is not None
    centre.post.telegram._state.screens.take_away(str(TARO), bubble)
    await centre.desk.reply(case.id, sato, "お待ちしています。", "k2", Manner(line))
    await centre.post.carry()
    assert centre.post.telegram.delivered(TARO)[-1]["text"].endswith("お待ちしています。")
