"""Imported last by the process that others are copies of: what it holds is not looked through anew in each of them."""

from __future__ import annotations

import gc

gc.collect()
gc.freeze()
