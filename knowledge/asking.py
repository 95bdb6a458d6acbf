"""Tells a question or a request for information from what is told: an answer to a form, or a trouble."""

from __future__ import annotations

import re

from knowledge.plain import LOOKED_AT, plain

_LONG = 70  # characters; longer than this is a story, not a question
_MARK = re.compile(r"[??]\s*$")
_END = re.compile(
    r"(か|かな|かね|かしら|っけ|教えて|おしえて|教えてください|おしえてください|知りたい|しりたい|知りたいです|とは|って何|って)$"
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


def asks_like_question(text: str) -> bool:
    """Whether a text is phrased as a question or a request for information; a long story that ends in one is not."""
    shortened = text.strip()
    if not shortened or len(shortened) > _LONG:
        return False
    said = plain(shortened)
    marked = bool(said) and bool(_MARK.search(shortened))
    japanese = bool(_END.search(said) or _WORD.search(said))
    return marked or japanese or bool(_ENGLISH.search(said))


_TOLD = re.compile(r"[ぁ-んァ-ヶ一-龠]{8,}")
_WISH = re.compile(r"(たい|ほしい|欲しい|たいです|ほしいです|ください|下さい|お願いします|頼む|くれ)$")


def tells(text: str) -> bool:
    """Whether a text is a Japanese statement of some length: neither a question nor a wish."""
    said = plain(text)
    return bool(_TOLD.search(said)) and not asks_like_question(text) and not _WISH.search(said)


_BETWEEN = re.compile(r"[。.??!!\n]+|(?:それと|それから|あと、|また、)")
_SHORTEST_PART = 4  # characters


def parts(text: str) -> tuple[str, ...]:
    """The sentences of a message, at most four; none where there is only one."""
    said = [part.strip(" 、,") for part in _BETWEEN.split(text[:LOOKED_AT])]
    whole = [part for part in said if len(part) >= _SHORTEST_PART]
    return tuple(whole[:4]) if len(whole) > 1 else ()
