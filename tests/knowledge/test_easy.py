"""The reader of やさしい日本語 names what is hard, and leaves in peace what is easy."""

from __future__ import annotations

import pytest

from knowledge.easy import hard

# Each rule: a hard sentence, a part of what is said about it, and the same said easily.
RULES = {
    "too_long": (
        "センターでは" + "たのしいことを" * 6 + "します。",
        "make two sentences of it (at most 45)",
        "センターでは たのしいことを します。たのしいことは、たくさん あります。",
    ),
    "bare_kanji": ("会をはじめます。", "no reading for 会; write {漢字|かんじ}", "{会|かい}をはじめます。"),
    "half_marked": ("{会|かい}の名前をきめます。", "no reading for 名前", "{会|かい}の{名前|なまえ}をきめます。"),
    "negated_twice": ("かぎがないとはいれません。", "negated twice; say what is so", "かぎがあると、はいれます。"),
    "must": ("かかなければなりません。", "なければな; say 〜が必要です", "かいてください。"),
    "cannot_but": ("やめざるを得ません。", "ざるを得; say 〜が必要です", "やめます。"),
    "stiff_about": ("おかねに関してききます。", "に関して; say 〜について", "おかねについてききます。"),
    "stiff_or": ("ペンまたはえんぴつでかきます。", "または; say か", "ペンかえんぴつでかきます。"),
    "loanword": ("コンセンサスをとります。", "コンセンサス; say it in Japanese", "みんなのきもちをきいて、きめます。"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_hard_sentence_is_named_with_its_mend_and_the_easy_one_passes(rule: str) -> None:
    heavy, said, easy = RULES[rule]
    found = hard(heavy)
    assert [line for line in found if said in line], found
    assert [line for line in hard(easy) if said.split(";")[0] in line] == []


@pytest.mark.parametrize(
    "easy",
    [
        "{会|かい}の{名前|なまえ}をきめてください。",
        "センターのイベントにきてください。",
        "",
    ],
)
def test_an_easy_text_is_left_in_peace(easy: str) -> None:
    assert hard(easy) == []


def test_a_reading_is_not_counted_as_length() -> None:
    assert hard("{相談|" + "そ" * 60 + "}します。") == []


def test_a_sentence_is_as_long_as_the_limit_and_no_longer() -> None:
    assert hard("あ" * 44 + "。") == []
    assert len(hard("あ" * 45 + "。")) == 1


def test_every_sentence_is_read_by_itself() -> None:
    assert len(hard("会をはじめます。\n名前をきめます。")) == 2


def test_words_in_quotation_marks_are_not_ours_to_make_easy() -> None:
    assert hard("「コンセンサス」とかいてあります。") == []
    assert len(hard("コンセンサスとかいてあります。")) == 1


def test_one_negation_is_allowed_and_kana_nai_you_is_none() -> None:
    assert hard("かねはいりません。") == []
    assert hard("こまらないように、しません。") == []
