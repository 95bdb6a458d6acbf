"""Tells a question or a request for information from what is told: an answer to a form, or a trouble."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import tomli

from knowledge.plain import LOOKED_AT, plain

HANGING = Path(__file__).parent / "hanging.toml"

_LONG = 70  # characters; longer than this is a story, not a question
_LONG_LATIN = 160  # the same in Latin letters, which say as much in twice the room
_MARK = re.compile(r"[??]\s*$")
_END = re.compile(
    r"(か|かな|かね|かしら|っけ|教えて|おしえて|教えてください|おしえてください|知りたい|しりたい|知りたいです|とは|って何|(?<!あさ)って)$"
)
_WORD = re.compile(
    r"何[がをのに時月日曜年人回円分個枚歳]|何か月|何ヶ月|なにが|なにを|なんで|どうやって|どうすれば|どうしたら|どこで|どこに|いくら|いつから|いつまで|どのくらい|どれくらい"
    r"|教えて|おしえて|知りたい|聞きたい|ですか|ますか|ませんか|でしょうか|とは何|って何|方法は|やり方は"
    r"|吗|怎么|什么|哪|多少|几点|请问|想知道|告诉我|까요|나요|[인은는한운런]가요|습니까|어떻게|무엇|무슨|뭐|언제|어디|얼마|알려주|가르쳐|궁금"
)
_ENGLISH = re.compile(
    r"^(what|how|when|where|who|whom|which|why|can|could|do|does|did|is|are|am|may|should|will|would|tell me"
    r"|please tell|i want to know|i would like to know|i d like to know)\b"
)

_ENGLISH_WITHIN = re.compile(
    r"\b(?:(?:do|does|did|should|can|could|may|must|shall) (?:i|we|you|they|it|he|she)"
    r"|(?:is|are) (?:it|there|this|that|they)"
    r"|how (?:do|does|can|could|much|many|long|to|about)"
    r"|what (?:s|is|are|do|should|can|happens)"
    r"|where (?:can|do|is|are)|who (?:can|do|should|is)|which|when (?:is|do|can)"
    r"|any (?:tips|rule|rules|way|idea|advice))\b"
)


def asks_like_question(text: str) -> bool:
    """Whether a text is phrased as a question or a request for information; a long story that ends in one is not."""
    shortened = text.strip()
    if not shortened or len(shortened) > _LONG:
        return False
    said = plain(shortened)
    marked = bool(said) and bool(_MARK.search(shortened))
    japanese = bool(_END.search(said) or _WORD.search(said))
    return marked or japanese or bool(_ENGLISH.search(said)) or wants_more(text)


def asks_somewhere(text: str) -> bool:
    """Whether a question is in a text, also within an English story of some length: for searching, never for forms.

    In a form the same words may be the answer ("a group which plants flowers").
    """
    if asks_like_question(text):
        return True
    shortened = text.strip()
    if not shortened.isascii() or len(shortened) > _LONG_LATIN:
        return False
    said = plain(shortened)
    return bool(_MARK.search(shortened) or _ENGLISH.search(said) or _ENGLISH_WITHIN.search(said)) and bool(said)


_TOLD = re.compile(r"[ぁ-んァ-ヶ一-龠]{8,}")
_WISH = re.compile(r"(たい|ほしい|欲しい|たいです|ほしいです|ください|下さい|お願いします|頼む|くれ)$")


def tells(text: str) -> bool:
    """Whether a text is a Japanese statement of some length: neither a question nor a wish."""
    said = plain(text)
    return bool(_TOLD.search(said)) and not asks_like_question(text) and not _WISH.search(said)


_WISH_ELSEWHERE = re.compile(r"^(想|我想|我们想|要)|싶|주세요|^(i|we) (want|need|d like|would like)\b")


def wants(text: str) -> bool:
    """Whether a text is a question or a wish, such as 「会議室を借りたい」: something to be answered."""
    said = plain(text)
    return asks_somewhere(text) or bool(_WISH.search(said) or _WISH_ELSEWHERE.search(said))


_LONGEST_HANGING = 40  # characters


def hangs(text: str) -> bool:
    """Whether a text asks something of a matter that it does not name, such as 「費用は?」 or "when is it?"."""
    return any(_made_of(said, words, words.asks) for said, words in _held_against(text))


def wants_more(text: str) -> bool:
    """Whether a text asks for all there is to say, such as 「もっと詳しく」."""
    return any(_made_of(said, words, words.more) for said, words in _held_against(text))


def _held_against(text: str) -> Iterator[tuple[str, _Hanging]]:
    said = plain(text) if len(text) <= _LONGEST_HANGING else ""
    return ((said, words) for words in _hanging() if said)


def _made_of(said: str, words: _Hanging, asks: frozenset[str]) -> bool:
    """Whether a plain text can be cut into these words and the ones beside them, with one of `asks` among them."""
    reached = {0: False}  # how far it can be cut, and whether it asked by then
    for at in range(len(said)):
        for end in range(at + 1, min(len(said), at + words.longest) + 1) if at in reached else ():
            word = said[at:end]
            whole = not word.isascii() or end == len(said) or said[end] == " "
            if whole and (word in asks or word in words.besides):
                onward = end + (end < len(said) and said[end] == " ")
                reached[onward] = reached.get(onward, False) or reached[at] or word in asks
    return reached.get(len(said), False)


@dataclass(frozen=True)
class _Hanging:
    """The words of a language that hanging questions are made of, in their plain form."""

    asks: frozenset[str]
    more: frozenset[str]
    besides: frozenset[str]

    @cached_property
    def longest(self) -> int:
        """Characters of the longest of them."""
        return max(map(len, self.asks | self.more | self.besides))


@cache
def _hanging() -> tuple[_Hanging, ...]:
    table = tomli.loads(HANGING.read_text(encoding="utf-8"))
    return tuple(
        _Hanging(*(frozenset(map(plain, one[part])) for part in ("asks", "more", "with"))) for one in table.values()
    )


_BETWEEN = re.compile(r"[。.??!!\n]+|(?:それと|それから|あと、|また、)")
_SHORTEST_PART = 4  # characters
_AND = re.compile(
    r"^(?:(?:and|also|then|plus|besides)\b|そして|ところで|ついでに|还有|另外|그리고|또)[\s,、]*", re.IGNORECASE
)


def parts(text: str) -> tuple[str, ...]:
    """The sentences of a message, at most four; none where there is only one."""
    said = [_AND.sub("", part.strip(" 、,")) for part in _BETWEEN.split(text[:LOOKED_AT])]
    whole = [part for part in said if len(part) >= _SHORTEST_PART]
    return tuple(whole[:4]) if len(whole) > 1 else ()
