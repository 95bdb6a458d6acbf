"""What a browser is called in plain words, such as 「iPhone の Safari」, from what it says of itself."""

from __future__ import annotations

from collections.abc import Sequence

# The first that is found counts: an iPad says Mac too, Edge says Chrome, and Chrome says Safari.
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def device_name(agent: str) -> str:
    """Machine and browser; empty when neither is known. Nothing of `agent` itself is passed on."""
    machine, browser = _first(agent, _MACHINES), _first(agent, _BROWSERS)
    return f"{machine} の {browser}" if machine and browser else machine or browser


def _first(agent: str, signs: Sequence[tuple[str, str]]) -> str:
    return next((name for sign, name in signs if sign in agent), "")
