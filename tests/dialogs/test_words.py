"""The words of all languages: complete, equal in their placeholders, short in sentences and on buttons."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.letters import letters
from dialogs.dates import say_moment
from dialogs.flow import check_words
from dialogs.flows import ALL
from dialogs.lint import sentences
from dialogs.words import FOLDER, LANGUAGES, Words, WordsWrong, bare, bracketed, library, plain
from knowledge.phrases import PHRASES

MOST_LABEL = 20  # letters that LINE shows on a quick reply before it cuts
CODE = Path(__file__).parents[2]
TOKYO = ZoneInfo("Asia/Tokyo")

# What is drawn as a button and does not come from a flow; held against the code below.
BUTTONS = {
    "late.take", "meeting.yes", "meeting.other", "meeting.cancel", "meeting.file", "circle.open",
    "wish.again", "wish.offer_yes", "wish.offer_no", "wish_page.way", "steps.keep", "steps.read", "consultation.title",
    "events.join", "events.wait", "events.look", "events.list", "events.more", "events.weekend",
    "events.free", "events.children", "events.all", "events.calendar", "events.map", "events.ticket", "events.leave",
    "events.take", "events.pass", "events.bring", "events.bring_page", "wish_page.digest",
    "digest.events", "digest.grants",
    "grants.more", "grants.look", "grants.use", "grants.applied", "grants.not_us",
    "grants.read", "grants.write", "grants.group", "grants.regroup", "grants.drop", "grants.source", "grants.calendar",
    "join.yes", "join.no", "part.yes",
    "language.name", "answer.helped", "answer.not", "answer.more", "person.yes", "private.open", "private.talk",
    "cancel.yes", "resume.keep", "resume.fresh", "forget.yes", "common.yes", "common.no", "common.agree",
    "common.refuse", "common.done", "common.resume", "common.send", "common.change", "common.as_is", "common.again",
    "common.pick_date",
    "common.pick_time", "common.pick_datetime",
}  # fmt: skip

# Texts that may hold more than three sentences, and why.
LONGER = {
    "consent.ask": "the law wants purpose, readers and time of keeping said together; it is a list, one line each",
}


def button_keys(words: Words) -> list[str]:
    """Every key whose phrase is drawn on something to tap: also the rows of a flow, which may be changed."""
    keys = [*BUTTONS, *(f"command.{name}" for name in words.keys("command"))]
    lists = ("wish_page", "wish_topic", "wish_area", "wish_role", "wish_often", "wish_quiet", "wish_day", "wish_time")
    for section in (*lists, "steps_who", "steps_what", "steps_when"):
        keys += [f"{section}.{name}" for name in words.keys(section)]
    for flow in ALL.values():
        keys.append(f"{flow.name}.title")
        for question in flow.questions:
            keys += [f"{flow.name}.{question.key}.{part}" for part in question.word_keys() if part != "ask"]
    return keys


def mutated(tmp_path: Path, language: str, old: str, new: str) -> Path:
    """A copy of the words folder in which one passage of one file is different."""
    folder = tmp_path / "words"
    shutil.copytree(FOLDER, folder)
    file = folder / f"{language}.toml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} must be in {file.name} once"
    file.write_text(text.replace(old, new), "utf-8")
    return folder


def test_every_language_has_the_same_keys_with_the_same_placeholders() -> None:
    books = library()
    assert tuple(books) == LANGUAGES
    original = books["ja"].phrases
    for book in books.values():
        assert list(book.phrases) == list(original), f"{book.language}.toml: keep the order of ja.toml"
        assert {key: phrase.holes for key, phrase in book.phrases.items()} == {
            key: phrase.holes for key, phrase in original.items()
        }


def test_every_flow_has_its_words() -> None:
    for flow in ALL.values():
        check_words(flow, library())


WRONG = {
    "missing": ("en", 'glad = "I am glad it helped."\n', "", ("en.toml", "answer.glad", "is missing", "translate")),
    "unknown": ("en", 'glad = "', 'gladly = "x"\nglad = "', ("en.toml", "answer.gladly", "remove it or add it")),
    "hole_lost": ("ja-easy", "{番号|ばんごう}は {ref} です。ありがとう", "ありがとう", ("ja-easy.toml", "sent", "ref")),
    "hole_misspelt": ("en", "since = \"First visit: {day}\"", 'since = "{date}"', ("en.toml", "mine.since", "day")),
    "brace": ("en", "since = \"First visit: {day}\"", 'since = "{day} {Day}"', ("en.toml", "mine.since", "brace")),
    "not_text": ("en", 'sharp = ""', "sharp = 1", ("en.toml", "when.sharp", "quotation marks")),
    "list": ("en", 'sharp = ""', 'sharp = ["a"]', ("en.toml", "when.sharp", "only [spoken] holds lists")),
    "broken": ("en", 'sharp = ""', 'sharp = "', ("en.toml", "cannot be read", "line", "mend that line")),
    "two_meanings": ("en", '["back",', '["Stop!",', ("en.toml", "spoken.back", "spoken.cancel", "keep one")),
    "missing_zh": ("zh", 'glad = "能帮到您，太好了。"\n', "", ("zh.toml", "answer.glad", "is missing", "translate")),
    "hole_lost_ko": ("ko", "처음 이용하신 날: {day}", "처음", ("ko.toml", "mine.since", "day")),
    "empty_word": ("en", 'help = ["help",', 'help = ["?", "help",', ("en.toml", "spoken.help", "remove it")),
}  # fmt: skip


@pytest.mark.parametrize(("language", "old", "new", "told"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_stop_the_start_with_file_key_and_mend(
    tmp_path: Path, language: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    with pytest.raises(WordsWrong) as wrong:
        library(mutated(tmp_path, language, old, new))
    assert all(part in str(wrong.value) for part in told), str(wrong.value)


def test_a_missing_language_stops_the_start(tmp_path: Path) -> None:
    folder = mutated(tmp_path, "en", 'sharp = ""', 'sharp = ""')
    (folder / "ja-easy.toml").unlink()
    with pytest.raises(WordsWrong, match=r"ja-easy\.toml is missing"):
        library(folder)


def test_the_list_of_buttons_names_every_button_of_the_code() -> None:
    drawn: set[str] = set()
    for file in [*CODE.glob("dialogs/*.py"), *CODE.glob("bot/*.py")]:
        drawn.update(re.findall(r"(?:Button|Page)\((?:\w+\.)*say\(\"([a-z_.]+)\"", file.read_text("utf-8")))
    assert {key for key in drawn if not key.startswith("command.")} <= BUTTONS
    assert len(drawn) > 15, "the pattern above no longer finds the buttons"


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_fit_with_their_readings_in_brackets(language: str) -> None:
    words = library()[language]
    labels = {key: bracketed(words.say(key)) for key in button_keys(words) if words.has(key)}
    too_long = {key: label for key, label in labels.items() if len(list(letters(label))) > MOST_LABEL}
    assert not too_long
    assert len(labels) > 100
    assert all(labels.values()), "a button without words cannot be tapped"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_free_time_fits_on_a_button(language: str) -> None:
    words = library()[language]
    first = datetime(2026, 12, 31, 12, 30, tzinfo=TOKYO)
    said = [bracketed(say_moment(first + timedelta(days=day), words)) for day in range(-366, 1)]
    assert max(len(list(letters(label))) for label in said) <= MOST_LABEL
    assert len(set(said)) >= 365, "two days may not look the same"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_options_of_a_question_look_the_same(language: str) -> None:
    words = library()[language]
    for flow in ALL.values():
        rows = [words.say(f"{flow.name}.{question.key}.label") for question in flow.questions]
        assert len(set(map(plain, rows))) == len(rows)
        for question in flow.questions:
            options = [part for part in question.word_keys() if part not in ("ask", "label")]
            labels = [plain(words.say(f"{flow.name}.{question.key}.{option}")) for option in options]
            assert len(set(labels)) == len(labels), f"{flow.name}.{question.key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_has_at_most_three_sentences(language: str) -> None:
    words = library()[language]
    texts = {key: "".join(f"{{{part}}}" if i % 2 else part for i, part in enumerate(phrase.parts))
             for key, phrase in words.phrases.items()}  # fmt: skip
    longer = {key for key, text in texts.items() if len(sentences(bare(text))) > 3}
    assert longer <= LONGER.keys()


@pytest.mark.parametrize(("language", "foreign"), [("zh", "[ぁ-ゖァ-ヺ가-힣]"), ("ko", "[ぁ-ゖァ-ヺ一-鿿]")])
@pytest.mark.parametrize("folder", [FOLDER, CODE / "bot/web/words"], ids=["talk", "pages"])
def test_no_other_language_leaks_into_chinese_and_korean(folder: Path, language: str, foreign: str) -> None:
    known = {"NPO", "LINE", "Telegram", "Nakodo", "My", "Number", "Language"}
    for key, phrase in library(folder)[language].phrases.items():
        text = "|".join(phrase.parts[::2])
        assert not re.search(foreign, text), key
        assert set(re.findall("[A-Za-z]{2,}", text)) <= known, key


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_a_translation_that_nobody_read_says_so_once(language: str) -> None:
    unchecked = PHRASES[language].unchecked[-8:]  # as under every answer, in the words of a greeting
    said = [
        key
        for key, phrase in library()[language].phrases.items()
        if unchecked in phrase.fill(dict.fromkeys(phrase.holes, "x"))
    ]
    assert said == ["language.set"]


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_chinese_and_korean_sentences_are_short(language: str) -> None:
    texts = ["x".join(phrase.parts[::2]) for phrase in library()[language].phrases.values()]
    assert max(len(said) for text in texts for said in sentences(text)) <= 50


def test_english_sentences_are_short() -> None:
    words = library()["en"]
    texts = [re.sub(r"\{\w+\}", "x", "x".join(phrase.parts[::2])) for phrase in words.phrases.values()]
    long = [said for text in texts for said in sentences(text) if len(said.split()) > 16]
    assert not long


@pytest.mark.parametrize("language", LANGUAGES)
def test_P01_the_first_words_say_purpose_readers_time_and_how_to_erase(language: str) -> None:
    words = library()[language]
    said = bare(words.say("consent.ask", centre="CENTRE"))
    wanted = {
        "ja": ("相談の受け付け", "CENTREの担当者だけ", "1年", "「消して」", words.say("common.agree")),
        "ja-easy": ("相談だけに 使います", "CENTREの 人だけ", "1年", "「けして」", words.say("common.agree")),
        "en": ("requests", "only the staff of CENTRE", "one year", "“delete”", words.say("common.agree")),
        "zh": ("受理咨询", "只有CENTRE的工作人员", "1年", "“删除”", words.say("common.agree")),
        "ko": ("상담 접수", "CENTRE의 담당자뿐", "1년", "“삭제”", words.say("common.agree")),
    }[language]
    assert all(part in said for part in wanted)
    erase = {"ja": "消して", "ja-easy": "けして", "en": "delete", "zh": "删除", "ko": "삭제"}[language]
    assert words.spoken[plain(erase)] == "forget"
