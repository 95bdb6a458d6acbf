"""What every front desk is asked is heard as that, and questions that only sound like it are not."""

from __future__ import annotations

import time

import pytest

from knowledge.frontdesk import Fact, asked

ASKED = {
    Fact.PHONE: (
        *(
            "電話番号は",
            "センターの電話番号を教えて",
            "でんわばんごうは なんですか",
            "連絡先を教えてください",
            "電話をかけたいです",
        ),
        *("What is your phone number?", "phone number please", "How can I call you?"),
    ),
    Fact.ADDRESS: (
        *(
            "住所は",
            "どこにありますか",
            "センターはどこにありますか?",
            "じゅうしょは どこですか",
            "ここの場所はどこですか",
            "どこに ありますか",
        ),
        *("Where are you?", "What's the address?", "Where is the centre?"),
    ),
    Fact.MAIL: ("メールアドレスは", "Your e-mail address, please"),
    Fact.HOURS: (
        *(
            "何時まで",
            "何時までですか",
            "今日は何時まで開いてますか",
            "なんじまで ですか",
            "開館時間を教えて",
            "日曜日はやっていますか",
            "いま開いていますか",
        ),
        *("Opening hours?", "Until what time are you open?", "Are you open today?"),
    ),
    Fact.CLOSED: (
        *("休みはいつ", "お休みはいつですか", "日曜日は休みですか", "休館日は?", "やすみは いつですか"),
        *("When are you closed?", "Which days are you closed?"),
    ),
}
ROWS = [(fact, text) for fact, texts in ASKED.items() for text in texts]
OTHERS = [
    *(
        "電話番号は必要ですか",
        "電話番号は03-1234-5678です",
        "電話で相談できますか",
        "会議室はどこですか",
        "相談は何時まで",
        "会議室は何時まで使えますか",
    ),
    *(
        "助成金の電話番号",
        "住所変更の届け",
        "場所を借りたい",
        "休みたい",
        "どこで申請するの?",
        "はい",
        "今日",
        "センター",
        "",
        "。",
    ),
    *("please", "thanks", "What is an NPO?", "Where can I apply?", "土曜日", "電話番号" * 20),
]


@pytest.mark.parametrize(("fact", "text"), ROWS, ids=[text for _, text in ROWS])
def test_a_question_about_the_centre_is_heard(fact: Fact, text: str) -> None:
    assert asked(text) is fact


@pytest.mark.parametrize("text", OTHERS)
def test_another_question_is_left_alone(text: str) -> None:
    assert asked(text) is None


def test_no_text_takes_long() -> None:
    for hostile in ("ですか" * 13 + "ん", "のは" * 19 + "ん", "please " * 6 + "x", "電話" + "なんの" * 12 + "ん"):
        begin = time.perf_counter()
        assert asked(hostile) is None
        assert time.perf_counter() - begin < 0.2
