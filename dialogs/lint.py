"""Finds what makes plain Japanese hard: long sentences, kanji without a reading, double negatives, rare loanwords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# 在留支援のためのやさしい日本語ガイドライン (Immigration Services Agency and Agency for Cultural Affairs, 2020)
# asks for short sentences, readings, no double negatives and few loanwords. It sets no figures: these are ours.
MOST_LETTERS = 40  # in a sentence, without readings and spaces
MOST_KANJI = 12  # in a sentence
MOST_UNPARTED = 14  # letters without a space or mark between them

_HOLE = re.compile(r"\{[a-z_]+\}")
_STAND_IN = "なまえ"  # what a hole counts for
_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_KANJI = re.compile("[々〆一-鿿㐀-䶿豈-﫿]")
_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
_KATAKANA = re.compile("[ァ-ヺー]{2,}")
_END = re.compile(r"(?<=[。！？!?])(?![」』）)、])\s*|(?<=[a-z0-9가-힣)”}][.])\s+|\n+")
_MARKS = re.compile(r"[\s、。・:：「」『』()（）！？!?/■]+")
_DOUBLE_NEGATIVE = re.compile(
    r"な(?:けれ\s*ば|い\s*と|く\s*て\s*は|い\s*(?:とき|ときに|人|ひと|場合|ばあい)\s*は)"
    r"[^。、「」]*(?:なら|なり|いけ|でき)(?:ない|ません)"
    r"|(?:ない|なく|ません)\s*(?:こと|わけ|もの)?\s*(?:は|も|では|でも)\s*(?:ない|ありません|なりません)"
    r"|ない\s*と\s*は\s*(?:限ら|限り|かぎら|かぎり|いえ|言え)(?:ない|ません)"
    r"|(?:ず|ない)\s*に\s*は\s*(?:い|お)(?:られ)?(?:ない|ません)"
)
# Words of daily life that people who learn Japanese meet early; they may stand alone or together (メールアドレス).
_KNOWN = re.compile(
    "(?:"
    + re.sub(
        r"\s+",
        "|",
        """
スマートフォン インターネット ボランティア ホームページ マイナンバー ニックネーム エレベーター オンライン
コンサート パーティー カレンダー アンケート プリンター レストラン センター メニュー グループ サークル
イベント スタッフ アドレス ファイル パソコン テーブル ロッカー ポスター スタンプ ニュース スポーツ
サッカー プリント スーパー コンビニ サービス ボタン ページ メール カード コピー スマホ ビデオ カメラ
マイク チラシ ボット テレビ ラジオ トイレ クラス ゲーム ダンス サイズ カラー ノート アプリ ライン
ボール データ テスト バス ペン ゴミ ビル ドア
""".strip(),
    )
    + ")+"
)  # longer words first
_PLAINER = {
    "キャンセル": "やめる",
    "コーディネーター": "センターの人",
    "ヒアリング": "話を聞く",
    "マッチング": "さがして紹介する",
    "ワークショップ": "みんなで作る会",
    "セミナー": "教室",
    "ミーティング": "話し合い",
    "プロジェクト": "計画",
    "コミュニティ": "地域の人",
    "パートナー": "いっしょにする人",
    "スケジュール": "予定",
    "サポート": "手伝い",
    "アクセス": "行き方",
    "リスト": "名前の表",
    "リンク": "ページ",
    "クリック": "押す",
    "タップ": "押す",
    "ガイド": "案内",
    "オペレーター": "センターの人",
    "チャット": "この画面",
    "ルール": "決まり",
    "チェック": "確かめる",
    "ニーズ": "ほしいもの",
    "メンバー": "入っている人",
    "テーマ": "話すこと",
    "スペース": "場所",
    "ファンド": "お金",
    "エリア": "場所",
}


class Rule(StrEnum):
    """What is looked for."""

    LONG = "long"
    BARE_KANJI = "bare_kanji"
    MANY_KANJI = "many_kanji"
    READING = "reading"
    DOUBLE_NEGATIVE = "double_negative"
    LOANWORD = "loanword"
    UNPARTED = "unparted"


EVERY_RULE = frozenset(Rule)


@dataclass(frozen=True)
class Hard:
    """One thing that is hard to read: where (the sentence without readings), the very words, and how to mend it."""

    rule: Rule
    sentence: str
    words: str
    mend: str

    def __str__(self) -> str:
        return f"{self.rule}: 「{self.words}」 in 「{self.sentence}」; {self.mend}"


def sentences(text: str) -> list[str]:
    """The sentences of a text in the spelling of the files, of any of our languages; a line break ends one too."""
    return [part.strip() for part in _END.split(text) if part.strip(" 　。.")]


def lint(text: str, rules: frozenset[Rule] = EVERY_RULE) -> tuple[Hard, ...]:
    """What is hard in a text as the files spell it, `{漢字|かんじ}` and `{name}` included, in its order."""
    return tuple(hard for sentence in sentences(text) for hard in _sentence(sentence) if hard.rule in rules)


def _sentence(raw: str) -> Iterator[Hard]:
    marked = _HOLE.sub(_STAND_IN, raw)
    bare = _READING.sub(r"\1", marked)
    letters = len(re.sub(r"\s+", "", bare))
    if letters > MOST_LETTERS:
        yield Hard(Rule.LONG, bare, bare, f"{letters} letters; make two sentences of at most {MOST_LETTERS}")
    yield from _kanji(marked, bare)
    if found := _DOUBLE_NEGATIVE.search(bare):
        yield Hard(Rule.DOUBLE_NEGATIVE, bare, found[0], "say what to do instead of what happens without it")
    for found in _KATAKANA.finditer(bare):
        if not _KNOWN.fullmatch(found[0]):
            mend = f"say {_PLAINER[found[0]]}" if found[0] in _PLAINER else "use a Japanese word or explain it"
            yield Hard(Rule.LOANWORD, bare, found[0], mend)
    for run in _MARKS.split(bare):
        if len(run) > MOST_UNPARTED:
            yield Hard(Rule.UNPARTED, bare, run, "put spaces between the phrases")


def _kanji(marked: str, bare: str) -> Iterator[Hard]:
    for base, reading in _READING.findall(marked):
        if not _KANA.fullmatch(reading) or not _KANJI.search(base):
            yield Hard(Rule.READING, bare, f"{base}|{reading}", "a reading is kana over kanji: {漢字|かんじ}")
    if unread := "".join(_KANJI.findall(_READING.sub("", marked))):
        yield Hard(Rule.BARE_KANJI, bare, unread, "give the reading, {漢字|かんじ}, or write kana")
    if (count := len(_KANJI.findall(bare))) > MOST_KANJI:
        yield Hard(Rule.MANY_KANJI, bare, bare, f"{count} kanji; say it with at most {MOST_KANJI}")
