"""Refuses to start when a setting is wrong or dangerous, with one line that names it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from enum import StrEnum
from typing import NoReturn

import typer
from pydantic import ValidationError

from bot.settings import Settings

# Read by the tests, by make and by the reverse proxy, never by the bot.
BESIDES = frozenset({"NAKODO_CHROMIUM", "NAKODO_REQUIRE_BROWSER", "NAKODO_HOSTNAME", "NAKODO_UPSTREAM"})
MIN_SECRET = 32


class Only(StrEnum):
    """Which half runs in this process."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def stop(line: str) -> NoReturn:
    """Say one line and end with status 2."""
    typer.echo(line, err=True)
    raise typer.Exit(2)


@contextmanager
def one_line() -> Iterator[None]:
    """What a database refuses to begin with becomes one line that names the setting to look at, without its value."""
    from sqlalchemy.exc import DBAPIError

    from storage import StorageDown, WrongKey

    try:
        yield
    except WrongKey as wrong:
        stop(f"NAKODO_SECRET_KEY: {wrong}")
    except (StorageDown, ValueError) as wrong:
        stop(f"NAKODO_DATABASE_URL: {wrong}")
    except DBAPIError as wrong:
        stop(f"NAKODO_DATABASE_URL: the database refuses ({type(wrong.orig).__name__})")


def strangers(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are no setting: a misspelt name would otherwise be passed over in silence."""
    known = {f"NAKODO_{name.upper()}" for name in Settings.model_fields} | BESIDES
    ours = sorted(name for name in environment if name.upper().startswith("NAKODO_"))
    return [name for name in ours if name.upper() not in known and not name.startswith("NAKODO_TEST")]


def settings_or_stop() -> Settings:
    """The settings, or one line naming the first that is wrong. Values are never repeated: one may be a secret."""
    for name in strangers(os.environ):
        near = get_close_matches(name, [f"NAKODO_{field.upper()}" for field in Settings.model_fields], 1)
        stop(f"{name}: there is no such setting" + (f"; is {near[0]} meant?" if near else ""))
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False, include_context=False)[0]
        name = "NAKODO_" + "_".join(str(part) for part in first["loc"]).upper()
        stop(f"{name}: {first['msg']}")


def refuse_start(settings: Settings, *, only_database: bool = False) -> None:
    """What would be unsafe or could never work stops here."""
    if len(settings.secret_key.get_secret_value()) < MIN_SECRET:
        stop(
            f"NAKODO_SECRET_KEY: needs at least {MIN_SECRET} characters; make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if only_database:
        return
    if bool(settings.line_channel_secret.get_secret_value()) != settings.speaks_line:
        stop("NAKODO_LINE_CHANNEL_SECRET and NAKODO_LINE_ACCESS_TOKEN (or NAKODO_LINE_CHANNEL_ID): both, or neither")
    if settings.telegram_token.get_secret_value() and not settings.telegram_webhook_secret.get_secret_value():
        stop("NAKODO_TELEGRAM_WEBHOOK_SECRET: must be set, or anybody could post as Telegram")
