"""What each Telegram update is heard as, however odd it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Update

from bot.channels.payload import Refused
from bot.channels.telegram_read import read, trusted
from bot.ports import Arrived
from dialogs.heard import Came, Corrected, Heard, Left, Showed, Tapped, Thing, Typed
from tests.channels.samples import HOOK_SECRET, NOW, telegram_message, update
from tests.each import each

GROUP = {"id": -100123, "type": "supergroup", "title": "町会"}
PERSON = {"id": 1111111, "is_bot": False, "first_name": "花子"}


def hear(raw: dict[str, Any]) -> Arrived:
    """Read an update through real bytes."""
    arrived = read(json.dumps(raw).encode(), NOW)
    assert isinstance(arrived, Arrived)
    return arrived


def said(**fields: Any) -> dict[str, Any]:
    return update(message=telegram_message(**fields))


def edit(**fields: Any) -> dict[str, Any]:
    return update(edited_message=telegram_message(edit_date=int(NOW.timestamp()), **fields))


def tap(**fields: Any) -> dict[str, Any]:
    query = {"id": "4382bfdwdsb323b2d9", "from": PERSON, "message": telegram_message(text="?"), "data": "c1:x"}
    return update(callback_query={**query, **fields})


def member(status: Any, **fields: Any) -> dict[str, Any]:
    change = {"chat": {"id": 1111111, "type": "private"}, "from": PERSON, "date": int(NOW.timestamp())}
    return update(my_chat_member={**change, "new_chat_member": {"status": status}, **fields})


UPDATES: list[tuple[str, dict[str, Any], Heard | None, str]] = [
    ("words", said(text="はい"), Typed("はい"), "text"),
    ("words bit for bit", said(text=" 𠮷\u200b\n{{7*7}} "), Typed(" 𠮷\u200b\n{{7*7}} "), "text"),
    ("half a letter", said(text="a\ud842b"), Typed("a\ufffdb"), "text"),
    ("start", said(text="/start"), Came(), "start"),
    ("deep link", said(text="/start grant_2026-x"), Came("grant_2026-x"), "start"),
    ("start by name", said(text="/start@nakodo_bot abc"), Came("abc"), "start"),
    ("started with words", said(text="/start こんにちは"), Typed("/start こんにちは"), "text"),
    ("another command", said(text="/help"), Typed("/help"), "text"),
    ("not quite start", said(text="/started"), Typed("/started"), "text"),
    ("photo", said(photo=[{"file_id": "x"}], caption="これ"), Showed(Thing.PICTURE, "x", caption="これ"), "photo"),
    (
        "photo of an album",
        said(photo=[{"file_id": "small"}, {"file_id": "large"}], media_group_id="7"),
        Showed(Thing.PICTURE, "large", album="7"),
        "photo",
    ),
    ("photo of nothing", said(photo=[]), Showed(Thing.PICTURE), "photo"),
    ("photo that is none", said(photo={"file_id": 5}), Showed(Thing.PICTURE), "photo"),
    (
        "file with a name",
        said(document={"file_id": "d", "file_name": "会則.pdf"}),
        Showed(Thing.FILE, "d", "会則.pdf"),
        "document",
    ),
    (
        "place with coordinates",
        said(location={"latitude": 35.7, "longitude": 139.78}),
        Showed(Thing.PLACE, words="35.700000, 139.780000"),
        "location",
    ),
    (
        "venue with its address",
        said(venue={"title": "区役所", "address": "", "location": {"latitude": 35, "longitude": -139}}, location={}),
        Showed(Thing.PLACE, words="区役所\n35.000000, -139.000000"),
        "venue",
    ),
    ("sticker of a smile", said(sticker={"file_id": "s", "emoji": "🙂"}), Showed(Thing.STICKER, words="🙂"), "sticker"),
    ("animation", said(animation={}, document={}), Showed(Thing.VIDEO), "animation"),
    ("video", said(video={}), Showed(Thing.VIDEO), "video"),
    ("video note", said(video_note={}), Showed(Thing.VIDEO), "video_note"),
    ("voice", said(voice={}), Showed(Thing.VOICE), "voice"),
    ("music", said(audio={}), Showed(Thing.VOICE), "audio"),
    ("file", said(document={}), Showed(Thing.FILE), "document"),
    ("place", said(location={}), Showed(Thing.PLACE), "location"),
    ("venue", said(venue={}, location={}), Showed(Thing.PLACE), "venue"),
    ("sticker", said(sticker={}), Showed(Thing.STICKER), "sticker"),
    ("dice", said(dice={"value": 3}), Showed(Thing.UNKNOWN), "unknown"),
    ("something new", said(hologram={}), Showed(Thing.UNKNOWN), "unknown"),
    ("notice", said(pinned_message={}), None, "notice"),
    ("words that are a number", said(text=7), Showed(Thing.UNKNOWN), "unknown"),
    ("tap", tap(), Tapped("c1:x"), "tap"),
    ("forged tap", tap(data="ü" * 500), Tapped("ü" * 500), "tap"),
    ("tap under a message that is gone", tap(message=None), Tapped("c1:x"), "tap"),
    ("tap on a game", tap(data=None), None, "tap"),
    ("blocked", member("kicked"), Left(), "blocked"),
    ("unblocked", member("member"), Came(), "unblocked"),
    ("new state", member("levitating"), None, "my_chat_member"),
    ("edited", edit(text="なおした\u200b"), Corrected("なおした\u200b", "1365"), "edited"),
    ("edited start", edit(text="/start a"), Corrected("/start a", "1365"), "edited"),
    ("edited place", edit(location={}), None, "edited"),
    ("edited caption", edit(photo=[{"file_id": "x"}], caption="これ"), None, "edited"),
    ("edited without its number", edit(text="x", message_id=None), None, "edited"),
    ("edited in a group", edit(text="x", chat=GROUP), None, "group"),
    ("edited that is a list", update(edited_message=["x"]), None, "edited_message"),
    ("new kind of update", update(teleported={}), None, "teleported"),
    ("nothing in it", update(), None, "broken"),
    ("message that is a list", update(message=[1]), None, "message"),
    ("message without chat", update(message={"text": "x"}), None, "nobody"),
]


@each(("raw", "heard", "kind"), [u[1:] for u in UPDATES], ids=[u[0] for u in UPDATES])
def test_W17_every_update_is_heard_as_what_it_is(raw: dict[str, Any], heard: Heard | None, kind: str) -> None:
    arrived = hear(raw)
    assert (arrived.heard, arrived.kind, arrived.event_id) == (heard, kind, "10000")
    assert arrived.address == ("1111111" if heard else arrived.address)


def test_a_message_keeps_who_when_and_which() -> None:
    assert hear(said(text="はい")) == Arrived(
        "telegram", "10000", "1111111", NOW, Typed("はい"), said_id="1365", kind="text", handle="1365"
    )


def test_a_tap_keeps_its_id_for_the_answer() -> None:
    arrived = hear(tap())
    assert (arrived.reply_token, arrived.address) == ("4382bfdwdsb323b2d9", "1111111")
    assert arrived.said_id == ""  # the message under the button is the bot's own


@pytest.mark.parametrize(
    "raw",
    [
        said(text="町会の話", chat=GROUP),
        said(text="町会の話", chat={"id": -1, "type": "group"}),
        said(text="町会の話", chat={"id": -1, "type": "channel"}),
        said(text="@nakodo_bot 会議室は", chat=GROUP),  # no entity says that it is a name
        member("member", chat=GROUP, old_chat_member={"status": "administrator"}),
    ],
    ids=["supergroup", "group", "channel", "words that look like our name", "another right"],
)
def test_W23_what_a_group_says_to_itself_is_not_heard(raw: dict[str, Any]) -> None:
    arrived = hear(raw)
    assert (arrived.heard, arrived.address, arrived.kind) == (None, "", "group")


def test_W09_an_update_without_a_number_is_known_again() -> None:
    bare = {"message": telegram_message(text="x")}
    assert hear(bare).event_id == hear(bare).event_id != hear({"message": telegram_message(text="y")}).event_id


@pytest.mark.parametrize("number", [10**50, 1.5, "7", True, None], ids=repr)
def test_an_odd_number_of_an_update_is_replaced(number: Any) -> None:
    assert hear({**said(text="x"), "update_id": number}).event_id.startswith("made-")


@pytest.mark.parametrize(
    ("date", "at"),
    [
        (1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (0, NOW),
        (10**30, NOW),
        (int((NOW + timedelta(days=3)).timestamp()), NOW),
        ("x", NOW),
        (None, NOW),
    ],
    ids=str,
)
def test_a_moment_that_cannot_be_true_is_now(date: Any, at: datetime) -> None:
    assert hear(said(text="x", date=date)).at == at


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"1", b'{"a":' * 100_000, b'{"update_id":NaN}', b'{"update_id":' + b"9" * 10**6 + b"}"],
    ids=["nothing", "not UTF-8", "list", "number", "deep", "NaN", "a million digits"],
)
def test_W06_W18_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    assert isinstance(read(body, NOW), Refused)


@pytest.mark.parametrize("given", [None, "", "x", HOOK_SECRET[:-1], HOOK_SECRET + "x", "é", "\udc80"], ids=repr)
def test_W07_only_the_secret_itself_is_trusted(given: str | None) -> None:
    assert not trusted(HOOK_SECRET, given)
    assert trusted(HOOK_SECRET, HOOK_SECRET)
    assert not trusted("", given)
    assert "compare_digest" in trusted.__code__.co_names


@pytest.mark.parametrize(
    "raw", [said(text="はい"), tap(chat_instance="1"), said(location={"latitude": 1, "longitude": 2})]
)
def test_the_official_sdk_reads_the_same(raw: dict[str, Any]) -> None:
    theirs, ours = Update.de_json(raw, None), hear(raw)
    assert str(theirs.update_id) == ours.event_id
    assert theirs.effective_chat is not None
    assert str(theirs.effective_chat.id) == ours.address
    if isinstance(ours.heard, Typed):
        assert theirs.message is not None
        assert theirs.message.text == ours.heard.text
