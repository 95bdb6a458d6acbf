"""Reads what Telegram posts: checks the secret header and turns an update into what was heard."""

from __future__ import annotations

import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.channels import telegram_circle
from bot.channels.circle import Called
from bot.channels.payload import LONGEST_NAME, LONGEST_TOLD, Refused, name, parsed, part, place, words
from bot.ports import Arrived
from dialogs.heard import Came, Corrected, Heard, Left, Showed, Tapped, Thing, Typed

CHANNEL = "telegram"
NOBODY = Called()
_SKEW = timedelta(days=1)
_START = re.compile(r"/start(?:@\w{1,64})?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")

# In this order: an animation also comes as a document, a venue also as a location.
_THINGS = {
    "photo": Thing.PICTURE,
    "animation": Thing.VIDEO,
    "video": Thing.VIDEO,
    "video_note": Thing.VIDEO,
    "voice": Thing.VOICE,
    "audio": Thing.VOICE,
    "document": Thing.FILE,
    "venue": Thing.PLACE,
    "location": Thing.PLACE,
    "sticker": Thing.STICKER,
}
# What the platform writes into a private chat by itself: nobody waits for an answer to it.
_NOTICES = frozenset(
    {
        "pinned_message", "message_auto_delete_timer_changed", "migrate_to_chat_id", "connected_website",
        "write_access_allowed", "chat_background_set", "users_shared", "chat_shared", "boost_added",
        "successful_payment", "refunded_payment", "new_chat_members", "left_chat_member", "proximity_alert_triggered",
    }
)  # fmt: skip


def trusted(secret: str, header: str | None) -> bool:
    """Whether the header carries our secret. A missing secret or header is never right.

    Source: Bot API, setWebhook, `X-Telegram-Bot-Api-Secret-Token`.
    """
    if not secret or not header:
        return False
    return hmac.compare_digest(secret.encode(), header.encode("utf-8", "surrogatepass"))


def read(body: bytes, now: datetime, called: Called = NOBODY) -> Arrived | Refused:
    """The update in a body; `called` tells what in a group is meant for us.

    The id of a tap (callback query) is kept as `reply_token`, for `answer_tap`.
    """
    update = parsed(body)
    if isinstance(update, Refused):
        return update
    for kind, about in (
        ("message", _message),
        ("edited_message", _edited),
        ("callback_query", _tap),
        ("my_chat_member", _member),
    ):
        if isinstance(update.get(kind), dict):
            return _of_circle(kind, update, now, called) or about(update[kind], _event_id(update), now)
    return Arrived(CHANNEL, _event_id(update), "", now, None, kind=_unknown(update))


def _of_circle(kind: str, update: dict[str, Any], now: datetime, called: Called) -> Arrived | None:
    """What was said to us in a residents' group, or came of our being there; None for all else."""
    about = update[kind]
    message = part(about, "message") if kind == "callback_query" else about
    circle = telegram_circle.circle_of(message)
    heard = telegram_circle.heard_in_circle(kind, about, called) if circle else None
    if heard is None:
        return None
    tapped, said = kind == "callback_query", _number(message.get("message_id"))
    return Arrived(
        channel=CHANNEL,
        event_id=_event_id(update),
        address=circle,
        at=now if tapped else _moment(about.get("date"), now),
        heard=heard,
        reply_token=name(about.get("id")) if tapped else "",
        said_id="" if tapped else said,
        kind="group",
        handle=said,
        circle=True,
    )


def _message(message: dict[str, Any], event_id: str, now: datetime) -> Arrived:
    address, at, said = _person(message), _moment(message.get("date"), now), _number(message.get("message_id"))
    if not address:
        return Arrived(CHANNEL, event_id, "", at, None, said_id=said, kind=_elsewhere(message))
    kind, heard = _said(message)
    quotes = _number(part(message, "reply_to_message").get("message_id"))
    return Arrived(CHANNEL, event_id, address, at, heard, said_id=said, kind=kind, quotes=quotes, handle=said)


def _edited(message: dict[str, Any], event_id: str, now: datetime) -> Arrived:
    """Words that replace those of an earlier message. What changes about a picture or a place says nothing to us."""
    address, at, said = _person(message), _moment(message.get("edit_date"), now), _number(message.get("message_id"))
    if not address or not said or not isinstance(message.get("text"), str):
        return Arrived(CHANNEL, event_id, "", at, None, said_id=said, kind="edited" if address else _elsewhere(message))
    return Arrived(CHANNEL, event_id, address, at, Corrected(words(message["text"]), said), said_id=said, kind="edited")


def _said(message: dict[str, Any]) -> tuple[str, Heard | None]:
    if isinstance(message.get("text"), str):
        start = _START.fullmatch(message["text"])
        return ("start", Came(start[1] or "")) if start else ("text", Typed(words(message["text"])))
    for kind, thing in _THINGS.items():
        if kind in message:
            return kind, _showed(message, kind, thing)
    if not _NOTICES.isdisjoint(message):
        return "notice", None
    return "unknown", Showed(Thing.UNKNOWN)


def _showed(message: dict[str, Any], kind: str, thing: Thing) -> Showed:
    """What is told of a thing. A photo comes in several sizes, the largest last; `ref` is the id of the file."""
    carried = part(message, kind)
    sizes = message[kind] if kind == "photo" and isinstance(message[kind], list) else []
    largest = sizes[-1] if sizes and isinstance(sizes[-1], dict) else {}
    return Showed(
        thing,
        ref="" if thing in {Thing.PLACE, Thing.STICKER} else name((largest or carried).get("file_id")),
        name=words(carried.get("file_name"))[:LONGEST_NAME],
        words=_told(carried, kind),
        caption=words(message.get("caption")),
        album=name(message.get("media_group_id")),
    )


def _told(carried: dict[str, Any], kind: str) -> str:
    """A place as its title, address and coordinates; a sticker as the emoji it stands for."""
    match kind:
        case "venue":
            return place(part(carried, "location"), [carried.get("title"), carried.get("address")])
        case "location":
            return place(carried, [])
        case "sticker":
            return words(carried.get("emoji"))[:LONGEST_TOLD]
        case _:
            return ""


def _tap(query: dict[str, Any], event_id: str, now: datetime) -> Arrived:
    message = part(query, "message")
    address = _person(message) if message else _number(part(query, "from").get("id"))
    heard = Tapped(words(query.get("data"))) if address and isinstance(query.get("data"), str) else None
    return Arrived(
        channel=CHANNEL,
        event_id=event_id,
        address=address,
        at=now,
        heard=heard,
        reply_token=name(query.get("id")),
        kind="tap" if address else _elsewhere(message),
    )


def _member(change: dict[str, Any], event_id: str, now: datetime) -> Arrived:
    """In a private chat this comes only when the person blocks the bot or lifts the block."""
    address, at = _person(change), _moment(change.get("date"), now)
    if not address:
        return Arrived(CHANNEL, event_id, "", at, None, kind=_elsewhere(change))
    match part(change, "new_chat_member").get("status"):
        case "kicked":
            return Arrived(CHANNEL, event_id, address, at, Left(), kind="blocked")
        case "member":
            return Arrived(CHANNEL, event_id, address, at, Came(), kind="unblocked")
        case _:
            return Arrived(CHANNEL, event_id, address, at, None, kind="my_chat_member")


def _person(about: dict[str, Any]) -> str:
    """The address of a private chat; empty for everything else."""
    chat = part(about, "chat")
    return _number(chat.get("id")) if chat.get("type") == "private" else ""


def _elsewhere(about: dict[str, Any]) -> str:
    return "group" if part(about, "chat").get("type") in {"group", "supergroup", "channel"} else "nobody"


def _unknown(update: dict[str, Any]) -> str:
    return next((name(key)[:40] for key in update if key != "update_id"), "") or "broken"


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _moment(date: Any, now: datetime) -> datetime:
    """Seconds since 1970 as a moment in UTC; `now` for what cannot be true."""
    if isinstance(date, bool) or not isinstance(date, int | float):
        return now
    try:
        at = datetime.fromtimestamp(date, UTC)
    except (OverflowError, ValueError, OSError):
        return now
    return at if at.year >= 2013 and at <= now + _SKEW else now


def _event_id(update: dict[str, Any]) -> str:
    number = _number(update.get("update_id"))
    if number and len(number) <= 40:
        return number
    try:
        plain = json.dumps(update, sort_keys=True)
    except RecursionError:
        plain = str(sorted(update))
    return "made-" + sha256(plain.encode()).hexdigest()[:40]
