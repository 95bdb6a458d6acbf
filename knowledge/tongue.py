"""Hears that a question is written in Chinese or Korean, so that it is answered in the language it was asked in."""

from __future__ import annotations

import re
import unicodedata

_HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
# Signs that Chinese sentences are full of and Japanese ones do not hold: particles, pronouns and simplified forms.
_CHINESE = frozenset(
    "吗呢吧么们这哪谁您你她给让还样请问说话语谢办帮进边过为议员动协业东车长门开关钱银费规则书电脑经济级纳"
    "组织结练罗设计许证评诉询该详误读课调谈责账货质购贸赛软载输达迁运选递邮针钟错键镇闻间际险队阳难页项顺"
    "须预领题额风飞馆骗验团财园报导处备复华历厅图场头实对寻怎嗎們這麼记录几删认审节摊卖愿择偿务时帐显"
)


def tongue(text: str) -> str | None:
    """The language "zh" or "ko" where a text is written in it beyond doubt, else None.

    One Hangul letter makes it Korean. Chinese has no kana, and at least one sign that Japanese does not write.
    """
    plain = unicodedata.normalize("NFKC", text)
    if _HANGUL.search(plain):
        return "ko"
    return None if _KANA.search(plain) or _CHINESE.isdisjoint(plain) else "zh"
