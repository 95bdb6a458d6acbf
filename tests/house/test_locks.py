"""The locks hold what pyproject.toml asks for, every file with its hash, and the tests run on what is served."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.each import each
from tests.house.floor import text

PROJECT = tomllib.loads(text(Path("pyproject.toml")))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def _pins(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version, _ in PIN.findall(text(Path(lock))):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


BASE, DEV = _pins("requirements.lock"), _pins("requirements-dev.lock")
WANTED = [("base", line) for line in (*PROJECT["dependencies"], *EXTRAS["build"])]
WANTED += [("dev", line) for line in (*PROJECT["dependencies"], *EXTRAS["build"], *EXTRAS["dev"])]


@each(("lock", "line"), WANTED, ids=lambda value: value.split(";")[0])
def test_the_lock_holds_what_is_asked_for(lock: str, line: str) -> None:
    asked = Requirement(line)
    held = (BASE if lock == "base" else DEV).get(canonicalize_name(asked.name), set())
    assert held, f"{asked.name} is not locked: make lock"
    assert all(asked.specifier.contains(Version(version)) for version in held), (
        f"locked {held}, asked {asked.specifier}"
    )


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    assert {name: (pins, DEV.get(name)) for name, pins in BASE.items() if DEV.get(name) != pins} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_carries_hashes_and_every_marker_can_be_read(lock: str) -> None:
    entries = [entry for entry in re.split(r"\n(?=\S)", text(Path(lock)).strip()) if entry]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry or not PIN.match(entry)] == []
    assert all(Marker(marker) for _, _, marker in PIN.findall(text(Path(lock))) if marker)


def test_every_dependency_has_its_reason_on_the_page_of_decisions() -> None:
    told = text(Path("DECISIONS.md")).lower()
    asked = [Requirement(line).name for lines in (PROJECT["dependencies"], *EXTRAS.values()) for line in lines]
    assert sorted({name for name in asked if f"`{name.lower()}`" not in told}) == []
