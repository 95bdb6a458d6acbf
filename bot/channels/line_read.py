"""Reads what LINE posts: checks the signature on the raw bytes and turns each event into what was heard."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.channels.line_circle import circle_of, heard_in_circle
from bot.channels.payload import LONGEST_NAME, LONGEST_TOKEN, LONGEST_TOLD, Refused, name, parsed, part, place, words
from bot.ports import Arrived
from dialogs.heard import LINKED, Came, Heard, Left, Picked, Showed, Tapped, Thing, Typed, Withdrew

CHANNEL = "line"
MOST_EVENTS = 1000  # in one post; LINE names no limit, a hundred is the most ever reported
_SKEW = timedelta(days=1)

_THINGS = {
    "image": Thing.PICTURE,
    "video": Thing.VIDEO,
    "audio": Thing.VOICE,
    "file": Thing.FILE,
    "location": Thing.PLACE,
    "sticker": Thing.STICKER,
}
_HELD = frozenset({Thing.PICTURE, Thing.VIDEO, Thing.VOICE, Thing.FILE})


@dataclass(frozen=True)
class Post:
    """One POST of LINE: the bot it is meant for (a user id, or empty) and its events in the order they came."""

    destination: str
    arrived: tuple[Arrived, ...]


def signed(secret: str, body: bytes, signature: str | None) -> bool:
    """Whether LINE signed exactly these bytes. A missing secret or signature is never right.

    Source: base64 of HMAC-SHA256 with the channel secret, header `x-line-signature`.
    """
    if not secret or not signature:
        return False
    right = b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(right, signature.encode("utf-8", "surrogatepass"))


def read(body: bytes, now: datetime, prefix: str = "") -> Post | Refused:
    """The events of a signed body; `prefix` is how a line in a group begins that is meant for us.

    One that makes no sense is kept as heard nothing and never hurts the others."""
    data = parsed(body)
    if isinstance(data, Refused):
        return data
    events = data.get("events")
    if not isinstance(events, list):
        return Refused("no events")
    if len(events) > MOST_EVENTS:
        return Refused("too many events")
    return Post(name(data.get("destination")), tuple(_arrived(event, now, prefix) for event in events))


def _arrived(event: Any, now: datetime, prefix: str) -> Arrived:
    if not isinstance(event, dict):
        return Arrived(CHANNEL, _fingerprint(event), "", now, None, kind="broken")
    source, message = part(event, "source"), part(event, "message")
    circle = circle_of(source)
    kind, heard = _silence(event, source, circle, prefix) or _heard(event, message)
    return Arrived(
        channel=CHANNEL,
        event_id=name(event.get("webhookEventId")) or _fingerprint(event),
        # What is said in a group is the group's: it is not tied to who said it.
        address=name(source.get("userId")) if circle is None else circle if heard else "",
        at=_moment(event.get("timestamp"), now),
        heard=heard,
        reply_token=name(event.get("replyToken")),
        said_id=name(message.get("id")),
        kind=kind,
        quotes=name(message.get("quotedMessageId")),
        handle=name(message.get("quoteToken"), LONGEST_TOKEN),
        read_mark=name(message.get("markAsReadToken"), LONGEST_TOKEN),
        circle=circle is not None,
    )


def _silence(
    event: dict[str, Any], source: dict[str, Any], circle: str | None, prefix: str
) -> tuple[str, Heard | None] | None:
    """Why an event is not for us to hear, if so; of a group, what is."""
    if event.get("mode") == "standby":
        return "standby", None
    if circle is not None:
        return "group", heard_in_circle(event, prefix) if circle else None
    if not name(source.get("userId")):
        return "nobody", None
    return None


def _heard(event: dict[str, Any], message: dict[str, Any]) -> tuple[str, Heard | None]:
    """The kind of an event, and what was heard; None for what is unknown."""
    kind = name(event.get("type"))[:40] or "broken"
    match kind:
        case "message":
            return _message(message)
        case "postback":
            return kind, _postback(part(event, "postback"))
        case "follow":
            return kind, Came()
        case "unfollow":
            return kind, Left()
        case "accountLink":
            # Not of our making: we give out no link tokens. What failed names nobody and is heard by nobody.
            linked = part(event, "link").get("result") == "ok"
            return kind, LINKED if linked else None
        case "unsend":
            taken = name(part(event, "unsend").get("messageId"))
            return kind, Withdrew(taken) if taken else None
        case _:
            return kind, None


def _message(message: dict[str, Any]) -> tuple[str, Heard]:
    """A message of a kind we do not know is still somebody who waits for an answer."""
    kind = name(message.get("type"))[:40] or "broken"
    if kind == "text" and isinstance(message.get("text"), str):
        return kind, Typed(words(message["text"]))
    return kind, _showed(message, _THINGS.get(kind, Thing.UNKNOWN))


def _showed(message: dict[str, Any], thing: Thing) -> Showed:
    """What is told of a thing. What LINE does not hold itself lies anywhere on the net: it is not ours to fetch."""
    number = name(message.get("id"))
    theirs = part(message, "contentProvider").get("type") == "external"
    return Showed(
        thing,
        ref=number if number.isdecimal() and thing in _HELD and not theirs else "",
        name=words(message.get("fileName"))[:LONGEST_NAME],
        words=_told(message, thing),
        album=name(part(message, "imageSet").get("id")),
    )


def _told(message: dict[str, Any], thing: Thing) -> str:
    """A place as its title, address and coordinates; a sticker as its own text or its keywords."""
    match thing:
        case Thing.PLACE:
            return place(message, [message.get("title"), message.get("address")])
        case Thing.STICKER:
            keywords = message.get("keywords")
            said = [words(one) for one in keywords] if isinstance(keywords, list) else []
            return (words(message.get("text")) or "、".join(one for one in said if one))[:LONGEST_TOLD]
        case _:
            return ""


def _postback(postback: dict[str, Any]) -> Heard:
    tap, params = words(postback.get("data")), part(postback, "params")
    for key in ("datetime", "date", "time"):
        value = name(params.get(key))
        if value:
            return Picked(tap, value)
    return Tapped(tap)


def _moment(timestamp: Any, now: datetime) -> datetime:
    """Milliseconds since 1970 as a moment in UTC; `now` for what cannot be true."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return now
    try:
        at = datetime.fromtimestamp(timestamp / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return now
    return at if at.year >= 2011 and at <= now + _SKEW else now


def _fingerprint(event: Any) -> str:
    """An id for an event without one: the same for a redelivery, which changes `deliveryContext` alone."""
    if isinstance(event, dict):
        event = {key: value for key, value in event.items() if key != "deliveryContext"}
    try:
        plain = json.dumps(event, sort_keys=True)
    except RecursionError:
        plain = str(sorted(event)) if isinstance(event, dict) else type(event).__name__
    return "made-" + sha256(plain.encode()).hexdigest()[:40]
