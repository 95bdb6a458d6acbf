"""Every setting is told to the operator, and nothing is told that is no setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings
from tests.house.floor import files, text

FIELDS = {f"NAKODO_{name.upper()}" for name in Settings.model_fields}
# Read by the tests, by make and by the reverse proxy, never by the bot.
BESIDES = {"NAKODO_CHROMIUM", "NAKODO_REQUIRE_BROWSER", "NAKODO_HOSTNAME", "NAKODO_UPSTREAM"}
NAME = re.compile(r"\bNAKODO_[A-Z_]*[A-Z]\b")
LINE = re.compile(r"^#?(NAKODO_[A-Z_]+)=(.*)$", re.MULTILINE)
EXAMPLE = Path("deploy/env.example")


def _filled() -> dict[str, str]:
    return dict(LINE.findall(text(EXAMPLE)))


@pytest.mark.parametrize("page", ["README.md", "deploy/env.example"])
def test_every_setting_is_on_the_page(page: str) -> None:
    assert sorted(FIELDS - set(NAME.findall(text(Path(page))))) == []


def test_no_page_tells_of_a_setting_that_is_not_there() -> None:
    told = {(name, str(path)) for path in files() for name in NAME.findall(text(path)) if path.suffix != ".lock"}
    ours = FIELDS | BESIDES
    strange = {(name, path) for name, path in told if name not in ours and not name.startswith("NAKODO_TEST")}
    assert sorted(strange) == []


def test_the_example_can_be_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _filled().items():
        monkeypatch.setenv(name, value or "0123456789abcdefghijABCDEFGHIJ_-")
    settings = Settings()
    assert str(settings.public_url).startswith("https://")
    assert settings.telegram_staff_chat is not None


def test_the_example_names_the_defaults_it_leaves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    settings, filled = Settings(), _filled()
    for field in ("host", "port", "line_api_base", "line_data_api_base", "telegram_api_base", "timezone"):
        assert filled[f"NAKODO_{field.upper()}"] == str(getattr(settings, field)).rstrip("/"), field


def test_the_example_holds_no_secret() -> None:
    secret = [name for name, value in _filled().items() if value and re.search("SECRET|TOKEN", name)]
    assert secret == []


def test_the_container_gets_known_settings_and_its_parts_add_up() -> None:
    composed = yaml.safe_load(text(Path("deploy/compose.yaml")))
    services = composed["services"]
    given = {name for part in ("migrate", "web", "worker") for name in services[part]["environment"]}
    assert given <= FIELDS
    assert {"NAKODO_SECRET_KEY", "NAKODO_DATABASE_URL", "NAKODO_PUBLIC_URL", "NAKODO_HOST"} <= given
    assert [services[part]["command"][-1] for part in ("migrate", "web", "worker")] == ["migrate", "web", "worker"]
    assert set(composed["volumes"]) == {"db", "certificates"}
