"""Words of danger and of a person's matters are heard, and harmless words that look like them are not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from knowledge.plain import LOOKED_AT
from knowledge.safety import FARTHEST, Care, Wordings, alarm, unease
from knowledge.topics import topics
from tests.each import each
from tests.ours import ARTICLES

HEARD = tomllib.loads((Path(__file__).parent / "heard.toml").read_text(encoding="utf-8"))


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Each text with its reason."""
    return [(reason, text) for reason, texts in table.items() for text in texts]


@each(("reason", "text"), rows(HEARD["urgent"]))
def test_danger_is_urgent(reason: str, text: str) -> None:
    heard = alarm(text)
    assert heard is not None
    assert heard.care is Care.URGENT, reason


@each(("reason", "text"), rows(HEARD["person"]))
def test_a_persons_matter_goes_to_a_person(reason: str, text: str) -> None:
    heard = alarm(text)
    assert heard is not None
    assert heard.care is Care.PERSON, reason


@pytest.mark.parametrize(("reason", "text"), rows(HEARD["decline"]))
def test_what_must_not_be_answered_is_declined(reason: str, text: str) -> None:
    heard = alarm(text)
    assert heard is not None
    assert (heard.care, heard.reason) == (Care.DECLINE, reason)


@each("text", HEARD["harmless"])
def test_no_false_alarm(text: str) -> None:
    assert alarm(text) is None


def test_the_gravest_is_heard_first() -> None:
    heard = alarm("会長のパワハラがひどくて、もう死にたい。人と話したい")
    assert heard is not None
    assert heard.reason == "self_harm"


def test_a_cleared_phrase_does_not_hide_another() -> None:
    heard = alarm("自殺予防の講座で聞きました。わたしも死にたいです")
    assert heard is not None
    assert heard.reason == "self_harm"


def test_danger_far_down_in_a_long_text_is_not_promised_but_near_the_start_it_is() -> None:
    assert alarm("相談です。" + "あ" * 300 + "死にたい") is not None
    assert alarm("") is None


def test_a_phrase_with_nothing_beside_its_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="has nothing beside its …"):
        Wordings({"odd": {"care": "person", "phrases": ["会長が…"]}})


def test_a_gap_reaches_fourteen_characters() -> None:
    wordings = Wordings({"odd": {"care": "person", "phrases": ["会長…消えた"]}})
    assert wordings.alarm("会長" + "あ" * 14 + "消えた") is not None
    assert wordings.alarm("会長" + "あ" * 15 + "消えた") is None


def test_latin_phrases_are_whole_words_also_beside_japanese() -> None:
    wordings = Wordings({"odd": {"care": "person", "phrases": ["dv"]}})
    assert wordings.alarm("夫のdvで") is not None
    assert wordings.alarm("dvd") is None


def test_a_phrase_of_one_letter_is_heard() -> None:
    assert Wordings({"odd": {"care": "person", "phrases": ["鬱"]}}).alarm("すこし鬱です") is not None


def test_somebody_and_an_act_are_heard_only_together_and_in_order() -> None:
    wordings = Wordings({"odd": {"care": "person", "who": ["会長が"], "does": ["返さない"], "unless": ["返さないと"]}})
    assert wordings.alarm("会長がお金を返さない") is not None
    assert wordings.alarm("会長が来ました") is None
    assert wordings.alarm("返さない本 会長が") is None
    assert wordings.alarm("会長が、返さないといけませんか") is None


def test_unease_is_asked_only_when_nothing_was_found() -> None:
    wordings = Wordings({"odd": {"care": "person", "phrases": ["不安"], "only_if_unknown": True}})
    assert wordings.alarm("不安です") is None
    assert wordings.alarm("不安です", unknown=True) is not None
    assert alarm("なんとなく不審で胸騒ぎ") is None
    assert unease("失敗ばかりで困っています") is not None


def test_a_long_clearing_phrase_is_not_spoiled_by_a_short_one() -> None:
    wordings = Wordings({"odd": {"care": "person", "phrases": ["漏れ"], "unless": ["漏れません", "外に漏れませんか"]}})
    assert wordings.alarm("外に漏れませんか") is None


def test_hardly_a_way_of_asking_about_a_topic_raises_an_alarm() -> None:
    """A person may look at a few harmless questions; an article that is never shown helps nobody."""
    asks = [ask for article in ARTICLES for ask in article.asks]
    assert len([ask for ask in asks if alarm(ask) is not None]) <= 0.004 * len(asks)
    asks = [ask for topic in topics().values() if topic.code.startswith("T") for ask in topic.asks]
    assert [ask for ask in asks if alarm(ask) is not None] == []


def test_the_gravest_comes_first_wherever_it_stands_in_the_file() -> None:
    table = {
        "elsewhere": {"care": "decline", "phrases": ["倒れた"]},
        "trouble": {"care": "person", "phrases": ["倒れた"]},
        "accident": {"care": "urgent", "phrases": ["倒れた"]},
    }
    heard = Wordings(table).alarm("人が倒れた")
    assert heard is not None
    assert (heard.care, heard.reason) == (Care.URGENT, "accident")


def test_a_whole_text_is_meant_by_an_equals_sign() -> None:
    wordings = Wordings({"odd": {"care": "person", "phrases": ["=助けて"]}})
    assert wordings.alarm("助けて") is not None
    assert wordings.alarm("助けてくれた人に礼をしたい") is None
    assert wordings.alarm("人を助けて") is None


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("i will die", True),
        ("die", True),
        ("dieしたい", True),
        ("on a diet", False),
        ("indie band", False),
        ("4die", False),
    ],
)
def test_a_latin_word_is_heard_as_a_whole_word_only(text: str, heard: bool) -> None:
    assert (Wordings({"odd": {"care": "urgent", "phrases": ["die"]}}).alarm(text) is not None) is heard


def test_a_group_for_the_unknown_is_quiet_where_it_does_not_say_so() -> None:
    wordings = Wordings({"loud": {"care": "person", "phrases": ["不安"]}})
    assert wordings.alarm("不安です") is not None
    assert wordings.alarm("不安です", unknown=True) is None


def test_a_latin_word_after_a_gap_is_a_whole_word_too() -> None:
    wordings = Wordings({"odd": {"care": "urgent", "phrases": ["want…die"]}})
    assert wordings.alarm("i want to die") is not None
    assert wordings.alarm("i want an indie band") is None
    assert wordings.alarm("i want a diet") is None


@pytest.mark.parametrize("before", [0, 380, 390, 396, 399, 405, 735, 4_000])
def test_danger_is_heard_to_the_end_of_a_long_message(before: int) -> None:
    heard = alarm("花" * before + "今夜、首を吊ろうと思います。水やりは来週です")
    assert heard is not None
    assert (heard.care, heard.reason) == (Care.URGENT, "self_harm")


def test_of_all_that_a_long_message_says_the_gravest_counts() -> None:
    heard = alarm("会長に怒鳴られました。" + "花を植えました。" * 80 + "死にたいです")
    assert heard is not None
    assert heard.care is Care.URGENT


def test_a_book_is_not_read_to_its_end() -> None:
    assert alarm("花" * (FARTHEST + LOOKED_AT) + "死にたい") is None
