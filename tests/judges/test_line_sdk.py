"""LINE's SDK for Node as judge: it reads what our double posts, talks to the double, and its types fit all we draw."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.line_draw import draw, draw_plain
from tests.channels import odd
from tests.channels.samples import BOT_ID, QUESTION, WORDS
from tests.doubles.bot import SECRET, TOKEN, Clock
from tests.doubles.test_line_webhooks import ACTS, GROUP, HANAKO, TARO, Act, perform

pytestmark = [pytest.mark.judges, pytest.mark.anyio]
SPEAKER = Path(__file__).with_name("sdk.cjs")
JUDGED = """import type {{ messagingApi, webhook }} from "@line/bot-sdk";
export const posts: webhook.CallbackRequest[] = {posts};
export const pushes: messagingApi.PushMessageRequest[] = {pushes};
export const wrong: messagingApi.PushMessageRequest[] = [
  // @ts-expect-error: a judge that lets this pass judges nothing
  {{ to: "U1", messages: [{{ type: "text" }}] }},
];
"""
STRICT = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--types", "node"]


def speak(judges: Path, *what: str) -> Any:
    """What the SDK says when told to do this."""
    done = subprocess.run(["node", SPEAKER, judges, *what], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.fixture
def door(judges: Path) -> Iterator[str]:
    """The address of a bot made of the SDK's own middleware."""
    with subprocess.Popen(["node", SPEAKER, judges, "listen", SECRET], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield f"http://127.0.0.1:{int(running.stdout.readline())}/"
        running.terminate()


@pytest.fixture
async def line(door: str) -> AsyncIterator[LinePlatform]:
    """A LINE platform that posts to that bot."""
    async with LinePlatform(SECRET, TOKEN, door, clock=Clock()) as platform:
        yield platform


def test_the_published_seal_is_right_and_one_sign_more_is_not(judges: Path) -> None:
    assert speak(judges, "vector") == [True, False]


async def everything(line: LinePlatform) -> list[dict[str, Any]]:
    """All that the double can emit, as it went out: every kind of event, together and again."""
    acts: list[Act] = [act for act, _ in ACTS.values()]
    acts += [
        lambda line: line.album(HANAKO, b"one", b"two"),
        lambda line: line.say(TARO, "みんなへ", group=GROUP),
    ]
    for act in acts:
        await line.follow(HANAKO)  # one of them blocks the account
        await perform(line, act)
    await line.raw()
    both = [line.event("follow", who, follow={"isUnblocked": False}) for who in (HANAKO, TARO)]
    await line.raw(*both)
    await line.redeliver(line.posts[-1].event["webhookEventId"])
    async with httpx2.AsyncClient() as asking:
        seen: list[dict[str, Any]] = (await asking.get(line.hook_url)).json()
    return seen


async def test_the_sdk_takes_every_post_of_the_double_and_refuses_a_forged_one(line: LinePlatform) -> None:
    seen = await everything(line)
    assert all(posted.ok for posted in line.posts)
    told = [[event["webhookEventId"] for event in body["events"]] for body in seen]
    assert [[event["webhookEventId"] for event in posted.events] for posted in line.posts] == told
    forged = await line.post(b'{"destination":"U1","events":[]}', {"x-line-signature": "forged"})
    assert forged.status == 401


async def test_the_types_of_the_sdk_fit_what_the_double_emits_and_what_we_draw(
    line: LinePlatform, judges: Path
) -> None:
    drawn: list[list[dict[str, Any]]] = [draw((WORDS, QUESTION))]

    @given(odd.parcels)
    @settings(deadline=None, max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def collect(parcel: Any) -> None:
        drawn.extend((draw(parcel), draw_plain(parcel)))

    collect()
    pushes = [{"to": "U1", "messages": objects} for objects in drawn if objects]
    assert complaints(judges, await everything(line), pushes) == ""


def complaints(judges: Path, posts: list[Any], pushes: list[Any]) -> str:
    """What the TypeScript compiler says of these as the SDK's types, which name every field there is."""
    with tempfile.TemporaryDirectory(dir=judges) as folder:
        page = Path(folder) / "judged.ts"
        page.write_text(JUDGED.format(posts=json.dumps(posts), pushes=json.dumps(pushes)), "utf-8")
        tsc = judges / "node_modules" / ".bin" / "tsc"
        return subprocess.run([tsc, *STRICT, page], cwd=judges, capture_output=True, text=True, check=False).stdout


async def test_the_sdk_talks_to_the_double_as_to_line(line: LinePlatform, judges: Path) -> None:
    token = (await line.follow(HANAKO)).event["replyToken"]
    async with serving(line.app) as base:
        told = await asyncio.to_thread(speak, judges, "talk", base, TOKEN, HANAKO, token)
    refused = {name: answer for name, answer in told.items() if isinstance(answer, int)}
    assert refused == {"reply again": 400, "push again": 409, "too many": 400}
    assert [len(told[name]["sentMessages"]) for name in ("reply", "push")] == [1, 1]
    assert told["profile"]["userId"] == HANAKO
    assert (told["used"], told["menus"]) == ({"totalUsage": 1}, {"richmenus": []})
    assert told["info"]["userId"] == BOT_ID
