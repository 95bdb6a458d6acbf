"""Letting a partner outside the centre read one case: only with the resident's consent, and only what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.acts import Act, Done, Refused, Step, not_mine
from storage import cases, feed, news, partners
from storage.audit import Entry, What, add
from storage.cases import By, State, Who
from storage.crypt import Vault
from storage.partners import Consent, Keys, Partner, Scope

NAME, PURPOSE = 80, 300  # signs
LONGEST = timedelta(days=30)
AGREED = {"ward", "welfare", "expert", "group"}  # whom the form asks about, one by one


@dataclass(frozen=True)
class Wish:
    """What the holder wants to open, to whom and why; None where the form said nothing that we know."""

    name: str
    purpose: str
    scope: Scope | None
    consent: Consent | None
    lasts: timedelta


def sharing(wish: Wish, made: list[Keys]) -> Step:
    """The step that makes the way in; its keys are laid into `made`, to be shown once and kept nowhere."""

    def step(act: Act) -> Done | Refused:
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if not wish.name or not wish.purpose or wish.scope is None:
            return Refused("blank")
        if len(wish.name) > NAME or len(wish.purpose) > PURPOSE:
            return Refused("too_long")
        if not timedelta() < wish.lasts <= LONGEST:
            return Refused("moment")
        if wish.consent is None or (wish.consent is Consent.FORM and not agreed(act)):
            return Refused("no_consent")
        until = act.now + wish.lasts
        new = partners.New(act.head.id, act.staff.id, wish.name, wish.purpose, wish.scope, wish.consent, until)
        made.append(partners.make(act.conn, act.vault, new, act.now))
        by = By(Who.STAFF, act.staff.id)
        cases.wrote(act.conn, feed.Change(act.now, "shared", act.head.id, act.person_id), by)
        if act.head.state is not State.WAITING_PARTNER:
            cases.set_state(act.conn, act.head.id, State.WAITING_PARTNER, by, act.now)
        return Done()

    return step


def agreed(act: Act) -> list[str]:
    """Whom the person said in the form may be told, as keys of the form."""
    found = cases.get(act.conn, act.vault, act.head.id)
    told = (found.record or {}).get("share") if found and isinstance(found.record, dict) else None
    return [str(one) for one in told if one in AGREED] if isinstance(told, list) else []


def unsharing(number: int) -> Step:
    """The step by which any coordinator of the case shuts a way in at once: leaks must not wait for a holder."""

    def step(act: Act) -> Done | Refused:
        if partners.revoke(act.conn, act.head.id, number, act.now):
            change = feed.Change(act.now, "unshared", act.head.id, act.person_id)
            cases.wrote(act.conn, change, By(Who.STAFF, act.staff.id))
        return Done()

    return step


def looked(conn: Connection, vault: Vault, session: str, now: datetime) -> Partner | None:
    """The way in of a device, its look written down first; None when it is shut."""
    found = partners.by_session(conn, vault, session, now)
    if found is not None:
        partners.did(conn, vault, found, None, now)
        add(conn, vault, [Entry(None, What.PARTNER, (found.case_id,))], now)
    return found


def answered(conn: Connection, vault: Vault, session: str, words: tuple[str, str], now: datetime) -> bool:
    """A partner's words (key of the form, text) for the coordinators, never for the resident; False when it is shut."""
    found = partners.by_session(conn, vault, session, now)
    if found is None:
        return False
    if partners.did(conn, vault, found, words, now):
        head = cases.head_of(conn, found.case_id)
        if head is not None:
            cases.wrote(conn, feed.Change(now, "partner_said", head.id, head.person_id), By(Who.SYSTEM))
            whom = head.holder or found.staff_id
            news.add(conn, [news.New(whom, head.id, news.Kind.PARTNER)], now)
            if head.state is State.WAITING_PARTNER and head.holder is not None:
                cases.set_state(conn, head.id, State.CLAIMED, By(Who.SYSTEM), now)
    return True
