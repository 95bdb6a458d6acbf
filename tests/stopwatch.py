"""How long something of ours takes, told apart from how busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 3


def quickest(job: Callable[[], object]) -> float:
    """Seconds of processor time that `job` takes in this thread, the best of three: others use the machine as well."""
    spent = []
    for _ in range(TRIES):
        begun = time.thread_time()
        job()
        spent.append(time.thread_time() - begun)
    return min(spent)
