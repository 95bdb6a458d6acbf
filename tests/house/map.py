"""Draws the map of the house in README from the first sentence of every file: `python -m tests.house.map --write`."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath

from tests.house.floor import CODE, ROOT, ending, first_sentence, text

BEGIN, END = "<!-- map: written by `make map` -->", "<!-- /map -->"
README = Path("README.md")
# These rooms hold many files of one kind: the map shows the door, not every shelf.
CLOSED = (
    "bot/channels/doubles",
    "bot/web/pages",
    "bot/web/static",
    "bot/web/words",
    "dialogs/words",
    "knowledge/articles",
    "storage/migrations",
)
WITHOUT_PYTHON = {
    "dialogs/words": "What the bot says, one file per language.",
    "knowledge/articles": "The answers, one file per article: question, answer, source, date checked, review-by date.",
    "storage/migrations": "Alembic's folder: how the database of an older release becomes one of this.",
    "bot/web/pages": "The templates of every page.",
    "bot/web/words": "What the pages say, one file per language.",
    "tests/deploys": "Conversations saved by each release: the next one must go on with them.",
    "tests/transcripts": "Whole conversations as text, played message by message through JSON.",
    "bot/web/static": "Style, script and vendored browser files.",
    "deploy": "Settings example, container, services, reverse proxy, backup and restore, runbook.",
}


def folders() -> list[PurePath]:
    """The rooms of the map, parents before children."""
    rooms = {path.parent for path in ending(".py", under=(*CODE, "tests"))}
    rooms |= {Path(name) for name in WITHOUT_PYTHON if (ROOT / name).is_dir()}
    inside_closed = {room for room in rooms for shut in CLOSED if Path(shut) in room.parents}
    order = {name: place for place, name in enumerate((*CODE, "tests", "deploy"))}
    return sorted(rooms - inside_closed, key=lambda room: (order[room.parts[0]], room.parts[1:]))


def _caption(room: PurePath) -> str:
    door = Path(room, "__init__.py")
    return WITHOUT_PYTHON.get(room.as_posix()) or (first_sentence(door) if (ROOT / door).is_file() else "")


def _shown(room: PurePath) -> list[Path]:
    if room.parts[0] == "tests" or room.as_posix() in CLOSED:
        return []
    return [path for path in ending(".py", under=CODE) if path.parent == room and path.name != "__init__.py"]


def drawn() -> str:
    """The map as Markdown, without its marks."""
    lines = ["```"]
    for room in folders():
        indent = "  " * (len(room.parts) - 1)
        lines.append(f"{indent + room.name + '/':<24} {_caption(room)}".rstrip())
        lines += [f"{indent + '  ' + path.name:<24} {first_sentence(path)}".rstrip() for path in _shown(room)]
    return "\n".join([*lines, "```"])


def in_readme() -> str:
    """The map as README has it now.

    Raises ValueError when README lacks the two marks.
    """
    return text(README)[slice(*_place())].strip()


def _place() -> tuple[int, int]:
    whole = text(README)
    return whole.index(BEGIN) + len(BEGIN), whole.index(END)


def main() -> None:
    """Print the map, or with --write put it into README."""
    if "--write" not in sys.argv[1:]:
        print(drawn())
        return
    start, stop = _place()
    whole = text(README)
    (ROOT / README).write_text(f"{whole[:start]}\n{drawn()}\n{whole[stop:]}", encoding="utf-8")


if __name__ == "__main__":
    main()
