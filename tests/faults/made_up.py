"""Random posts with every field that the platforms' own SDKs describe, and with what people could write and touch."""

from __future__ import annotations

import datetime as dt
import inspect
import random
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import linebot.v3.webhooks as line  # type: ignore[import-untyped]
import telegram
from telegram._utils import types as telegram_types

_NOW = 1_795_340_000  # seconds; the tests' own evening
_WORDS = (
    "こんにちは", "メニュー", "はい", "いいえ", "人と話したい", "もどる", "やめる", "相談したい", "１", "2",
    "English", "中文", "한국어", "やさしい日本語", "会議室はいくらですか", "NPOをつくりたい", "助成金",
    "もう死にたい", "明日の午後3時", "080-1234-5678", "ない", "ボットに戻る",
    "/start", "/start flyer_7", "/staff 12345678", "//メモ", "＞＜", "<b>&", "{{7*7}}", "%s%n",
    "\u0000", "\ud842", "👨‍👩‍👧‍👦", "\u202eabc", "か\u3099", "https://example.org/?a=1&b=2",
    "A" * 5000, "あ" * 4096, "\n\n\n", " ", "",
)  # fmt: skip
_TAPS = (
    "m:consent", "m:refuse", "m:menu", "m:person", "m:bot", "m:back", "m:cancel", "f:consultation",
    "a:1:standing:npo", "a:1:trouble:money", "a:2:standing:none", "l:en", "l:zh", "l:ja", "v:a:1:y", "d",
    "c1:send", "c1:topic:start", "", "x" * 300, "a:1:standing:' OR 1=1--", "m:", ":", "s:1", "\u0000",
)  # fmt: skip
_LETTERS = (range(32, 127), range(0x3041, 0x9FA0), range(0x1F300, 0x1FAFF))
_MOMENTS = ("2026-12-01", "14:30", "2026-12-01T14:30", "x")
_RARELY, _DEEPEST = 0.06, 4

Json = dict[str, Any]


class Dice(random.Random):
    """Decides everything; `people` is how many write again and again."""

    def __init__(self, seed: int, people: int) -> None:
        super().__init__(seed)
        self.people = people


Make = Callable[[Dice, int], Any]


def line_user(number: int) -> str:
    """One of the people who write on LINE."""
    return f"U{number:032x}"


def line_events(seed: int, people: int) -> Iterator[Json]:
    """Events without end; about one in twenty is one that came before."""
    dice, past = Dice(seed, people), list[Json]()
    make = _line(line.Event)
    while True:
        if past and dice.random() < 0.05:
            yield {**dice.choice(past), "deliveryContext": {"isRedelivery": True}}
            continue
        event: Json = make(dice, 0)
        past = [*past[-200:], event]
        yield event


def telegram_updates(seed: int, people: int) -> Iterator[Json]:
    """Updates without end; about one in twenty is one that came before."""
    dice, past = Dice(seed, people), list[Json]()
    for number in range(1, 1 << 62):
        if past and dice.random() < 0.05:
            yield dice.choice(past)
        kind = dice.choices(list(_UPDATES), list(_UPDATES.values()))[0] if dice.random() < 0.9 else None
        shape = _hints(telegram.Update)
        kind = kind or dice.choice([name for name in shape if name != "update_id"])
        update = {"update_id": number, kind: _telegram(shape[kind])(dice, 1)}
        past = [*past[-200:], update]
        yield update


# -- what fields hold ------------------------------------------------------------------------------------------------
def _text(dice: Dice, _depth: int = 0) -> str:
    if dice.random() < 0.8:
        return dice.choice(_WORDS)
    return "".join(chr(dice.choice(dice.choice(_LETTERS))) for _ in range(dice.randrange(30)))


def _who(dice: Dice) -> int:
    """Half of all comes from few, who get far in a talk; half from people who do one thing, and must not be lost."""
    return dice.randrange(dice.people) if dice.random() < 0.5 else dice.people + dice.getrandbits(40)


def _whole(dice: Dice, _depth: int = 0) -> int:
    return dice.choice((0, 1, -1, 7, dice.randrange(1 << 31), (1 << 52) - 1, -(1 << 40)))


def _millis(dice: Dice, _depth: int) -> int:
    return _NOW * 1000 + dice.randrange(600_000) if dice.random() < 0.97 else _whole(dice)


def _seconds(dice: Dice, _depth: int) -> int:
    return _NOW + dice.randrange(600) if dice.random() < 0.97 else dice.choice((0, _NOW - 10**8, _NOW + 10**8))


def _number(dice: Dice, _depth: int) -> str:
    return f"{dice.randrange(1 << 40):018d}" if dice.random() < 0.9 else f"{dice.randrange(3000):018d}"


_NAMED: dict[str, Make] = {
    "userId": lambda dice, _: line_user(_who(dice)),
    "webhookEventId": lambda dice, _: f"01{dice.getrandbits(110):024X}"[:26],
    "timestamp": _millis,
    "id": _number,
    "messageId": _number,
    "data": lambda dice, _: dice.choice(_TAPS),
    "mode": lambda dice, _: "active" if dice.random() < 0.97 else "standby",
    "params": lambda dice, _: {dice.choice(("date", "time", "datetime", "status")): dice.choice(_MOMENTS)},
}

# -- LINE: pydantic models, kinds told apart by `type` ----------------------------------------------------------------
_ONE_OF = {
    ("ContentProvider", "type"): ("line", "external"),
    ("BeaconContent", "type"): ("enter", "banner", "stay"),
    ("UserSource", "type"): ("user",),
    ("LinkContent", "result"): ("ok", "failed"),
    ("StickerMessageContent", "stickerResourceType"): ("STATIC", "ANIMATION", "SOUND", "POPUP", "CUSTOM", "MESSAGE"),
    ("DetachedModuleContent", "reason"): ("bot_deleted",),
}
_KINDS = {"message": 60, "postback": 25, "follow": 8, "unfollow": 5, "unsend": 10, "user": 20, "text": 12}


@cache
def _line(model: Any) -> Make:
    kinds = getattr(model, f"_{model.__name__}__discriminator_value_class_map", None)
    if not kinds:
        return _line_fields(model)
    makers = {kind: _line_fields(getattr(line, name)) for kind, name in kinds.items()}
    weights = [_KINDS.get(kind, 1) for kind in makers]

    def one_kind(dice: Dice, depth: int) -> Json:
        kind = dice.choices(list(makers), weights)[0]
        return {**makers[kind](dice, depth), "type": kind}

    return one_kind


def _line_fields(model: Any) -> Make:
    always, own = {"source", "replyToken", "userId", "type"}, model.__name__
    fields = [(f.alias, f.required or f.alias in always, _line_value(own, f)) for f in model.__fields__.values()]

    def whole(dice: Dice, depth: int) -> Json:
        return {name: make(dice, depth) for name, must, make in fields if must or dice.random() < 0.3}

    return whole


def _line_value(of: str, field: Any) -> Make:
    if (of, field.alias) in _ONE_OF:
        return lambda dice, _: dice.choice(_ONE_OF[of, field.alias])
    if field.alias in _NAMED:
        return _NAMED[field.alias]
    kind: Any = field.type_
    if getattr(kind, "__fields__", None):
        one: Make = _line(kind)
        return one if field.shape == 1 else lambda dice, depth: [one(dice, depth) for _ in range(dice.randrange(1, 4))]
    name = str(kind)
    if "Bool" in name:
        return lambda dice, _: dice.random() < 0.5
    if "Float" in name:
        return lambda dice, _: dice.choice((35.7, 139.78, -90.0, 1e300, 0))
    if "Int" in name:
        return _whole
    return _text if field.shape == 1 else lambda dice, _: [_text(dice) for _ in range(dice.randrange(4))]


# -- Telegram: classes whose constructors carry the types -------------------------------------------------------------
_UPDATES = {"message": 60, "callback_query": 20, "edited_message": 8, "my_chat_member": 5, "channel_post": 2}
_SPACE = {**vars(typing), **vars(telegram_types), **vars(telegram), "dtm": dt, "datetime": dt.datetime}
_NEEDED = {"can_react_to_messages", "members_only", "persistent_id", "option_persistent_ids", "allows_revoting"}
_MESSAGE = ("text", "text", "text", "text", "photo", "sticker", "voice", "document", "location", "contact", "dice", "")


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind.__init__, _SPACE, _SPACE)  # type: ignore[misc]
    return {name: hint for name, hint in hints.items() if name not in {"return", "api_kwargs"}}


@cache
def _telegram(hint: Any) -> Make:
    """How a value of this type is made; of a choice of types the first that is not None."""
    origin, inner = typing.get_origin(hint), [one for one in typing.get_args(hint) if one is not types.NoneType]
    if origin is typing.Literal:
        return lambda dice, _: dice.choice(inner)
    if origin in {typing.Union, types.UnionType}:
        return _telegram(next((one for one in inner if one is dt.timedelta), inner[0]))
    if origin is not None and issubclass(origin, Sequence):
        one = _telegram(inner[0])
        return lambda dice, depth: [one(dice, depth + 1) for _ in range(dice.randrange(1, 3))]
    return _NAMED_TYPES.get(hint) or (_object(hint) if _is_object(hint) else _text)


def _is_object(hint: Any) -> bool:
    return inspect.isclass(hint) and issubclass(hint, telegram.TelegramObject)


def _object(kind: Any) -> Make:
    below = [one for one in kind.__subclasses__() if one.__module__.startswith("telegram")]
    if below and kind is not telegram.Message:
        return lambda dice, depth: _telegram(dice.choice(below))(dice, depth)
    told = _told_apart(kind)
    needed = _needed(kind)
    shape = {name: hint for name, hint in _hints(kind).items() if name not in told}

    def whole(dice: Dice, depth: int) -> Json:
        some = 0.0 if depth >= _DEEPEST else _RARELY
        chosen = [name for name in shape if name in needed or dice.random() < some]
        made = {_key(name): _telegram(shape[name])(dice, depth + 1) for name in chosen}
        return _fit(kind, {**made, **told}, dice, depth)

    return whole


def _key(name: str) -> str:
    return name.removesuffix("_user") if name == "from_user" else name


def _fit(kind: type, made: Json, dice: Dice, depth: int) -> Json:
    """What the types alone do not say: whose chat it is, and what a message usually carries."""
    if kind is telegram.Chat:
        private = dice.random() < 0.85
        made["type"] = "private" if private else dice.choice(("group", "supergroup", "channel"))
        made["id"] = (1 + _who(dice)) * (1 if private else -1000)
    if kind is telegram.Message and depth <= 2 and (carried := dice.choice(_MESSAGE)):
        made[carried] = _telegram(_hints(kind)[carried])(dice, depth + 1)
    if kind is telegram.InaccessibleMessage:
        made["date"] = 0
    if kind is telegram.CallbackQuery:
        made["data"] = dice.choice(_TAPS)
    return made


@cache
def _needed(kind: type) -> frozenset[str]:
    """The fields that must be there; some constructors say so only when they miss them."""
    given = inspect.signature(kind).parameters.items()
    must = {name for name, one in given if one.default is inspect.Parameter.empty}
    return frozenset(must | (_NEEDED & _hints(kind).keys()))


@cache
def _told_apart(kind: type) -> Json:
    """The constant by which a class of several is known; its constructor sets it."""
    base = kind.__mro__[1]
    if base is telegram.TelegramObject or base is object:
        return {}
    own = [name for name in ("type", "status", "source") if name in _hints(base)]
    hints, moment = _hints(kind), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made: Any = kind(**{name: () if typing.get_origin(hints[name]) is Sequence else moment for name in _needed(kind)})
    return {name: str(getattr(made, name)) for name in own}


_NAMED_TYPES: dict[Any, Make] = {
    int: _whole,
    str: _text,
    bool: lambda dice, _: dice.random() < 0.5,
    float: lambda dice, _: dice.choice((35.7, 139.78, -90.0, 1e300, 0)),
    dt.datetime: _seconds,
    dt.timedelta: lambda dice, _: dice.randrange(100_000),
}
