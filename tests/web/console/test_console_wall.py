"""The wall: headers on every answer, other sites' posts refused, nothing changed by GET."""

from __future__ import annotations

import hashlib
import re
from collections.abc import MutableMapping
from typing import Any

import pytest
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.mind import Mind
from bot.settings import Settings
from bot.web.statics import asset
from storage.whole import metadata
from tests.conftest import SECRET
from tests.web.console.office import HERE, Office, key

pytestmark = pytest.mark.anyio
PATHS = {
    "/login": 303,
    "/login/once?t=x": 410,
    "/console": 200,
    "/console?folder=closed": 200,
    "/console/cases/1": 200,
    "/console/cases/2": 404,
    "/me": 200,
    "/nothing/here": 404,
    "//evil.example/": 404,
    "/%2e%2e/console": 404,
    "/static/nothing.css": 404,
    "/static/../../settings.py": 404,
    "/logout": 405,
    "/broken": 500,
    asset("app.css"): 200,
    asset("vendor/htmx.min.js"): 200,
}
FOREIGN: dict[str, dict[str, str]] = {
    "form of another site": {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    "sibling host": {"sec-fetch-site": "same-site", "origin": "http://other.127.0.0.1"},
    "old browser, foreign origin": {"origin": "https://evil.example"},
    "old browser, hidden origin": {"origin": "null"},
    "our name in a longer one": {"origin": "http://127.0.0.1.evil.example"},
    "other port": {"origin": "http://127.0.0.1:9"},
    "no word about where it comes from": {},
    "plain text of another site": {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
}


async def _broken(request: Request) -> Response:
    raise RuntimeError("住民の秘密")


@pytest.mark.parametrize("path", PATHS)
async def test_C03_C04_every_answer_carries_its_headers(office: Office, path: str) -> None:
    office.case()
    office.app.router.routes.append(Route("/broken", _broken))
    async with office.browser(office.member("aoki")) as browser:
        answer = await browser.get(path)
    assert answer.status_code == PATHS[path]
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    kept = answer.headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable" if "?v=" in path else kept in {"no-store", "no-cache"}
    assert "住民の秘密" not in answer.text
    assert "server" not in answer.headers


async def test_a_changed_file_is_asked_for_anew(office: Office) -> None:
    async with office.browser() as browser:
        old = await browser.get("/static/app.css?v=000000000000")
        bare = await browser.get("/static/app.css")
    assert {old.headers["cache-control"], bare.headers["cache-control"]} == {"no-cache"}


async def test_only_the_demo_may_be_shown_in_a_frame_and_only_in_ours(office: Office, mind: Mind) -> None:
    demo = Office(office.store, office.clock, mind, office.settings, demo=True)
    async with demo.browser() as browser:
        policy = (await browser.get("/login")).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'; frame-src 'self'")


async def test_pages_hold_nothing_inline_and_load_nothing_from_elsewhere(office: Office) -> None:
    office.says(office.case(), "https://evil.example/x.png を見て")
    async with office.browser(office.member("aoki")) as browser:
        pages = [(await browser.get(path)).text for path in PATHS if path.startswith(("/console", "/me", "/login"))]
    for page in pages:
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)|javascript:", page) == []
        assert [link for link in re.findall(r'(?:src|href|action|hx-\w+)="([^"]*)"', page) if "//" in link] == []


@pytest.mark.parametrize("case", FOREIGN)
@pytest.mark.parametrize("path", ["/console/cases/1/claim", "/console/cases/1/reply", "/login", "/logout", "/me"])
async def test_C16_a_post_from_elsewhere_is_refused(office: Office, case: str, path: str) -> None:
    case_id = office.case()
    async with office.browser(office.member("aoki")) as browser:
        del browser.headers["sec-fetch-site"]
        answer = await browser.post(path, content="text=x", headers=FOREIGN[case])
    assert answer.status_code == 403
    assert office.head(case_id).holder is None


@pytest.mark.parametrize("told", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": HERE}])
async def test_a_post_from_our_own_pages_passes(office: Office, told: dict[str, str]) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    async with office.browser(aoki) as browser:
        del browser.headers["sec-fetch-site"]
        assert (await browser.post(f"/console/cases/{case_id}/claim", headers=told)).status_code == 303
    assert office.head(case_id).holder == aoki


async def test_platforms_prove_themselves_another_way(office: Office) -> None:
    async with office.browser() as browser:
        del browser.headers["sec-fetch-site"]
        answer = await browser.post("/line/webhook", content="{}")
    assert answer.status_code == 401, "refused for its signature, not by the wall"


def _everything(conn: Connection) -> str:
    """All but the record of who looked, which grows by looking alone."""
    kept = {name: table for name, table in metadata.tables.items() if not name.startswith("audit")}
    rows = [(name, sorted(map(repr, conn.execute(select(table))))) for name, table in kept.items()]
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()


def _paths(office: Office) -> list[str]:
    """Every address of the console and of signing in, by every name it has, with a real case in it."""
    own: list[Any] = [route for route in office.app.routes if isinstance(route, Route)]
    ours = [route.path for route in own if route.path.startswith(("/console", "/login", "/logout", "/me"))]
    return [path.replace("{case_id}", "1") for path in ours if path != "/console/live"]


async def test_C17_nothing_changes_by_looking(office: Office) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    token = office.link(aoki)
    async with office.browser(aoki) as browser:
        before = office.store.read(_everything)
        for path in _paths(office):
            for method in ("GET", "HEAD", "OPTIONS"):
                await browser.request(method, path, params={"t": token, "text": "x", "key": key(), "said": "claim"})
    assert office.store.read(_everything) == before
    assert office.head(case_id).holder is None
    assert len(_paths(office)) > 12


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 400),
     ("127.0.0.1.evil.example", 400), ("", 400), ("127.0.0.1@evil.example", 400)],
)  # fmt: skip
async def test_C20_only_our_own_names_are_answered(office: Office, host: str, status: int) -> None:
    async with office.browser() as browser:
        answer = await browser.get("/login", headers={"host": host, "x-forwarded-host": "evil.example"})
    assert answer.status_code == status
    assert "evil.example" not in answer.text


async def test_C21_what_is_too_large_is_refused_before_it_is_read(office: Office) -> None:
    case_id = office.case()
    async with office.browser(office.member("aoki")) as browser:
        path = f"/console/cases/{case_id}/notes"
        assert (await browser.post(path, content=b"x" * (2 * 1024 * 1024 + 1))).status_code == 413
        many = "&".join(f"f{n}=1" for n in range(10_000))
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert (await browser.post(path, content=many, headers=form)).status_code == 400
        assert (await browser.post(path, headers={"content-length": "-5"})).status_code == 411
        long = await browser.post(path, data={"text": "x" * 1_500_000, "key": key()})
        assert long.status_code == 400


async def test_over_https_headers_say_so(office: Office, mind: Mind) -> None:
    settings = Settings.model_validate({"secret_key": SECRET, "public_url": "https://nakodo.example.lg.jp/"})
    secure = Office(office.store, office.clock, mind, settings)
    async with secure.browser() as browser:
        answer = await browser.get("/login", headers={"host": "nakodo.example.lg.jp"})
    assert answer.headers["strict-transport-security"] == "max-age=63072000"


async def test_whoever_hangs_up_while_sending_breaks_nothing(office: Office) -> None:
    head = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    cookie = f"nakodo={office.session(office.member('aoki'))}"
    headers = [(name.encode(), value.encode()) for name, value in (head | {"cookie": cookie}).items()]
    scope = {"type": "http", "method": "POST", "path": "/console/segments", "query_string": b"", "headers": headers}
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await office.app(scope | {"scheme": "http", "server": ("127.0.0.1", 80), "root_path": ""}, receive, send)
    assert sent[0]["status"] == 400
