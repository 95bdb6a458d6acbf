"""While a new secret takes the place of an old one, posts under either are heard, and under none other."""

from __future__ import annotations

import httpx2
import pytest
from pydantic import ValidationError
from starlette.applications import Starlette

from bot.settings import Settings
from bot.web.hooks import hooks
from tests.channels.conftest import Shelf
from tests.channels.samples import HOOK_SECRET, LINE_SECRET, line_signature
from tests.channels.test_doors import HELLO, SECRET, TELEGRAM, UPDATE, post_line

pytestmark = pytest.mark.anyio
OTHER, OTHER_HOOK = "e" * 32, "another-hook"
BOTH = Settings.model_validate(
    {"line_channel_secret": f"{OTHER},{LINE_SECRET}", "telegram_webhook_secret": f"{OTHER_HOOK},{HOOK_SECRET}"}
)


@pytest.mark.parametrize(
    ("secret", "hook", "statuses"),
    [
        (LINE_SECRET, HOOK_SECRET, (200, 200)),
        (OTHER, OTHER_HOOK, (200, 200)),
        ("f" * 32, "x", (401, 403)),
        ("", "", (401, 403)),
        (f"{OTHER},{LINE_SECRET}", f"{OTHER_HOOK},{HOOK_SECRET}", (401, 403)),
    ],
    ids=["the old", "the new", "another", "none", "both at once"],
)
async def test_W03_W07_two_secrets_are_accepted_while_they_change(
    shelf: Shelf, secret: str, hook: str, statuses: tuple[int, int]
) -> None:
    app = Starlette(routes=hooks(shelf.keep, BOTH))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://nakodo") as web:
        line = await post_line(web, HELLO, line_signature(HELLO, secret))
        telegram = (await web.post(TELEGRAM, content=UPDATE, headers={SECRET: hook})).status_code
    assert (line, telegram) == statuses
    assert len(shelf.kept) == 2 * (statuses == (200, 200))


def test_each_of_two_telegram_secrets_must_fit_the_header() -> None:
    with pytest.raises(ValidationError, match="telegram_webhook_secret"):
        Settings.model_validate({"telegram_webhook_secret": "good,not good"})
