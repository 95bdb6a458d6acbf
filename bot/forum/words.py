"""The Japanese words of the coordinators' group, from words.toml beside this file."""

from __future__ import annotations

from pathlib import Path

from bot.wordbook import Wordbook

word = Wordbook(Path(__file__).with_name("words.toml")).word
