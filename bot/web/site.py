"""Every page and door in one application, behind one wall."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette

from bot.web import chat, errors, health, hooks, private, signin, statics
from bot.web.console import routes as console
from bot.web.guard import Guard
from bot.web.room import Room

Life = Callable[[Starlette], AbstractAsyncContextManager[None]]


def site(room: Room, life: Life | None = None) -> Starlette:
    """The application; `life` wraps the time it is served."""
    routes = [
        *hooks.hooks(room.receive, room.settings, room.line_id),
        *health.routes(room),
        *statics.routes(),
        *signin.routes(room),
        *console.routes(room),
        *chat.routes(room),
        *private.routes(room),
        *room.extra,
    ]
    app = Starlette(routes=routes, lifespan=life, exception_handlers=errors.handlers())
    app.state.room = room
    app.add_middleware(Guard, settings=room.settings, demo=room.demo)
    return app
