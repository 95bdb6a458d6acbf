"""A setting that is wrong stops the start with one line that names it, and no secret is ever repeated."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from storage import open_store
from tests.serving import ROOT

KEY = "the-master-key-" + "k" * 32
SETTING = "NAKODO_"


def started(url: str, *words: str, **more: str) -> Result:
    """`nakodo …` with these settings and none of the surroundings'."""
    ours = {name: None for name in os.environ if name.startswith(SETTING)}
    told = {"DATABASE_URL": url, "SECRET_KEY": KEY, "PORT": "0", **more}
    environment: dict[str, str | None] = {**ours, **{SETTING + name: value for name, value in told.items()}}
    return CliRunner().invoke(cli, list(words) or ["serve"], env=environment)


def check_one_line(result: Result, *names: str) -> None:
    """The start was refused in one line that names these, and says nothing else."""
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.strip().splitlines()
    assert [name for name in names if SETTING + name not in line] == []
    assert result.stdout == ""


WRONG: list[tuple[Mapping[str, str], str]] = [
    ({"PORT": "eighty"}, "PORT"),
    ({"PORT": "70000"}, "PORT"),
    ({"PUBLIC_URL": "canary-nowhere"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "ftp://example.org"}, "PUBLIC_URL"),
    ({"LINE_API_BASE": "canary"}, "LINE_API_BASE"),
    ({"LINE_DATA_API_BASE": "//x"}, "LINE_DATA_API_BASE"),
    ({"TELEGRAM_API_BASE": ""}, "TELEGRAM_API_BASE"),
    ({"TIMEZONE": "Mars/Olympus"}, "TIMEZONE"),
    ({"TIMEZONE": "../../etc/passwd"}, "TIMEZONE"),
    ({"TELEGRAM_STAFF_CHAT": "canary"}, "TELEGRAM_STAFF_CHAT"),
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": "canary-short"}, "SECRET_KEY"),
    ({"LINE_CHANNEL_SECRET": "canary"}, "LINE_ACCESS_TOKEN"),
    ({"LINE_ACCESS_TOKEN": "canary"}, "LINE_CHANNEL_SECRET"),
    ({"LINE_ACCESS_TOKEN": "canary token", "LINE_CHANNEL_SECRET": "x"}, "LINE_ACCESS_TOKEN"),
    ({"LINE_CHANNEL_SECRET": "canary\n", "LINE_ACCESS_TOKEN": "x"}, "LINE_CHANNEL_SECRET"),
    ({"TELEGRAM_TOKEN": "1:canary"}, "TELEGRAM_WEBHOOK_SECRET"),
    ({"TELEGRAM_TOKEN": "1:canary", "TELEGRAM_WEBHOOK_SECRET": "canary!"}, "TELEGRAM_WEBHOOK_SECRET"),
    ({"LINE_CHANEL_SECRET": "canary"}, "LINE_CHANNEL_SECRET"),
    ({"DATABASE_URL": "mysql://canary@example.org/x"}, "DATABASE_URL"),
    ({"DATABASE_URL": "canary"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////nowhere/at/canary/all.db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://me:canary@127.0.0.1:9/x"}, "DATABASE_URL"),
    ({"HOST": "256.1.1.1"}, "HOST"),
]


@pytest.mark.parametrize(("wrong", "named"), WRONG, ids=[f"{n} {one[1]}" for n, one in enumerate(WRONG)])
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    sqlite_url: str, wrong: Mapping[str, str], named: str
) -> None:
    result = started(sqlite_url, **wrong)
    check_one_line(result, named)
    assert "canary" not in result.output.replace("CHANEL", "")
    assert KEY not in result.output


def test_a_key_from_another_database_stops_the_start(sqlite_url: str) -> None:
    open_store(sqlite_url, KEY).close()
    check_one_line(started(sqlite_url, SECRET_KEY="x" * 40), "SECRET_KEY")


@pytest.mark.parametrize("only", ["web", "worker"])
def test_two_processes_on_sqlite_are_refused(sqlite_url: str, only: str) -> None:
    check_one_line(started(sqlite_url, "serve", "--only", only), "DATABASE_URL")


def test_a_port_that_is_taken_is_said(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        check_one_line(started(sqlite_url, PORT=str(other.getsockname()[1])), "PORT")


@pytest.mark.parametrize("words", [["migrate"], ["user", "add", "sato"], ["user", "link", "sato"]], ids=" ".join)
def test_the_other_commands_refuse_in_one_line_too(words: list[str]) -> None:
    check_one_line(started("sqlite:////nowhere/all.db", *words), "DATABASE_URL")
    check_one_line(started("sqlite:///x.db", *words, SECRET_KEY="short"), "SECRET_KEY")


def test_the_program_itself_says_it_in_one_line(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTING)}
    told = {SETTING + "SECRET_KEY": "canary", SETTING + "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=kept | told, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(SETTING + "SECRET_KEY")
    assert "canary" not in line
    assert not (tmp_path / "x.db").exists()
