"""Says a broadcast as people get it in their language, on every channel and in the console's preview alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.links import Links, counting
from bot.settings import Settings
from dialogs.announcing import announcement, in_language
from dialogs.saying import Message
from dialogs.words import Words
from storage.broadcasts import Draft
from storage.crypt import Vault


@dataclass(frozen=True)
class Announcer:
    """Knows the words of all languages, and whether links are counted."""

    library: Mapping[str, Words]
    links: Links | None = None

    def said(self, number: int, draft: Draft, language: str) -> Message:
        """What somebody of this language gets of the broadcast of this number."""
        text = in_language(draft.texts, language)
        through = text if self.links is None else self.links.counted(number, draft.texts, text)
        return announcement(
            self.library[language],
            through,
            draft.segment_id or 0,
            corrects=draft.corrects_id is not None,
            counted=through != text,
        )


def announcer(library: Mapping[str, Words], settings: Settings, vault: Vault) -> Announcer:
    """As the centre has set it."""
    return Announcer(library, counting(settings, vault))
