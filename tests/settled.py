"""Imported last by the process that others are copies of: what it has read is neither read nor looked through anew."""

from __future__ import annotations

import gc

from dialogs.words import library
from knowledge import shelf

library()
shelf.load()
gc.collect()
gc.freeze()
