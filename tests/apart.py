"""Fresh processes for tests: copies of one that has imported the program and done nothing else."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

# What a copy need not import anew: the whole server, and what the tests do in such processes.
_KNOWN = ["bot.__main__", "bot.cli.serve", "storage.upgrade", "tests.serving", "tests.storage.processes"]
_AT_LAST = "tests.settled"


def apart(*more: str) -> ForkServerContext:
    """How they are made. The one they are copies of has opened no database and runs no thread of ours.

    `more` it imports as well, where this is the first that is asked of it.
    """
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([*_KNOWN, *more, _AT_LAST])
    return made
