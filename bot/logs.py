"""Logs for the operator: one JSON line each, with what happened and never with anybody's words, names or secrets."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

# Whatever is not on this list is dropped, so that a careless line cannot carry a resident's words into a file.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "inbox", "outbox", "case", "channel", "kind", "why", "status", "path",
        "host", "port", "count", "seconds", "method", "exc", "request_id", "reason", "url_ok", "staff", "cases", "mark",
    }
)  # fmt: skip


def _only_allowed(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in fields.items() if name in ALLOWED}


def _name_of_trouble(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's kind is enough; its message may quote what somebody wrote."""
    trouble = fields.pop("exc_info", None)
    if trouble:
        kind = sys.exc_info()[0] if trouble is True else type(trouble)
        fields["exc"] = getattr(kind, "__name__", "unknown")
    return fields


class _Lean(logging.Formatter):
    """One line for whatever a library has to say: who, how grave, which kind of exception and where, no message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = {"level": record.levelname.lower(), "logger": record.name}
        kind, _, trace = record.exc_info or (None, None, None)
        if kind is not None:
            fields |= {"exc": kind.__name__, "where": _where(trace)}
        return json.dumps(fields)


def _where(trace: TracebackType | None) -> str:
    """The last steps before it broke, as file:line."""
    steps = [f"{Path(step.filename).name}:{step.lineno}" for step in traceback.extract_tb(trace)]
    return " > ".join(steps[-4:])


def _last_words(kind: type[BaseException], broken: BaseException, trace: TracebackType | None) -> None:
    """What is written when the program itself dies of an exception."""
    logging.getLogger("nakodo").critical("", exc_info=(kind, broken, trace))


def set_up() -> None:
    """Structured lines on standard error; the libraries' own chatter only from warnings on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_of_trouble,
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    lean = logging.StreamHandler(sys.stderr)
    lean.setFormatter(_Lean())
    logging.basicConfig(level=logging.WARNING, handlers=[lean], force=True)
    sys.excepthook = _last_words
