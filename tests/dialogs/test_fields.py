"""Numbers, telephones, mail addresses, postcodes and texts are read from any spelling, or the mistake is named."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialogs import fields
from dialogs.characters import anything_seen, characters
from dialogs.fields import read_mail, read_number, read_phone, read_postcode, read_text
from dialogs.problem import Problem
from tests.each import each
from tests.stopwatch import quickest


def outcome(found: str | int | Problem) -> str | int:
    """A value as it is, a problem as its code."""
    return found.code if isinstance(found, Problem) else found


NUMBERS: dict[str, int | str] = {
    "5": 5, "５": 5, "5人": 5, "５名です": 5, "約20名": 20, "約２０名くらい": 20, "五人": 5, "二十四": 24,
    "十二人": 12,
    "百二十人": 120, "千": 1000, "2千人": 2000, "1,200円": 1200, "１，２００円": 1200, "3万円": 30_000,
    "3万5千円": 35_000,
    "三万五千円": 35_000, "一〇〇": 100, "ひとり": 1, "ふたりです": 2, "0": 0, "〇": 0, "about 20 people": 20,
    "-0": 0,
    "全部で15人です。": 15, "10台": 10, "４２歳": 42,
    "": "empty", "　": "empty", "twenty": "not_a_number", "たくさん": "not_a_number", "5人以上": "not_a_number",
    "5人未満": "not_a_number", "20人ではない": "not_a_number", "5分の1": "several_numbers",
    "12,34": "several_numbers",
    "1.5": "not_whole", "１．５人": "not_whole", "4、5人": "several_numbers", "5〜6人": "several_numbers",
    "5-6人": "several_numbers", "二三人": "several_numbers", "大人2人子ども3人": "several_numbers", "-1": "too_small",
    "マイナス3": "too_small", "100001": "too_large", "9" * 200: "too_large", "9" * 201: "not_a_number",
    "٥": "not_a_number",
    "十十": "not_a_number", "百千": "not_a_number",
}  # fmt: skip


@each(("typed", "meant"), NUMBERS.items(), ids=lambda value: str(value)[:20] or "nothing")
def test_a_number_is_read_or_the_mistake_named(typed: str, meant: int | str) -> None:
    assert outcome(read_number(typed, 0, 100_000)) == meant


def test_a_number_out_of_bounds_names_the_bound() -> None:
    assert read_number("1人", 2, 9) == Problem("too_small", {"at_least": 2})
    assert read_number("10人", 2, 9) == Problem("too_large", {"at_most": 9})
    assert read_number("-5") == -5


@given(st.integers(0, 99_999_999))
@settings(max_examples=60, deadline=None)
def test_every_number_reads_back(number: int) -> None:
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    for form in (str(number), f"{number:,}", f"{number}人です", f"約{number}名"):
        assert read_number(form) == read_number(form.translate(wide)) == number


PHONES = {
    "03-1234-5678": "03-1234-5678", "0312345678": "03-1234-5678", "０３−１２３４−５６７８": "03-1234-5678",
    "０３－１２３４－５６７８": "03-1234-5678", "03ー1234ー5678": "03-1234-5678",
    "０３ー１２３４ー５６７８": "03-1234-5678",
    "03‐1234‐5678": "03-1234-5678", "03–1234–5678": "03-1234-5678", "03 1234 5678": "03-1234-5678",
    "03(1234)5678": "03-1234-5678", "（03）1234-5678": "03-1234-5678", "090(1234)5678": "090-1234-5678",
    "09012345678": "090-1234-5678", "0120-123-456": "0120-123-456", "+81 3-1234-5678": "03-1234-5678",
    "+81 (0)3-1234-5678": "03-1234-5678", "+819012345678": "090-1234-5678", "電話は03-1234-5678です": "03-1234-5678",
    "自宅 03-1234-5678": "03-1234-5678", "TEL:03-1234-5678": "03-1234-5678", "03-1234-5678\u200b": "03-1234-5678",
    "+1 650 253 0000": "+1 650-253-0000",
    "": "empty", "1234-5678": "phone_area_missing", "90-1234-5678": "not_a_phone", "110": "not_a_phone",
    "03-1234-567": "not_a_phone", "03-1234-56789": "not_a_phone", "0000000000": "not_a_phone", "なし": "not_a_phone",
    "03-1234-5678ではない": "not_a_phone", "03-1234-5678 090-1234-5678": "several_phones",
    "03-1234-5678、090-1234-5678": "several_phones", "+": "not_a_phone", "x" * 100_000: "not_a_phone",
}  # fmt: skip


@each(("typed", "meant"), PHONES.items(), ids=lambda value: value[:24] or "nothing")
def test_D14_a_phone_is_read_in_every_spelling(typed: str, meant: str) -> None:
    assert outcome(read_phone(typed)) == meant


MAILS = {
    "taro@example.jp": "taro@example.jp", "Taro.Yamada@Example.JP": "Taro.Yamada@example.jp",
    "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ": "taro@example.jp", "taro@example。jp": "taro@example.jp",
    " taro @ example.jp ": "taro@example.jp",
    "taro-y@example.jp": "taro-y@example.jp", "taro－y@example.jp": "taro-y@example.jp",
    "taroーy@example.jp": "taro-y@example.jp",
    "メールはtaro@example.jpです": "taro@example.jp", "<taro@example.jp>": "taro@example.jp",
    "mailto:t+1@example.jp": "t+1@example.jp",
    "taro..y.@docomo.ne.jp": "taro..y.@docomo.ne.jp", "Taro.@EZWEB.ne.jp": "Taro.@ezweb.ne.jp",
    "": "empty", "\u200b": "empty", "taro": "not_a_mail", "taro@": "not_a_mail", "@example.jp": "not_a_mail",
    "taro@localhost": "not_a_mail", "taro..y@example.jp": "not_a_mail", "たろう@example.jp": "not_a_mail",
    "taro@exa_mple.jp": "not_a_mail", "taro@example.jp以外": "not_a_mail",
    "a@example.jp、b@example.jp": "several_mails",
    "a@" * 50_000: "not_a_mail", "なし": "not_a_mail",
}  # fmt: skip


@each(("typed", "meant"), MAILS.items(), ids=lambda value: value[:24] or "nothing")
def test_a_mail_address_is_read_or_refused(typed: str, meant: str) -> None:
    assert outcome(read_mail(typed)) == meant


POSTCODES = {
    "110-0015": "110-0015", "1100015": "110-0015", "〒110-0015": "110-0015", "〒１１０−００１５": "110-0015",
    "１１０ー００１５": "110-0015", "110ー0015": "110-0015", "110－0015": "110-0015", "110‐0015": "110-0015",
    "110–0015": "110-0015", "110—0015": "110-0015", "110 0015": "110-0015", "110 - 0015": "110-0015",
    "郵便番号は110-0015です": "110-0015", "０６０００００": "060-0000",
    "": "empty", "110-015": "not_a_postcode", "110-00155": "not_a_postcode", "11-00015": "not_a_postcode",
    "台東区110-0015": "not_a_postcode", "110-0015 111-0032": "not_a_postcode", "1" * 100_000: "not_a_postcode",
}  # fmt: skip


@each(("typed", "meant"), POSTCODES.items(), ids=lambda value: value[:24] or "nothing")
def test_D14_a_postcode_is_read_in_every_spelling(typed: str, meant: str) -> None:
    assert outcome(read_postcode(typed)) == meant


# ---------------------------------------------------------------------------------------------------------------------
# Text

EMPTY = {
    "nothing": "", "spaces": "   ", "wide space": "\u3000", "zero width": "\u200b\u200d\ufeff",
    "controls": "\x00\x1b\x07",
    "newlines": "\r\n\u2028", "hangul filler": "\u3164", "braille blank": "\u2800", "marks alone": "\u0301\ufe0f",
    "direction": "\u202e\u2066", "a hundred thousand": "\u200b" * 100_000,
}  # fmt: skip


@each("text", EMPTY.values(), ids=EMPTY.keys())
def test_D01_a_text_in_which_nothing_is_seen_is_empty(text: str) -> None:
    assert outcome(read_text(text, 200_000)) == "empty"


CHARACTERS = {
    "kanji": ("台東区", 3), "four bytes": ("𠮷野家", 3), "ideographic variation": ("葛\U000e0100飾", 2),
    "dakuten": ("か\u3099", 1),
    "half-width dakuten": ("ｶﾞｷﾞ", 2), "family": ("👨\u200d👩\u200d👧\u200d👦", 1), "skin tone": ("👍🏽👍", 2),
    "flags": ("🇯🇵🇻🇳", 2),
    "half a flag": ("🇯🇵🇻", 2), "keycap": ("1\ufe0f\u20e3", 1), "heart": ("❤\ufe0f", 1), "line break": ("a\r\nb", 3),
    "England": ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
    "accent": ("e\u0301te\u0301", 3),
    "mark first": ("\u0301a", 2), "jamo": ("\u1112\u1161\u11ab", 1), "nothing": ("", 0),
}  # fmt: skip


@each(("text", "count"), CHARACTERS.values(), ids=CHARACTERS.keys())
def test_D03_characters_are_counted_as_people_see_them(text: str, count: int) -> None:
    assert characters(text) == count


@each("text", [pair[0] for pair in CHARACTERS.values() if pair[0]], ids=lambda text: ascii(text)[:30])
def test_D03_a_text_of_ten_seen_characters_fits_in_ten_bit_for_bit(text: str) -> None:
    ten = (text + "。") * 5 if characters(text) == 1 else text
    assert read_text(f"\u3000{ten} \n", 10) == ten


def test_D02_a_text_that_is_too_long_is_told_its_length_and_never_cut() -> None:
    assert read_text("👨\u200d👩\u200d👧\u200d👦" * 11, 10) == Problem("too_long", {"at_most": 10, "now": 11})
    assert read_text("あ" * 100_000, 1000) == Problem("too_long", {"at_most": 1000, "now": 100_000})
    assert read_text("あ" * 5000, 5000) == "あ" * 5000


def test_D03_marks_without_end_on_one_letter_are_too_long() -> None:
    assert outcome(read_text("a" + "\u0301" * 100_000, 10)) == "too_long"


@given(st.text(max_size=80))
@example("{0.__class__} %s ${x} {{7*7}}")
@example("a\u202eb\x00c\x1b[31m")
@settings(max_examples=150, deadline=None)
def test_D05_D07_a_text_comes_back_bit_for_bit(text: str) -> None:
    found = read_text(text, 80)
    if isinstance(found, Problem):
        assert found.code == "secret_number" or not anything_seen(text)
    else:
        assert found == text.strip()
        assert json.loads(json.dumps(found)) == found


# ---------------------------------------------------------------------------------------------------------------------
# Numbers that may not be written into a chat

SECRET = {
    "my number": "123456789018", "my number in fours": "1234 5678 9018", "my number with dashes": "1234-5678-9018",
    "my number, full width": "１２３４−５６７８−９０１８", "my number, long marks": "1234ー5678ー9018",
    "my number in words": "番号は123456789018です",
    "my number, hidden": "1234\u200b56789018", "my number after a phone": "03-1234-5678\n1234 5678 9018",
    "visa": "4111111111111111", "visa in fours": "4111 1111 1111 1111",
    "visa, full width": "４１１１－１１１１－１１１１－１１１１",
    "mastercard": "5555-5555-5555-4444", "jcb": "3530111333300000", "amex": "3782 822463 10005",
    "diners": "30569309025904",
}  # fmt: skip
HARMLESS = {
    "wrong check digit": "123456789012", "eleven digits": "12345678901", "thirteen digits": "1234567890188",
    "phone": "03-1234-5678",
    "phone from abroad": "+819012345678", "two phones": "03-1234-5678 090-1234-5678",
    "wrong card": "4111111111111112",
    "zeros": "0000000000000000", "seventeen": "41111111111111111", "moment": "2026-11-24 14:30",
    "words": "お金がありません",
    "letters between": "1234a5678b9018",
}  # fmt: skip


@each("text", SECRET.values(), ids=SECRET.keys())
def test_D15_a_secret_number_is_refused_without_being_repeated(text: str) -> None:
    assert fields.my_number_like(text) or fields.card_like(text)
    assert read_text(text, 100) == Problem("secret_number", {})


@each("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_D15_other_numbers_are_let_through(text: str) -> None:
    assert fields.secret_number(text) is None
    assert read_text(text, 100) == text


@given(st.lists(st.integers(0, 9), min_size=11, max_size=11), st.sampled_from(["", " ", "-"]))
@settings(max_examples=60, deadline=None)
def test_D15_exactly_one_check_digit_makes_a_my_number(digits: list[int], gap: str) -> None:
    def ends(last: int) -> str:
        said = "".join(map(str, [*digits, last]))
        return gap.join((said[:4], said[4:8], said[8:]))

    assert sum(fields.my_number_like(ends(last)) for last in range(10)) == 1


# ---------------------------------------------------------------------------------------------------------------------
# Hostile text

HOSTILE = {
    "letters": "a" * 100_000, "digits": "1" * 100_000, "spaced digits": "1 " * 50_000, "fours": "1234 " * 20_000,
    "unfolding": "ﷺ" * 100_000, "marks": "か\u3099" * 50_000, "at": "a@" * 50_000, "brackets": "(0" * 50_000,
    "pattern": "(a+)+$" * 16_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_D08_hostile_text_is_answered_in_time(text: str) -> None:
    for read in (
        read_number,
        read_phone,
        read_mail,
        read_postcode,
        fields.secret_number,
        lambda said: read_text(said, 1000),
    ):
        assert quickest(partial(read, text)) < 0.05


@each("word", ["ですが", "です", "tel.", "お願いします", "です、"])
def test_words_around_a_value_are_not_read_in_a_million_ways(word: str) -> None:
    text = (word * 60)[:150] + "x"
    for read in (read_number, read_phone, read_mail, read_postcode):
        assert quickest(partial(read, f"1{text}")) < 0.05


@given(st.text(max_size=80) | st.text("0123456789０１-ー+() @.,万千人a\u200b", max_size=40))
@settings(max_examples=250, deadline=None)
def test_whatever_is_typed_comes_out_as_a_value_or_a_problem(text: str) -> None:
    assert isinstance(read_number(text), int | Problem)
    for read in (read_phone, read_mail, read_postcode):
        found = read(text)
        assert isinstance(found, Problem) or read(found) == found
