"""Every page and door in one application, behind one wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web import (
    calendar_file,
    chat,
    embed,
    errors,
    health,
    hooks,
    link_door,
    linked,
    open_events,
    open_grants,
    partner,
    private,
    signin,
    statics,
)
from bot.web.console import routes as console
from bot.web.guard import Guard
from bot.web.room import Room

Life = Callable[[Starlette], AbstractAsyncContextManager[None]]


class Site(Starlette):
    """The application with a short way to the platforms' doors: only the wall stands before them.

    Everything else between the server and a page takes longer than all that is done at such a door.
    """

    doors: Mapping[str, ASGIApp] = MappingProxyType({})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door = self.doors.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if door is None:
            await super().__call__(scope, receive, send)
        else:
            await door(scope, receive, send)


def site(room: Room, life: Life | None = None) -> Starlette:
    """The application; `life` wraps the time it is served."""
    doors = hooks.hooks(room.receive, room.settings, room.known, room.group, room.clock)
    routes = [
        *doors,
        *health.routes(room),
        *statics.routes(),
        *signin.routes(room),
        *linked.routes(room),
        *console.routes(room),
        *open_events.routes(room),
        *open_grants.routes(room),
        *link_door.routes(),
        *chat.routes(room),
        *embed.routes(room),
        *private.routes(room),
        *partner.routes(),
        *calendar_file.routes(),
        *room.extra,
    ]
    app = Site(routes=routes, lifespan=life, exception_handlers=errors.handlers())
    app.state.room = room
    app.add_middleware(Guard, settings=room.settings, demo=room.demo)
    app.doors = {door.path: Guard(door.app, room.settings, room.demo) for door in doors}
    return app
