"""The tree is the one that was agreed, and each file says in one sentence what it is for and stays small."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house import map as house_map
from tests.house.floor import ROOT, ending, files, first_sentence, text

TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "DECISIONS.md", "LICENSE", "Makefile", "README.md", "bot", "deploy", "dialogs",
    "knowledge", "pyproject.toml", "requirements-dev.lock", "requirements.lock", "storage", "tests",
}  # fmt: skip
LONGEST = 300
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b|NotImplemented[E]rror|pragma: no[ ]cover")
PYTHON = ending(".py")


def test_the_top_level_holds_what_was_agreed_and_nothing_else() -> None:
    assert {path.parts[0] for path in files()} == TOP


def test_every_file_says_in_one_sentence_what_it_is_for() -> None:
    said = {str(path): first_sentence(path) for path in PYTHON}
    assert {path: words for path, words in said.items() if not words.endswith(".") or "\n" in words} == {}
    assert {path: words for path, words in said.items() if re.search(r"[a-z)`]\. [A-Z]", words)} == {}


def test_no_file_is_longer_than_anyone_reads() -> None:
    lines = {str(p): len(text(p).splitlines()) for p in ending(".sh", ".py", ".js", ".css") if "vendor" not in p.parts}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_scripts_open_with_what_they_are_for() -> None:
    silent = [str(p) for p in [*ending(".sh"), Path(".ci/run")] if not text(p).splitlines()[1].startswith("# ")]
    assert silent == []


def test_nothing_is_left_unfinished() -> None:
    ours = [path for path in files() if path.suffix != ".lock" and "vendor" not in path.parts]
    assert {str(path): found for path in ours if (found := UNFINISHED.findall(text(path)))} == {}


def test_every_folder_with_python_has_a_door() -> None:
    rooms = {path.parent for path in PYTHON if path.parts[0] != ".ci" and path.parent.name != "versions"}
    assert sorted(str(room) for room in rooms if not (ROOT / room / "__init__.py").is_file()) == []


def test_the_map_in_readme_is_the_house_as_it_stands() -> None:
    assert house_map.in_readme() == house_map.drawn(), "run `make map`"


def test_every_room_of_the_map_has_a_caption() -> None:
    bare = [line for line in house_map.drawn().splitlines()[1:-1] if re.fullmatch(r"\s*\S+/?", line)]
    assert bare == []


def test_only_storage_speaks_sql() -> None:
    """Pages and channels hand a connection on to a function of storage; what they may import for that is named here."""
    brought = {
        str(path): set(re.findall(r"\w+", names)) - {"Connection", "DBAPIError"}
        for path in PYTHON
        if path.parts[0] == "bot"
        for names in re.findall(r"^\s*from sqlalchemy\S* import \(?([^)]*?)\)?$", text(path), re.MULTILINE)
    }
    assert brought
    assert {path: names for path, names in brought.items() if names} == {}
