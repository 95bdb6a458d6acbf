"""What belongs to the house: its files, read once, and the first sentence of each."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {
    ".venv",
    ".git",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    ".judges",
}
_OPENING = re.compile(r'"""(.+?)"""$', re.DOTALL | re.MULTILINE)
CODE = ("bot", "dialogs", "knowledge", "storage")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is kept or about to be, relative to the checkout; what git ignores is left out."""
    ask = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(ask, capture_output=True, check=True, text=True).stdout
        found = [Path(name) for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive has no git
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
        found = [path for path in found if not MADE.intersection(path.parts)]
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def ending(*suffixes: str, under: tuple[str, ...] = ()) -> list[Path]:
    """The files with one of these endings, in these top folders (all, if none is named)."""
    return [path for path in files() if path.suffix in suffixes and (not under or path.parts[0] in under)]


@cache
def text(path: Path) -> str:
    """The text of a file of the house; what is not UTF-8 (a picture) is empty."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file of the house."""
    return ast.parse(text(path), filename=str(path))


def first_sentence(path: Path) -> str:
    """What a Python file says it is for: the first paragraph of its docstring, empty when it has none."""
    found = _OPENING.match(text(path))  # to read what follows as Python takes seconds over a thousand files
    return found.group(1).split("\n\n")[0].strip() if found else ""
