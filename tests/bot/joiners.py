"""What the tests of joining share: U1 on LINE and T1 on Telegram, a code between them, and what is kept of both."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select

from dialogs.heard import Tapped
from storage import people
from storage.people import Person
from storage.tables import case_event
from storage.whole import metadata
from tests.bot.centre import Centre
from tests.bot.desk import said

_CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def code(centre: Centre, who: str = "U1", channel: str = "line") -> str:
    """A code drawn on a channel."""
    found = _CODE.search(centre.say(who, Tapped("m:join"), channel)[-1].text)
    assert found
    return found.group()


def both(centre: Centre) -> None:
    """Two who agreed."""
    centre.begin("U1")
    centre.begin("T1", "telegram")


def join(centre: Centre) -> None:
    """T1 types what U1 drew, and agrees."""
    typed = code(centre)
    centre.say("T1", typed, "telegram")
    centre.say("T1", Tapped("m:join_sure"), "telegram")
    assert one(centre)


def part(centre: Centre, who: str = "U1", channel: str = "line") -> None:
    """Apart again."""
    centre.say(who, "別々にする", channel)
    centre.say(who, Tapped("m:part_sure"), channel)
    assert not one(centre)


def one(centre: Centre) -> bool:
    """Whether both channels are one person's."""
    return centre.person_of("U1") == centre.person_of("T1", "telegram")


def texts(centre: Centre, who: str, channel: str) -> list[str]:
    """All that was said with somebody."""
    return [text for _, text in said(centre, who, channel)]


def person(centre: Centre, who: str = "U1", channel: str = "line") -> Person:
    """Somebody as they are kept."""
    number = centre.person_of(who, channel)
    return centre.store.read(lambda conn: people.load(conn, centre.store.vault, [number]))[number]


def history(centre: Centre, case_id: int) -> list[str]:
    """What happened to a case."""
    asked = select(case_event.c.kind).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
    return centre.store.read(lambda conn: list(conn.execute(asked).scalars()))


def of_persons(centre: Centre) -> dict[str, int]:
    """Rows that belong to some person, by table; none may be left when everybody is forgotten."""

    def count(conn: Connection) -> dict[str, int]:
        tables = [table for table in metadata.sorted_tables if "person_id" in table.c]
        found = {
            table.name: len(conn.execute(select(table.c.person_id).where(table.c.person_id.is_not(None))).all())
            for table in tables
        }
        found["person"] = len(conn.execute(select(metadata.tables["person"].c.id)).all())
        return {name: n for name, n in found.items() if n and name not in ("feed", "erasure")}

    return centre.store.read(count)
