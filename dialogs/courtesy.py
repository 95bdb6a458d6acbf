"""Hears greetings and thanks however they are strung together, like 「ありがとう。もういいです」."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.words import Words

# The gravest first: of what is strung together, this is answered.
COURTESIES = ("done", "thanks", "welcome", "understood", "hello")


def courtesy(form: str, books: Iterable[Words]) -> str | None:
    """The courtesy that a text in its plain form is and nothing else, or None; pictures in it do not count."""
    rest = _letters(form)
    said: dict[str, str] = {}
    for book in books:
        said.update((_letters(word), command) for word, command in book.spoken.items() if command in COURTESIES)
    heard: set[str] = set()
    while rest:
        word = max((one for one in said if rest.startswith(one)), key=len, default="")
        if not word:
            return None
        heard.add(said[word])
        rest = rest[len(word) :]
    return next((one for one in COURTESIES if one in heard), None)


def _letters(form: str) -> str:
    return "".join(sign for sign in form if sign.isalnum())
