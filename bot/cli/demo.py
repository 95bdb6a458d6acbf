"""`nakodo demo`: sets the stage, prints one address, and plays until it is stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
import tempfile
import webbrowser
from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from bot.demo.stage import stage
from bot.logs import set_up


def run(port: int, *, open_browser: bool) -> None:
    """Run the demo; another port is taken when this one is in use."""
    set_up()
    asyncio.run(_run(_free(port), open_browser=open_browser))


def _free(port: int) -> int:
    """This port, or any free one."""
    for wanted in (port, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    return port


async def _run(port: int, *, open_browser: bool) -> None:
    console = Console(highlight=False)
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, over.set)
    with tempfile.TemporaryDirectory(prefix="nakodo-demo-") as folder:
        async with stage(Path(folder), port, lambda line: console.print(f"[green]✔[/] {line}")) as ready:
            console.print(
                Panel(
                    "下のアドレスをブラウザで開いてください(一度だけ使えます)。\n"
                    "左が住民のスマホ、右がコーディネーターの画面です。\n"
                    "Open the address below: a resident's phone on the left, the console on the right.\n"
                    "終わるときは Ctrl+C",
                    title="なこうど デモ",
                    expand=False,
                )
            )
            console.print(f"\n  [bold]{ready.entrance}[/]\n", soft_wrap=True)
            if open_browser:
                webbrowser.open(ready.entrance)
            await over.wait()
            console.print("終わります…")
