"""The links of a broadcast: led through our own door where the centre counts how often they are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import Settings, sites
from bot.wording import LINK, links_in
from storage import openings
from storage.crypt import Vault

DOOR = "/to/"


@dataclass(frozen=True)
class Links:
    """Our addresses in their place; none of them tells who opens it."""

    vault: Vault
    public_url: str

    def counted(self, number: int, texts: Mapping[str, str], text: str) -> str:
        """A text of a broadcast with our addresses for its links; the same link has the same in every language."""
        places = {link: place for place, link in enumerate(all_of(texts))}
        return LINK.sub(lambda one: self._ours(number, places[one[0]]), text)

    def _ours(self, number: int, place: int) -> str:
        return f"{self.public_url}{DOOR}{openings.code_of(self.vault, number, place)}"


def counting(settings: Settings, vault: Vault) -> Links | None:
    """Where the centre counts; None where it does not, and links stay as they were written."""
    url = str(settings.public_url).rstrip("/")
    return Links(vault, url) if settings.broadcast_count_links else None


def all_of(texts: Mapping[str, str]) -> list[str]:
    """Every link of a broadcast once, as it is written, in an order that stays."""
    return list(dict.fromkeys(link for language in sorted(texts) for link in links_in(texts[language])))


def hosts(settings: Settings) -> frozenset[str]:
    """Where a broadcast may link to: our own pages, and what the centre named."""
    own = {settings.public_url.host} if settings.public_url.host else set()
    return frozenset({*sites(settings.link_hosts), *own})
