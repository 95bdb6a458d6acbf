"""The shape of the one-time codes by which a person joins two of their channels, and how people type them."""

from __future__ import annotations

from dialogs.fold import fold

# Read out and copied by hand: nothing that looks or sounds like something else (0/O, 1/I/L).
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8  # 850,000 million codes
_BETWEEN = str.maketrans("", "", " -ー_")


def well_formed(signs: str) -> bool:
    """Whether these could be a code: the right signs, with a letter and a figure, so that no word or date is one."""
    fits = len(signs) == LENGTH and all(sign in SIGNS for sign in signs)
    return fits and not signs.isalpha() and not signs.isdigit()


def read_code(text: str) -> str | None:
    """The bare signs of a code that was typed alone; None for all other words. Width, case and dashes are forgiven."""
    if len(text) > 4 * LENGTH:
        return None
    signs = fold(text).translate(_BETWEEN).upper()
    return signs if well_formed(signs) else None


def spelled(signs: str) -> str:
    """A code as people see it: K7M4-QH2X."""
    return f"{signs[:4]}-{signs[4:]}"
