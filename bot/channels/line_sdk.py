"""LINE's SDK, loaded in a third of its time: its calls check their arguments from their first use on, not before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import ParamSpec, TypeVar

import pydantic.v1

P = ParamSpec("P")
R = TypeVar("R")
_check = pydantic.v1.validate_arguments


def checked_when_used(call: Callable[P, R]) -> Callable[P, R]:
    """`pydantic.v1.validate_arguments`, which makes a model of the call's arguments, put off until it is called.

    Three hundred calls are decorated so and we make four of them; `raw_function` is the call without the check.
    """
    checked = cache(lambda: _check(call))

    @wraps(call)
    def checking(*args: P.args, **named: P.kwargs) -> R:
        return checked()(*args, **named)

    checking.raw_function = call  # type: ignore[attr-defined]
    return checking


@contextmanager
def _unhurried() -> Iterator[None]:
    pydantic.v1.validate_arguments = checked_when_used  # type: ignore[assignment]
    try:
        yield
    finally:
        pydantic.v1.validate_arguments = _check


@contextmanager
def _only(*packages: str) -> Iterator[None]:
    """Within packages whose own `__init__` does not run: it would load the SDK before this one, and all webhooks."""
    bare: list[str] = []
    within = None
    for name in packages:
        found = PathFinder.find_spec(name, within)
        if name in sys.modules or found is None:
            break
        within, made = found.submodule_search_locations, module_from_spec(found)
        sys.modules[name] = made
        if bare:
            setattr(sys.modules[bare[-1]], name.rpartition(".")[2], made)
        bare.append(name)
    try:
        yield
    finally:
        for name in bare:  # whoever asks for the whole package gets it
            del sys.modules[name]


with _unhurried(), _only("linebot", "linebot.v3"):
    from linebot.v3.messaging import (  # type: ignore[import-untyped]
        ApiException,
        ApiResponse,
        AsyncApiClient,
        AsyncMessagingApi,
        AsyncMessagingApiBlob,
        Configuration,
        MarkMessagesAsReadByTokenRequest,
        MulticastRequest,
        PushMessageRequest,
        ReplyMessageRequest,
        RichMenuRequest,
        ShowLoadingAnimationRequest,
    )
    from linebot.v3.messaging.async_rest import RESTClientObject, RESTResponse  # type: ignore[import-untyped]

__all__ = [
    "ApiException",
    "ApiResponse",
    "AsyncApiClient",
    "AsyncMessagingApi",
    "AsyncMessagingApiBlob",
    "Configuration",
    "MarkMessagesAsReadByTokenRequest",
    "MulticastRequest",
    "PushMessageRequest",
    "RESTClientObject",
    "RESTResponse",
    "ReplyMessageRequest",
    "RichMenuRequest",
    "ShowLoadingAnimationRequest",
]
