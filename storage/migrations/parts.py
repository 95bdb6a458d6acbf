"""What migrations are made of, frozen, because a step of long ago must do today what it did then."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, null: bool = False) -> sa.Column[str]:
    """Text that is not personal."""
    return sa.Column(name, sa.Text(), nullable=null)


def sealed(name: str, null: bool = False) -> sa.Column[bytes]:
    """Sealed bytes, an index or a hash of them."""
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def moment(name: str, null: bool = False) -> sa.Column[datetime]:
    """A point in time: ISO text on SQLite."""
    return sa.Column(name, MOMENT, nullable=null)


def big(name: str, null: bool = False) -> sa.Column[int]:
    """A number of a row of another table, without a foreign key."""
    return sa.Column(name, sa.BigInteger(), nullable=null)


def row(name: str, null: bool = False) -> sa.Column[int]:
    """A number of a row of another table; `to` makes it a foreign key."""
    return sa.Column(name, BIG, nullable=null)


def small(name: str, null: bool = False) -> sa.Column[int]:
    """A small number."""
    return sa.Column(name, sa.Integer(), nullable=null)


def numbered(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A table whose rows have numbers that never come back."""
    number = sa.Column("id", BIG, autoincrement=True, nullable=False)
    key = sa.PrimaryKeyConstraint("id", name=op.f("pk_" + name))
    op.create_table(name, number, *parts, key, sqlite_autoincrement=True)


def flag(name: str, default: bool) -> sa.Column[bool]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean(), server_default=sa.true() if default else sa.false(), nullable=False)


def count(name: str, default: int = 0) -> sa.Column[int]:
    """A count that starts at `default`."""
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def to(target: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    """The foreign key of a column."""
    return sa.ForeignKeyConstraint([column], [target + ".id"], name=op.f(f"fk_{table}_{column}"))


def index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    """An index, of the few rows of `where` if given."""
    few = None if where is None else sa.text(where)
    op.create_index(op.f(name), table, columns, sqlite_where=few, postgresql_where=few)
