"""A temporary folder that the workers of one test run share, named in the environment they inherit."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import certifi

GIVEN = "NAKODO_TEST_POSTGRES"
RUN = "NAKODO_TEST_RUN"
LEADER = "NAKODO_TEST_RUN_LEADER"
TEMPORARY = "PYTEST_DEBUG_TEMPROOT"  # where pytest makes each test's folder
MEMORY = "/dev/shm"  # noqa: S108 - whoever makes something in there makes it private
PATIENCE_S = 60


def open_run() -> None:
    """Called once, by the process that leads the run."""
    os.environ[RUN] = tempfile.mkdtemp(prefix="nakodo-run-")
    os.environ[LEADER] = str(os.getpid())
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process of the run compiles everything for itself
    if TEMPORARY not in os.environ and roomy():
        os.environ[TEMPORARY] = MEMORY  # each commit waits for a disk otherwise
    _trust_nobody()


def roomy() -> bool:
    """Whether there is a folder in memory, with room."""
    return Path(MEMORY).is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30


def _trust_nobody() -> None:
    """For the run the world has one certificate: every client would read all of them anew, a twentieth of a second."""
    bundle = Path(os.environ[RUN]) / "certificates.pem"
    first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----\n")
    bundle.write_text(first + end, encoding="utf-8")
    os.environ |= {"SSL_CERT_FILE": str(bundle), "SSL_CERT_DIR": str(bundle.parent / "none")}


def template() -> str:
    """The name of the database that this run copies its fresh ones from."""
    return "nakodo_template_" + os.environ[LEADER]


def close_run() -> None:
    """Called by the same process at the end: a database server that was started is stopped and waited for."""
    if os.environ.get(LEADER) != str(os.getpid()):
        return
    folder = Path(os.environ[RUN])
    (folder / "stop").touch()
    until = time.monotonic() + PATIENCE_S
    while (folder / "watched").exists() and not (folder / "gone").exists() and time.monotonic() < until:
        time.sleep(0.02)
    answer = (folder / "address").read_text() if (folder / "address").exists() else ""
    shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get(GIVEN) and "url" in answer:
        _tidy(os.environ[GIVEN])


def _tidy(given: str) -> None:
    """A server that is not ours goes on: leave nothing in it."""
    import psycopg

    with psycopg.connect(given, autocommit=True) as line:
        line.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg.sql.Identifier(template())))
