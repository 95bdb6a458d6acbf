"""Every setting: read from NAKODO_* variables at start, refused in one line when wrong, never printed when secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as missing:
        raise ValueError("not a time zone name such as Asia/Tokyo") from missing
    return name


Port = Annotated[int, Field(ge=0, le=65535)]
HookSecret = Annotated[SecretStr, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")]


class Settings(BaseSettings):
    """What an operator can set. Names are fixed: NAKODO_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="NAKODO_", extra="forbid", frozen=True)

    database_url: str = "sqlite:///" + str(Path("nakodo.db"))
    public_url: HttpUrl = HttpUrl("http://127.0.0.1:8000")
    host: str = "127.0.0.1"
    port: Port = 8000
    secret_key: SecretStr = SecretStr("")
    line_channel_secret: SecretStr = SecretStr("")
    line_access_token: SecretStr = SecretStr("")
    line_api_base: HttpUrl = HttpUrl("https://api.line.me")
    line_data_api_base: HttpUrl = HttpUrl("https://api-data.line.me")
    telegram_token: SecretStr = SecretStr("")
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_api_base: HttpUrl = HttpUrl("https://api.telegram.org")
    telegram_staff_chat: int | None = None
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Tokyo"
