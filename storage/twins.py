"""The few statements that the two databases spell alike but SQLAlchemy keeps in two places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

Twins = Mapping[str, Insert]


def insert_new(table: Table, *returning: Column[int] | Column[str] | Column[bytes]) -> Twins:
    """INSERT … ON CONFLICT DO NOTHING by dialect name; the columns of `returning` come back for new rows only."""
    plain: list[Insert] = [
        sqlite.insert(table).on_conflict_do_nothing(),
        postgresql.insert(table).on_conflict_do_nothing(),
    ]
    said = [statement.returning(*returning) if returning else statement for statement in plain]
    return {"sqlite": said[0], "postgresql": said[1]}


def insert_or_add(table: Table, keys: Sequence[str], count: str) -> Twins:
    """INSERT … ON CONFLICT DO UPDATE that adds `count` to what is there, by dialect name."""
    lite, large = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": lite.on_conflict_do_update(index_elements=keys, set_={count: table.c[count] + lite.excluded[count]}),
        "postgresql": large.on_conflict_do_update(
            index_elements=keys, set_={count: table.c[count] + large.excluded[count]}
        ),
    }
