"""Words about days and hours that people type in kana, in Chinese, in Korean or in several spellings, each in one."""

from __future__ import annotations

import re

from dialogs import neighbours

_SPELLINGS = {
    "今日": ("きょう", "ほんじつ", "本日"),
    "明日": ("あした", "あす", "みょうにち"),
    "明後日": ("あさって",),
    "明々後日": ("しあさって", "明明後日"),
    "昨日": ("きのう", "さくじつ"),
    "おととい": ("一昨日",),
    "先週": ("せんしゅう",),
    "今週": ("こんしゅう",),
    "来週": ("らいしゅう",),
    "再来週": ("さらいしゅう", "さ来週"),
    "今月": ("こんげつ",),
    "来月": ("らいげつ",),
    "再来月": ("さらいげつ", "さ来月"),
    "月末": ("げつまつ",),
    "去年": ("きょねん", "昨年"),
    "今年": ("ことし", "本年"),
    "来年": ("らいねん",),
    "再来年": ("さらいねん",),
    "月曜": ("げつよう",),
    "火曜": ("かよう",),
    "水曜": ("すいよう",),
    "木曜": ("もくよう",),
    "金曜": ("きんよう",),
    "土曜": ("どよう",),
    "日曜": ("にちよう",),
    "(月)": ("(げつ)",),  # as our own plain Japanese writes a weekday behind a date
    "(火)": ("(か)",),
    "(水)": ("(すい)",),
    "(木)": ("(もく)",),
    "(金)": ("(きん)",),
    "(土)": ("(ど)",),
    "(日)": ("(にち)",),
    "午前": ("ごぜん",),
    "午後": ("ごご",),
    "正午": ("しょうご",),
    "朝": ("あさ",),
    "昼": ("おひる", "お昼", "ひる"),
    "夕方": ("ゆうがた",),
    "夜": ("よる", "ばん", "晩"),
    "今日朝": ("けさ", "今朝"),
    "今日夜": ("こんばん", "こんや", "今晩", "今夜"),
    "明日朝": ("明朝",),
    "明日夜": ("明晩",),
    "令和": ("れいわ",),
    "平成": ("へいせい",),
    "昭和": ("しょうわ",),
    "元年": ("がんねん",),
}
_ONES = (
    ("",),
    ("いち",),
    ("に",),
    ("さん",),
    ("よん", "よ"),
    ("ご",),
    ("ろく",),
    ("しち", "なな"),
    ("はち",),
    ("く", "きゅう"),
)
_TENS = ("", "じゅう", "にじゅう", "さんじゅう", "よんじゅう", "ごじゅう")
_FIRST_DAYS = ("ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか")
_OTHER_DAYS = {14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか"}
_AFTER_A_DIGIT = {"がつ": "月", "にち": "日", "じ": "時", "ふん": "分", "ぷん": "分", "ねん": "年"}


def _numbers() -> dict[str, str]:
    """Every month, day, hour and fifth minute in kana, each with the same in digits."""
    words = {"れいじ": "0時", "しがつ": "4月"}
    for number in range(1, 60):
        ten, one = divmod(number, 10)
        for said in (_TENS[ten] + kana for kana in _ONES[one]):
            if number <= 12:
                words[f"{said}がつ"] = f"{number}月"
            if 11 <= number <= 31:
                words[f"{said}にち"] = f"{number}日"
            if number <= 23:
                words[f"{said}じ"] = f"{number}時"
            if one == 5:
                words[f"{said}ふん"] = f"{number}分"
        if one == 0:
            words |= {f"{_TENS[ten][:-3]}{small}っぷん": f"{number}分" for small in ("じゅ", "じ")}
    words |= {word: f"{day}日" for day, word in enumerate(_FIRST_DAYS, start=1)}
    return words | {word: f"{day}日" for day, word in _OTHER_DAYS.items()}


_WORDS = {kana: spelling for spelling, others in _SPELLINGS.items() for kana in others}
_WORDS |= _numbers() | {"はん": "半"} | _AFTER_A_DIGIT | neighbours.WORDS
# What must stand before a word that means something else elsewhere: いつか is also "some day", なのか ends a question.
_BEFORE = {"いつか": "がつ", "なのか": "がつ", "はん": "[じ時]"} | dict.fromkeys(_AFTER_A_DIGIT, "[0-9]")
_BEFORE |= neighbours.BEFORE


def _pattern() -> re.Pattern[str]:
    """All words, the longest first (しあさって before あさ), in a branch per first sign: five times as fast."""
    branches: dict[str, list[str]] = {}
    for word in sorted(_WORDS, key=len, reverse=True):
        before = f"(?<={_BEFORE[word]})" if word in _BEFORE else ""
        apart = "ゅ|っ|かん" if word.endswith("じ") else neighbours.NOT_AFTER.get(word)
        after = f"(?!{apart})" if apart else ""
        branches.setdefault(word[0], []).append(f"{before}{re.escape(word)}{after}")
    return re.compile("|".join(f"(?={re.escape(first)})(?:{'|'.join(words)})" for first, words in branches.items()))


_ANY = _pattern()


def one_spelling(text: str) -> str:
    """Folded text with the words above in one spelling: らいしゅうのかよう ごごにじ → 来週の火曜 午後2時."""
    return _ANY.sub(lambda match: _WORDS[match.group()], text)
