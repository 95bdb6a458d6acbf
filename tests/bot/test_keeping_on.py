"""What goes on for ever goes on after a mistake of ours, and while the database is away; its end is not in its way."""

from __future__ import annotations

import asyncio

import pytest

from bot.keeping_on import keep_on
from storage.writer import StorageDown

pytestmark = pytest.mark.anyio


async def test_a_look_that_breaks_is_not_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    looks: list[int] = []
    enough = asyncio.Event()

    async def look() -> None:
        looks.append(len(looks))
        match looks[-1]:
            case 0:
                raise ValueError("canary words of a resident")
            case 1:
                raise StorageDown("away")
            case _:
                enough.set()

    going = asyncio.create_task(keep_on(look, 0.0, "it waits", "it broke"))
    async with asyncio.timeout(20):
        await enough.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    told = capsys.readouterr()
    assert looks[:3] == [0, 1, 2]
    assert "canary" not in told.out + told.err
