"""What is drawn for Telegram: how it looks, and that it is within every limit whatever is to be said."""

from __future__ import annotations

from html import unescape

from hypothesis import HealthCheck, given, settings
from telegram import InlineKeyboardButton

from bot.channels.doubles.telegram.keyboards import check_keyboard
from bot.channels.doubles.telegram.markup import parse_html
from bot.channels.letters import units
from bot.channels.telegram_draw import Key, Part, draw
from dialogs.saying import Button, Message, Page, Picker, PickerKind, Weight
from tests.channels import odd
from tests.channels.samples import QUESTION, WORDS


def hold(part: Part) -> None:
    """Hold a part against the limits of the Bot API, the double's reading of it, and the SDK's."""
    text, _ = parse_html(part.text)
    assert text.strip()
    assert 1 <= units(text) <= 4096
    assert 1 <= units(part.plain) <= 4096
    assert unescape(part.text.replace("<b>", "").replace("</b>", "")).split() == text.split()
    keys = [key for row in part.rows for key in row]
    assert len(keys) <= 100
    assert all(len(row) <= 8 for row in part.rows)
    for key in keys:
        assert key.label.strip()
        assert bool(key.url) != (1 <= len(key.data.encode()) <= 64)
        assert InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None).text == key.label
    keyboard = [
        [{"text": key.label, **({"url": key.url} if key.url else {"callback_data": key.data})} for key in row]
        for row in part.rows
    ]
    check_keyboard({"inline_keyboard": keyboard})


@given(odd.parcels)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_whatever_is_said_is_drawn_within_every_limit(parcel: tuple[Message, ...]) -> None:
    parts = draw(parcel)
    assert len(parts) >= len(parcel)
    for part in parts:
        hold(part)


def test_words_are_escaped_and_readings_come_in_brackets() -> None:
    [part] = draw((Message("<b>\ufff9協働\ufffaきょうどう\ufffb</b> & 'x' {{7*7}}"),))
    assert part == Part(
        "&lt;b&gt;協働(きょうどう)&lt;/b&gt; &amp; 'x' {{7*7}}", "<b>協働(きょうどう)</b> & 'x' {{7*7}}"
    )


def test_options_have_a_row_each_and_ways_share_one() -> None:
    words, question = draw((WORDS, QUESTION))
    assert words.rows == ()
    assert [[key.data for key in row] for row in question.rows] == [
        ["c1:send"],
        ["c1:topic:start"],
        ["c1:topic:money"],
        ["c1:back", "person"],
    ]


def test_a_page_is_a_button_and_an_address_when_buttons_fail() -> None:
    [part] = draw(
        (Message("ここに。", QUESTION.buttons[:1], page=Page("書く", "answer", "https://nakodo.example/p/1")),)
    )
    assert part.rows[-1] == (Key("書く", url="https://nakodo.example/p/1", inside=True),)
    assert part.plain == "ここに。\n書く\nhttps://nakodo.example/p/1"
    assert part.plain_rows == part.rows[:1]


def test_a_picker_is_left_to_the_words() -> None:
    [part] = draw((Message("いつですか。", picker=Picker(PickerKind.DATE, "日をえらぶ", "c1:day")),))
    assert part == Part("いつですか。", "いつですか。")


def test_a_coordinators_name_stands_over_the_words() -> None:
    [part] = draw((Message("はい", sender="<佐藤>"),))
    assert part == Part("<b>&lt;佐藤&gt;</b>\nはい", "<佐藤>\nはい")


def test_a_long_text_is_split_at_sentences_and_keeps_its_buttons_last() -> None:
    parts = draw((Message("これは文です。" * 1000, QUESTION.buttons),))
    assert len(parts) == 2
    assert parts[0].text.endswith("。")
    assert "".join(part.text for part in parts) == "これは文です。" * 1000
    assert [bool(part.rows) for part in parts] == [False, True]


def test_ways_stay_when_there_are_too_many_options() -> None:
    many = tuple(Button(str(number), f"o{number}") for number in range(150))
    [part] = draw((Message("どれ。", (*many, Button("人", "person", Weight.WAY))),))
    assert part.rows[-1] == (Key("人", "person"),)
    assert sum(map(len, part.rows)) == 100


def test_a_calendar_file_opens_outside_of_the_chat_where_it_can_be_saved() -> None:
    for purpose, inside in (("talk", True), ("file:3", False)):
        page = Page("開く", purpose, "https://centre.example/x")
        (part,) = draw([Message("文", page=page)])
        assert part.rows[-1][-1].inside is inside
