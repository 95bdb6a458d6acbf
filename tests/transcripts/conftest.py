"""`pytest tests/transcripts --update` writes every transcript anew."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option more, where transcripts are played."""
    parser.addoption("--update", action="store_true", help="write the transcripts anew instead of comparing")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether to write; a run of the whole suite may load this page too late for the option to be known."""
    return bool(request.config.getoption("--update", default=False))
