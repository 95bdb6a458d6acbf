"""Which rich menu of LINE each contact should have, and whether LINE was told so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import ways
from storage.crypt import Vault
from storage.push_tables import line_menu
from storage.tables import contact

STAFF = "staff"
_OF = select(line_menu.c.contact_id, line_menu.c.stage, line_menu.c.language, line_menu.c.large).where(
    line_menu.c.contact_id.in_(bindparam("ids", expanding=True))
)
_CHANGE = (
    update(line_menu)
    .where(line_menu.c.contact_id == bindparam("of"))
    .values(stage=bindparam("to"), language=bindparam("spoken"), large=bindparam("size"), stale=True)
)
_DUE = (
    select(line_menu.c.contact_id, line_menu.c.stage, line_menu.c.language, line_menu.c.large, contact.c.address)
    .select_from(line_menu.join(contact, contact.c.id == line_menu.c.contact_id))
    .where(text("line_menu.stale"), contact.c.reachable)
    .order_by(line_menu.c.contact_id)
    .limit(bindparam("at_most"))
)
_TOLD = (
    update(line_menu)
    .where(
        line_menu.c.contact_id == bindparam("of"),
        line_menu.c.stage == bindparam("was"),
        line_menu.c.language == bindparam("spoken"),
        line_menu.c.large == bindparam("size"),
    )
    .values(stale=False)
)
_ALL = update(line_menu).values(stale=True)


@dataclass(frozen=True)
class Wanted:
    """The menu a contact should have. `large` is None for the size they have; `anew`: LINE may have lost it."""

    contact_id: int
    person_id: int
    stage: str
    language: str
    large: bool | None = None
    anew: bool = False


@dataclass(frozen=True)
class Due:
    """A contact whose menu LINE is still to be told."""

    contact_id: int
    address: str
    stage: str
    language: str
    large: bool


def want(conn: Connection, rows: Sequence[Wanted]) -> int:
    """Note what is to be shown; how many are to be told. What is so already costs LINE nothing.

    A coordinator's own chat has the coordinators' menu, wherever they stand as a person.
    """
    if not rows:
        return 0
    own = ways.among(conn, [one.contact_id for one in rows])
    rows = [replace(one, stage=STAFF) if one.contact_id in own else one for one in rows]
    known = {row.contact_id: row for row in conn.execute(_OF, {"ids": [one.contact_id for one in rows]})}
    new = [one for one in rows if one.contact_id not in known]
    if new:
        conn.execute(insert(line_menu), [_row(one) for one in new])
    changed: list[dict[str, object]] = []
    for one in rows:
        if (was := known.get(one.contact_id)) is None:
            continue
        large = was.large if one.large is None else one.large
        if one.anew or (was.stage, was.language, was.large) != (one.stage, one.language, large):
            changed.append({"of": one.contact_id, "to": one.stage, "spoken": one.language, "size": large})
    if changed:
        conn.execute(_CHANGE, changed)
    return len(new) + len(changed)


def _row(one: Wanted) -> dict[str, object]:
    return {
        "contact_id": one.contact_id,
        "person_id": one.person_id,
        "stage": one.stage,
        "language": one.language,
        "large": bool(one.large),
        "stale": True,
    }


def due(conn: Connection, vault: Vault, at_most: int) -> list[Due]:
    """Whose menu LINE is to be told now; nobody who has blocked us, for LINE would not keep it."""
    return [
        Due(id_, vault.unseal_text(vault.house, "contact.address", address), stage, language, large)
        for id_, stage, language, large, address in conn.execute(_DUE, {"at_most": at_most})
    ]


def told(conn: Connection, rows: Sequence[Due]) -> None:
    """LINE was told; whoever has changed meanwhile stays to be told."""
    said = [{"of": one.contact_id, "was": one.stage, "spoken": one.language, "size": one.large} for one in rows]
    if said:
        conn.execute(_TOLD, said)


def all_anew(conn: Connection) -> int:
    """The menus were made anew: everybody's is to be told again; how many those are."""
    return conn.execute(_ALL).rowcount
