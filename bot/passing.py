"""Giving a case to a colleague: with what they must know of it, and with a word to the resident who goes on."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.acts import LONGEST, Act, Done, Refused, Step, not_mine, press_of, settled
from bot.handover import Desk
from storage import cases, news, notes, sight, staff
from storage.casefile import CaseHead
from storage.may import Deed, Reach, may
from storage.staff import Member


def passing(desk: Desk, to: int, text: str, key: str) -> Step:
    """The step by which a holder gives a case to the member `to`, with words of their own in `text`, perhaps none."""

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, f"pass to {to}", text)
        if len(text) > LONGEST:
            return Refused("too_long")
        if (before := settled(act, press)) is not None:
            return before
        taker = next((one for one in takers(act.conn, act.head, act.staff) if one.id == to), None)
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if taker is None:
            return Refused("nobody_there")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        cases.hand_over(act.conn, act.head.id, act.staff.id, taker.id, act.now)
        note = notes.NewNote(act.head.id, act.staff.id, text.strip(), notes.Kind.PASSED)
        notes.add(act.conn, act.vault, note, act.now)
        news.add(act.conn, [news.New(taker.id, act.head.id, news.Kind.GIVEN, act.staff.id)], act.now)
        desk.tell(act, "person.handed_over", name=taker.name)
        return Done()

    return step


def takers(conn: Connection, head: CaseHead, giver: Member) -> list[Member]:
    """Whom a case can be given to: colleagues who may work on it and have not kept out of it."""
    others = [one for one in staff.everybody(conn) if one.active and one.id != giver.id]
    return [one for one in others if may(one.role, Deed.WORK) is not Reach.NONE and sight.of(conn, one).sees(head)]
