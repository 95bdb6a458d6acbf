"""One sealed word that shows at start whether the secret key is the one from before."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.crypt import Vault
from storage.tables import keystone
from storage.twins import insert_new

_WHERE = "keystone.proof"
_LAY = insert_new(keystone)
_READ = select(keystone.c.proof).where(keystone.c.id == 1)


def check(conn: Connection, vault: Vault) -> None:
    """Raises WrongKey when this database was filled under another secret; a new database remembers this one."""
    conn.execute(_LAY[conn.dialect.name], {"id": 1, "proof": vault.seal(vault.house, _WHERE, b"nakodo")})
    vault.unseal(vault.house, _WHERE, conn.execute(_READ).scalar_one())
