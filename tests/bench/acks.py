"""How soon 500 events a second are acknowledged while the worker works, stands still, and makes up for what waited.

python -m tests.bench.acks [--rate 500 --seconds 15 --people 1000 --waiting 500] [--url postgresql://…]
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

MOST_P99_MS, MOST_MS = 200.0, 1000.0  # W-16 of the list of faults, and none over a second


def load(server: Server, line_port: int, *more: str) -> dict[str, Any]:
    """What a load generator saw of this server."""
    asked = ["-m", "tests.bench.load", "--hook", f"{server.base}/line/webhook", "--port", str(line_port), *more]
    done = subprocess.run([sys.executable, *asked], cwd=ROOT, check=True, capture_output=True, text=True, timeout=600)
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def measure(url: str, rate: int, seconds: int, people: int, waiting: int) -> dict[str, dict[str, Any]]:
    """The acknowledgements of each state of the worker. Before the last, `waiting` people's messages are unheard."""
    line_port = free_port()
    line = f"http://127.0.0.1:{line_port}"
    pace = ("--rate", str(rate), "--seconds", str(seconds), "--people", str(people))
    found: dict[str, dict[str, Any]] = {}
    for state, worker in (("running", True), ("stopped", False), ("recovering", True)):
        server = Server(url, line, worker=worker)
        server.start()
        try:
            found[state] = load(server, line_port, *pace, "--first", str(len(found) * people), "--patience", "0")
            if not worker:
                load(server, line_port, "--people", str(waiting), "--first", str(9 * people), "--patience", "0")
        finally:
            server.stop()
    return found


def main() -> None:
    """Print the figures, and whether they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    for name, default in (("rate", 500), ("seconds", 15), ("people", 1000), ("waiting", 500)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        url = asked.pop("url") or f"sqlite:///{Path(folder) / 'bench.db'}"
        for state, seen in measure(url, **asked).items():
            row = {name: round(seen[f"ack_{name}_ms"], 1) for name in ("p50", "p99", "max")}
            held = seen["bad"] == 0 and row["p99"] <= MOST_P99_MS and row["max"] <= MOST_MS
            print(json.dumps({"worker": state, "events": seen["events"], "bad": seen["bad"]} | row | {"held": held}))


if __name__ == "__main__":
    main()
