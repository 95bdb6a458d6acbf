"""One thread that writes, and one commit for everything that waits at that moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.troubles import Trouble, of

T = TypeVar("T")
Gate = Callable[[], AbstractContextManager[object]]
_AT_MOST = 512
PRESSED_S = 0.25  # so long after an urgent job the next one is expected
_RETRIES = 3


class StorageDown(Exception):
    """The database cannot take this now. Whether a job was kept is only unknown if the line broke during COMMIT."""


def down(broken: DBAPIError) -> StorageDown:
    """What to say of an error of the database that is not ours: its kind, never its words."""
    return StorageDown(f"the database does not answer ({type(broken.orig or broken).__name__})")


@dataclass(frozen=True)
class _Job:
    do: Callable[[Connection], Any]
    done: Future[Any]
    urgent: bool
    long: bool


class Writer:
    """One thread with one writing connection; jobs that wait together are committed together (group commit).

    A future resolves only after COMMIT. A job that raises is told so alone: the group is rolled back and each job runs
    again in a transaction of its own, so a job may run more than once and must do nothing but write. A job must never
    wait for another job.
    """

    def __init__(self, connect: Callable[[], Connection], gate: Gate = nullcontext) -> None:
        self._connect = connect
        self._gate = gate
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._line: Connection | None = None
        self._closed = False
        self.urgent = 0  # urgent jobs so far: whoever takes long can see whether somebody waits
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="nakodo-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T], urgent: bool = False, long: bool = False) -> Future[T]:
        """Queue `job`; its future gives what it returned, its own exception, or StorageDown.

        Of the jobs that wait at a moment, urgent ones get a commit of their own before the others: somebody waits for
        an acknowledgement, and must not wait for a long job that came at the same time. While urgent ones come, the
        others get a commit each, so that the next urgent ones wait for one of them and not for all. A `long` one always
        has a commit of its own: who waits for a short one is not told only after it.
        """
        done: Future[T] = Future()
        with self._door:
            if self._closed:
                raise StorageDown("the store is closed")
            self.urgent += urgent
            self._jobs.put(_Job(job, done, urgent, long))
        return done

    def close(self) -> None:
        """Finish what was queued, then give the connection back."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        patient: deque[_Job] = deque()
        last, pressed_until = False, 0.0
        while patient or not last:
            came = [] if last else self._gather(wait=not patient)
            last = last or None in came
            jobs = [job for job in came if job is not None]
            urgent = [job for job in jobs if job.urgent]
            patient += [job for job in jobs if not job.urgent]
            if urgent:
                pressed_until = monotonic() + PRESSED_S
                self._settle(urgent)
            if patient:
                at_once = 1 if monotonic() < pressed_until else min(_ahead(patient), _AT_MOST)
                self._settle([patient.popleft() for _ in range(at_once)])
        self._drop()

    def _gather(self, wait: bool) -> list[_Job | None]:
        """Whatever is in the queue at this moment, with `wait` one job at least; None stands for the end."""
        group: list[_Job | None] = []
        with suppress(Empty):
            while len(group) < _AT_MOST:
                job = self._jobs.get(wait and not group)
                if job is None or job.done.set_running_or_notify_cancel():
                    group.append(job)
                if job is None:
                    break
        return group

    def _settle(self, group: Sequence[_Job]) -> None:
        try:
            results = self._with_patience(group)
        except StorageDown as away:
            for job in group:
                job.done.set_exception(away)
        except BaseException as own:  # noqa: BLE001 - it belongs to the caller, whatever it is
            if len(group) == 1:
                group[0].done.set_exception(own)
            else:
                for job in group:
                    self._settle([job])
        else:
            for job, result in zip(group, results, strict=True):
                job.done.set_result(result)

    def _with_patience(self, group: Sequence[_Job]) -> list[Any]:
        for _ in range(1 + _RETRIES):
            try:
                return self._commit(group)
            except DBAPIError as broken:
                trouble = of(broken)
                if trouble is Trouble.DOWN:
                    self._drop()
                    raise down(broken) from broken
                # A group that met another server's group crosswise goes on one by one: alone, few rows are held.
                if trouble is Trouble.OURS or len(group) > 1:
                    raise
        raise StorageDown("other writers were in the way every time")

    def _commit(self, group: Sequence[_Job]) -> list[Any]:
        with self._gate():
            if self._line is None:
                self._line = self._connect()
            with self._line.begin():
                return [job.do(self._line) for job in group]

    def _drop(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.invalidate()
            line.close()


def _ahead(patient: Sequence[_Job]) -> int:
    """How many of them share a commit: all before the first long one, or that one alone."""
    short = next((place for place, job in enumerate(patient) if job.long), len(patient))
    return max(1, short)
