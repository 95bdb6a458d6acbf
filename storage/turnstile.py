"""Lets one process at a time write to an SQLite file.

SQLite 3.7.0 to 3.51.2 can lose a commit when one connection writes while another checkpoints (the WAL-reset bug,
mended in 3.51.3; Python 3.11 often brings 3.40). Inside a process there is one writing connection; this keeps a second
process, such as `nakodo user add` beside a running server, out of the way for a transaction and its checkpoint.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.writer import StorageDown

_STEP_S = 0.005


class Turnstile:
    """A lock on the file `<database>-writer`, which stays empty; gone with the process that held it."""

    def __init__(self, database: Path, patience_s: float) -> None:
        self._file = database.with_name(database.name + "-writer")
        self._patience_s = patience_s

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lock. Raises StorageDown when another process does not let go in time."""
        held = self._open()
        try:
            self._take(held)
            yield
        finally:
            os.close(held)

    def _open(self) -> int:
        try:
            return os.open(self._file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as refused:
            raise StorageDown(f"the folder of the database cannot be written: {refused.strerror}") from refused

    def _take(self, held: int) -> None:
        until = time.monotonic() + self._patience_s
        while True:
            try:
                return fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StorageDown("another process is writing to the database and does not let go") from None
                time.sleep(_STEP_S)
