"""What the clock does by itself."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text

from bot import chores
from storage import Store, audit
from storage.audit import Entry, What


def test_P18_every_night_the_log_says_whether_the_audit_is_whole(
    store: Store, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    store.writer.submit(lambda conn: audit.add(conn, store.vault, [Entry(1, What.OPENED, (7,))], now)).result()
    chores.at_night(store)
    assert "the audit is whole" in capsys.readouterr().out
    store.writer.submit(lambda conn: conn.execute(text("DELETE FROM audit_head"))).result()
    chores.at_night(store)
    assert "the audit was changed from outside" in capsys.readouterr().out
