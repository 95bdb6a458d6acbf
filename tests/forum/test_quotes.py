"""Quotes in the group: a reply to a relayed message answers just that, and relayed answers stand under theirs."""

from __future__ import annotations

import pytest

from dialogs.heard import Typed, Withdrew
from storage import cases, quotes
from storage.inbox import Incoming
from tests.forum.group import FORUM, SATO, Group
from tests.forum.test_said import held

pytestmark = pytest.mark.anyio


def says(forum: Group, text: str, said: str, quotes_id: str = "") -> None:
    """Somebody with a case writes, perhaps quoting an earlier message of the chat."""
    event = forum.centre.event("U1", Typed(text), said=said)
    payload = {**(event.payload or {}), "handle": "q-" + said, **({"quotes": quotes_id} if quotes_id else {})}
    forum.centre.receive(
        Incoming("line", event.event_id, "U1", forum.centre.now, payload, event.reply_token, event.said_id)
    )
    forum.centre.hear()


def under(forum: Group, case_id: int) -> dict[str, str]:
    """Our messages that stand under another: last line of words to last line of words."""
    last = [one for one in forum.messages(case_id) if "reply_to_message" in one]
    return {
        one["text"].splitlines()[-1]: one["reply_to_message"]["text"].splitlines()[-1]
        for one in last
        if "text" in one["reply_to_message"]
    }


async def test_a_reply_to_a_relayed_message_quotes_just_that(forum: Group) -> None:
    case = await held(forum)
    says(forum, "3日は空いていますか", "m1")
    await forum.work()
    says(forum, "駐車場はありますか", "m2")
    await forum.work()
    relayed = next(one for one in forum.messages(case.id) if "3日は" in one["text"])
    thread = forum.thread(case.id)
    await forum.telegram.say(SATO, "空いています。", chat=FORUM, thread=thread, under=relayed["message_id"])
    await forum.telegram.say(SATO, "お待ちしています。", chat=FORUM, thread=thread)
    parcels = [message for one in forum.centre.carried() for message in one.messages]
    told = {one["text"]: one.get("quote") for one in parcels if one.get("sender")}
    assert told == {"空いています。": "q-m1", "お待ちしています。": None}


async def test_what_a_resident_quotes_stands_under_it_in_the_group(forum: Group) -> None:
    case = await held(forum)
    says(forum, "3日の件です", "m1")
    await forum.work()
    says(forum, "これのことです", "m2", "m1")
    says(forum, "知らない発言です", "m3", "m-nobody-knows")
    await forum.work()
    assert under(forum, case.id) == {"知らない発言です": "3日の件です"}
    whole = forum.texts(case.id)[-1]
    assert "┃ 住民：3日の件です\nこれのことです" in whole
    assert whole.count("┃") == 1


async def test_a_coordinators_own_message_is_what_a_resident_answers(forum: Group) -> None:
    case = await held(forum)
    await forum.say(SATO, case.id, "火曜はいかがですか")
    parcels = forum.centre.carried()
    number = parcels[-1].id
    arrived = quotes.Arrived(case.id, number, parcels[-1].contact_id, "line", ["m-ours"])
    vault = forum.centre.store.vault
    forum.centre.store.writer.submit(lambda conn: quotes.arrived(conn, vault, [arrived])).result()
    says(forum, "それでお願いします", "m2", "m-ours")
    await forum.work()
    assert under(forum, case.id) == {"それでお願いします": "火曜はいかがですか"}


async def test_words_taken_back_go_from_the_quote_as_well(forum: Group) -> None:
    case = await held(forum)
    says(forum, "カナリア", "m1")
    says(forum, "これのことです", "m2", "m1")
    await forum.work()
    assert "┃ 住民：カナリア" in "".join(forum.texts(case.id))
    forum.centre.say("U1", Withdrew("m1"))
    await forum.work()
    assert "カナリア" not in "".join(forum.texts(case.id))


async def test_who_answers_what_was_taken_back_is_told_and_nothing_goes(forum: Group) -> None:
    case = await held(forum)
    says(forum, "カナリア", "m1")
    await forum.work()
    relayed = forum.messages(case.id)[-1]["message_id"]
    forum.centre.say("U1", Withdrew("m1"))
    await forum.telegram.say(SATO, "はい。", chat=FORUM, thread=forum.thread(case.id), under=relayed)
    await forum.work()
    assert "取り消されました" in forum.texts(case.id)[-1]
    head = forum.centre.store.read(lambda conn: cases.head_of(conn, case.id))
    assert head is not None
    assert head.first_reply_at is None
