"""The whole way over HTTP: signed webhook, stored, turn, reply accepted; server and load in processes of their own.

python -m tests.bench.whole [--people 1000] [--rate 300 --seconds 15] [--url postgresql://…]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.serving import ROOT, Server, free_port


def measure(url: str, *more: str) -> dict[str, Any]:
    """One run against a fresh server."""
    line_port = free_port()
    server = Server(url, f"http://127.0.0.1:{line_port}", anew=True)
    asked = [
        sys.executable,
        "-m",
        "tests.bench.load",
        "--hook",
        f"{server.base}/line/webhook",
        "--port",
        str(line_port),
        "--warm",
    ]
    server.start()
    try:
        with subprocess.Popen([*asked, *more], cwd=ROOT, stdout=subprocess.PIPE, text=True) as load:
            assert load.stdout is not None
            load.stdout.readline()  # it is warm: what a start costs is no part of a message
            begun = server.cpu_seconds()
            said, _ = load.communicate(timeout=600)
        assert load.returncode == 0, "the load generator broke off"
        used = server.cpu_seconds() - begun
    finally:
        server.stop()
    figures: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return figures | {"server_cpu_ms_per_event": used / figures["events"] * 1000}


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    known, rest = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(known.url or f"sqlite:///{Path(folder) / 'bench.db'}", *rest)
    figures["whole_per_s"] = figures["replies"] / figures["whole_s"]
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
