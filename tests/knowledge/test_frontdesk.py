"""What every front desk is asked is heard as that, and questions that only sound like it are not."""

from __future__ import annotations

from functools import partial

from knowledge.frontdesk import Fact, asked
from tests.each import each
from tests.stopwatch import quickest

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
        *("你们的电话号码是多少？", "전화번호가 뭐예요?"),
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
        *("请问地址在哪里", "中心在哪里？", "센터 주소 알려 주세요", "어디에 있어요?"),
    ),
    Fact.MAIL: ("メールアドレスは", "Your e-mail address, please", "邮箱地址", "이메일 주소를 알려 주세요"),
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
        *("今天开到几点", "周日开门吗", "오늘 몇 시까지 여나요", "운영 시간 알려 주세요"),
    ),
    Fact.CLOSED: (
        *("休みはいつ", "お休みはいつですか", "日曜日は休みですか", "休館日は?", "やすみは いつですか"),
        *("When are you closed?", "Which days are you closed?"),
        *("什么时候休息", "쉬는 날이 언제예요?"),
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
    *(
        "会议室在哪里",
        "电话可以咨询吗",
        "咨询到几点",
        "회의실은 몇 시까지 쓸 수 있나요",
        "지원금 전화번호",
        "하나요",
        "센터",
    ),
    *("please", "thanks", "What is an NPO?", "Where can I apply?", "土曜日", "電話番号" * 20),
]


@each(("fact", "text"), ROWS, ids=[text for _, text in ROWS])
def test_a_question_about_the_centre_is_heard(fact: Fact, text: str) -> None:
    assert asked(text) is fact


@each("text", OTHERS)
def test_another_question_is_left_alone(text: str) -> None:
    assert asked(text) is None


def test_whoever_writes_more_than_a_line_asks_about_something_of_their_own() -> None:
    assert asked("の" * 36 + "電話番号") is Fact.PHONE
    assert asked("の" * 37 + "電話番号") is None
    assert asked("電話番号" + "\u3000" * 76) is Fact.PHONE
    assert asked("電話番号" + "\u3000" * 77) is None


def test_no_text_takes_long() -> None:
    for hostile in (
        "ですか" * 13 + "ん",
        "のは" * 19 + "ん",
        "是什么" * 13 + "ん",
        "은는이가" * 9 + "ㅁ",
        "please " * 6 + "x",
        "電話" + "なんの" * 12 + "ん",
    ):
        assert asked(hostile) is None
        assert quickest(partial(asked, hostile)) < 0.2
