"""Partners outside the centre: who may read which parts of one case until when, what they read, what they answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, exists, func, insert, select, text, update

from storage import feed, tokens
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.tables import OPEN, case_event, case_file, staff
from storage.twins import insert_new
from storage.work_tables import partner, partner_deed

_NAME, _PURPOSE, _BODY = "partner.name", "partner.purpose", "partner_deed.body"
_DIGITS = 8
_c, _d = partner.c, partner_deed.c
_ADD = insert(partner).returning(_c.id)
_READ = select(
    _c.id, _c.case_id, _c.staff_id, staff.c.name, _c.name, _c.purpose, _c.scope, _c.consent, _c.made_at, _c.expires_at,
    _c.opened_at, _c.revoked_at, _c.code_index,
).select_from(partner.join(staff, staff.c.id == _c.staff_id))  # fmt: skip
_OF_CASE = _READ.where(_c.case_id == bindparam("of")).order_by(_c.id)
# The door is shut with the case, also when that is taken up again; when the person takes their consent back or is
# forgotten, and by time or the holder.
_LIVING = _READ.join(case_file, case_file.c.id == _c.case_id).where(
    _c.expires_at > bindparam("now"),
    _c.revoked_at.is_(None),
    text("case_file." + OPEN),
    case_file.c.person_id.is_not(None),
    ~exists().where(
        case_event.c.case_id == _c.case_id,
        text("case_event.kind IN ('consent_withdrawn', 'closed')"),
        case_event.c.at >= _c.made_at,
    ),
)
_LIVING_HERE = _LIVING.where(_c.case_id == bindparam("of"))
_LIVES = _LIVING.limit(1)
_BY_TOKEN = _LIVES.where(_c.token_hash == bindparam("of"))
_BY_SESSION = _LIVES.where(_c.session_hash == bindparam("of"))
_OPEN_IT = (
    update(partner)
    .where(_c.id == bindparam("of"), _c.opened_at.is_(None))
    .values(opened_at=bindparam("now"), session_hash=bindparam("session"))
)
_REVOKE = (
    update(partner)
    .where(_c.id == bindparam("of"), _c.case_id == bindparam("case"), _c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_SHUT = (
    update(partner)
    .where(
        _c.revoked_at.is_(None),
        _c.case_id.in_(select(case_file.c.id).where(case_file.c.person_id == bindparam("whose"))),
    )
    .values(revoked_at=bindparam("now"))
)
_COUNT = (
    select(func.count())
    .select_from(partner.join(case_file, case_file.c.id == _c.case_id))
    .where(case_file.c.person_id == bindparam("of"))
)
_DEED = insert_new(partner_deed, _d.id)
_DEEDS = (
    select(_d.id, _d.partner_id, _c.name, _d.at, _d.body)
    .select_from(partner_deed.join(partner, _c.id == _d.partner_id))
    .where(_d.case_id == bindparam("of"))
    .order_by(_d.id)
)


class Scope(StrEnum):
    """Which parts of the case."""

    ANSWERS = "answers"
    TALK = "talk"  # these and the talk


class Consent(StrEnum):
    """How the resident agreed that this is passed on."""

    FORM = "form"  # in the form they sent
    ASKED = "asked"  # when the holder asked them


@dataclass(frozen=True)
class New:
    """A way in to be made."""

    case_id: int
    staff_id: int
    name: str
    purpose: str
    scope: Scope
    consent: Consent
    expires_at: datetime


@dataclass(frozen=True)
class Partner:
    """A way in. `opened_at` tells that a device has it; `code_index` is the keyed hash of the second factor."""

    id: int
    case_id: int
    staff_id: int
    staff_name: str
    name: str
    purpose: str
    scope: Scope
    consent: Consent
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    code_index: bytes


@dataclass(frozen=True)
class Keys:
    """What opens it: the link's token, and the number that is handed over another way. Kept nowhere."""

    id: int
    token: str
    code: str


@dataclass(frozen=True)
class Deed:
    """A look at the case, or with `text` an answer to the coordinators."""

    id: int
    partner_id: int
    name: str
    at: datetime
    text: str


def make(conn: Connection, vault: Vault, new: New, now: datetime) -> Keys:
    """Make a way in; only hashes of its keys are kept."""
    token, code = tokens.draw(), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    row = {
        "case_id": new.case_id,
        "staff_id": new.staff_id,
        "name": vault.seal(vault.house, _NAME, new.name),
        "purpose": vault.seal(vault.house, _PURPOSE, new.purpose),
        "scope": new.scope.value,
        "consent": new.consent.value,
        "token_hash": tokens.hashed(token),
        "code_index": _code(vault, token, code),
        "made_at": now,
        "expires_at": new.expires_at,
    }
    number: int = conn.execute(_ADD, row).scalar_one()
    return Keys(number, token, code)


def of_case(conn: Connection, vault: Vault, case_id: int) -> list[Partner]:
    """Every way in that was ever made to a case, also those that are over."""
    return [_partner(vault, row) for row in conn.execute(_OF_CASE, {"of": case_id})]


def living(conn: Connection, case_id: int, now: datetime) -> frozenset[int]:
    """The numbers of those of a case that are open at this moment."""
    return frozenset(row.id for row in conn.execute(_LIVING_HERE, {"of": case_id, "now": now}))


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many were made to a person's cases, for their own question only."""
    return conn.execute(_COUNT, {"of": person_id}).scalar_one()


def by_token(conn: Connection, vault: Vault, token: str, now: datetime) -> Partner | None:
    """The way in behind a link, used or not, while it lives."""
    row = conn.execute(_BY_TOKEN, {"of": tokens.hashed(token), "now": now}).first()
    return None if row is None else _partner(vault, row)


def by_session(conn: Connection, vault: Vault, session: str, now: datetime) -> Partner | None:
    """The way in that this device has, while it lives."""
    row = conn.execute(_BY_SESSION, {"of": tokens.hashed(session), "now": now}).first()
    return None if row is None else _partner(vault, row)


def fits(vault: Vault, found: Partner, token: str, code: str) -> bool:
    """Whether this is the number that belongs to the link."""
    return secrets.compare_digest(found.code_index, _code(vault, token, code))


def enter(conn: Connection, found: Partner, now: datetime) -> str | None:
    """Give the way in to this device: its secret for a cookie; None when another has it."""
    secret = tokens.draw()
    values = {"of": found.id, "now": now, "session": tokens.hashed(secret)}
    return secret if conn.execute(_OPEN_IT, values).rowcount == 1 else None


def revoke(conn: Connection, case_id: int, number: int, now: datetime) -> bool:
    """Shut it at once; False when it was shut or belongs to another case."""
    return conn.execute(_REVOKE, {"of": number, "case": case_id, "now": now}).rowcount == 1


def shut(conn: Connection, person_id: int, now: datetime) -> None:
    """Shut every way in to any case of a person, open or closed: they took back that others may know."""
    conn.execute(_SHUT, {"whose": person_id, "now": now})


def did(conn: Connection, vault: Vault, found: Partner, words: tuple[str, str] | None, now: datetime) -> bool:
    """Note a look, or an answer as (key of the form, text); False when that form came already."""
    key, said = words or (None, "")
    body = vault.seal(vault.house, _BODY, said) if words else None
    row = {"partner_id": found.id, "case_id": found.case_id, "at": now, "body": body, "key": key}
    made = conn.execute(_DEED[conn.dialect.name], [row]).scalar() is not None
    if made:
        feed.add(conn, [feed.Change(now, "partner", found.case_id)])
    return made


def deeds(conn: Connection, vault: Vault, case_id: int) -> list[Deed]:
    """What partners did in a case, oldest first."""
    return [
        Deed(
            id=row.id,
            partner_id=row.partner_id,
            name=vault.unseal_text(vault.house, _NAME, row.name),
            at=row.at,
            text="" if row.body is None else vault.unseal_text(vault.house, _BODY, row.body),
        )
        for row in conn.execute(_DEEDS, {"of": case_id})
    ]


def _code(vault: Vault, token: str, code: str) -> bytes:
    # Keyed: of eight digits a plain hash would tell everything.
    return vault.index("partner.code", f"{tokens.hashed(token).hex()}:{code}")


def _partner(vault: Vault, row: AnyRow) -> Partner:
    number, case_id, staff_id, staff_name, name, purpose, scope, consent, *rest = row
    return Partner(
        number,
        case_id,
        staff_id,
        staff_name,
        vault.unseal_text(vault.house, _NAME, name),
        vault.unseal_text(vault.house, _PURPOSE, purpose),
        Scope(scope),
        Consent(consent),
        *rest,
    )
