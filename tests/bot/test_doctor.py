"""The doctor says how many answers must be looked at soon, and which are not shown any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cli.doctor import answers, run
from bot.settings import Settings
from tests.ours import ARTICLES

ARTICLE = ARTICLES[0]
SHELF = [
    replace(ARTICLE, id="one", review_by=date(2027, 11, 20)),
    replace(ARTICLE, id="two", review_by=date(2027, 11, 20)),
    replace(ARTICLE, id="early", review_by=date(2027, 5, 20)),
]
WELL = (True, "答えは3件。期限切れはありません。")


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 1, 1), [WELL]),
        (date(2027, 3, 20), [WELL]),
        (date(2027, 3, 21), [WELL, (False, "60日以内に見直す答え:1件(いちばん早い期限は2027年5月20日)")]),
        (date(2027, 5, 20), [WELL, (False, "60日以内に見直す答え:1件(いちばん早い期限は2027年5月20日)")]),
        (date(2027, 5, 21), [(False, "答えは3件。期限が切れて案内していないもの1件:early")]),
        (
            date(2027, 11, 20),
            [
                (False, "答えは3件。期限が切れて案内していないもの1件:early"),
                (False, "60日以内に見直す答え:2件(いちばん早い期限は2027年11月20日)"),
            ],
        ),
        (date(2027, 11, 21), [(False, "答えは3件。期限が切れて案内していないもの3件:one、two、early")]),
    ],
    ids=str,
)
def test_the_doctor_counts_what_expires_within_60_days_and_names_what_has(
    today: date, said: list[tuple[bool, str]]
) -> None:
    assert [(one.well, one.said) for one in answers(SHELF, today)] == said


LOGIN = {"line_login_channel_id": "1657999999", "line_login_channel_secret": "s" * 32}
LINE = {"line_channel_secret": "c" * 32, "line_access_token": "t" * 40}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (LINE, ""),
        (LINE | LOGIN, "コールバックURLは https://nakodo.example/line/login です"),
        (LINE | {"line_login_channel_id": "1657999999"}, "リンクだけで個人のページが開きます"),
        (LOGIN, "リンクだけで個人のページが開きます"),
    ],
    ids=["not wanted", "whole", "without a secret", "without line"],
)
def test_the_doctor_says_whether_line_is_asked_who_opens_a_page(
    given: dict[str, str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    run(Settings.model_validate({"public_url": "https://nakodo.example", **given}))
    told = capsys.readouterr().out
    assert said in told
    assert ("個人のページ" in told) is bool(said)
