"""Tells the collector of garbage once what stays, in each process of ours that lives long and is busy."""

from __future__ import annotations

import gc


def settle() -> None:
    """Spare what was made at the start from being looked through again and again: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
