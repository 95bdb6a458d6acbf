"""The made-up people of the load runs: each asks for a consultation in eleven messages."""

from __future__ import annotations

from dialogs.heard import Came, Heard, Tapped, Typed

# One path through the form: taps carry run 1, the first form these people ever begin.
INTAKE: tuple[Heard, ...] = (
    Came(),
    Tapped("m:consent"),
    Tapped("f:consultation"),
    Tapped("a:1:standing:planning"),
    Typed("場所・設備"),
    Tapped("a:1:urgency:month"),
    Typed("文字だけ"),
    Tapped("a:1:more:no"),
    Tapped("a:1:share:nobody"),
    Typed("集まりに使える広い部屋をさがしています。十五人くらいで、月に二回、土曜の午後に使いたいです。"),
    Typed("会議室の予約はどうやってするのですか"),
)
