"""Every written conversation is played again and must come out word for word; `--update` writes it anew.

A transcript shows one thing that the engine does without a line in any flow. Read the difference as a resident would:
what changed is what people will be told.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.transcripts.play import Player

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_written(file: Path, update: bool) -> None:
    written = file.read_text("utf-8")
    played = Player().play(written)
    if update:
        file.write_text(played, "utf-8")
        return
    if played != written:
        lines = difflib.unified_diff(written.splitlines(), played.splitlines(), "as written", "as played", lineterm="")
        pytest.fail("\n".join([f"{file.name} (pytest tests/transcripts --update writes it anew)", *lines]), False)


def test_there_are_conversations() -> None:
    assert len(FILES) >= 30
