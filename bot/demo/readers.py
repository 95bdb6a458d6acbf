"""The made-up people of the demo who receive announcements, and the one that waits for a second person to agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.demo.scenes import Scene
from dialogs.wishes import Often, Quiet, Wishes
from knowledge.segment import Asked, Has
from storage import broadcasts, people, receivers, segments
from storage.broadcasts import Draft
from storage.crypt import Vault
from storage.outbox import BULK
from storage.receivers import Said

_MEANS = Has(Asked.TOPIC, ("events",))
_WORDS = {
    "ja": "中央公園で、落ち葉そうじと焼きいもの会(見本)を開きます。「催し」と送ると、日時がわかります。",
    "ja-easy": "公園で おちばの そうじを します(見本)。そのあと、いもを 焼いて 食べます。だれでも 来てください。",
    "en": "We sweep leaves in the park and bake sweet potatoes (made up). All are welcome. Send “events” to see more.",
}


def gather(conn: Connection, vault: Vault, scenes: Sequence[Scene], now: datetime) -> None:
    """Some have asked for news, at whatever hour."""
    asked = {(one.channel, one.user): one.receives for one in scenes if one.receives}
    for pair, contact in people.known(conn, vault, list(asked)).items():
        wishes = Wishes(topics=asked[pair], often=Often.AT_ONCE, quiet=Quiet.NEVER)
        receivers.keep(conn, Said(contact.person_id, contact.id, "ja", wishes), now)


def announce(conn: Connection, writer: int, now: datetime) -> None:
    """A colleague wrote to them; it leaves when the newcomer agrees to it."""
    many = segments.count(conn, _MEANS, now).total
    if many == 0:
        return
    number = segments.add(conn, segments.New(writer, "催しの知らせを選んだ人", _MEANS, many), now)
    kept = None if number is None else segments.find(conn, number)
    if kept is None:
        return
    made = broadcasts.add(conn, writer, Draft("落ち葉そうじ(見本)", _WORDS, kept.id, BULK), now)
    written = broadcasts.find(conn, made)
    if written is not None:
        broadcasts.ask(conn, written, many, now)
