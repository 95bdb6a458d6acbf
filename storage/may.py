"""Who may do what to which object: one table of roles and deeds, and nothing else decides it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from storage.staff import Role


class Deed(StrEnum):
    """What somebody may want to do in the console."""

    SELF = "self"  # one's own password, second factor, sessions, Telegram
    DESK = "desk"  # the queue, its counts, what changes in it, LINE's month
    READ = "read"  # a case: the talk, the answers, the notes, the things
    NOTE = "note"  # write for colleagues
    WORK = "work"  # claim, reply, give back, close, reopen
    APART = "apart"  # have nothing to do with a case oneself
    PART = "part"  # decide that of a colleague, and take it back
    SHARE = "share"  # let a partner outside the centre read a case, and shut that again
    ASK = "ask"  # ask a specialist into a case
    PEOPLE = "people"  # invite, roles, links, sessions of colleagues
    SETTINGS = "settings"  # what the centre sets for itself
    SHELF = "shelf"  # what the answers need: questions without one, residents' words among them
    ARTICLES = "articles"  # read the answers, and write drafts of them
    PUBLISH = "publish"  # decide which answers residents read, and take one down
    SEGMENT = "segment"  # whom announcements are meant for: how many, and never who
    ANNOUNCE = "announce"  # write broadcasts, agree to a colleague's, stop them
    FIGURES = "figures"  # how it went, in numbers alone
    GRANTS = "grants"  # calls for grants: written, checked, taken from files
    EVENTS = "events"  # events and courses, who signed up, the door
    RECORD = "record"  # who saw and did what
    EXPORT = "export"  # take cases out of the house as a file, and be the second who agrees
    SECRETS = "secrets"  # what was told in private, in such a file
    ERASE = "erase"  # have content deleted, put a case on hold, say how long what is kept
    KEEPING = "keeping"  # see how long what is kept, and what went


class Reach(StrEnum):
    """To which objects a deed may be done: none, one's own, any. One's own cases are those one holds or was asked into.

    Whoever stands apart from a case has nothing to do with it, whatever stands here (storage/sight.py).
    """

    NONE = "none"
    OWN = "own"
    ANY = "any"


_DESK = (
    Deed.SELF, Deed.DESK, Deed.READ, Deed.NOTE, Deed.WORK, Deed.APART, Deed.SHARE, Deed.ASK, Deed.SHELF,
    Deed.ARTICLES, Deed.PUBLISH, Deed.SEGMENT, Deed.EVENTS, Deed.GRANTS, Deed.FIGURES, Deed.EXPORT, Deed.ANNOUNCE,
)  # fmt: skip
_MANAGED = (Deed.SECRETS, Deed.ERASE, Deed.KEEPING)
_OF_CASES = frozenset({Deed.READ, Deed.NOTE, Deed.WORK, Deed.APART})
MAY: Mapping[Role, Mapping[Deed, Reach]] = {
    Role.COORDINATOR: dict.fromkeys(_DESK, Reach.ANY),
    Role.MANAGER: dict.fromkeys((*_DESK, Deed.PART, Deed.PEOPLE, Deed.SETTINGS, Deed.RECORD, *_MANAGED), Reach.ANY),
    Role.SPECIALIST: dict.fromkeys((Deed.SELF, Deed.DESK, Deed.ARTICLES), Reach.ANY)
    | dict.fromkeys(_OF_CASES, Reach.OWN),
    Role.COMMITTEE: dict.fromkeys((Deed.SELF, Deed.FIGURES), Reach.ANY),
    Role.AUDITOR: dict.fromkeys((Deed.SELF, Deed.FIGURES, Deed.RECORD, Deed.KEEPING), Reach.ANY),
    Role.SYSTEM: {},
}


def may(role: Role, deed: Deed) -> Reach:
    """How far this role reaches with this deed."""
    return MAY[role].get(deed, Reach.NONE)
