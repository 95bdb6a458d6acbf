"""By what a channel of LINE is spoken for: an access token given for good, or the channel's own id and secret."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A channel whose access tokens are asked for as they are needed; of several secrets one is right."""

    channel_id: str
    secrets: tuple[str, ...]


Access = str | Account
