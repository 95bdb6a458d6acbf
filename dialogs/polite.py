"""Words that people put around a date, and what those words do to its meaning: nothing, an end, a span."""

from __future__ import annotations

import re

# Nothing that excludes, shifts or denies (以外, だめ, より, not) may ever enter here: these words are passed over.
_POLITE = re.sub(
    r"\s+",
    "|",
    r"""
[、。,!?…「」()・] ー+ \.(?![0-9]) t(?=[0-9]{2}:)
えーっと えーと ええと えっと えと あのう?ー* うーん じゃあ それでは それじゃあ? では はい できれば 出来れば なるべく
だいたい 大体 およそ 約 ちょうど ごろ 頃 ころ くらい ぐらい あたり 必着 締切 締め切り 期限
(?:第[1-3])?希望(?:です|します|いたします)? 予約(?:したい|します|をお願いします)?
お?(?:願|ねが)い(?:します|いたします|致します|できますか|したい)? たのみます 頼みます よろしく 宜しく どうぞ
(?:にして)?(?:ください|下さい) にします にしたい [いよ良]い よろしい 都合 どう でしょうか でしょう
お?(?:伺い|うかがい)(?:します|したい)? (?:伺|うかが)います (?:行き|いき)(?:ます|たい) (?:行け|いけ)ます 参ります
空いてい?ます 大丈夫 と?(?:思い|おもい)ます と思う ですが ですか ですね? ます ので かなあ? かしら
は(?![、,]*[いよ良]い) の に が を で ね よ
""".strip(),
)  # は、いい declines: 明日はいいです
_ENGLISH = (
    "i'd like|i would like|would be|please|thank you|thanks|let's say|how about|in the|around|about|maybe|hello|hi|"
    "sorry|good|great|fine|best|works|for me|will do|on|at|the|is|okay|ok|so|well|um|it's|it"
)

FILLER = re.compile(rf"(?: |{_POLITE}|(?:{_ENGLISH})(?![a-z']))")
"""What changes nothing."""

UNTIL = re.compile(r"までに?|by(?![a-z])")
"""What makes the date a deadline."""

BETWEEN = re.compile(r"または|もしくは|あるいは|から|か|と|や|~|-|/|(?:or|and|to|from)(?![a-z])")
"""What stands between two dates, or makes one the beginning of a span."""
