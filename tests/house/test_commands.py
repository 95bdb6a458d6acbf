"""README names every command and every target that exists, and none that does not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer

from bot.__main__ import cli
from tests.house.floor import ROOT, text

README = Path("README.md")
PAGES = [README, Path("DECISIONS.md"), Path("deploy/runbook.md"), Path("deploy/env.example"), Path("CHANGELOG.md")]
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", text(Path("Makefile")), re.MULTILINE))


def _commands(command: object, said: str = "nakodo") -> set[str]:
    inside: dict[str, object] = getattr(command, "commands", {})
    shown = {key: part for key, part in inside.items() if not getattr(part, "hidden", False)}
    return {name for key, part in shown.items() for name in _commands(part, f"{said} {key}")} or {said}


COMMANDS = _commands(typer.main.get_command(cli))


def test_readme_tells_of_every_command() -> None:
    said, _map = text(README).split("<!-- map", 1)
    assert sorted(name for name in COMMANDS if f"`{name}" not in said) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_tells_of_a_command_that_is_not_there(page: Path) -> None:
    told = {" ".join(words.split()[:3]) for words in re.findall(r"`(nakodo [a-z][^`]*)`", text(page))}
    assert sorted(words for words in told if not any(f"{words} ".startswith(f"{name} ") for name in COMMANDS)) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_tells_of_a_target_that_is_not_there(page: Path) -> None:
    told = set(re.findall(r"`make ([a-z][a-z0-9-]*)", text(page))) | set(
        re.findall(r"^make ([a-z0-9-]+)", text(page), re.MULTILINE)
    )
    assert sorted(told - TARGETS) == []


def test_make_alone_lists_every_target_with_a_line() -> None:
    shown = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, check=True, text=True).stdout
    listed = re.findall(r"make ([a-z0-9-]+)\s*\S*\s+\S.{8,}", shown)
    assert sorted(TARGETS - {"help"}) == sorted(listed)
