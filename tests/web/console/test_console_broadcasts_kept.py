"""What the composer keeps from going out: words that read as an alarm, and more than enough to one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from bot.web.drawing import clock
from storage import broadcasts, chunks, outbox
from storage.broadcast_tables import chunk
from storage.broadcasts import State
from storage.crowd import Group, Packed
from storage.receive_tables import receiver
from tests.web.console.office import Office
from tests.web.console.test_console_broadcasts import SURE, WORDS, do, form, newest, ready

pytestmark = pytest.mark.anyio


async def test_B04_a_training_to_come_is_news_and_what_reads_as_an_alarm_is_not(office: Office) -> None:
    aoki, _, version = await ready(office)
    news = {
        "ja": ("12月6日に、区民館で防災訓練があります。", "職業訓練の講座の案内です。申し込みは窓口へ。"),
        "en": ("A fire drill for all is held on 6 December.", "An exercise class for seniors begins."),
        "zh": ("12月6日在区民馆举行防灾训练,欢迎参加。",),
        "ko": ("12월 6일에 구민관에서 방재 훈련이 있습니다. 누구나 오세요.",),
        "ja-easy": ("12月6日に 防災訓練が あります。", "歌の 練習を します。12月6日に 来てください。"),
    }  # fmt: skip
    alarms = {
        "ja": (
            "これは訓練です。大きな地震がありました。", "【訓練】大雨の警報です。注意してください。",
            "訓練 訓練 ただちに外へ出てください。", "訓練放送をお知らせします。窓口です。",
            "防災訓練で使う放送です。ただちに避難してください。",
        ),
        "en": ("This is a drill. A large earthquake has happened.", "[Drill] Heavy rain warning for the ward."),
        "zh": ("这是演练。发生了大地震,请注意。",),
        "ko": ("이것은 훈련입니다. 큰 지진이 일어났습니다.",),
        "ja-easy": ("これは 訓練です。大きい 地震が ありました。",),
    }  # fmt: skip
    async with office.browser(aoki) as a:

        async def look(language: str, text: str) -> tuple[str, int, int]:
            told = {"text-ja": WORDS, f"text-{language}": text}
            made = await a.post("/console/broadcasts", data=form(version, **told))
            page = (await a.get(made.headers["location"])).text
            return page, (await do(a, office, "ask")).status_code, (await do(a, office, "ask", **SURE)).status_code

        for language, texts in news.items():
            for text in texts:
                page, unticked, ticked = await look(language, text)
                assert "訓練そのものの知らせでなければ" in page.partition("気をつけるところ")[2], text
                assert (unticked, ticked) == (422, 303), text
        for language, texts in alarms.items():
            for text in texts:
                page, _, ticked = await look(language, text)
                assert "訓練の印がありません" in page.partition("直すところ")[2], text
                assert ticked == 422, text


async def test_who_had_enough_is_a_number_before_the_button_and_a_person_may_send_to_them_too(office: Office) -> None:
    office.under(broadcast_most=1, broadcast_most_days=5)
    aoki, baba, version = await ready(office)
    old = broadcasts.Draft("前", {"ja": WORDS}, int(version), outbox.BULK)

    def had(conn: Connection) -> None:
        """Four of the ten got one a while ago."""
        now = office.clock()
        one = broadcasts.find(conn, broadcasts.add(conn, aoki, old, now))
        assert one is not None
        assert broadcasts.ask(conn, one, 4, now)
        assert broadcasts.approve(conn, one, baba, 4, now)
        assert broadcasts.start(conn, one, now)
        rows = conn.execute(select(receiver.c.contact_id).where(receiver.c.channel == "line").limit(4)).scalars()
        packed = Packed()
        packed.groups[Group("line", "ja")].extend(number for number in rows if number)
        chunks.freeze(conn, (one.id, outbox.BULK), packed, None, now)
        conn.execute(update(chunk).values(fates=b"aaaa", accepted=4, state="done"))

    office.write(had)
    office.clock.on(days=1)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        made = await a.post("/console/broadcasts", data=form(version))
        page = (await a.get(made.headers["location"])).text
        assert '<strong class="many">6人</strong>' in page
        assert "ほかに4人は、5日のうちにもう1通届いたので、送りません。" in page
        await do(a, office, "ask", **SURE)
        assert (await do(b, office, "approve", expected="10", **SURE)).status_code == 409
        assert (await do(b, office, "approve", expected="6", **SURE)).status_code == 303
        one = newest(office)
        composer = (await a.get(f"/console/broadcasts?edit={one.id}")).text
        assert "5日のうちに1通届いた人には送りません" in composer
        beyond = form(version, number=str(one.id), mark=one.mark, beyond="yes")
        assert (await a.post("/console/broadcasts", data=beyond)).status_code == 303
        assert newest(office).state is State.DRAFT  # what was agreed to went to fewer
        page = (await a.get(made.headers["location"])).text
        assert '<strong class="many">10人</strong>' in page
        assert "最近たくさん届いた人にも送ります。" in page
        urgent = form(version, number=str(one.id), mark=newest(office).mark, lane="urgent")
        assert (await a.post("/console/broadcasts", data=urgent)).status_code == 303
        assert '<strong class="many">10人</strong>' in (await a.get(made.headers["location"])).text


async def test_who_is_left_alone_by_night_is_named_with_the_hour_they_get_it(office: Office) -> None:
    aoki, baba, version = await ready(office)
    morning = office.clock() + timedelta(hours=9)

    def begun(conn: Connection) -> None:
        now = office.clock()
        draft = broadcasts.Draft("夜", {"ja": WORDS}, int(version), outbox.BULK)
        one = broadcasts.find(conn, broadcasts.add(conn, aoki, draft, now))
        assert one is not None
        assert broadcasts.ask(conn, one, 10, now)
        assert broadcasts.approve(conn, one, baba, 10, now)
        assert broadcasts.start(conn, one, now)
        packed = Packed()
        packed.groups[Group("line", "ja", morning)].extend(range(1, 8))
        packed.groups[Group("line", "ja")].extend(range(8, 11))
        chunks.freeze(conn, (one.id, outbox.BULK), packed, None, now)

    office.write(begun)
    async with office.browser(aoki) as a:
        page = (await a.get(f"/console/broadcasts/{newest(office).id}/progress")).text
        hour = clock(morning, office.settings.timezone, office.clock()).striptags()
        assert f"7人には、静かにする時間のあと({hour}から)送ります。" in page
        office.clock.on(hours=10)
        assert "静かにする時間のあと" not in (await a.get(f"/console/broadcasts/{newest(office).id}/progress")).text
