"""Reads what is to be announced as a careful colleague would: what stops it, and what somebody must look at again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize
from urllib.parse import parse_qsl, urlsplit

from dialogs.characters import characters

SHORTEST, LONGEST = 8, 1000  # signs; a single word was sent to a whole city by mistake before
_HOLE = re.compile(r"\{[^{}\n]{0,40}\}|[〇○◯×✕]{2,}|[_＿]{2,}|(?i:\b(?:todo|xxx+)\b)")
LINK = re.compile(r"(?i)\bhttps?://[^\s<>「」『』()、。]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>「」『』()、。]*")
_HOST = re.compile(r"[a-z0-9.-]+")
_TRACKING = re.compile(r"(?i)utm_|fbclid|gclid|yclid|mc_[ce]id|_ga\b|ref(?:errer)?$|click|track")
_DAY = re.compile(
    r"(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]|\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b"
)
_DRILL = {
    "ja": re.compile("訓練"),
    "ja-easy": re.compile("訓練|くんれん|れんしゅう|練習"),
    "en": re.compile(r"(?i)\b(drill|exercise)\b"),
    "zh": re.compile("演练|演習|演习|训练|訓練"),
    "ko": re.compile("훈련"),
}
# What reads as an alarm: that this very message is a drill, or a drill's word beside an order to flee. A training or a
# drill to come (「防災訓練に来ませんか」) is news like any other, and a person says so.
_ALARM = {
    "ja": re.compile(
        r"(?:これ|この(?:放送|メール|お知らせ|通知))は[、\s]*訓練|(?:^|[\s。!、【\[(「<])訓練(?:です|中|放送|メール|[\s。!、】\])」>・:]|$)"
        r"|避難(?:して|指示)|逃げて|命を守る行動|警報が(?:出|発)|地震が(?:来|発生)"
    ),
    "ja-easy": re.compile(
        r"これは\s*(?:訓練|くんれん|れんしゅう|練習)|(?:^|[\s。!、【\[(「<])(?:訓練|くんれん|れんしゅう|練習)(?:\s*です|[\s。!】\])」>・:]|$)"
        r"|(?:避難|ひなん)\s*して|(?:逃|に)げて"
    ),
    "en": re.compile(
        r"(?i)\bthis (?:is|was) (?:only |just )?an? (?:\w+ )?(?:drill|exercise)\b|[\[(<]\s*(?:drill|exercise)\s*[\])>]"
        r"|^\s*(?:drill|exercise)\b|\bevacuate (?:now|immediately|at once)\b|\btake (?:cover|shelter)\b"
    ),
    "zh": re.compile(
        r"这(?:只)?是(?:一次)?(?:演练|演習|演习|训练)|(?:^|[\s。!【\[(])(?:演练|演習|演习)(?:[\s。!】\]):]|$)"
        r"|(?:请|立即|马上)(?:立即|马上)?(?:避难|撤离|疏散)"
    ),
    "ko": re.compile(
        r"(?:이것은|이\s?메시지는)\s*훈련|(?:^|[\s.!\[(【])훈련(?:입니다|[\s.!\]):】]|$)|대피하(?:십시오|세요)"
    ),
}
_AGO = timedelta(days=180)  # a day without a year that is further back is next year's


@dataclass(frozen=True)
class Finding:
    """Something about the words of one language. `stops`: it cannot go out so; else somebody must say it is right."""

    kind: str
    language: str
    part: str = ""
    stops: bool = True


def findings(texts: Mapping[str, str], drill: bool, hosts: frozenset[str], today: date) -> list[Finding]:
    """All there is to say. `hosts` are those a link may lead to, and to all under them."""
    found: list[Finding] = []
    for language, text in texts.items():
        plain = normalize("NFKC", text)
        found += _length(language, text)
        found += [Finding("hole", language, one[0]) for one in _HOLE.finditer(text)]
        found += _links(language, plain, hosts)
        found += [Finding("past", language, one, stops=False) for one in _past(plain, today)]
        found += _drill(language, plain, drill)
    return found


def _drill(language: str, text: str, drill: bool) -> list[Finding]:
    """A drill says that it is one, and nothing else reads as one (B-04)."""
    named = _DRILL[language].search(text)
    if drill:
        return [] if named else [Finding("not_drill", language)]
    if named is None:
        return []
    alarms = _ALARM[language].search(text) is not None
    return [Finding("drill" if alarms else "drill_word", language, named[0], stops=alarms)]


def _length(language: str, text: str) -> list[Finding]:
    signs = characters(text.strip())
    kind = "blank" if not signs else "short" if signs < SHORTEST else "long" if signs > LONGEST else ""
    return [Finding(kind, language, str(signs))] if kind else []


def links_in(text: str) -> list[str]:
    """The links of a text as they are written."""
    return [one[0] for one in LINK.finditer(text)]


def leads_to(link: str, hosts: frozenset[str]) -> str | None:
    """The whole address of a link; None where it leads to none of these hosts nor to what is under them."""
    address = link if "://" in link else "https://" + link
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    # Browsers read a backslash as a slash: what Python takes for a part of the host would lead elsewhere.
    if parts.username is not None or not _HOST.fullmatch(host):
        return None
    return address if any(host == known or host.endswith("." + known) for known in hosts) else None


def _links(language: str, text: str, hosts: frozenset[str]) -> Iterator[Finding]:
    for link in links_in(text):
        address = leads_to(link, hosts)
        if address is None:
            yield Finding("host", language, link)
        elif any(_TRACKING.search(name) for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)):
            yield Finding("tracking", language, link)
        else:
            yield Finding("open", language, link, stops=False)


def _past(text: str, today: date) -> Iterator[str]:
    for one in _DAY.finditer(text):
        year, month, day = (int(part) if part else 0 for part in (one[1] or one[4], one[2] or one[5], one[3] or one[6]))
        try:
            meant = date(year or today.year, month, day)
        except ValueError:
            yield one[0]
            continue
        if meant < today and (year or today - meant < _AGO):
            yield one[0]
