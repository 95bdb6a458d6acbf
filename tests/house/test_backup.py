"""A backup taken while the bot writes can be read, is put back whole, and never over anything."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg

from tests.house.floor import ROOT
from tests.postgres import programs
from tests.postgres_shared import fresh_database


def _run(script: str, place: Path, database: Path | str, **more: str) -> subprocess.CompletedProcess[str]:
    url = f"sqlite:///{database}" if isinstance(database, Path) else database
    given = {"NAKODO_DATABASE_URL": url, "PYTHON": sys.executable, **more}
    command = ["sh", str(ROOT / "deploy" / script), str(place)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **given}, check=False)


def _living(database: Path) -> sqlite3.Connection:
    bot = sqlite3.connect(database)
    bot.execute("PRAGMA journal_mode = WAL")
    bot.execute("CREATE TABLE heard (words TEXT)")
    bot.executemany("INSERT INTO heard VALUES (?)", [(f"相談{number}",) for number in range(500)])
    bot.commit()
    return bot


def test_S16_a_backup_of_a_living_database_comes_back_whole(tmp_path: Path) -> None:
    database, folder = tmp_path / "nakodo.db", tmp_path / "kept"
    with closing(_living(database)) as bot:
        bot.execute("INSERT INTO heard VALUES ('not committed')")
        made = _run("backup.sh", folder, database)
    assert made.returncode == 0, made.stderr
    (kept,) = folder.iterdir()
    assert made.stdout == f"backup: {kept}\n"
    assert kept.stat().st_mode & 0o077 == 0
    restored = tmp_path / "new.db"
    assert _run("restore.sh", kept, restored).returncode == 0
    with closing(sqlite3.connect(restored)) as again:
        assert again.execute("SELECT count(*), min(words) FROM heard").fetchone() == (500, "相談0")


def test_restore_refuses_to_write_over_a_database(tmp_path: Path) -> None:
    database = tmp_path / "nakodo.db"
    with closing(_living(database)):
        refused = _run("restore.sh", database, database)
    assert (refused.returncode, "is there already" in refused.stderr) == (1, True)


def test_S22_a_damaged_database_makes_no_backup_and_takes_none_away(tmp_path: Path) -> None:
    database, folder = tmp_path / "nakodo.db", tmp_path / "kept"
    folder.mkdir()
    (folder / "nakodo-20260101T000000Z.db").write_bytes(b"an older one")
    _living(database).close()
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * 8192)
    assert _run("backup.sh", folder, database, KEEP="1").returncode != 0
    assert [path.name for path in folder.iterdir() if path.suffix == ".db"] == ["nakodo-20260101T000000Z.db"]


def test_only_the_newest_backups_are_kept(tmp_path: Path) -> None:
    database, folder = tmp_path / "nakodo.db", tmp_path / "kept"
    folder.mkdir()
    for month in range(1, 6):
        (folder / f"nakodo-20260{month}01T000000Z.db").touch()
    _living(database).close()
    assert _run("backup.sh", folder, database, KEEP="3").returncode == 0
    kept = sorted(path.name for path in folder.iterdir())
    assert kept[:2] == ["nakodo-20260401T000000Z.db", "nakodo-20260501T000000Z.db"]
    assert len(kept) == 3


def test_a_missing_database_is_said_in_one_line(tmp_path: Path) -> None:
    said = _run("backup.sh", tmp_path, tmp_path / "nowhere.db").stderr
    assert said.strip().splitlines() == [f"backup: there is no database at {tmp_path / 'nowhere.db'}"]


def test_S16_a_postgresql_database_comes_back_whole_and_only_into_an_empty_one(tmp_path: Path) -> None:
    tools = {"PATH": f"{programs()[0]}:{os.environ['PATH']}"}
    with fresh_database() as full, fresh_database(empty=True) as empty:
        with psycopg.connect(full) as bot:
            bot.execute("CREATE TABLE heard AS SELECT '相談' || n AS words FROM generate_series(1, 500) AS n")
        made = _run("backup.sh", tmp_path / "kept", full.replace("postgresql:", "postgresql+psycopg:"), **tools)
        assert made.returncode == 0, made.stderr
        (kept,) = (tmp_path / "kept").iterdir()
        assert "already" in _run("restore.sh", kept, full, **tools).stderr
        done = _run("restore.sh", kept, empty, **tools)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(empty) as again:
            assert again.execute("SELECT count(*), min(words) FROM heard").fetchone() == (500, "相談1")
            assert again.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
