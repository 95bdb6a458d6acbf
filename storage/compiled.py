"""One place for compiled statements: what one engine has made of a statement serves every engine of its dialect."""

from __future__ import annotations

from typing import Any

_AT_MOST = 2_000  # statements; ours are a few hundred, each written out in the code


class Compiled(dict[Any, Any]):
    """Fits SQLAlchemy's `compiled_cache`, whose keys begin with the engine's own dialect object.

    A store has two engines, for reading and for writing, that differ in nothing that a compiled statement depends on:
    by the dialect's name each statement is compiled once a process and not once an engine.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        """The compiled statement, or `default`."""
        return super().get(_by_name(key), default)

    def __setitem__(self, key: Any, made: Any) -> None:
        if len(self) >= _AT_MOST:
            self.clear()
        super().__setitem__(_by_name(key), made)


def _by_name(key: Any) -> tuple[Any, ...]:
    dialect, *rest = key
    return (dialect.name, *rest)


STATEMENTS = Compiled()
