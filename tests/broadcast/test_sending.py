"""A broadcast on its way: everybody once, in their language, and sums that add up."""

from __future__ import annotations

import pytest

from storage.broadcasts import State
from storage.fates import Sums
from tests.broadcast.square import WORDS, Square

pytestmark = pytest.mark.anyio


async def test_everybody_gets_it_once_in_their_language_with_why_and_stop_under_it(either: Square) -> None:
    ja, en = either.crowd("line", 501), either.crowd("line", 3, "en", 600)
    tele, web = either.crowd("telegram", 4), either.crowd("web", 3)
    one = either.approved(either.draft(texts={"ja": WORDS, "en": "Cleaning on Nov 29."}))
    await either.run()
    done = either.one(one.id)
    assert done.state is State.DONE
    assert either.sums(one) == Sums(511, 511)
    assert set(either.on_line().values()) == {1}
    assert either.on_line().keys() == {*ja, *en}
    assert sorted(len(call.body["to"]) for call in either.post.line.ledger.of("multicast")) == [1, 3, 500]
    assert either.shows(ja[0])[0].startswith(WORDS)
    assert either.shows(en[0])[0].startswith("Cleaning")
    face = either.post.line.screen(ja[0])[-1]
    assert [button["label"] for button in face["quick"]] == ["なぜ届いたの?", "お知らせを止める"]
    assert [len(either.post.telegram.delivered(int(address))) for address in tele] == [1] * 4
    assert len(web) == 3
