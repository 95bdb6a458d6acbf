"""Callers that come while a flush runs share the next one."""

from __future__ import annotations

import asyncio

import pytest

from storage import Together

pytestmark = pytest.mark.anyio


class Post:
    """Counts flushes; each waits for its permission."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.permits = asyncio.Semaphore(0)

    async def flush(self, items: list[int]) -> list[str]:
        self.batches.append(items)
        await self.permits.acquire()
        if 1313 in items:
            raise LookupError("thirteen")
        return [f"n{item}" for item in items]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_callers_gather_while_a_flush_runs() -> None:
    post = Post()
    together = Together(post.flush)
    first = asyncio.create_task(together(0))
    await settle()
    rest = [asyncio.create_task(together(n)) for n in range(1, 50)]
    await settle()
    post.permits.release()
    post.permits.release()
    assert await first == "n0"
    assert await asyncio.gather(*rest) == [f"n{n}" for n in range(1, 50)]
    assert post.batches == [[0], list(range(1, 50))]


async def test_between_two_flushes_lies_a_rest_but_the_first_starts_at_once() -> None:
    post = Post()
    together, begun = Together(post.flush, rest_s=0.03), asyncio.get_running_loop().time()
    first = asyncio.create_task(together(0))
    await settle()
    assert post.batches == [[0]]
    rest = [asyncio.create_task(together(n)) for n in (1, 2)]
    post.permits.release()
    post.permits.release()
    await asyncio.gather(first, *rest)
    assert post.batches == [[0], [1, 2]]
    assert asyncio.get_running_loop().time() - begun >= 0.03


async def test_a_batch_has_a_largest_size() -> None:
    post = Post()
    together = Together(post.flush, at_most=3)
    tasks = [asyncio.create_task(together(n)) for n in range(8)]
    for _ in range(3):
        post.permits.release()
    assert await asyncio.gather(*tasks) == [f"n{n}" for n in range(8)]
    assert [len(batch) for batch in post.batches] == [3, 3, 2]


async def test_a_failure_goes_to_its_own_batch_only() -> None:
    post = Post()
    together = Together(post.flush, at_most=2)
    tasks = [asyncio.create_task(together(n)) for n in (12, 1313, 14)]
    post.permits.release()
    post.permits.release()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [LookupError, LookupError, str]
    post.permits.release()
    assert await together(15) == "n15"


async def test_a_caller_that_leaves_does_not_disturb_the_others() -> None:
    post = Post()
    together = Together(post.flush)
    stays, leaves = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await settle()
    leaves.cancel()
    post.permits.release()
    assert await stays == "n1"


async def test_too_few_answers_are_an_error_for_all() -> None:
    async def forgetful(items: list[int]) -> list[int]:
        return items[1:]

    together = Together(forgetful)
    results = await asyncio.gather(together(1), together(2), return_exceptions=True)
    assert all(isinstance(result, ValueError) for result in results)
