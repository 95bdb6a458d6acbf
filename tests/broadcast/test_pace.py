"""B-17 and B-09 in requests: so few are between that, at the pace we keep, two seconds hold them on any machine."""

from __future__ import annotations

import json

import pytest

from bot.broadcasting import PLACES, RATES
from bot.heralding import EVERY_S
from storage import broadcasts, chunks
from storage.outbox import URGENT
from tests.broadcast.square import NEWS, WORDS, Square
from tests.broadcast.test_faults import until

pytestmark = pytest.mark.anyio
WITHIN_S = 2.0
CALLS = {"line": "multicast", "telegram": "sendMessage"}


def texts(square: Square, channel: str) -> list[str]:
    """What each request to a platform said, in their order there."""
    ledger = square.post.line.ledger if channel == "line" else square.post.telegram.ledger
    return [json.dumps(call.body, ensure_ascii=False) for call in ledger.of(CALLS[channel])]


async def on_their_way(square: Square, monkeypatch: pytest.MonkeyPatch) -> broadcasts.Broadcast:
    """A newsletter of many requests on both platforms, of which some are done."""
    monkeypatch.setitem(chunks.SIZE, "line", 10)
    square.crowd("line", 600)
    square.crowd("telegram", 60)
    news = square.approved(square.draft(NEWS))
    await square.herald.look()
    await until(lambda: len(texts(square, "line")) >= 5 and len(texts(square, "telegram")) >= 1)
    return news


async def test_B17_urgent_words_begin_within_two_seconds_of_our_pace(
    town: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    await on_their_way(town, monkeypatch)
    town.approved(town.draft(WORDS, lane=URGENT))
    before = {channel: len(texts(town, channel)) for channel in CALLS}
    await town.run()
    for channel, at in before.items():
        said = texts(town, channel)[at:]
        first = next(place for place, text in enumerate(said) if WORDS in text)
        last = max(place for place, text in enumerate(said) if WORDS in text)
        assert any(NEWS in text for text in said[first:]), channel  # the newsletter was not over
        assert EVERY_S + first / RATES[channel] <= WITHIN_S, (channel, first)
        # Beside it goes at most what had been claimed before it began.
        assert sum(NEWS in text for text in said[first:last]) <= PLACES[channel] * (1 if channel == "line" else 10)


async def test_B09_what_still_leaves_after_a_stop_takes_less_than_two_seconds(
    town: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = await on_their_way(town, monkeypatch)
    assert town.do(lambda conn: broadcasts.stop(conn, news.id, town.member("mori"), town.clock()))
    before = {channel: len(texts(town, channel)) for channel in CALLS}
    await town.herald.idle()
    for channel, at in before.items():
        after = len(texts(town, channel)) - at
        assert after / RATES[channel] <= WITHIN_S, (channel, after)
    sums = town.sums(news)
    assert (sums.waiting, sums.queued) == (0, 660)
    assert sums.skipped > 0
