"""The ward's own sign-in: only whom it proves and who was invited by that address, bound to the browser that began."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.doubles.serve import serving
from bot.cli import doctor
from bot.settings import Settings
from storage import staff
from tests import ours
from tests.clock import Clock
from tests.conftest import SECRET
from tests.web.console.office import Office
from tests.web.console.test_console_settings import MONDAY

pytestmark = pytest.mark.anyio
MAIL = "aoki@city.example.jp"


@dataclass
class Provider:
    """A provider of sign-ins: describes itself, and gives an ID token for a code, a secret and a verifier."""

    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    async def about(self, request: Request) -> Response:
        """Its description."""
        own = str(request.base_url).rstrip("/")
        more = {"authorization_endpoint": f"{own}/authorize", "token_endpoint": f"{own}/token"}
        return JSONResponse({"issuer": self.issuer or own, **more})

    async def token(self, request: Request) -> Response:
        """The ID token of whoever began with this challenge."""
        form, own = await request.form(), str(request.base_url).rstrip("/")
        challenge = urlsafe_b64encode(sha256(str(form["code_verifier"]).encode()).digest()).rstrip(b"=").decode()
        right = form["client_secret"] == "s3cret" and challenge == self.asked["code_challenge"]
        if not right or form["code"] in self.given:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.given.append(str(form["code"]))
        usual = {"iss": own, "aud": ["nakodo"], "sub": "77", "exp": int(MONDAY.timestamp()) + 300}
        usual |= {"nonce": self.asked["nonce"], "email": MAIL, "email_verified": True}
        body = urlsafe_b64encode(json.dumps(usual | self.claims).encode()).rstrip(b"=").decode()
        return JSONResponse({"id_token": f"e30.{body}.x"})


@asynccontextmanager
async def _ward(office: Office, **claims: Any) -> AsyncIterator[tuple[Office, Provider]]:
    provider = Provider(claims)
    routes = [
        Route("/.well-known/openid-configuration", provider.about),
        Route("/token", provider.token, methods=["POST"]),
    ]
    async with serving(Starlette(routes=routes)) as host:
        oidc = {"oidc_issuer": host, "oidc_client_id": "nakodo", "oidc_client_secret": "s3cret"}
        settings = Settings.model_validate({"secret_key": SECRET, "public_url": "http://127.0.0.1"} | oidc)
        yield Office(office.store, Clock(MONDAY), ours.mind(), settings), provider


async def _away(browser: httpx2.AsyncClient, provider: Provider) -> str:
    """Begin: what the provider is asked; its state."""
    went = await browser.get("/login/oidc")
    assert went.status_code == 303
    provider.asked = {name: one[0] for name, one in parse_qs(urlsplit(went.headers["location"]).query).items()}
    return provider.asked["state"]


async def _through(office: Office, provider: Provider, code: str = "abc") -> httpx2.Response:
    async with office.browser() as browser:
        state = await _away(browser, provider)
        back = await browser.get("/login/oidc/back", params={"state": state, "code": code})
        if back.status_code == 303:
            assert (await browser.get("/console")).status_code == 200
        return back


async def test_whoever_was_invited_by_the_address_that_is_proven_comes_in(either: Office) -> None:
    async with _ward(either) as (office, provider):
        office.member(MAIL, "青木")
        async with office.browser() as browser:
            assert "区の職員アカウントでログイン" in (await browser.get("/login")).text
        came = await _through(office, provider)
        assert (came.status_code, came.headers["location"]) == (303, "/console")
        wanted = {
            "response_type": "code",
            "client_id": "nakodo",
            "scope": "openid email",
            "code_challenge_method": "S256",
        }
        assert wanted.items() <= provider.asked.items()
        assert provider.asked["redirect_uri"] == "http://127.0.0.1/login/oidc/back"


async def test_nobody_else_does_whatever_the_provider_says(office: Office) -> None:
    async with _ward(office) as (ward, provider):
        number = ward.member(MAIL, "青木")
        for n, claims in enumerate(WRONG):
            provider.claims = claims
            refused = await _through(ward, provider, f"code{n}")
            assert (refused.status_code, refused.headers.get_list("set-cookie")[:1]) == (403, _gone(refused)), claims
        provider.claims = {}
        ward.write(lambda conn: staff.set_active(conn, number, False))
        assert "まだ加えられていません" in (await _through(ward, provider, "late")).text


WRONG: list[dict[str, Any]] = [
    {"email": "baba@city.example.jp"}, {"email": "aoki"}, {"email": None}, {"email_verified": False},
    {"email_verified": "true"}, {"nonce": "0" * 64}, {"aud": "another"}, {"aud": ["nakodo", "another"]},
    {"iss": "https://evil.example"}, {"exp": int(MONDAY.timestamp()) - 61}, {"sub": ""},
]  # fmt: skip


def _gone(answer: httpx2.Response) -> list[str]:
    """The cookie of the attempt is taken away, and no other is set."""
    return [
        one for one in answer.headers.get_list("set-cookie") if one.startswith("nakodo-line-") and "Max-Age=0" in one
    ]


async def test_a_way_back_belongs_to_the_browser_and_the_quarter_hour_that_began_it(office: Office) -> None:
    async with _ward(office) as (ward, provider):
        ward.member(MAIL, "青木")
        async with ward.browser() as begun, ward.browser() as other:
            state = await _away(begun, provider)
            assert (await other.get("/login/oidc/back", params={"state": state, "code": "x"})).status_code == 403
            wrong = [{"state": state}, {"state": "0" * 32, "code": "x"}, {"state": state, "code": "no code!"}, {}]
            for params in wrong[1:2]:
                assert (await begun.get("/login/oidc/back", params=params)).status_code == 403
            ward.clock.on(minutes=11)
            assert (await begun.get("/login/oidc/back", params={"state": state, "code": "x"})).status_code == 403
            ward.clock.on(minutes=-11)
            state = await _away(begun, provider)
            assert (await begun.get("/login/oidc/back", params={"state": state, "code": "x"})).status_code == 303
            assert (await begun.get("/login/oidc/back", params={"state": state, "code": "x"})).status_code == 403


async def test_a_provider_that_is_down_or_another_is_said_and_the_password_stays(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    async with _ward(office) as (ward, provider):
        provider.issuer = "https://evil.example"
        async with ward.browser() as browser:
            assert (await browser.get("/login/oidc")).status_code == 503
    async with ward.browser() as browser:
        down = await browser.get("/login/oidc")
        assert (down.status_code, "パスワードでログイン" in down.text) == (503, True)
    half = ward.settings.model_copy(update={"oidc_client_id": ""})
    async with Office(office.store, office.clock, ours.mind(), half).browser() as browser:
        assert "区の職員アカウント" not in (await browser.get("/login")).text
        assert (await browser.get("/login/oidc")).status_code == 404
    assert [one.said for one in doctor._channels(half) if "3つとも" in one.said]


def test_an_issuer_without_tls_is_no_setting() -> None:
    for named in ("http://login.example", "login.example", "https://x.example/?a=b", "ftp://127.0.0.1"):
        with pytest.raises(ValueError, match="https"):
            Settings.model_validate({"oidc_issuer": named})
