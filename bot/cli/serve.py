"""`nakodo serve`: the whole program in one process, or one half of it."""

from __future__ import annotations

import asyncio
import signal

import structlog
import uvicorn

from bot.app import Parts, assemble, close, web, working
from bot.cli.start import Only, stop
from bot.logs import set_up
from bot.settings import Settings
from dialogs.flow import FlowWrong
from dialogs.words import WordsWrong
from knowledge.shelf import BrokenArticle
from storage import StorageDown, WrongKey, migrate

log = structlog.get_logger()
GRACE_S = 10  # for open requests; with what is being sent (bot/app.py) the end comes within twenty seconds


def made(settings: Settings) -> Parts:
    """All parts, or one line that says what is wrong."""
    try:
        migrate(settings.database_url)
        return assemble(settings)
    except (FlowWrong, WordsWrong, BrokenArticle, WrongKey, StorageDown, ValueError) as wrong:
        stop(str(wrong))


def run(settings: Settings, only: Only) -> None:
    """Serve until a signal comes."""
    set_up()
    if only is not Only.ALL and settings.database_url.startswith("sqlite"):
        stop("NAKODO_DATABASE_URL: two processes need PostgreSQL; with SQLite run `nakodo serve` alone")
    parts = made(settings)
    if only is Only.WORKER:
        asyncio.run(work(parts))
        return
    config = uvicorn.Config(
        web(parts, worker=only is Only.ALL),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        ws="none",
        timeout_graceful_shutdown=GRACE_S,
    )
    log.info("listening", host=settings.host, port=settings.port)
    uvicorn.Server(config).run()


async def work(parts: Parts) -> None:
    """Hear and deliver without any page, until a signal comes."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, over.set)
    async with working(parts):
        log.info("working")
        await over.wait()
    await close(parts)
