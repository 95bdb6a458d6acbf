"""Every setting: read from NAKODO_* variables at start, refused in one line when wrong, never printed when secret."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from storage.crowd import Cap


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as missing:
        raise ValueError("not a time zone name such as Asia/Tokyo") from missing
    return name


def _fits_a_header(secret: SecretStr) -> SecretStr:
    """A copied line end or space would break every call, hours after the start."""
    value = secret.get_secret_value()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("must be plain letters, digits and signs, without spaces or line ends")
    return secret


def _fits_telegram(secret: SecretStr) -> SecretStr:
    if any(not re.fullmatch("[A-Za-z0-9_-]{0,256}", one) for one in secret.get_secret_value().split(",")):
        raise ValueError("only A-Z, a-z, 0-9, _ and -, at most 256 of them (Bot API, setWebhook)")
    return secret


def _known_sites(named: str) -> str:
    """Whole addresses without a path: what stands in a header must be nothing else, and no star lets everybody in."""
    wrong = [one for one in sites(named) if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", one)]
    if wrong:
        raise ValueError("sites such as https://www.city.example.jp, parted by commas, without a path")
    return named


def _known_issuer(named: str) -> str:
    if named and not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?[^\s?#]*", named):
        raise ValueError("an address with https such as https://login.city.example.jp, as the provider names itself")
    return named


def _known_hosts(named: str) -> str:
    """Names of hosts alone: what a broadcast may link to, with all under them."""
    wrong = [one for one in sites(named) if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", one)]
    if wrong:
        raise ValueError("names of hosts such as city.example.jp, parted by commas")
    return named


def sites(named: str) -> tuple[str, ...]:
    """The sites of a setting, parted by commas."""
    return tuple(one.strip().rstrip("/") for one in named.split(",") if one.strip())


def each(secret: SecretStr) -> tuple[str, ...]:
    """The secrets of a setting that may hold two, parted by a comma, while one takes the other's place."""
    return tuple(one for one in secret.get_secret_value().split(",") if one)


Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=0)]
Plain = Annotated[SecretStr, AfterValidator(_fits_a_header)]
HookSecret = Annotated[SecretStr, AfterValidator(_fits_telegram)]


class SecondFactor(StrEnum):
    """Whether coordinators are asked for a code after the password."""

    OFF = "off"
    OPTIONAL = "optional"  # who has set it up is asked
    MANAGERS = "managers"  # managers must set it up, others may
    REQUIRED = "required"  # everybody must


class Settings(BaseSettings):
    """What an operator can set. Names are fixed: NAKODO_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="NAKODO_", extra="forbid", frozen=True)

    database_url: str = "sqlite:///" + str(Path("nakodo.db"))
    public_url: HttpUrl = HttpUrl("http://127.0.0.1:8000")
    host: str = "127.0.0.1"
    port: Port = 8000
    secret_key: SecretStr = SecretStr("")
    line_channel_secret: Plain = SecretStr("")
    line_access_token: Plain = SecretStr("")
    line_channel_id: Annotated[str, Field(pattern="^[0-9]{0,20}$")] = ""
    line_api_base: HttpUrl = HttpUrl("https://api.line.me")
    line_login_channel_id: Annotated[str, Field(pattern="^[0-9]{0,20}$")] = ""
    line_login_channel_secret: Plain = SecretStr("")
    line_login_base: HttpUrl = HttpUrl("https://access.line.me")
    line_data_api_base: HttpUrl = HttpUrl("https://api-data.line.me")
    line_reserve_emergencies: Count = 20
    line_reserve_reminders: Count = 30
    line_gather_seconds: Annotated[float, Field(ge=0, le=60)] = 2
    menu_font: str = ""
    telegram_token: Plain = SecretStr("")
    telegram_webhook_secret: HookSecret = SecretStr("")
    telegram_api_base: HttpUrl = HttpUrl("https://api.telegram.org")
    telegram_staff_chat: int | None = None
    group_prefix: Annotated[str, Field(max_length=20)] = ""
    oidc_issuer: Annotated[str, AfterValidator(_known_issuer)] = ""
    oidc_client_id: Annotated[str, Field(max_length=200)] = ""
    oidc_client_secret: Plain = SecretStr("")
    embed_sites: Annotated[str, AfterValidator(_known_sites)] = ""
    second_factor: SecondFactor = SecondFactor.OPTIONAL
    idle_lock_minutes: Annotated[int, Field(ge=0, le=720)] = 20
    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    export_second_over: Count = 50
    broadcast_again_over: Count = 1_000
    broadcast_most: Count = 7
    broadcast_most_days: Annotated[int, Field(ge=1, le=30)] = 7
    broadcast_count_links: bool = False
    link_hosts: Annotated[str, AfterValidator(_known_hosts)] = "lg.jp,go.jp"
    learn: bool = True
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Tokyo"

    @property
    def cap(self) -> Cap:
        """How many broadcasts one person is sent within a time."""
        from storage.crowd import Cap  # the carrier has settings too, and no database: SQLAlchemy is half of its start

        return Cap(self.broadcast_most, timedelta(days=self.broadcast_most_days))

    @property
    def speaks_line(self) -> bool:
        """Whether we may speak to LINE, by whichever token."""
        return bool(self.line_access_token.get_secret_value() or self.line_channel_id)
