"""Answering one message in the console: chosen at the message, seen at the form, and quoted in the talk."""

from __future__ import annotations

import re

import pytest

from storage import cases, inbox, read_marks
from storage.cases import Mode
from tests.web.console.office import Office, key, seen

pytestmark = pytest.mark.anyio


async def test_a_message_is_chosen_answered_and_quoted(either: Office) -> None:
    case_id, aoki = either.case(mode=Mode.OPEN), either.member("aoki", "青木")
    either.says(case_id, "3日は空いていますか", said_id="m1")
    either.says(case_id, "駐車場は\nありますか", said_id="m2")
    path = f"/console/cases/{case_id}"
    async with either.browser(aoki) as browser:
        assert "answers=" not in (await browser.get(path)).text, "only who may reply is offered it"
        await browser.post(path + "/claim")
        page = (await browser.get(path)).text
        links = re.findall(r'href="([^"]*answers=\d+)#reply-text"', page)
        assert len(links) == 2
        chosen = (await browser.get(links[1].replace("&amp;", "&"))).text
        assert "次の発言への返事として送ります。" in chosen
        line = re.search(r'name="answers" value="(\d+)" form="reply-form"', chosen)
        assert line is not None
        form = {"text": "あります。", "key": key(), "seen": seen(chosen), "answers": line[1]}
        assert (await browser.post(path + "/reply", data=form)).status_code == 303
        after = (await browser.get(path)).text
    (quoted,) = re.findall(rf'<a href="#line-{line[1]}">(.*?)</a>', after)
    assert re.sub("<[^>]+>", "", quoted) == "住民 駐車場は ありますか"
    assert 'name="answers"' not in after


@pytest.mark.parametrize("told", ["0", "-1", "x", "9" * 30, "１"])
async def test_a_line_that_is_none_is_no_answer_to_anything(office: Office, told: str) -> None:
    case_id, aoki = office.case(mode=Mode.OPEN), office.member("aoki")
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        await browser.post(path + "/claim")
        assert 'name="answers"' not in (await browser.get(path, params={"answers": told})).text
        form = {"text": "はい。", "key": key(), "seen": "0", "answers": told}
        assert (await browser.post(path + "/reply", data=form)).status_code == 303
    assert office.told(case_id) == ["はい。"]


async def test_what_was_taken_back_meanwhile_keeps_the_words_and_says_why(office: Office) -> None:
    case_id, aoki = office.case(mode=Mode.OPEN), office.member("aoki")
    office.says(case_id, "カナリア", said_id="m1")
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        await browser.post(path + "/claim")
        page = (await browser.get(path)).text
        line = re.findall(r"answers=(\d+)#reply-text", page)[0]
        office.write(lambda conn: inbox.withdraw(conn, office.store.vault, "line", "m1", office.clock()))
        form = {"text": "書きかけの返事", "key": key(), "seen": seen(page), "answers": line}
        refused = await browser.post(path + "/reply", data=form)
        assert (refused.status_code, office.told(case_id)) == (409, [])
        assert "取り消されました" in refused.text
        assert "書きかけの返事</textarea>" in refused.text
        assert 'name="answers"' not in refused.text
        del form["answers"]
        assert (await browser.post(path + "/reply", data=form)).status_code == 303
    assert office.told(case_id) == ["書きかけの返事"]


@pytest.mark.parametrize(
    ("holder", "headers", "read"),
    [
        ("nobody", {}, True),
        ("aoki", {}, True),
        ("aoki", {"hx-request": "true", "x-looked-at": "yes"}, True),
        ("aoki", {"hx-request": "true"}, False),
        ("baba", {}, False),
    ],
    ids=["nobody has it", "the holder", "a page in front", "a tab in the back", "a colleague's case"],
)
async def test_read_is_what_whoever_answers_has_before_their_eyes(
    office: Office, holder: str, headers: dict[str, str], read: bool
) -> None:
    case_id, aoki, baba = office.case(), office.member("aoki"), office.member("baba")
    office.says(case_id, "読みましたか")
    head = office.head(case_id)
    assert head.person_id is not None
    assert head.contact_id is not None
    vault, mark = office.store.vault, read_marks.Mark(head.contact_id, head.person_id, "r1", office.clock())
    office.write(lambda conn: read_marks.keep(conn, vault, [mark]))
    if holder != "nobody":
        office.write(lambda conn: cases.claim(conn, case_id, aoki if holder == "aoki" else baba, office.clock()))
    async with office.browser(aoki) as browser:
        await browser.get(f"/console/cases/{case_id}", headers=headers)
    due = office.write(lambda conn: read_marks.due(conn, vault, 9))
    assert [one.token for one in due] == (["r1"] if read else [])
