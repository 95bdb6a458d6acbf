"""A temporary folder that the workers of one test run share, named in the environment they inherit."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

RUN = "NAKODO_TEST_RUN"
LEADER = "NAKODO_TEST_RUN_LEADER"
PATIENCE_S = 60


def open_run() -> None:
    """Called once, by the process that leads the run."""
    os.environ[RUN] = tempfile.mkdtemp(prefix="nakodo-run-")
    os.environ[LEADER] = str(os.getpid())


def close_run() -> None:
    """Called by the same process at the end: a database server that was started is stopped and waited for."""
    if os.environ.get(LEADER) != str(os.getpid()):
        return
    folder = Path(os.environ[RUN])
    (folder / "stop").touch()
    until = time.monotonic() + PATIENCE_S
    while (folder / "watched").exists() and not (folder / "gone").exists() and time.monotonic() < until:
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)
