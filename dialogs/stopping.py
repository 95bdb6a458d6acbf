"""Hears that somebody wants no more announcements, in whatever words: a wish that must never be lost."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80  # characters; longer words are a story, in which somebody may tell of other people's announcements

_NEWS = "(?:お?知らせ|おしらせ|通知|配信|メルマガ|メールマガジン|ニュース|お便り)"
_ENOUGH = (
    "(?:止め|とめ|停止|解除|不要|(?:い|要)ら(?:ない|ん)|(?:い|要)りません|やめ|辞め|来ないで|こないで|来なくて|送らないで|おくらないで"
    "|送ら(?:なくて|ないように)|断り|断る|ストップ|(?:欲|ほ)し(?:くない|くありません)|(?:けっこう|結構|たくさん)です|オフ|うんざり|迷惑)"
)
_PATTERNS = tuple(
    re.compile(one)
    for one in (
        f"{_NEWS}.{{0,9}}{_ENOUGH}",
        f"{_ENOUGH}.{{0,5}}{_NEWS}",
        r"\b(?:unsubscribe|opt[ -]?out)\b",
        r"\b(?:stop|cancel|turn off|no more|don'?t want|do not want|don'?t send|do not send|quit)\b.{0,24}"
        r"\b(?:news|notices?|notifications?|announcements?|newsletters?|updates|mailings?)\b",
        r"\b(?:notifications?|announcements?|newsletters?)\b.{0,8}\boff\b",
        "(?:停止|取消|不要|别|不想|不用|关闭|關閉|拒绝).{0,6}(?:通知|推送|资讯|订阅|訂閱)",
        "(?:通知|推送|资讯|订阅|訂閱).{0,6}(?:停止|取消|不要|别|不想|不用|关闭|關閉|退)",
        "退订|退訂",
        "(?:알림|소식|구독|뉴스레터).{0,8}"
        "(?:중지|그만|끄|꺼|취소|해지|필요 ?없|안 ?받|받지 ?않|보내지 ?(?:마|말)|멈춰|싫)",
    )
)
# Whoever says one of these wants the announcements, or asks what stopping would do.
_NOT_MEANT = re.compile(
    "(?:止め|とめ|やめ|停止し|解除し|オフにし)(?:ない|ません|ずに|たら|れば|ると|なければ)|(?:止め|やめ|停止し|解除し)てい?た"
    "|不要(?:では|じゃ)ない|迷惑(?:では|じゃ)|(?:don'?t|do not|never) (?:stop|cancel|turn off|unsubscribe)"
    "|(?:不要|别|不想|不用)(?:停止|取消|关闭|關閉|退)|(?:중지|취소|해지)하?지 ?(?:마|말)|(?:끄|멈추)지 ?(?:마|말)"
)


def stops(text: str) -> bool:
    """Whether these words say: no more announcements. A wrong yes is told at once and undone by one tap."""
    if len(text) > LONGEST:
        return False
    words = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return any(one.search(words) for one in _PATTERNS) and not _NOT_MEANT.search(words)
