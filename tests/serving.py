"""A real `nakodo serve` in a process of its own, for the tests that kill it and the benches that load it."""

from __future__ import annotations

import os
import random
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.apart import apart

ROOT = Path(__file__).parents[1]
SECRET, TOKEN = "c" * 32, "t" * 64  # of a made-up LINE channel
START_S = 60


def free_port() -> int:
    """A port nobody listens on, below those that systems hand out: none of these is taken before it is used."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def _cpu_ticks(pid: int) -> int:
    """Of a process and its children, for as long as they live."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parts = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if pid in (int(stat.parent.name), int(parts[1])):
                ticks += int(parts[11]) + int(parts[12])
    return ticks


def serve(environment: Mapping[str, str], output: Path, anew: bool, worker: bool) -> None:
    """Become `nakodo serve`, in a process that has done nothing yet; `anew` with an interpreter of its own.

    Without a `worker` it takes what is posted and hears nothing.
    """
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        opened = os.open(output if number else os.devnull, flags | (os.O_APPEND | os.O_CREAT if number else 0), 0o600)
        os.dup2(opened, number)
        os.close(opened)
    words = ["nakodo", "serve"]
    if anew:
        os.execv(sys.executable, [sys.executable, "-m", "bot", *words[1:]])  # noqa: S606 - our own program
    if not worker:
        from bot.cli.serve import answer
        from bot.settings import Settings

        answer(Settings(), worker=False)
        return
    from bot.__main__ import main

    sys.argv = words
    main()


@dataclass
class Server:
    """One `nakodo serve` on a fixed port, which may be killed and started again; `line` is where LINE is played.

    What it writes is thrown away, or added to the file `output`. Its process is a copy of one that has imported the
    program and done nothing else; `anew` gives it an interpreter of its own, a second and a half of work. Without its
    `worker` it only takes posts.
    """

    database_url: str
    line: str
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    output: Path | None = None
    anew: bool = False
    worker: bool = True
    process: BaseProcess | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self.process is not None
        assert self.process.pid is not None
        return self.process.pid

    def start(self) -> None:
        """Start and wait until it is well."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NAKODO_")},
            "NAKODO_DATABASE_URL": self.database_url,
            "NAKODO_SECRET_KEY": "s" * 48,
            "NAKODO_UNDO_SECONDS": "0",
            "NAKODO_PORT": str(self.port),
            "NAKODO_PUBLIC_URL": self.base,
            "NAKODO_LINE_CHANNEL_SECRET": SECRET,
            "NAKODO_LINE_ACCESS_TOKEN": TOKEN,
            "NAKODO_LINE_API_BASE": self.line,
            "NAKODO_LINE_DATA_API_BASE": self.line,
            **self.more,
        }
        output = self.output or Path(os.devnull)
        how = {"anew": self.anew, "worker": self.worker}
        self.process = apart().Process(target=serve, args=(environment, output), kwargs=how, daemon=True)
        self.process.start()
        self._wait()

    def said(self) -> str:
        """What it has written into `output` so far."""
        return "" if self.output is None else self.output.read_text("utf-8", "replace")

    def _wait(self) -> None:
        begun = time.monotonic()
        while time.monotonic() - begun < START_S:
            if self.process is None or not self.process.is_alive():
                raise RuntimeError("the server did not start")
            try:
                with urllib.request.urlopen(f"{self.base}/health", timeout=1) as answer:  # noqa: S310 - our own
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError("the server did not answer")

    def cpu_seconds(self) -> float:
        """Processor time it and its carrier have used, user and system; Linux only."""
        return _cpu_ticks(self.pid) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """kill -9, as a power cut or the kernel would."""
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def stop(self) -> None:
        """SIGTERM, and wait."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()
            self.process.join(30)
            assert not self.process.is_alive(), "the server did not stop"
