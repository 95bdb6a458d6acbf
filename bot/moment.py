"""What is the same for all who are heard together, and what their turns may ask the database for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.billboard import Shelves
from bot.enlisting import enlist
from bot.gathered import Moment
from bot.meetings import meeting_of
from bot.mind import Mind
from dialogs.around import Promise
from storage import after, join_codes, learned, places, promises, receivers, segments
from storage.crypt import Vault


def moment_of(conn: Connection, vault: Vault, mind: Mind, now: datetime) -> Moment:
    """The moment of a round of hearing; nothing is read before a turn asks for it, but the promise."""
    learnt = partial(learned.article_of, conn, vault) if mind.learns else None
    worth = partial(join_codes.take, conn, now=now)
    meets = partial(meeting_of, conn, vault, mind.zone)
    promise = Promise(mind.promise(now), mind.by(now, promises.bound(conn)))
    own_chat = partial(enlist, conn, vault, now)
    shelves = Shelves(mind.shelves(now), {"events": lambda: mind.billboard.items(conn, now)})
    moment = Moment(now, shelves, promise, mind.zone, learnt, worth, own_chat)
    stands, came = partial(after.stands, conn), partial(places.came, conn, vault)
    receives, meant = partial(receivers.read, conn), partial(segments.named, conn)
    moment = replace(moment, came=came, stands=stands, meets=meets, receives=receives, meant=meant)
    return replace(moment, grants=lambda person: mind.grants.items(conn, vault, person, now))
