"""A real `nakodo serve` in a process of its own, for the tests that kill it and the benches that load it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECRET, TOKEN = "c" * 32, "t" * 64  # of a made-up LINE channel
START_S = 60


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _cpu_ticks(pid: int) -> int:
    """Of a process and its children, for as long as they live."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parts = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if pid in (int(stat.parent.name), int(parts[1])):
                ticks += int(parts[11]) + int(parts[12])
    return ticks


@dataclass
class Server:
    """One `nakodo serve` on a fixed port, which may be killed and started again; `line` is where LINE is played.

    What it writes is thrown away, or added to the file `output`.
    """

    database_url: str
    line: str
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    output: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it is well."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NAKODO_")},
            "NAKODO_DATABASE_URL": self.database_url,
            "NAKODO_SECRET_KEY": "s" * 48,
            "NAKODO_PORT": str(self.port),
            "NAKODO_PUBLIC_URL": self.base,
            "NAKODO_LINE_CHANNEL_SECRET": SECRET,
            "NAKODO_LINE_ACCESS_TOKEN": TOKEN,
            "NAKODO_LINE_API_BASE": self.line,
            "NAKODO_LINE_DATA_API_BASE": self.line,
            **self.more,
        }
        with (self.output or Path(os.devnull)).open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        self._wait()

    def said(self) -> str:
        """What it has written into `output` so far."""
        return "" if self.output is None else self.output.read_text("utf-8", "replace")

    def _wait(self) -> None:
        begun = time.monotonic()
        while time.monotonic() - begun < START_S:
            if self.process is None or self.process.poll() is not None:
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
        if self.process is None:
            return 0.0
        return _cpu_ticks(self.process.pid) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """kill -9, as a power cut or the kernel would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
