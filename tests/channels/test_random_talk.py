"""Whatever a random talk makes the bot say is drawn for LINE and Telegram within every limit, and judged valid."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.channels import line_draw, telegram_draw
from dialogs.saying import Message
from tests.channels import test_line_draw, test_telegram_draw
from tests.dialogs.everything import Everything, house_with
from tests.dialogs.walk import Walker, random_act

ADDRESS = "https://nakodo.example/p/" + "a" * 43
STEPS, SHORT = 4_000, 60


def filed(message: Message) -> Message:
    """As it is put into the outbox: a page has its one-time address."""
    page = message.page and replace(message.page, url=ADDRESS)
    return replace(message, page=page)


@pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2001, 2006))])
def test_all_that_a_random_talk_says_can_be_sent(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 (a walk, not a secret)
    walker, judged = Walker(house_with(Everything)), set[tuple[Message, ...]]()
    for _ in range(SHORT if seed == 7 else STEPS):
        walker.step(random_act(chance))
        said = tuple(filed(message) for message in walker.last)
        if not said or said in judged:
            continue
        judged.add(said)
        test_line_draw.hold(line_draw.draw(said))
        test_line_draw.hold(line_draw.draw_plain(said))
        for part in telegram_draw.draw(said):
            test_telegram_draw.hold(part)
    assert len(judged) > 25, "the walk says too little"
