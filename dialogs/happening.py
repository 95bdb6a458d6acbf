"""An event as the shelf holds it for a talk, and what somebody looks for among events."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dialogs.question import Item

NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST = 60  # signs of words that may look for events; longer ones are a story


@dataclass(frozen=True)
class Happening(Item):
    """One date of an event: `key` names it, `label` is its title. Times are on the centre's own clock.

    `targets` and `helps` are keys of our words; `left` is None without a limit; `joins` whether one signs up here.
    """

    starts: datetime = NEVER
    ends: datetime = NEVER
    place: str = ""
    where: str = ""  # place, address and access, to be found by
    organiser: str = ""
    cost: str = ""
    free: bool = False
    targets: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    about: str = ""
    easy: str = ""
    left: int | None = None
    joins: bool = False
    note: str = ""
    access: str = ""
    contact: str = ""
    url: str = ""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: a stretch of days by its name, for whom, free of charge, near a place."""

    when: str = ""
    targets: tuple[str, ...] = ()
    free: bool = False
    near: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for the session."""
        return {"when": self.when, "targets": list(self.targets), "free": self.free, "near": self.near}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Wanted:
        """The inverse of `to_json`; nothing wanted for nothing."""
        found = data or {}
        return cls(
            found.get("when", ""), tuple(found.get("targets", ())), bool(found.get("free")), found.get("near", "")
        )

    def fits(self, one: Happening, today: date) -> bool:
        """Whether an event is what is looked for. What is for everybody is for children, too."""
        if self.when:
            first, last = days_of(self.when, today)
            if one.ends.date() < first or one.starts.date() > last:
                return False
        meant = not self.targets or not one.targets or bool(set(self.targets) & set(one.targets))
        return meant and (one.free or not self.free) and (not self.near or _even(self.near) in _even(one.where))


def days_of(when: str, today: date) -> tuple[date, date]:
    """The first and the last day of a stretch by its name; a week begins on Monday."""
    monday = today - timedelta(days=today.weekday())
    first_of_next = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    match when:
        case "today":
            return today, today
        case "tomorrow":
            return today + timedelta(days=1), today + timedelta(days=1)
        case "weekend":
            return max(today, monday + timedelta(days=5)), monday + timedelta(days=6)
        case "next_weekend":
            return monday + timedelta(days=12), monday + timedelta(days=13)
        case "week":
            return today, monday + timedelta(days=6)
        case "next_week":
            return monday + timedelta(days=7), monday + timedelta(days=13)
        case "month":
            return today, first_of_next - timedelta(days=1)
        case _:
            return first_of_next, (first_of_next + timedelta(days=32)).replace(day=1) - timedelta(days=1)


_WHEN = {
    "next_weekend": "来週末|らいしゅうまつ|next weekend|下(?:个)?周末|다음 ?주말",
    "weekend": "今週末|こんしゅうまつ|今度の週末|週末|土日|(?:this )?weekend|(?:这个?|本)?周末|(?:이번 ?)?주말",
    "next_week": "来週|らいしゅう|next week|下(?:个)?周|다음 ?주",
    "week": "今週|こんしゅう|this week|(?:这|本)周|이번 ?주",
    "next_month": "来月|らいげつ|next month|下个?月|다음 ?달",
    "month": "今月|こんげつ|this month|(?:这个|本)月|이번 ?달",
    "today": "今日|きょう|本日|today|今天|오늘",
    "tomorrow": "明日|あした|あす|tomorrow|明天|내일",
}
_TARGETS = {
    "parents": "親子|子育て(?:中の人)?|parents?|families|family|亲子|부모|가족",
    "children": "子ども|子供|こども|キッズ|小学生|children|child|kids?|儿童|孩子|小朋友|어린이|아이들?",
    "seniors": "高齢者|シニア|お年寄り|年配の人|seniors?|older people|elderly|老人|老年人|어르신|노인|시니어",
    "foreigners": "外国人|外国の人|foreigners?|international residents|外国居民|외국인",
    "disabled": "障害者|障がい者|障害のある人|障がいのある人|people with disabilities|disabled|残疾人|残障人士|장애인",
    "groups": "団体|NPO|町会|groups?|团体|단체",
}
_FREE = "無料|むりょう|タダ|お金の?がかからない|free(?: of charge)?|免费|무료"
_EVENT = (
    "催しもの|催し物|催し|もよおし|イベント|行事|講座|講習会?|教室|what(?:'?s| is) on|events?|activities|workshops?"
    "|classes|活动|讲座|행사|이벤트|강좌"
)
_NEAR = "の?近く|ちかく|の?そば|周辺|あたり|付近|近辺|near(?:by)?|close to|around|附近|근처|주변"
_FILL = (
    "(?:は|が|を|も)?(?:ありますか?|ありません(?:か)?|ある|やっていますか|教えて(?:ください|ほしい)?|おしえて(?:ください)?"
    "|知りたい(?:です)?|(?:探|さが)して(?:い)?(?:ます|る)|見たい(?:です)?|行きたい(?:です)?|参加(?:したい(?:です)?|できる))"
    "|向け|むけ|ください|ですか|です|どんな|なに|何か|何|一覧|開催|what|which|are|there|any|some|is|the"
    "|this|in|at|on|for|of|please|show|me|tell|find|looking|有什么|有没有|有|吗|什么|的|哪些|在|请|告诉我|面向|适合"
    "|있나요|있어요|있습니까|알려 ?주세요|알려줘|대상|위한|의|에서|에|를|을|이|가|은|는|で|の|に|は|を|が|と|も|な|か"
)

# Possessive: what was taken once is never taken anew in another way, of which 「なになに…」 has millions.
_AROUND = re.compile(f"^(?:{_FILL})++|(?:{_FILL})++$")
_NOTHING = re.compile(f"(?:{_FILL})++")


def _even(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass
class _Rest:
    """Words while what is understood is taken out of them."""

    text: str
    took: list[str] = field(default_factory=list)

    def take(self, pattern: str, edges: bool = False) -> bool:
        """Take every such word out; Latin ones as whole words only. Whether there was one."""
        latin = r"(?<![a-z])(?:{})(?![a-z])" if not edges else r"(?:^|(?<=[\s\0]))(?:{})(?=$|[\s\0])"
        self.text, count = re.subn(latin.format(pattern.casefold()), "\0", self.text)
        return count > 0


def sought(text: str, shelf: Sequence[Happening], before: Wanted | None) -> Wanted | None:
    """What these words look for among events; None when they mean something else.

    Without a word for events they only narrow what was looked for before, or name a place where something is on.
    """
    if len(text) > LONGEST or not shelf:
        return None
    rest = _Rest(" ".join(re.sub(r"[?!。、.,・「」]", " ", unicodedata.normalize("NFKC", text).casefold()).split()))
    when = next((name for name, pattern in _WHEN.items() if rest.take(pattern)), "")
    named, free = rest.take(_EVENT), rest.take(_FREE)
    targets = tuple(name for name, pattern in _TARGETS.items() if rest.take(pattern))
    close = rest.take(_NEAR)
    left = _bare(rest.text)
    known = len(left) > 1 and any(_even(left) in _even(one.where) for one in shelf)
    if left and not (known or (close and len(left) > 1 and named)):
        return None
    # 「子ども向け」 and 「今週末」 say enough by themselves; opening hours are asked for with a verb.
    alone = (bool(targets) and "向け" in text) or when in ("weekend", "next_weekend")
    if not (named or known or alone) and (before is None or not (when or targets or free)):
        return None
    now = Wanted(when, targets, free, left)
    if named or before is None:
        return now
    return Wanted(now.when or before.when, now.targets or before.targets, free or before.free, left or before.near)


def _bare(text: str) -> str:
    """What is left when the small words around are gone."""
    parts = [_AROUND.sub("", part.strip()) for part in text.split("\0")]
    return " ".join(word for part in parts for word in part.split() if not _NOTHING.fullmatch(word))
