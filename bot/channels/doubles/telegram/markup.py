"""Reads Telegram's HTML into plain text and entities, and refuses what Telegram refuses."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from bot.channels.doubles.counting import units

_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|<|&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+)))?""")
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
    "tg-emoji": "custom_emoji",
}  # fmt: skip


class Unreadable(ValueError):
    """The text is not the HTML Telegram knows; the message says what it would say."""


@dataclass
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text without white space at its ends, and its entities (in UTF-16 units). Raises Unreadable."""
    plain, at, size = [], 0, 0
    open_tags: list[_Open] = []
    entities: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(text):
        between = text[at : token.start()]
        plain.append(between)
        size, at = size + units(between), token.end()
        if token.group().startswith("&"):
            char = html.unescape(token.group())
            plain.append(char)
            size += units(char)
        elif token.group(1):
            entities.extend(_closed(open_tags, token.group(2).lower(), size))
        else:
            open_tags.append(_opened(token, size))
    plain.append(text[at:])
    if open_tags:
        raise Unreadable(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].tag}"')
    return _trimmed("".join(plain), entities)


def _opened(token: re.Match[str], size: int) -> _Open:
    tag = (token.group(2) or "").lower()
    attributes = {
        found[1].lower(): found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(token.group(3) or "")
    }
    if tag not in _KINDS or (tag == "span" and attributes.get("class") != "tg-spoiler"):
        raise Unreadable(f'Unsupported start tag "{tag}" at byte offset {len(token.string[: token.start()].encode())}')
    return _Open(tag, size, attributes)


def _closed(open_tags: list[_Open], tag: str, size: int) -> list[dict[str, Any]]:
    if not open_tags or open_tags[-1].tag != tag:
        wanted = open_tags[-1].tag if open_tags else ""
        raise Unreadable(f'Unmatched end tag, expected "</{wanted}>", found "</{tag}>"')
    opened = open_tags.pop()
    if size == opened.start:
        return []
    entity: dict[str, Any] = {"type": _KINDS[tag], "offset": opened.start, "length": size - opened.start}
    if tag == "a":
        if not opened.attributes.get("href"):
            return []
        entity["url"] = html.unescape(opened.attributes["href"])
    if tag == "tg-emoji":
        entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
    return [entity]


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    stripped = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    whole = units(stripped)
    kept = []
    for entity in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, whole)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept
