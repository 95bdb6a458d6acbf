"""Draws messages for LINE as the JSON objects of its Messaging API, within every limit it has."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from bot.channels.letters import cut, pieces, shown, units, worded
from bot.channels.line_bubble import LineObject, all_quick, bubbles, linkable, quick_replies, rows
from dialogs.saying import Message, Weight

# Limits of the Messaging API reference, in UTF-16 units.
MOST_OBJECTS, MOST_TEXT, MOST_SENDER = 5, 5000, 20
_LONGEST_IN_BUBBLE = 1000  # our own: what still reads well above buttons


def draw(messages: Sequence[Message]) -> list[LineObject]:
    """One to five message objects, ready for a reply or push request; an empty list for no messages.

    Options, main steps, pickers and pages become rows of a flex bubble, ways quick replies under the last object.
    Of more than five objects neighbouring texts are joined; what then is still too much goes, texts before buttons.
    """
    objects = [drawn for message in messages for drawn in _objects(message)]
    return _under(_at_most_five(objects), quick_replies(messages))


def draw_plain(messages: Sequence[Message]) -> list[LineObject]:
    """The same without bubbles: options as lines of text and quick replies, for when LINE refuses what we drew."""
    objects = [drawn for message in messages for drawn in _texts(_listed(message), message)]
    return _under(_at_most_five(objects), all_quick(messages[-1]) if messages else [])


def _objects(message: Message) -> list[LineObject]:
    text, taps = worded(message.text), rows(message)
    if not taps:
        return _quoting(_texts(text, message), message)
    before: list[LineObject] = []
    if units(text) > _LONGEST_IN_BUBBLE:
        end = pieces(text, _LONGEST_IN_BUBBLE)[-1]
        before, text = _texts(worded(text[: -len(end)].rstrip()), message), end
    return before + [{**bubble, **_sender(message.sender)} for bubble in bubbles(text, taps)]


def _texts(text: str, message: Message) -> list[LineObject]:
    sender = _sender(message.sender)
    return [{"type": "text", "text": piece, **sender} for piece in pieces(text, MOST_TEXT)]


def _quoting(texts: list[LineObject], message: Message) -> list[LineObject]:
    """The first of them quotes what is answered: LINE takes a quote token with text and stickers alone."""
    return [{**texts[0], "quoteToken": message.quote}, *texts[1:]] if message.quote else texts


def _listed(message: Message) -> str:
    options = [f"・{worded(button.label)}" for button in message.buttons if button.weight is not Weight.WAY]
    page = message.page
    link = [f"{worded(page.label)}\n{page.url}"] if page and linkable(page) else []
    return "\n".join([worded(message.text), *options, *link])


def _under(objects: list[LineObject], quick: list[LineObject]) -> list[LineObject]:
    """LINE shows only the quick replies of the last object."""
    if objects and quick:
        objects[-1]["quickReply"] = {"items": quick}
    return objects


def _sender(name: str | None) -> LineObject:
    """The sender's name over the bubble. LINE refuses names that hold its own, in any width or case."""
    if not name:
        return {}
    plain = normalize("NFKC", shown(name)).strip()
    while (at := plain.casefold().find("line")) >= 0:
        plain = (plain[:at] + plain[at + 4 :]).strip()
    return {"sender": {"name": cut(plain, MOST_SENDER, units)}} if plain else {}


def _at_most_five(objects: list[LineObject]) -> list[LineObject]:
    if len(objects) <= MOST_OBJECTS:
        return objects
    joined = objects[:1]
    for drawn in objects[1:]:
        both = f"{joined[-1].get('text', '')}\n\n{drawn.get('text', '')}"
        if _alike(joined[-1], drawn) and units(both) <= MOST_TEXT:
            joined[-1] = {**joined[-1], "text": both}
        else:
            joined.append(drawn)
    while len(joined) > MOST_OBJECTS:
        texts = [at for at, drawn in enumerate(joined[:-1]) if drawn["type"] == "text"]
        del joined[texts[-1] if texts else 0]
    return joined


def _alike(one: LineObject, other: LineObject) -> bool:
    same = one["type"] == other["type"] == "text" and one.get("sender") == other.get("sender")
    return same and "quoteToken" not in other
