"""Which database a test above storage runs on: both, or in a quick run the one that falls to it by its name."""

from __future__ import annotations

import os
from zlib import crc32

SETTING = "NAKODO_TEST_ENGINES"  # "both", or "one" for a quick run
ENGINES = ("sqlite", "postgresql")
# Always: storage itself, and what races, deaths and broken lines do to it.
ON_BOTH = (
    "tests/storage/", "tests/broadcast/", "tests/house/",
    *(f"tests/faults/test_{name}" for name in (
        "carrier", "claim_race", "clock", "disk", "ingress", "kills", "life", "named_points", "outside", "storm",
        "things_gone", "transfer", "two_",
    )),
)  # fmt: skip
SAID = (
    "ONE DATABASE EACH: the tests above storage ran on SQLite or on PostgreSQL, by their names; "
    f"`{SETTING}=both make test` runs each on both, as .ci/run does"
)


def quick() -> bool:
    """Whether each test above storage runs on one database only."""
    return os.environ.get(SETTING, "both") == "one"


def elsewhere(name: str, engine: str) -> bool:
    """Whether a quick run leaves this test on this database out. A test keeps its database while it keeps its name."""
    if engine not in ENGINES or name.startswith(ON_BOTH):
        return False
    # One in four on PostgreSQL: its server takes more of a test than all the rest of it.
    return engine != ENGINES[crc32(name.replace(engine, "").encode()) & 3 == 3]
