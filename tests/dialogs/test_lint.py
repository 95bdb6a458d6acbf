"""The linter finds what makes plain Japanese hard, and what we say in plain Japanese is free of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dialogs.lint import Hard, Rule, lint, sentences
from dialogs.words import FOLDER
from tests.each import each

ARTICLES = Path(__file__).parents[2] / "knowledge" / "articles"

# What may stay, by key and rule, and why. Nothing needs it now; a line here wants a reason.
ACCEPTED_WORDS: dict[tuple[str, Rule], str] = {}


def texts(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a TOML table by dotted key; [spoken] and asks are what others type and stay as they are."""
    for key, value in table.items():
        name = f"{before}.{key}" if before else key
        if isinstance(value, dict) and key != "spoken":
            yield from texts(value, name)
        elif isinstance(value, str):
            yield name, value
        elif isinstance(value, list) and key != "asks":
            yield from ((name, one) for one in value if isinstance(one, str))


def found(text: str) -> set[Rule]:
    """The rules that a text breaks."""
    return {hard.rule for hard in lint(text)}


LONG = (
    "{雨|あめ}が {降|ふ}って、 とても さむい {日|ひ}には、 "
    "あたたかい へやで ゆっくり ほんを よんで、 おちゃを のみます。"
)
MANY_KANJI = "{東京都台東区|とうきょうとたいとうく}の {地域活動支援係長|ちいきかつどうしえんかかりちょう}です。"

FINDS = {
    "long sentence": (LONG, Rule.LONG),
    "kanji without a reading": ("{相談|そうだん}を 受けます。", Rule.BARE_KANJI),
    "half a word read": ("{相|そう}談します。", Rule.BARE_KANJI),
    "old and rare kanji": ("𠮷田さんと 髙木さんが います。", Rule.BARE_KANJI),
    "repetition mark": ("{人|ひと}々が います。", Rule.BARE_KANJI),
    "reading in letters": ("{東京|Tokyo}に います。", Rule.READING),
    "reading over kana": ("{おちゃ|ちゃ}です。", Rule.READING),
    "reading in kanji": ("{会|会}です。", Rule.READING),
    "many kanji": (MANY_KANJI, Rule.MANY_KANJI),
    "must": ("かかなければ なりません。", Rule.DOUBLE_NEGATIVE),
    "must, said shorter": ("でないと いけません。", Rule.DOUBLE_NEGATIVE),
    "must, in speech": ("{書|か}かなくては いけません。", Rule.DOUBLE_NEGATIVE),
    "not impossible": ("できない ことは ありません。", Rule.DOUBLE_NEGATIVE),
    "not absent": ("{方法|ほうほう}が なくは ない。", Rule.DOUBLE_NEGATIVE),
    "not that not": ("いかない わけでは ありません。", Rule.DOUBLE_NEGATIVE),
    "not always": ("ないとは かぎりません。", Rule.DOUBLE_NEGATIVE),
    "cannot without": ("かみが ないと はじめる ことが できません。", Rule.DOUBLE_NEGATIVE),
    "loanword": ("ヒアリングを します。", Rule.LOANWORD),
    "unknown loanword": ("アジェンダです。", Rule.LOANWORD),
    "no spaces": ("わたしはきのうともだちとこうえんであそびました。", Rule.UNPARTED),
}  # fmt: skip


@each(("text", "rule"), FINDS.values(), ids=FINDS.keys())
def test_A08_hard_japanese_is_found(text: str, rule: Rule) -> None:
    assert rule in found(text)


PASSES = {
    "short": "{相談|そうだん}を {受|う}けます。",
    "asking not to": "ここに {書|か}かないでください。",
    "one negative": "{何|なに}も {変|か}わっていません。",
    "if not, then do": "なければ、 「つぎへ」を {押|お}してください。",
    "two clauses, one negative each": "わからない ときは、 かかないで ください。",
    "well-known loanwords": "メールアドレスを センターの ページに {書|か}きます。",
    "letters and figures": "NPO と LINE の 3つです。",
    "a hole": "{centre}の {人|ひと}です。",
    "nothing": "",
}


@pytest.mark.parametrize("text", PASSES.values(), ids=PASSES.keys())
def test_A08_plain_japanese_passes(text: str) -> None:
    assert lint(text) == ()


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    (hard,) = lint("おはよう。ヒアリングを します。")
    assert hard == Hard(Rule.LOANWORD, "ヒアリングを します。", "ヒアリング", "say 話を聞く")
    assert str(hard) == "loanword: 「ヒアリング」 in 「ヒアリングを します。」; say 話を聞く"


def test_only_the_rules_asked_for_are_used() -> None:
    assert lint("受付で ヒアリング", frozenset({Rule.LONG})) == ()
    assert {hard.rule for hard in lint("受付で ヒアリング")} == {Rule.BARE_KANJI, Rule.LOANWORD}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("「送る」を押してください。よければ。", ["「送る」を押してください。", "よければ。"]),
        ("「だめです。」と言いました。", ["「だめです。」と言いました。"]),
        ("Your number is {ref}. Thank you.", ["Your number is {ref}.", "Thank you."]),
        ("Write “1 December”. Or 2.30 pm.", ["Write “1 December”.", "Or 2.30 pm."]),
        ("一\n二", ["一", "二"]),
        ("。", []),
    ],
)
def test_sentences_are_parted_in_both_scripts(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_A08_our_plain_japanese_is_plain() -> None:
    table = tomllib.loads((FOLDER / "ja-easy.toml").read_text("utf-8"))
    hard = [(key, said) for key, text in texts(table) for said in lint(text)]
    assert [f"{key}: {said}" for key, said in hard if (key, said.rule) not in ACCEPTED_WORDS] == []
    assert {(key, said.rule) for key, said in hard} >= ACCEPTED_WORDS.keys(), "an exception is no longer needed"


def test_A08_the_original_is_short_and_says_what_to_do() -> None:
    table = tomllib.loads((FOLDER / "ja.toml").read_text("utf-8"))
    rules = frozenset({Rule.LONG, Rule.DOUBLE_NEGATIVE})
    assert [f"{key}: {said}" for key, text in texts(table) for said in lint(text, rules)] == []
    assert "{" not in "".join(text for _, text in texts(table) if "|" in text), "readings belong into ja-easy.toml"


def test_A08_nothing_is_negated_twice_in_an_article() -> None:
    """The articles have their own reader, knowledge/easy.py, with words of law and money; this rule is one for both."""
    files = sorted(ARTICLES.glob("*.toml"))
    assert len(files) > 200
    twice = [
        f"{file.stem}.{key}: {said}"
        for file in files
        for key, text in texts(tomllib.loads(file.read_text("utf-8"))["text"]["ja-easy"])
        for said in lint(text, frozenset({Rule.DOUBLE_NEGATIVE}))
    ]
    assert twice == []
