"""Server-sent events that end in order: when the server stops, each page is told so and not cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

END_S = 4.0  # every stream looks at least once a second whether it is over; longer only when the database hangs

Events = Callable[[anyio.Event], AsyncIterator[ServerSentEvent]]


def streaming(
    events: Events,
    beat_s: int = 20,
    beat: Callable[[], ServerSentEvent] | None = None,
    headers: Mapping[str, str] | None = None,
) -> EventSourceResponse:
    """The answer that carries `events`, which get an event that is set when the server stops and end by themselves.

    A sign of life goes out every `beat_s` seconds: a comment, or what `beat` makes.
    """
    over = anyio.Event()
    return EventSourceResponse(
        events(over),
        ping=beat_s,
        ping_message_factory=beat,
        headers=headers,
        shutdown_event=over,
        shutdown_grace_period=END_S,
    )
