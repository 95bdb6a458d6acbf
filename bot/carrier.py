"""A process that only speaks to the platforms, for the one that started it, and ends with it.

Run as `python -m bot.carrier FD PID`: an open socket, and the process at its other end. It hears (number, channel,
deed, arguments) and answers (number, what came of it). It knows no database.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

import uvloop

from bot.adapters import make_channels
from bot.frames import Broken, frame, next_frame
from bot.logs import set_up
from bot.ports import Channel
from bot.settings import Settings
from bot.settling import settle

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Serve the socket until its other end is closed."""
    set_up()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)  # whoever started us says when it is over, after its last parcel
    die_with(int(sys.argv[2]))
    uvloop.run(serve(socket.socket(fileno=int(sys.argv[1])), make_channels(Settings())))


def die_with(parent: int) -> None:
    """Where the kernel can: be killed with the process that started us, so that no two carriers ever overlap."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died while we were getting ready
        sys.exit()


async def serve(line: socket.socket, channels: Mapping[str, Channel]) -> None:
    """Do what is asked, many deeds at a time."""
    reader, writer = await asyncio.open_connection(sock=line)
    for channel in channels.values():
        await channel.open()
    settle()  # the SDKs are loaded: looking through them again and again took a quarter of this process's time
    under_way: set[asyncio.Task[None]] = set()

    async def one(number: int, name: str, deed: str, arguments: tuple[Any, ...]) -> None:
        try:
            answer = await getattr(channels[name], deed)(*arguments)
        except Exception as broken:  # noqa: BLE001 - our own mistake is told to whoever asked, who would wait for ever
            answer = Broken(type(broken).__name__)
        writer.write(frame((number, answer)))

    while (asked := await next_frame(reader)) is not None:
        task = asyncio.create_task(one(*asked))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way, return_exceptions=True)
    for channel in channels.values():
        await channel.close()
    writer.close()


if __name__ == "__main__":
    main()
