"""`nakodo serve`: the whole program in one process, or one half of it."""

from __future__ import annotations

import asyncio
import signal
import socket

import structlog
import uvicorn

from bot.adapters import make_channels
from bot.app import Parts, assemble, close, make_mind, restocked, web, working
from bot.cli.start import Only, one_line, stop
from bot.listening import listen
from bot.logs import set_up
from bot.outside import outside
from bot.settings import Settings
from bot.settling import settle
from bot.web.slow import Impatient, make_room
from dialogs.flow import FlowWrong
from dialogs.words import WordsWrong
from knowledge.checklists import WrongList
from knowledge.glossary import BrokenGlossary
from knowledge.hours import WrongHours
from knowledge.shelf import BrokenArticle
from storage import migrate

log = structlog.get_logger()
# A connection at rest is kept longer than proxies and platforms keep theirs (nginx: 60 s), so that no post meets a door
# that closes at this very moment.
KEPT_OPEN_S = 75
GRACE_S = 10  # for open requests; with what is being sent (bot/app.py) the end comes within twenty seconds


def made(settings: Settings) -> Parts:
    """All parts, or one line that says what is wrong."""
    try:
        mind = make_mind(settings)
    except (FlowWrong, WordsWrong, BrokenArticle, BrokenGlossary, WrongHours, WrongList, ValueError) as wrong:
        stop(str(wrong))
    with one_line():
        migrate(settings.database_url)
        parts = assemble(settings, mind=mind, channels=outside(list(make_channels(settings))))
    settle()
    return parts


def listening(settings: Settings) -> socket.socket:
    """The socket people come to, or one line that says why there is none."""
    try:
        return listen(settings.host, settings.port)
    except OSError as taken:
        stop(f"NAKODO_HOST, NAKODO_PORT: cannot listen on {settings.host}:{settings.port} ({taken.strerror or taken})")


def run(settings: Settings, only: Only) -> None:
    """Serve until a signal comes."""
    if only is not Only.ALL and settings.database_url.startswith("sqlite"):
        stop("NAKODO_DATABASE_URL: two processes need PostgreSQL; with SQLite run `nakodo serve` alone")
    if only is Only.WORKER:
        parts = made(settings)
        set_up()
        asyncio.run(work(parts))
        return
    answer(settings, worker=only is Only.ALL)


def answer(settings: Settings, *, worker: bool) -> None:
    """Pages and doors until a signal comes, with the worker inside or with none."""
    make_room()
    with listening(settings) as door:
        parts = made(settings)
        set_up()
        config = uvicorn.Config(
            web(parts, worker=worker),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            ws="none",
            timeout_keep_alive=KEPT_OPEN_S,
            http=Impatient,
            timeout_graceful_shutdown=GRACE_S,
        )
        log.info("listening", host=settings.host, port=settings.port)
        uvicorn.Server(config).run(sockets=[door])


async def work(parts: Parts) -> None:
    """Hear and deliver without any page, until a signal comes."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, over.set)
    async with restocked(parts), working(parts):
        log.info("working")
        await over.wait()
    await close(parts)
