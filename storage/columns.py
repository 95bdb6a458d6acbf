"""The few kinds of column our tables are made of, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.types import TypeEngine


class Moment(TypeDecorator[datetime]):
    """A point in time with its zone: UTC in the database, aware in Python. A naive datetime is refused.

    SQLite keeps it as ISO text of one width, which sorts; that is also three times as fast as SQLAlchemy's own way.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, timestamptz on PostgreSQL."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return _as_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        """Aware again, in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


@lru_cache(maxsize=64)  # a round of hearing stores the same moment many times
def _as_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ", "microseconds")


AnyRow = Row[*tuple[Any, ...]]

# SQLite numbers rows by itself only for a column that is exactly INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


def numbered() -> Column[int]:
    """The row's own number, given by the database."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def to(target: str, name: str, null: bool = False) -> Column[int]:
    """A row of another table."""
    return Column(name, BigId, ForeignKey(target + ".id"), nullable=null)


def at_contact(null: bool = False) -> Column[int]:
    """A contact, without a foreign key: forgetting one would search every message ever written for it."""
    return Column("contact_id", BigInteger, nullable=null)


def words(name: str, null: bool = False, key: bool = False) -> Column[str]:
    """Text that is not personal: names of states, ids of platforms, keys of options."""
    return Column(name, Text, nullable=null, primary_key=key)


def sealed(name: str, null: bool = False) -> Column[bytes]:
    """Bytes that only the vault can read, or a blind index or hash of them."""
    return Column(name, LargeBinary, nullable=null)


def moment(name: str, null: bool = False) -> Column[datetime]:
    """A point in time."""
    return Column(name, Moment, nullable=null)


def number(name: str, default: int = 0) -> Column[int]:
    """A small count."""
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def flag(name: str, default: bool) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def only(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the few rows that are still waiting for something, so that it stays small for ever."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
