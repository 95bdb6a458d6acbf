"""A message whose words were changed after it was sent: the new ones are kept, and answered only where they must be."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.gathered import Kept, Moment
from bot.visit import Visit
from dialogs.heard import Corrected, to_json
from storage.corrections import Correction
from storage.corrections import correct as correct_in_talk
from storage.crypt import Vault
from storage.inbox import Waiting
from storage.talk import Way


def correct(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """What this person changed in this round; the same words once more lead to nothing at all."""
    for waiting, new in visit.corrected:
        change = Correction(visit.person.id, waiting.channel, new.message_id, to_json(new))
        if _in_hand(visit, waiting, new) or correct_in_talk(conn, vault, change, moment.now):
            visit.rewrote(waiting, new.text, moment)


def _in_hand(visit: Visit, waiting: Waiting, new: Corrected) -> bool:
    """Change what was heard in this very round and is not written yet."""
    for place, kept in enumerate(visit.kept):
        if _is(kept, waiting, new) and kept.body.get("text") not in (None, new.text):
            visit.kept[place] = replace(kept, body=to_json(new))
            return True
    return False


def _is(kept: Kept, waiting: Waiting, new: Corrected) -> bool:
    same = kept.of.payload.get("said") == new.message_id and kept.of.channel == waiting.channel
    return kept.way is Way.IN and same
