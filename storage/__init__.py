"""What we remember: tables, shelves of plain functions, one writing thread, and the keys that seal personal text.

    store = open_store(url, secret)                      # after migrate(url)
    store.writer.submit(lambda conn: people.load(conn, store.vault, [7])).result()
    store.read(lambda conn: cases.history(conn, 3))

Every shelf is `fn(connection, …)` and runs inside a transaction somebody else opened; none of them commits. Errors:

    StorageDown   the database cannot take this now; nothing of the job was kept, unless the line broke during COMMIT
    WrongKey      sealed with another secret, or moved from another column
"""

from storage.crypt import Key, Vault, WrongKey
from storage.engine import Store, migrate, open_store
from storage.together import Together
from storage.writer import StorageDown, Writer

__all__ = ["Key", "StorageDown", "Store", "Together", "Vault", "Writer", "WrongKey", "migrate", "open_store"]
