"""The Japanese words of the console, from words.toml beside this file."""

from __future__ import annotations

from pathlib import Path

from bot.wordbook import Wordbook

_BOOK = Wordbook(Path(__file__).with_name("words.toml"))
word, known = _BOOK.word, _BOOK.known
