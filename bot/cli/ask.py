"""`nakodo ask`: one question, or many as JSON lines, to what the centre knows."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import typer

from bot.app import make_mind, now
from bot.frontdesk import shelf_of
from bot.look import Shelf
from bot.settings import Settings
from dialogs.around import Finding, Found
from dialogs.heard import Typed
from dialogs.words import LANGUAGES, bracketed


def run(question: str, language: str, *, jsonl: bool) -> int:
    """Answer on standard output; 2 when the input cannot be read."""
    mind = make_mind(Settings())
    today = mind.local(now()).date()
    look = shelf_of(mind.look)
    if look is None:
        return 2
    if not jsonl:
        decision, found = look.decide(question, _language(language), today)
        about = mind.look(Typed(question), _language(language), today)
        if about and about.kind is Finding.CENTRE:
            typer.echo(bracketed(about.said or mind.house.library[_language(language)].say("centre.ask_desk")))
        else:
            typer.echo(_text(found) or f"({decision.kind.value}: {decision.reason})")
        return 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        asked = _read(line)
        if asked is None:
            typer.echo(f'line {number}: needs {{"q": "…", "lang": "ja"}}', err=True)
            return 2
        typer.echo(json.dumps(_answer(look, asked, today), ensure_ascii=False))
    return 0


def _read(line: str) -> tuple[str, str] | None:
    try:
        data = json.loads(line)
        return str(data["q"]), _language(str(data.get("lang", "ja")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _language(asked: str) -> str:
    return asked if asked in LANGUAGES else "en"


def _answer(look: Shelf, asked: tuple[str, str], today: date) -> dict[str, Any]:
    decision, found = look.decide(*asked, today)
    return {
        "decision": decision.kind.value,
        "article": decision.articles[0].id if decision.kind.value == "answer" else None,
        "articles": [one.id for one in (*decision.articles, *decision.also)],
        "topics": list(decision.topics),
        "reason": decision.reason,
        "text": _text(found),
    }


def _text(found: Found) -> str:
    if found.kind is Finding.URGENT:
        return bracketed(found.urgent)
    if found.kind is Finding.CHOOSE:
        return "\n".join(bracketed(card.title) for card in found.cards)
    return bracketed(found.cards[0].text) if found.cards else ""
