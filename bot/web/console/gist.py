"""What a case is about in the resident's own words: what a coordinator reads first, and one line of it for lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.told import TELLING
from bot.web.console.bubbles import TYPED, Bubble
from bot.web.console.words import word
from dialogs.words import shown
from storage import talk
from storage.crypt import Vault
from storage.talk import Way
from storage.worklist import answers_of

_LONGEST = 40
_FIRST_LINES = 8


@dataclass(frozen=True)
class Gist:
    """A heading (ours, perhaps with readings) and the resident's words."""

    label: str
    text: str


def gist(rows: Any, said: Sequence[Bubble]) -> Gist | None:
    """The story of the form or the words of the call, else what was typed first; None when nobody wrote anything."""
    told = {str(key): Gist(str(label), str(value)) for key, label, value in rows or ()}
    found = next((told[key] for key in TELLING if key in told and told[key].text.strip()), None)
    if found is not None:
        return found
    typed = next((one.text for one in said if one.who == "person" and one.text.strip() and one.typed), "")
    return Gist(word("case.first_words"), typed) if typed else None


def excerpts(conn: Connection, vault: Vault, case_ids: Sequence[int]) -> dict[int, str]:
    """One line of the gist of each case that has any, read for these cases and no others."""
    found: dict[int, str] = {}
    for case_id, rows in answers_of(conn, vault, case_ids).items():
        told = gist(rows, ())
        text = told.text if told else _first_typed(conn, vault, case_id)
        if line := " ".join(shown(text).split()):
            found[case_id] = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return found


def _first_typed(conn: Connection, vault: Vault, case_id: int) -> str:
    lines = talk.of_case(conn, vault, case_id, at_most=_FIRST_LINES)
    bodies = [one.body for one in lines if one.way is Way.IN and one.body and not one.withdrawn]
    return next((str(body["text"]) for body in bodies if body.get("kind") in TYPED and body["text"].strip()), "")
