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
可以 行 吧 呢 啊 呀 吗 的 了 请 請 麻烦 好的? 在 想要?
希望 预约 预定 方便 有空 我 就 那 嗯 去 来 左右 大约 大概 谢谢
에 은 는 이 가 을 를 요 으?로
쯤 경 정도 약 이?에요 예요 입니다 이면 (?:부탁|희망|예약|가능)(?:합니다|해요|드립니다|드려요|할게요)?
(?:괜찮|좋)(?:아요|습니다|겠어요|겠습니다) 하고싶(?:어요|습니다) (?:할|갈)게요 갈수있(?:어요|습니다) 네 음 저는
""".strip(),
)  # は、いい declines: 明日はいいです
_ENGLISH = (
    "i'd like|i would like|would be|please|thank you|thanks|let's say|how about|in the|around|about|maybe|hello|hi|"
    "sorry|good|great|fine|best|works|for me|will do|on|at|the|is|okay|ok|so|well|um|it's|it"
)

FILLER = re.compile(rf"(?: |{_POLITE}|(?:{_ENGLISH})(?![a-z']))")
"""What changes nothing."""

UNTIL = re.compile(r"までに?|之前|为止|까지|by(?![a-z])")
"""What makes the date a deadline."""

BETWEEN = re.compile(
    r"または|もしくは|あるいは|から|か|と|や|或者?|还是|从|到|至|和|또는|부터|에서|이?나|와|과|~|-|/|(?:or|and|to|from)(?![a-z])"
)
"""What stands between two dates, or makes one the beginning of a span."""
