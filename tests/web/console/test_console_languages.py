"""A case that was told in another language is read in Japanese; the resident's own words stay theirs."""

from __future__ import annotations

import pytest

from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("language", "name"), [("zh", "中文"), ("ko", "한국어")])
async def test_a_case_told_in_another_language_is_read_in_japanese(office: Office, language: str, name: str) -> None:
    rows = [
        ["way", "咨询方式", "电话"],
        ["trouble", "为难的事", "宣传"],
        ["gone", "旧", "旧的"],
        ["story", "内容", "想找人"],
    ]
    record = {"way": "phone", "trouble": ["publicity"], "gone": "x", "story": "想找人"}
    case_id = office.case(language=language, rows=rows, record=record)
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    for words in (name, "相談の方法", "電話", "困りごと", "広報", "旧的", "相談の内容", "想找人"):
        assert words in page
    assert "咨询方式" not in page
