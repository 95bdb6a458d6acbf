"""Words of a case that wait in line for one person leave together: a push of five messages costs no more than one."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, text, update

from storage import tally
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.later import follow
from storage.outbox import BODY, Claimed
from storage.tables import outbox, person

MOST = 5  # messages in one push of LINE
_BEHIND = (
    select(
        outbox.c.id,
        outbox.c.person_id,
        outbox.c.contact_id,
        outbox.c.lane,
        outbox.c.case_id,
        outbox.c.tried,
        outbox.c.reply_token,
        outbox.c.body,
        person.c.wrapped_key,
    )
    .select_from(outbox.join(person, person.c.id == outbox.c.person_id))
    .where(outbox.c.person_id.in_(bindparam("people", expanding=True)), text("outbox.state = 'queued'"))
    .order_by(outbox.c.id)
    .with_for_update(skip_locked=True, of=outbox)
)
_FILL = update(outbox).where(outbox.c.id == bindparam("of")).values(body=bindparam("sealed"))
_GONE = outbox.delete().where(outbox.c.id.in_(bindparam("ids", expanding=True)))


def bundled(conn: Connection, vault: Vault, claimed: Sequence[Claimed], channels: Container[str]) -> list[Claimed]:
    """What was just claimed, each push filled up with what stands directly behind it in its person's line.

    Only words of one case are joined, and only what nobody may have received yet is touched: a push that is repeated
    must be the same as the first time.
    """
    heads = [one for one in claimed if one.case_id and one.channel in channels and not (one.tried or one.reply_token)]
    if not heads:
        return list(claimed)
    behind = conn.execute(_BEHIND, {"people": [one.person_id for one in heads]}).all()
    fuller = {one.id: _filled(conn, vault, one, behind) for one in heads}
    return [fuller.get(one.id, one) for one in claimed]


def _filled(conn: Connection, vault: Vault, one: Claimed, behind: Sequence[AnyRow]) -> Claimed:
    messages, taken = list(one.messages), list[AnyRow]()
    for row in behind:
        if row.person_id != one.person_id or row.lane != one.lane or row.id < one.id:
            continue
        more = vault.unseal_json(vault.unwrap(row.wrapped_key), BODY, row.body)
        other = (row.contact_id, row.case_id) != (one.contact_id, one.case_id)
        if other or row.tried or row.reply_token or len(messages) + len(more) > MOST:
            break
        messages += more
        taken.append(row)
    if not taken:
        return one
    key = vault.unwrap(taken[0].wrapped_key)
    conn.execute(_FILL, {"of": one.id, "sealed": vault.seal_json(key, BODY, messages)})
    follow(conn, one.person_id, [row.id for row in taken], one.id)
    conn.execute(_GONE, {"ids": [row.id for row in taken]})
    tally.add(conn, {"outbox": -len(taken)})
    return replace(one, messages=messages)
