"""What each of several servers does in a storm; imported once by the process that the servers are copies of."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from starlette.applications import Starlette

from bot import app
from bot.channels import line_wire
from bot.channels.line import LineChannel
from bot.web.hooks import hooks
from storage import inbox, outbox
from tests.channels.samples import LINE_TOKEN, US, line_signature
from tests.faults.posting import knock
from tests.faults.town import LINE, settings
from tests.ours import mind

MIND = mind()  # worked out once: each server has it from the first moment
READY = (line_wire.Wire,)  # and the SDK, which takes a second to load
QUIET = 3  # looks in a row that found nothing left to do
AT_ONCE = 20  # posts on their way to one server


def servers(count: int) -> ProcessPoolExecutor:
    """So many processes, copies of one that has no database open and no thread running."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(count, context)


def pour(url: str, bodies: Sequence[bytes]) -> set[int]:
    """Take posts while nobody works; every status that was answered."""
    return asyncio.run(_storm(url, "", bodies))


def work(url: str, host: str, bodies: Sequence[bytes]) -> set[int]:
    """Hear and answer until nothing is left, and take these posts meanwhile; every status that was answered."""
    return asyncio.run(_storm(url, host, bodies))


async def _storm(url: str, host: str, bodies: Sequence[bytes]) -> set[int]:
    channels = {"line": LineChannel(host, LINE_TOKEN)} if host else {}
    parts = app.assemble(settings(url), mind=MIND, channels=channels)
    site = Starlette(routes=hooks(parts.ingress.receive, parts.settings, US))
    try:
        if not host:
            return await _post_all(site, bodies)
        async with app.working(parts):
            statuses = await _post_all(site, bodies)
            await _worked_off(parts)
            return statuses
    finally:
        await app.close(parts)


async def _post_all(site: Starlette, bodies: Sequence[bytes]) -> set[int]:
    statuses = set()
    for at in range(0, len(bodies), AT_ONCE):
        posts = (knock(site, LINE, body, _signed(body)) for body in bodies[at : at + AT_ONCE])
        statuses |= set(await asyncio.gather(*posts))
    return statuses


def _signed(body: bytes) -> tuple[str, str]:
    return "x-line-signature", line_signature(body)


async def _worked_off(parts: app.Parts) -> None:
    quiet = 0
    while quiet < QUIET:
        waits = (await asyncio.to_thread(parts.store.read, inbox.depth))["inbox"]
        waits += await asyncio.to_thread(parts.store.read, outbox.depth)
        quiet = 0 if waits else quiet + 1
        await parts.bell.wait(0.05)
