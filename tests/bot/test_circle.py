"""A residents' group on LINE and Telegram: answered only when called, in the open only what is open, nothing kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.channels import line_read, telegram_read
from bot.channels.circle import Called
from bot.channels.doubles.postman import Posted
from bot.ports import Arrived
from storage import Store, people
from storage.whole import metadata
from tests.bot.correspondence import Correspondence
from tests.bot.post import TARO, post_office
from tests.channels.samples import HANAKO, US
from tests.clock import Clock

pytestmark = pytest.mark.anyio
GROUP, CHAT, SUPER = "C" + "1" * 32, -4001, -1004001
QUESTION = "会議室の予約はどうすればいいですか"
OPEN, ALONE = "1対1で話す", "個人的なことや相談は、1対1のトークでお聞きします。"
PREFIX = "なこうど"


class Circle(Correspondence):
    """Hanako's group on LINE and Taro's on Telegram; what the platforms post is read as at the door."""

    async def line(self, posted: Posted) -> None:
        """What LINE posted is read, heard and answered."""
        body = json.dumps({"destination": "", "events": [posted.event]}).encode()
        post = line_read.read(body, self.now, PREFIX)
        assert isinstance(post, line_read.Post)
        await self._receive([one for one in post.arrived if one.heard])
        await self.work()

    async def tg(self, posted: Posted) -> None:
        """The same of Telegram."""
        called = Called(US["telegram"].id, US["telegram"].name, PREFIX)
        arrived = telegram_read.read(json.dumps(posted.event).encode(), self.now, called)
        assert isinstance(arrived, Arrived)
        await self._receive([arrived] if arrived.heard else [])
        await self.work()

    async def ask(self, text: str, **more: Any) -> list[str]:
        """Hanako writes into the group; what shows there because of it."""
        self.later(1)
        before = len(self.seen())
        await self.line(await self.post.line.say(HANAKO, text, group=GROUP, **more))
        return self.seen()[before:]

    async def call(self, text: str, chat: int = CHAT, **more: Any) -> list[str]:
        """Taro writes into the group on Telegram."""
        self.later(1)
        before = len(self.told(chat))
        await self.tg(await self.post.telegram.say(TARO, text, chat=chat, **more))
        return self.told(chat)[before:]

    def seen(self) -> list[str]:
        """What LINE shows of us in the group."""
        return ["\n".join(face["texts"]) for face in self.post.line.screen(GROUP) if face["from"] == "bot"]

    def told(self, chat: int = CHAT) -> list[str]:
        """What Telegram shows of us in the group."""
        return [message["text"] for message in self.post.telegram.delivered(chat)]

    def count(self, *names: str) -> list[int]:
        """How many rows tables have."""
        asked = [select(func.count()).select_from(metadata.tables[name]) for name in names]
        return [self.store.read(lambda conn, one=one: conn.execute(one).scalar_one()) for one in asked]  # type: ignore[misc]

    def known(self, channel: str, address: str) -> bool:
        """Whether anything is kept of a group."""
        return bool(self.store.read(lambda conn: people.known(conn, self.store.vault, [(channel, address)])))


@pytest.fixture
async def circle(store: Store, now: datetime) -> AsyncIterator[Circle]:
    async with post_office(store, Clock(now)) as post:
        made = Circle.at(store, post)
        assert isinstance(made, Circle)
        made.mind = replace(made.mind, known=US, prefix=PREFIX)
        post.telegram.group(CHAT, "町会")
        await post.line.join(GROUP, HANAKO)
        yield made


async def test_W23_a_group_is_greeted_once_with_one_free_reply(circle: Circle) -> None:
    joined = await circle.post.line.join(GROUP, HANAKO)
    await circle.line(joined)
    await circle.line(joined)  # delivered twice
    hello, rest = circle.seen()
    assert "「@」でこのアカウントを選んで書かれたことにだけ答え" in hello
    assert PREFIX in hello
    assert rest.startswith(ALONE)
    assert "外してください" in rest
    assert circle.post.calls() == ["reply"]
    circle.later(5)
    await circle.line(await circle.post.line.come(GROUP, HANAKO))
    await circle.line(await circle.post.line.go(GROUP, HANAKO))
    assert len(circle.seen()) == 2  # nobody who comes or goes is spoken to


async def test_W23_in_a_group_only_what_calls_us_is_answered(circle: Circle) -> None:
    assert await circle.ask(QUESTION) == []
    answer, once = await circle.ask(QUESTION, mention=True)
    assert "出典:" in answer
    assert once.startswith(ALONE)
    assert len(await circle.ask(QUESTION, mention=True)) == 1  # and is not said again
    assert len(await circle.ask(f"ナコウド、{QUESTION}")) == 0  # not the prefix as it was set
    assert len(await circle.ask(f"なこうど、{QUESTION}")) == 1
    assert set(circle.post.calls()) == {"reply"}


async def test_W23_a_group_answer_quotes_the_question_and_asks_for_no_verdict(circle: Circle) -> None:
    await circle.ask("ありがとう", mention=True)
    await circle.ask("相談したい", mention=True)
    said = circle.post.line.delivered(GROUP)
    assert said[0]["quoteToken"]
    assert await circle.post.line.touch(GROUP, OPEN) == "https://line.me/R/ti/p/%40nakodo"
    await circle.ask(QUESTION, mention=True)
    labels = [seen["label"] for seen in circle.post.line.screen(GROUP)[-1]["buttons"]]
    assert labels == ["くわしく"]


async def test_W23_nothing_said_in_a_group_is_kept(circle: Circle) -> None:
    for text in (QUESTION, "人と話したい", "もう死にたい", "相談を申し込む", "消して", "ほげほげ", "同意する"):
        assert await circle.ask(text, mention=True)
    tap = await circle.post.line.tap(HANAKO, "f:consultation", "相談", group=GROUP)
    await circle.line(tap)
    assert circle.seen()[-1].startswith(ALONE)
    assert circle.count("message", "case_file", "private_link", "unanswered", "follow_up") == [0, 0, 0, 0, 0]
    (person,) = circle.store.read(lambda conn: people.load(conn, circle.store.vault, [1, 2, 3])).values()
    assert (person.session or {}).keys() <= {"met", "answered"}
    assert person.consented is None


async def test_an_answer_that_came_too_late_is_never_pushed_into_a_group(circle: Circle) -> None:
    posted = await circle.post.line.say(HANAKO, QUESTION, group=GROUP, mention=True)
    body = json.dumps({"destination": "", "events": [posted.event]}).encode()
    post = line_read.read(body, circle.now)
    assert isinstance(post, line_read.Post)
    await circle._receive(post.arrived)
    circle.later(55)
    await circle.work()
    assert circle.post.calls() == []
    assert circle.count("outbox") == [0]
    assert circle.known("line", GROUP)


async def test_W24_a_reply_token_that_a_group_lost_is_not_made_up_for_by_a_push(circle: Circle) -> None:
    posted = await circle.post.line.say(HANAKO, QUESTION, group=GROUP, mention=True)
    posted.event["replyToken"] = "used"
    await circle.line(posted)
    assert set(circle.post.calls()) == {"reply"}
    assert circle.seen() == []


async def test_a_question_that_was_taken_back_at_once_is_not_answered(circle: Circle) -> None:
    asked = await circle.post.line.say(HANAKO, QUESTION, group=GROUP, mention=True)
    await circle.line(await circle.post.line.unsend(HANAKO, asked.event["message"]["id"], group=GROUP))
    await circle.line(asked)
    assert circle.seen() == []


async def test_W23_a_group_that_sends_us_away_is_forgotten(circle: Circle) -> None:
    await circle.ask("English", mention=True)
    assert circle.known("line", GROUP)
    await circle.line(await circle.post.line.remove(GROUP))
    assert not circle.known("line", GROUP)
    assert circle.count("person", "contact", "outbox") == [0, 0, 0]


async def test_a_group_chooses_its_language(circle: Circle) -> None:
    assert (await circle.ask("English", mention=True))[0] == "We will go on in English."
    assert "Source:" in (await circle.ask("How do I join a chokai?", mention=True))[0]


async def test_W23_on_telegram_a_name_a_reply_or_our_command_calls_us(circle: Circle) -> None:
    await circle.tg(await circle.post.telegram.invite(TARO, CHAT))
    assert len(circle.told()) == 2
    assert await circle.call(QUESTION) == []
    assert await circle.call("@other_bot " + QUESTION) == []
    assert await circle.call("/weather") == []
    assert await circle.call("/staff@nakodo_bot K7M4Q-H2XW9") == []
    (answer,) = await circle.call("🍎 @Nakodo_Bot " + QUESTION)
    assert "出典:" in answer
    last = circle.post.telegram.delivered(CHAT)[-1]
    assert last["reply_to_message"]["text"].endswith(QUESTION)
    assert len(await circle.call("くわしく", under=last["message_id"])) == 1
    assert len(await circle.call("/ask@nakodo_bot " + QUESTION)) == 1
    assert len(await circle.call("/help")) == 2


async def test_W23_a_button_in_a_telegram_group_is_answered_there_and_its_spinner_stops(circle: Circle) -> None:
    await circle.call("@nakodo_bot " + QUESTION)
    shown = circle.post.telegram.delivered(CHAT)
    tap = shown[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await circle.tg(await circle.post.telegram.press(TARO, shown[0]["message_id"], tap, chat=CHAT))
    assert "出典" in circle.told()[-1]
    assert all(one.answered for one in circle.post.telegram._state.taps.values())
    link = next(row[0] for row in shown[1]["reply_markup"]["inline_keyboard"])
    assert link == {"text": OPEN, "url": "https://t.me/nakodo_bot"}  # no web app: groups refuse them


@pytest.mark.parametrize("first", ["move", "words"], ids=["told in time", "words of the new number come first"])
async def test_W23_a_telegram_group_that_becomes_a_supergroup_is_followed(circle: Circle, first: str) -> None:
    await circle.call("@nakodo_bot English")
    moved = await circle.post.telegram.migrate(TARO, CHAT, SUPER)
    if first == "move":
        await circle.tg(moved)
        assert "Source:" in (await circle.call("@nakodo_bot How do I join a chokai?", SUPER))[0]
    else:
        assert len(await circle.call("@nakodo_bot " + QUESTION, SUPER)) == 2
        await circle.tg(moved)
    assert (circle.known("telegram", str(CHAT)), circle.known("telegram", str(SUPER))) == (False, True)
    assert circle.count("person") == [1]


async def test_W23_a_telegram_group_that_sends_us_away_is_forgotten(circle: Circle) -> None:
    await circle.call("@nakodo_bot " + QUESTION)
    await circle.tg(await circle.post.telegram.remove(TARO, CHAT))
    assert circle.count("person", "contact") == [0, 0]
