"""Tells words of trouble that are only mentioned (「取り消し料を請求されますか」) from trouble that is meant."""

from __future__ import annotations

from collections.abc import Callable

from knowledge import safety
from knowledge.asking import parts, wants
from knowledge.library import Seen
from knowledge.weighing import weights

LONGEST = 120  # characters; who writes more tells something

_Look = Callable[[str], Seen]


def in_passing(question: str, heard: safety.Alarm, look: _Look) -> bool:
    """Whether each sentence that raises an alarm asks calmly for what our articles tell.

    `heard` is the alarm that the whole question raised. Never so for danger: whoever only mentions it is shown the
    numbers once too often, and that is the smaller harm. `look` is what a text turns up in the library.
    """
    if heard.care is safety.Care.URGENT or len(question) > LONGEST:
        return False
    alarming = [part for part in parts(question) or (question,) if safety.alarm(part) is not None]
    return bool(alarming) and all(_calm(part, heard.care, look) for part in {*alarming, question})


def _calm(text: str, care: safety.Care, look: _Look) -> bool:
    clues = look(text).clues if wants(text) else None
    if clues is None:
        return False
    chances, bars = weights().chances(clues), weights().bars
    known = bars["passing"] if care is safety.Care.PERSON else bars["passing_decline"]
    return chances.person < bars["passing_person"] and chances.among >= known
