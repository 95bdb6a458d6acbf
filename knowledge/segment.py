"""Whom words are meant for: a closed union of all, has, took, and, or, not; read strictly, said in one sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, assert_never

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.event import What
from knowledge.interests import GROUP, KINDS, codes

UNSET = "unset"  # has said nothing about it
_STRICT = ConfigDict(extra="forbid", strict=True)
_DEEPEST, _LARGEST = 8, 60
LONGEST = 730  # days back that anybody may ask about
ANY = "any"  # event or course


class Asked(StrEnum):
    """What people may be chosen by."""

    TOPIC = "topic"
    AREA = "area"
    ROLE = "role"
    OFTEN = "often"
    LANGUAGE = "language"
    CHANNEL = "channel"
    FORM = "form"  # of their group
    BASE = "base"  # where their group is mostly active
    FIELD = "field"  # what their group does


class Did(StrEnum):
    """How somebody took part."""

    SIGNED = "signed"  # goes, or waits for a place
    CAME = "came"  # was seen at the door


ALLOWED: Mapping[Asked, frozenset[str]] = {
    **{Asked(kind): frozenset({*codes()[kind], UNSET}) for kind in KINDS + GROUP},
    Asked.OFTEN: frozenset({"at_once", "weekly", "monthly"}),
    Asked.LANGUAGE: frozenset({"ja", "ja-easy", "en", "zh", "ko"}),
    Asked.CHANNEL: frozenset({"line", "telegram", "web"}),
}


@dataclass(frozen=True)
class All:
    """Everybody who receives anything."""

    kind: Literal["all"] = "all"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Has:
    """Whoever chose one of these codes."""

    asked: Asked
    codes: tuple[str, ...]
    kind: Literal["has"] = "has"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Took:
    """Whoever took part within so many days: `of` is any, a kind (event, course), or the number of one event."""

    did: Did
    of: str
    days: int
    kind: Literal["took"] = "took"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class And:
    """Whoever fits all of these."""

    parts: tuple[Segment, ...]
    kind: Literal["and"] = "and"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Or:
    """Whoever fits one of these."""

    parts: tuple[Segment, ...]
    kind: Literal["or"] = "or"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Not:
    """Whoever does not fit this."""

    part: Segment
    kind: Literal["not"] = "not"
    __pydantic_config__ = _STRICT


Segment = Annotated[All | Has | Took | And | Or | Not, Field(discriminator="kind")]
_SHAPE: TypeAdapter[Segment] = TypeAdapter(Segment)


class Refusal(StrEnum):
    """Why nothing may be sent to a segment, or kept as one."""

    SHAPE = "shape"  # no segment at all: null, an unknown filter, something beside
    UNKNOWN = "unknown"  # a code that nobody can have
    EMPTY = "empty"  # asks for nothing, or fits nobody
    LARGE = "large"  # deeper or longer than anybody reads
    EVERYONE = "everyone"  # everybody, without their number typed


def from_json(raw: str | bytes) -> Segment | Refusal:
    """A segment as it was kept or sent, or why it is none. Nothing is guessed, nothing left out."""
    try:
        segment = _SHAPE.validate_json(raw)
    except (ValidationError, RecursionError):
        return Refusal.SHAPE
    return wrong(segment) or segment


def to_json(segment: Segment) -> str:
    """The inverse of `from_json`, always spelled alike."""
    return _SHAPE.dump_json(segment).decode()


def mark(segment: Segment) -> str:
    """What an approval is bound to: 64 hexadecimal signs that change with any part of the segment."""
    return hashlib.sha256(to_json(segment).encode()).hexdigest()


def wrong(segment: Segment) -> Refusal | None:
    """What is wrong with a segment as such, whoever there may be; None when nothing is."""
    parts = list(_walk(segment, 1))
    if len(parts) > _LARGEST or max(depth for _, depth in parts) > _DEEPEST:
        return Refusal.LARGE
    for part, _ in parts:
        match part:
            case Has(asked, chosen) if not set(chosen) <= ALLOWED[asked]:
                return Refusal.UNKNOWN
            case Took(_, of, days) if not (_nameable(of) and 1 <= days <= LONGEST):
                return Refusal.UNKNOWN
            case Has(_, ()) | And(()) | Or(()):
                return Refusal.EMPTY
            case _:
                pass
    return None


def _nameable(of: str) -> bool:
    return of in (ANY, *What) or (of.isascii() and of.isdecimal() and len(of) < 19)  # longer ones name no row of ours


def refused(segment: Segment, fits: int, everybody: int, typed: int | None) -> Refusal | None:
    """Whether this may go out: never to nobody, and to everybody only with their exact number typed (B-01).

    `fits` is how many it means now, `everybody` how many receive anything at all.
    """
    if found := wrong(segment):
        return found
    if fits == 0:
        return Refusal.EMPTY
    return Refusal.EVERYONE if fits >= everybody and typed != fits else None


def parts_of(segment: Segment) -> list[Segment]:
    """The segment and all that is inside it."""
    return [part for part, _ in _walk(segment, 1)]


def _walk(segment: Segment, depth: int) -> Iterator[tuple[Segment, int]]:
    yield segment, depth
    if depth > _DEEPEST:
        return
    match segment:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _walk(part, depth + 1)
        case Not(part):
            yield from _walk(part, depth + 1)
        case All() | Has() | Took():
            return
        case _:
            assert_never(segment)


_SAYS: Mapping[Asked, str] = {
    Asked.TOPIC: "{}のお知らせを選んだ人",
    Asked.AREA: "地域が{}の人",
    Asked.ROLE: "{}の人",
    Asked.OFTEN: "受け取りが{}の人",
    Asked.LANGUAGE: "ことばが{}の人",
    Asked.CHANNEL: "{}で受け取る人",
    Asked.FORM: "団体の種類が{}の人",
    Asked.BASE: "団体の活動地域が{}の人",
    Asked.FIELD: "団体の活動が{}の人",
}
_SAYS_UNSET: Mapping[Asked, str] = {
    Asked.TOPIC: "お知らせの種類を選んでいない人",
    Asked.AREA: "地域を選んでいない人",
    Asked.ROLE: "立場を選んでいない人",
    Asked.FORM: "団体のことを残していない人",
    Asked.BASE: "団体のことを残していない人",
    Asked.FIELD: "団体のことを残していない人",
}
_DID: Mapping[Did, str] = {Did.SIGNED: "に申し込んだ人", Did.CAME: "に来た人"}
EVENT = "event"  # among the labels: the names of events, by number
Labels = Mapping[str, Mapping[str, str]]


def sentence(segment: Segment, labels: Labels) -> str:
    """Whom it means, in plain Japanese; `labels` are the words of each code, and the names of events."""
    match segment:
        case All():
            return "お知らせを受け取っている全員"
        case Has():
            return _has(segment, labels)
        case Took(did, of, days):
            named = labels[EVENT].get(of, f"No.{of}")
            return f"この{days}日のうちに「{named}」{_DID[did]}"
        case And(parts):
            return _and(parts, labels)
        case Or(parts):
            return "、または".join(_inner(part, labels) for part in parts)
        case Not(part):
            return f"{_inner(part, labels)}ではない人"
        case _:
            assert_never(segment)


def _has(has: Has, labels: Labels) -> str:
    named = [f"「{labels[has.asked][code]}」" for code in has.codes if code != UNSET]
    said = [_SAYS[has.asked].format("か".join(named))] if named else []
    return "、または".join([*said, *([_SAYS_UNSET[has.asked]] if UNSET in has.codes else [])])


def _and(parts: tuple[Segment, ...], labels: Labels) -> str:
    kept = [part for part in parts if not isinstance(part, Not)] or [All()]
    text = "で、しかも".join(_inner(part, labels) for part in kept)
    out = [_inner(part.part, labels) for part in parts if isinstance(part, Not)]
    return f"{text}。ただし、{'と'.join(out)}は除く" if out else text


def _inner(part: Segment, labels: Labels) -> str:
    """A part inside another; in brackets where it would read two ways."""
    text = sentence(part, labels)
    two = isinstance(part, And | Or) or (isinstance(part, Has) and UNSET in part.codes and len(part.codes) > 1)
    return f"({text})" if two else text
