"""What coordinators write for one another: inner notes, and what was said by telephone or at the counter."""

from __future__ import annotations

import re

from bot.acts import Act, Done, Refused, Step, press_of, settled, unfit
from storage import news, notes, sight, staff
from storage.staff import Member

_AT = re.compile("[@＠]")


def jotting(text: str, key: str, kind: notes.Kind | None = None) -> Step:
    """The step that keeps it; whoever is named in it by @login or @name finds that among their news."""

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, kind or "note", text)
        if before := unfit(text) or settled(act, press):
            return before
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        notes.add(act.conn, act.vault, notes.NewNote(act.head.id, act.staff.id, text.strip(), kind), act.now)
        others = [one for one in staff.everybody(act.conn) if one.active and one.id != act.staff.id]
        called = [one for one in named(text, others) if sight.of(act.conn, one).sees(act.head)]
        new = [news.New(one.id, act.head.id, news.Kind.NAMED, act.staff.id) for one in called]
        news.add(act.conn, new, act.now)
        return Done()

    return step


def named(text: str, members: list[Member]) -> list[Member]:
    """Who of these is called by an @ with their login or name. Of two names that begin alike the longer one counts."""
    names = sorted(
        ((name.casefold(), one) for one in members for name in {one.login, one.name} if name),
        key=lambda pair: -len(pair[0]),
    )
    found = {
        next((one.id for name, one in names if _begins(after, name)), 0) for after in _AT.split(text.casefold())[1:]
    }
    return [one for one in members if one.id in found]


def _begins(text: str, name: str) -> bool:
    """Whether a text begins with a name that ends there: @sato is not in @satoko, but 佐藤 is in 佐藤さん."""
    rest = text.removeprefix(name)
    return rest != text and not (name[-1:].isascii() and re.match(r"[a-z0-9_]", rest))
