"""Greetings, thanks and the question who writes here get a kind, short, honest answer, and are nobody's concern."""

from __future__ import annotations

import pytest

from dialogs.courtesy import courtesy
from dialogs.deeds import Missed, PersonWanted, Shown
from dialogs.heard import Came, Heard, Showed, Tapped, Thing, Typed
from dialogs.words import library, plain
from tests.each import each
from tests.transcripts.play import Player

STRUNG = {
    "こんにちは": "hello",
    "こんにちは!お世話になります。": "hello",
    "こんにちは😊": "hello",
    "おはようございます、よろしくお願いします": "hello",
    "Hello! Good morning.": "hello",
    "ありがとう。もういい": "done",
    "ありがとうございました。さようなら": "done",
    "Thank you, that’s all": "done",
    "はじめまして。ありがとうございます": "thanks",
    "どういたしまして": "welcome",
    "わかりました。ありがとうございます。": "thanks",
    "你好，打扰了": "hello",
    "谢谢，再见": "done",
    "안녕하세요, 잘 부탁드립니다.": "hello",
    "알겠습니다. 감사합니다!": "thanks",
    "你好，会议室多少钱": None,
    "こんにちは、会議室はいくらですか": None,
    "ありがとう、でも違います": None,
    "": None,
    "😊": None,
}


@each(("said", "meant"), STRUNG.items())
def test_courtesies_are_heard_however_they_are_strung_together(said: str, meant: str | None) -> None:
    assert courtesy(plain(said), library().values()) == meant


ANSWERS = {
    ("ja", "あなたは人間ですか"): "人ではなく",
    ("ja", "ロボットですか?"): "人ではなく",
    ("ja", "ありがとう。もういい"): "またいつでも",
    ("ja", "ありがとう"): "どういたしまして",
    ("ja", "どういたしまして"): "こちらこそ",
    ("ja", "わかりました"): "またいつでも",
    ("ja-easy", "にんげんですか"): "ありません",
    ("ja-easy", "ありがとう。もう いい"): "いつでも",
    ("ja-easy", "ありがとう"): "どういたしまして",
    ("ja-easy", "どういたしまして"): "こちらこそ",
    ("en", "Are you human?"): "I am not a person",
    ("en", "Thanks, that's all."): "write again",
    ("en", "thank you"): "welcome",
    ("en", "You're welcome!"): "you, too",
    ("zh", "你是机器人吗？"): "不是人",
    ("zh", "谢谢"): "不客气",
    ("zh", "没事了，再见"): "随时可以",
    ("ko", "사람이에요?"): "사람이 아니라",
    ("ko", "감사합니다"): "천만에요",
    ("ko", "됐어요. 안녕히 계세요"): "언제든지",
}


@each(("language", "said"), ANSWERS, ids=str)
def test_a_courtesy_is_answered_and_never_searched_for(language: str, said: str) -> None:
    player = Player()
    player.play(":: agreed")
    player.session = player.session.kept(language=language)
    messages = player.hear(Typed(said))
    assert ANSWERS[language, said] in messages[0].text
    assert not any(deed in "\n".join(player.out) for deed in (Shown.__name__, Missed.__name__))
    taps = {button.tap for message in messages for button in message.buttons}
    assert taps & {"m:menu", "m:person"}


@pytest.mark.parametrize("said", ["あなたは人間ですか", "人が書いていますか"])
def test_a_person_is_one_tap_away_from_the_honest_answer(said: str) -> None:
    player = Player()
    first = player.hear(Typed(said))  # before any greeting
    assert any("人ではなく" in message.text for message in first)
    player.play(":: agreed")
    assert "m:person" in {button.tap for button in player.hear(Typed(said))[0].buttons}


def test_what_is_said_in_a_form_leaves_the_form_where_it_was() -> None:
    for said, told in (("あなたは人間ですか", "人ではなく"), ("どういたしまして", "こちらこそ"), ("わかりました", "")):
        player = Player()
        player.play(':: form {"standing": "individual"}')
        messages = player.hear(Typed(said))
        assert told in messages[0].text
        assert "お困りですか" in messages[-1].text
    player = Player()
    player.play(':: form {"standing": "individual"}')
    assert "やめますか" in player.hear(Typed("ありがとう。もういい"))[0].text


def test_understanding_the_consent_is_not_giving_it() -> None:
    player = Player()
    player.hear(Typed("こんにちは"))
    assert "同意する" in player.hear(Typed("わかりました"))[-1].text
    assert player.session.consented is None


GREETINGS: dict[str, Heard] = {
    "こんにちは": Typed("こんにちは"),
    "hello": Typed("Hello"),
    "two in one": Typed("こんにちは。お世話になります"),
    "thanks": Typed("ありがとう"),
    "an emoji": Typed("👋"),
    "who": Typed("あなたは人間ですか"),
    "yes": Typed("はい"),
    "sticker": Showed(Thing.STICKER),
    "added": Came(),
}


@pytest.mark.parametrize("first", GREETINGS.values(), ids=GREETINGS)
def test_a_greeting_is_not_handed_over_as_the_concern(first: Heard) -> None:
    player = Player()
    player.hear(first)
    player.hear(Tapped("m:consent"))
    assert player.session.asked is None
    player.hear(first)
    player.hear(Tapped("m:person"))
    (wanted,) = [line for line in player.out if PersonWanted.__name__ in line]
    assert '"words": ""' in wanted


def test_a_first_concern_is_handed_over_still() -> None:
    player = Player()
    player.hear(Typed("こんにちは。となりの団体ともめています"))
    player.hear(Tapped("m:consent"))
    player.hear(Tapped("m:person"))
    assert any("もめています" in line for line in player.out if PersonWanted.__name__ in line)
