"""The chat on other sites: only those that are named, only the visitors' chat, and no cookie before consent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from pydantic import ValidationError

from bot.settings import Settings
from bot.web.site import site
from tests.conftest import SECRET
from tests.web.talking import Place

pytestmark = pytest.mark.anyio
WARD = "https://www.city.example.jp"
IN_A_FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"}


@pytest.fixture
async def device(place: Place) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser before a centre that names one site."""
    settings = Settings.model_validate(
        {"secret_key": SECRET, "public_url": "https://chat.example.jp", "embed_sites": WARD}
    )
    app = site(replace(place.parts.room, settings=settings))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://chat.example.jp") as browser:
        yield browser


async def test_only_a_named_site_may_frame_the_chat_and_nothing_else_of_ours(device: httpx2.AsyncClient) -> None:
    for path in ("/chat", "/clock", "/chat?lang=en"):
        policy = (await device.get(path)).headers["content-security-policy"]
        assert policy.endswith(f"frame-ancestors 'self' {WARD}"), path
        assert "default-src 'none'" in policy
    for path in ("/login", "/console", "/chat/0123456789abcdef", "/p/nothing"):
        assert "frame-ancestors 'none'" in (await device.get(path)).headers["content-security-policy"], path


async def test_the_script_can_be_loaded_from_elsewhere_and_sets_nothing(device: httpx2.AsyncClient) -> None:
    script = await device.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in script.headers
    assert "\\u30c1\\u30e3\\u30c3\\u30c8" in script.text
    assert "<" not in script.text.rsplit("})(", 1)[1]


async def test_without_a_named_site_there_is_no_script(place: Place) -> None:
    async with place.device() as device:
        assert (await device.get("/embed.js")).status_code == 404
        assert "frame-ancestors 'none'" in (await device.get("/chat")).headers["content-security-policy"]


async def test_the_cookie_of_a_frame_is_kept_apart_for_its_site(device: httpx2.AsyncClient) -> None:
    assert "set-cookie" not in (await device.get("/chat", headers=IN_A_FRAME)).headers
    begun = await device.post("/chat/start", headers=IN_A_FRAME)
    assert begun.status_code == 303
    cookie = begun.headers["set-cookie"].lower()
    assert {"secure", "httponly", "samesite=none", "partitioned"} <= {one.strip() for one in cookie.split(";")}
    device.cookies.set("__Secure-nakodo-chat", cookie.partition("=")[2].partition(";")[0])
    left = await device.post("/chat/leave", headers={"sec-fetch-dest": "empty", "sec-fetch-site": "same-origin"})
    of_frame, of_page = (one.lower() for one in left.headers.get_list("set-cookie"))
    assert {"max-age=0", "secure", "samesite=none", "partitioned"} <= {one.strip() for one in of_frame.split(";")}
    assert {"max-age=0", "secure", "samesite=lax"} <= {one.strip() for one in of_page.split(";")}
    device.cookies.clear()
    alone = await device.post("/chat/start", headers={"sec-fetch-site": "same-origin"})
    assert "samesite=lax" in alone.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "named", ["*", "www.city.example.jp", WARD + "/path", WARD + "; script-src *", WARD + " 'self'"]
)
def test_what_is_no_site_stops_the_start(named: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"secret_key": SECRET, "embed_sites": named})
