"""What becomes of a parcel for Telegram when everything works, and when each thing that can go wrong goes wrong."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from bot.channels.doubles.faults import Empty, FailAfter, Fault, Hang, Refuse, Reset
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.telegram import TelegramChannel
from bot.ports import GaveUp, Outcome, Parcel, Sent, TryLater, Unknown
from dialogs.saying import Message, Page
from tests.channels.samples import QUESTION, TELEGRAM_TOKEN, WORDS
from tests.doubles import oracle

pytestmark = pytest.mark.anyio
HANAKO = 1111111


@pytest.fixture(autouse=True)
async def started(telegram: TelegramPlatform) -> None:
    """Hanako has pressed START: before that no bot may write to her."""
    await telegram.start(HANAKO)


def parcel(**fields: Any) -> Parcel:
    """Two messages for Hanako."""
    fields = {"address": str(HANAKO), "retry_key": str(uuid.uuid4()), **fields}
    written = [message.to_json() for message in fields.pop("messages", (WORDS, QUESTION))]
    return Parcel(1, "telegram", written=written, **fields)


def arrived(telegram: TelegramPlatform) -> list[str]:
    """The words of every bot's message on Hanako's screen."""
    return [message["text"] for message in telegram.delivered(HANAKO)]


BOTH = [WORDS.text, QUESTION.text]


async def test_a_parcel_arrives_in_order_with_its_buttons(telegram: TelegramPlatform, bot: TelegramChannel) -> None:
    outcome = await bot.send(parcel())
    assert arrived(telegram) == BOTH
    first, second = telegram.delivered(HANAKO)
    assert outcome == Sent("telegram", (str(first["message_id"]), str(second["message_id"])))
    assert [len(row) for row in second["reply_markup"]["inline_keyboard"]] == [1, 1, 1, 2]
    assert telegram.ledger.of("sendMessage")[0].body["link_preview_options"] == {"is_disabled": True}


async def test_what_is_sent_is_what_the_official_description_says(
    telegram: TelegramPlatform, bot: TelegramChannel, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Message("ここに。", page=Page("書く", "answer", "https://nakodo.example/p/1"), sender="佐藤")
    assert isinstance(await bot.send(parcel(messages=(WORDS, QUESTION, page), reply_token="tap")), Sent)
    calls = telegram.ledger.of("sendMessage", "answerCallbackQuery")
    assert len(calls) == 4
    with capsys.disabled():
        there = oracle.at_hand("telegram/api.json")
    for call in calls if there else ():
        needed, known = oracle.telegram_parameters(call.endpoint)
        assert needed <= set(call.body) <= known
        if "reply_markup" in call.body:
            assert oracle.telegram_faults("InlineKeyboardMarkup", call.body["reply_markup"]) == []


FAULTS: list[tuple[str, list[Fault], Outcome, list[str]]] = [
    ("too fast", [Refuse(429, retry_after=7)], TryLater(7.0, "rate"), []),
    ("blocked", [Refuse(403)], GaveUp("refused by Telegram: 403", blocked=True), []),
    ("no such chat", [Refuse(400, "Bad Request: chat not found")], GaveUp("refused by Telegram: 400", True), []),
    ("refused", [Refuse(400, "Bad Request: no")], GaveUp("refused by Telegram: 400"), []),
    ("wrong token", [Refuse(401)], TryLater(60.0, "token"), []),
    ("unknown token", [Refuse(404)], TryLater(60.0, "token"), []),
    ("conflict", [Refuse(409)], TryLater(2.0, "conflict"), []),
    ("silence after acceptance", [Hang(accepted=True)], Unknown("no answer (telegram)"), BOTH[:1]),
    ("silence before acceptance", [Hang(accepted=False)], Unknown("no answer (telegram)"), []),
    ("cut after acceptance", [Reset(accepted=True)], Unknown("no answer (telegram)"), BOTH[:1]),
    ("broken after acceptance", [FailAfter(502)], Unknown("no answer (telegram)"), BOTH[:1]),
    ("down", [Refuse(500)], Unknown("no answer (telegram)"), []),
    ("unreadable 200", [Empty()], Sent("telegram", ("", "2")), BOTH),
]


@pytest.mark.parametrize(("faults", "outcome", "words"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
async def test_every_failure_says_what_is_certain(
    telegram: TelegramPlatform, telegram_host: str, faults: list[Fault], outcome: Outcome, words: list[str]
) -> None:
    bot = TelegramChannel(telegram_host, TELEGRAM_TOKEN, patience=1.0 if isinstance(faults[0], Hang) else 9.0)
    telegram.faults.next("sendMessage", *faults)
    result = await bot.send(parcel())
    if isinstance(result, Sent):
        assert result.platform_ids[0] == ""
        result = Sent(result.via, ("", "2"))
    assert (result, arrived(telegram)) == (outcome, words)
    await bot.close()


async def test_words_go_plain_when_their_form_is_refused(telegram: TelegramPlatform, bot: TelegramChannel) -> None:
    telegram.faults.next("sendMessage", Refuse(400, "Bad Request: can't parse entities: x"))
    assert isinstance(await bot.send(parcel(messages=(Message("1 < 2 & 3"),))), Sent)
    assert arrived(telegram) == ["1 < 2 & 3"]
    assert "parse_mode" not in telegram.ledger.of("sendMessage")[-1].body


async def test_an_address_goes_into_the_words_when_its_button_is_refused(
    telegram: TelegramPlatform, bot: TelegramChannel
) -> None:
    telegram.faults.next("sendMessage", Refuse(400, "Bad Request: BUTTON_URL_INVALID"))
    page = Message("ここに。", page=Page("書く", "answer", "http://localhost:8000/p/1"))
    assert isinstance(await bot.send(parcel(messages=(page,))), Sent)
    assert arrived(telegram) == ["ここに。\n書く\nhttp://localhost:8000/p/1"]


async def test_a_parcel_that_stopped_half_way_goes_on_where_it_stopped(
    telegram: TelegramPlatform, bot: TelegramChannel
) -> None:
    sent = parcel(messages=(WORDS, Message("二"), Message("三")))
    telegram.faults.next("sendMessage", Empty(), Refuse(429, retry_after=3))
    assert await bot.send(sent) == TryLater(3.0, "1 of 3 parts went; rate")
    outcome = await bot.send(sent)
    assert isinstance(outcome, Sent)
    assert len(outcome.platform_ids) == 3
    assert arrived(telegram) == [WORDS.text, "二", "三"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Refuse(403), GaveUp("1 of 2 parts went; refused by Telegram: 403", blocked=True)),
        (FailAfter(500), Unknown("1 of 2 parts went; no answer (telegram)")),
    ],
    ids=["blocked", "lost"],
)
async def test_a_parcel_that_ended_half_way_says_so(
    telegram: TelegramPlatform, bot: TelegramChannel, fault: Fault, outcome: Outcome
) -> None:
    telegram.faults.next("sendMessage", Empty(), fault)
    assert await bot.send(parcel()) == outcome


async def test_the_spinner_of_a_tap_stops(telegram: TelegramPlatform, bot: TelegramChannel) -> None:
    await bot.send(parcel())
    posted = await telegram.tap(HANAKO, "c1:back")
    assert telegram.spinning(HANAKO) == 1
    await bot.send(parcel(messages=(WORDS,), reply_token=posted.event["callback_query"]["id"]))
    assert telegram.spinning(HANAKO) == 0


@pytest.mark.parametrize(
    "fault", [Refuse(400), Refuse(429, retry_after=5), Refuse(500), Reset(accepted=False), Empty()]
)
async def test_a_tap_that_cannot_be_answered_harms_nothing(
    telegram: TelegramPlatform, bot: TelegramChannel, fault: Fault
) -> None:
    telegram.faults.next("answerCallbackQuery", fault)
    assert isinstance(await bot.send(parcel(reply_token="long-gone")), Sent)
    await bot.answer_tap("")


async def test_a_blocked_person_is_told_apart(telegram: TelegramPlatform, bot: TelegramChannel) -> None:
    await telegram.block(HANAKO)
    assert await bot.send(parcel()) == GaveUp("refused by Telegram: 403", blocked=True)


@pytest.mark.parametrize("address", ["", "@nakodo", "-", "x"])
async def test_only_chats_with_a_number_are_written_to(
    telegram: TelegramPlatform, bot: TelegramChannel, address: str
) -> None:
    assert await bot.send(parcel(address=address)) == GaveUp("not the address of a chat")
    assert await bot.send(parcel(messages=())) == GaveUp("nothing to say")
    assert telegram.ledger == []


@pytest.mark.parametrize(
    "text", [" \u200b", "👨‍👩‍👧‍👦𠮷\u202e\u0000\x1b[31m", "{{7*7}} %s <b> &amp; </i>"], ids=["blank", "odd", "code"]
)
async def test_the_platform_takes_any_words(telegram: TelegramPlatform, bot: TelegramChannel, text: str) -> None:
    said = (Message(text), Message(text, QUESTION.buttons, sender=text[:30]))
    assert isinstance(await bot.send(parcel(messages=said)), Sent)
    assert len(arrived(telegram)) == 2


async def test_a_platform_that_cannot_be_reached_is_tried_later() -> None:
    bot = TelegramChannel("http://127.0.0.1:9", TELEGRAM_TOKEN)
    assert await bot.send(parcel(reply_token="tap")) == TryLater(2.0, "cannot be reached")
    await bot.close()


async def test_starting_and_closing_need_no_network() -> None:
    bot = TelegramChannel("http://127.0.0.1:9", TELEGRAM_TOKEN)
    first = await bot.open()
    assert await bot.open() is first
    await bot.close()
    await bot.close()


async def test_P21_neither_token_nor_words_reach_a_log_or_an_outcome(
    telegram: TelegramPlatform, bot: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    canary = Message("canary-words", page=Page("x", "talk", "https://nakodo.example/canary"))
    for fault in (Refuse(400), Refuse(403), Refuse(500), Reset(accepted=False), Empty()):
        telegram.faults.next("sendMessage", fault)
        outcome = await bot.send(parcel(messages=(canary,)))
        assert "canary" not in repr(outcome)
    assert "canary" not in caplog.text
    assert TELEGRAM_TOKEN not in caplog.text
