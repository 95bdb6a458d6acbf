"""Whatever is posted about a group, the door answers: junk is no 5xx, and what could not be kept is asked for again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.channels import telegram_group
from bot.channels.telegram_group import Coded, Deed, Wrote
from bot.ports import Arrived
from bot.settings import Settings
from bot.web.hooks import hooks
from dialogs.heard import Came, Typed
from storage import StorageDown
from tests.channels.samples import HOOK_SECRET

GROUP = {"id": -1001, "type": "supergroup", "is_forum": True}
WORDS: dict[str, Any] = {"message_id": 5, "from": {"id": 501}, "chat": GROUP, "date": 1, "text": "はい"}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def posted(**update: Any) -> bytes:
    """The body of an update."""
    return json.dumps({"update_id": 1, **update}).encode()


@pytest.mark.anyio
@pytest.mark.parametrize(("trouble", "status"), [(None, 200), (StorageDown("away"), 503)], ids=["kept", "down"])
async def test_what_cannot_be_kept_now_is_not_acknowledged(trouble: Exception | None, status: int) -> None:
    heard: list[Deed] = []

    async def hear(deed: Deed) -> bool:
        if trouble:
            raise trouble
        heard.append(deed)
        return True

    async def keep(arrived: object) -> None:
        raise AssertionError(f"a coordinator's words went the residents' way: {arrived}")

    settings = Settings.model_validate({"telegram_webhook_secret": HOOK_SECRET, "telegram_staff_chat": -1001})
    app = Starlette(routes=hooks(keep, settings, group=hear))
    secret = {"x-telegram-bot-api-secret-token": HOOK_SECRET}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://nakodo") as web:
        body = posted(message=WORDS | {"message_thread_id": 3})
        assert (await web.post("/telegram/webhook", content=body, headers=secret)).status_code == status
        assert (await web.post("/telegram/webhook", content=body)).status_code == 403
    assert heard == ([] if trouble else [Wrote("1", -1001, 3, 5, "501", "はい")])


@given(st.sampled_from(["message", "edited_message", "callback_query"]), st.sampled_from([*WORDS, "x"]), ANY)
def test_W17_odd_updates_are_read_or_left_alone(kind: str, field: str, odd: Any) -> None:
    deed = telegram_group.read(posted(**{kind: WORDS | {field: odd}}))
    assert deed is None or deed.event_id == "1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/staff K7M4Q-H2XW9", "K7M4Q-H2XW9"),
        ("/staff@nakodo_bot k7m4qh2xw9 ", "k7m4qh2xw9"),
        ("/start staff_K7M4QH2XW9", "K7M4QH2XW9"),
        ("/staff", ""),
        ("/staff あ", ""),
    ],
)
def test_a_code_is_read_wherever_it_is_typed(text: str, code: str) -> None:
    private = {"id": 501, "type": "private"}
    assert telegram_group.read(posted(message=WORDS | {"text": text, "chat": private})) == Coded(
        "1", 501, True, "501", code
    )


@pytest.mark.parametrize("text", ["/start K7M4QH2XW9", "/start", "K7M4Q-H2XW9", "staff", "/staffroom", "相談です"])
def test_what_residents_write_is_nobodys_code(text: str) -> None:
    private = {"id": 501, "type": "private"}
    assert telegram_group.read(posted(message=WORDS | {"text": text, "chat": private})) is None


@pytest.mark.anyio
@pytest.mark.parametrize("theirs", [True, False], ids=["coordinators", "residents"])
async def test_W23_what_happens_in_a_group_goes_to_whose_group_it_is(theirs: bool) -> None:
    heard: list[Deed] = []
    kept: list[Arrived] = []

    async def hear(deed: Deed) -> bool:
        heard.append(deed)
        return theirs

    async def keep(arrived: Sequence[Arrived]) -> None:
        kept.extend(arrived)

    settings = Settings.model_validate({"telegram_webhook_secret": HOOK_SECRET, "telegram_token": "7:x"})
    app = Starlette(routes=hooks(keep, settings, group=hear))
    secret = {"x-telegram-bot-api-secret-token": HOOK_SECRET}
    chat = {"chat": WORDS["chat"], "from": WORDS["from"], "date": 1}
    came = {**chat, "old_chat_member": {"status": "left"}, "new_chat_member": {"status": "member"}}
    ours = WORDS | {"reply_to_message": {"message_id": 1, "from": {"id": 7}}}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://nakodo") as web:
        for told in ({"my_chat_member": came}, {"message": ours}, {"message": WORDS}):
            assert (await web.post("/telegram/webhook", content=posted(**told), headers=secret)).status_code == 200
    assert [type(deed).__name__ for deed in heard] == ["Noticed", "Wrote", "Wrote"]
    assert [one.heard for one in kept] == ([] if theirs else [Came(), Typed("はい")])
