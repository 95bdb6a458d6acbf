"""Every kind of question: what may be typed, tapped or shown, how it is kept, loaded again and read out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dialogs.heard import Showed, Thing
from dialogs.problem import Problem
from dialogs.question import Item
from dialogs.questions import (
    Agreed,
    Clock,
    Condition,
    Consent,
    Day,
    File,
    LongText,
    Mail,
    ManyOf,
    Moment,
    Number,
    OneOf,
    Phone,
    Postcode,
    Question,
    Scene,
    Slot,
    Text,
    YesNo,
)
from dialogs.session import SKIPPED
from tests.dialogs.everything import Everything, Tool, Way, library_with
from tests.each import each
from tests.stopwatch import quickest

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Tuesday
FREE = ("2026-11-25T10:00", "2026-12-01T14:00")
ALONE = ManyOf(Tool, alone=(Tool.NOTHING,))


def scene(language: str = "ja", free: Sequence[str] = FREE) -> Scene:
    """What a question may know on that Tuesday."""
    return Scene(library_with(Everything)[language], NOW, "everything", {"hours": [Item(one) for one in free]})


def named(question: Question[Any], key: str) -> Question[Any]:
    """The question as an attribute of that name would be."""
    question.__set_name__(Everything, key)
    return question


def way() -> OneOf[Way]:
    """The question of how to meet."""
    question = OneOf(Way)
    question.__set_name__(Everything, "way")
    return question


READ: list[tuple[Question[Any], str, str, Any]] = [
    (YesNo(), "hidden", "はい", True),
    (YesNo(), "hidden", "いいえ。", False),
    (YesNo(), "hidden", "１", True),
    (YesNo(), "hidden", "2番", False),
    (YesNo(), "hidden", "うん", True),
    (YesNo(), "hidden", "たぶん", None),
    (OneOf(Way), "way", "way phone", "phone"),
    (OneOf(Way), "way", " ＷＡＹ　ＰＨＯＮＥ ", "phone"),
    (OneOf(Way), "way", "way phoneがいいです", "phone"),
    (OneOf(Way), "way", "③", "letter"),
    (OneOf(Way), "way", "3番目でお願いします", "letter"),
    (OneOf(Way), "way", "0", None),
    (OneOf(Way), "way", "4", None),
    (OneOf(Way), "way", "phone", None),
    (OneOf(Way), "way", "", None),
    (OneOf(Way), "way", "1" * 5000, None),
    (ALONE, "tools", "1、2", ["broom", "bag"]),
    (ALONE, "tools", "2と1", ["broom", "bag"]),
    (ALONE, "tools", "tools bag, tools broom", ["broom", "bag"]),
    (ALONE, "tools", "tools bag・１", ["broom", "bag"]),
    (ALONE, "tools", "1 4", None),
    (ALONE, "tools", "、、", None),
    (ALONE, "tools", "", None),
    (Slot(of="hours"), "slot", "1", [FREE[0]]),
    (Slot(of="hours"), "slot", "1と2", list(FREE)),
    (Slot(of="hours"), "slot", "来週の火曜 午後2時", [FREE[1]]),
    (Slot(of="hours"), "slot", "12月1日(火) 午後2時", [FREE[1]]),
    (Slot(of="hours"), "slot", "12月1日 午後3時", Problem("not_free", {"moment": "12月1日(火) 午後3時"})),
    (Slot(of="hours", at_most=1), "slot", "1と2", Problem("too_many", {"at_most": 1})),
    (Slot(of="hours"), "slot", "花の会", None),
    (Number(at_least=1, at_most=50), "count", "５人です", 5),
    (Number(at_least=1, at_most=50), "count", "五十一", Problem("too_large", {"at_most": 50})),
    (Number(at_least=1, at_most=50), "count", "0", Problem("too_small", {"at_least": 1})),
    (Number(at_least=1, at_most=50), "count", "多い", Problem("not_a_number")),
    (Day(), "day", "令和8年12月1日", "2026-12-01"),
    (Day(), "day", "2020-01-01", "2020-01-01"),
    (Day(future=True), "day", "きのう", Problem("too_early")),
    (Day(future=True), "day", "今日", "2026-11-24"),
    (Clock(), "clock", "夜7時半", "19:30"),
    (Clock(), "clock", "14:30", "14:30"),
    (Clock(), "clock", "3時", Problem("which_half", {"hour": 3})),
    (Moment(), "moment", "明日の午後2時", "2026-11-25T14:00"),
    (Moment(), "moment", "2026-11-25 14:00", "2026-11-25T14:00"),
    (Moment(), "moment", "今日の午前9時", Problem("too_early")),
    (Text(at_most=5), "title", " 花の会 ", "花の会"),
    (Text(at_most=5), "title", "花の会です。", Problem("too_long", {"at_most": 5, "now": 6})),
    (Text(at_most=5), "title", "\u200b", Problem("empty")),
    (Text(at_most=1), "title", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
    (LongText(), "story", "一\n二", "一\n二"),
    (LongText(), "story", "123456789018", Problem("secret_number")),
    (Phone(), "phone", "０９０ー１２３４ー５６７８", "090-1234-5678"),
    (Phone(), "phone", "1234-5678", Problem("phone_area_missing")),
    (Mail(), "mail", "Hana@Example.JP です", "Hana@example.jp"),
    (Mail(), "mail", "hana", Problem("not_a_mail")),
    (Postcode(), "postcode", "〒１１０−００１５", "110-0015"),
    (Postcode(), "postcode", "1100", Problem("not_a_postcode")),
    (File(), "file", "ここにあります", Problem("file_wanted")),
    (Consent(version="v2"), "consent", "同意する", "v2"),
    (Consent(version="v2"), "consent", "どういします", None),
    (Consent(version="v2"), "consent", "いいえ", "no:v2"),
    (Consent(version="v2"), "consent", "同意しません", "no:v2"),
    (Consent(version="v2"), "consent", "もどる", None),
]


@each(
    ("question", "key", "typed", "kept"), READ, ids=[f"{type(q).__name__}: {typed[:20]!r}" for q, _, typed, _ in READ]
)
def test_what_is_typed_is_kept_as_json_that_loads_again(
    question: Question[Any], key: str, typed: str, kept: Any
) -> None:
    raw = named(question, key).read(typed, scene())
    assert raw == kept
    if raw is not None and not isinstance(raw, Problem):
        again = json.loads(json.dumps(raw))
        assert again == raw
        assert question.load(again) is not None
        assert question.show(again, scene()).strip()


@each(
    ("question", "raw", "loaded", "shown"),
    [
        (YesNo(), False, False, "いいえ"),
        (OneOf(Way), "letter", Way.LETTER, "letter"),
        (ManyOf(Tool), ["bag", "broom"], (Tool.BAG, Tool.BROOM), "bag、broom"),
        (Slot(of="hours"), ["2026-12-01T14:00"], ("2026-12-01T14:00",), "12月1日(火) 午後2時"),
        (Number(), 0, 0, "0"),
        (Day(), "2026-12-01", date(2026, 12, 1), "12月1日(火)"),
        (Day(), "2027-01-05", date(2027, 1, 5), "2027年1月5日(火)"),
        (Clock(), "14:30", time(14, 30), "午後2時30分"),
        (Moment(), "2026-12-01T09:00", datetime(2026, 12, 1, 9), "12月1日(火) 午前9時"),  # noqa: DTZ001
        (Text(), "花", "花", "花"),
        (File(), {"ref": "x", "name": "会則.pdf", "kind": "file"}, "x", "会則.pdf"),
        (File(), {"ref": "x", "name": "", "kind": "picture"}, "x", "写真"),
        (Consent(version="v1"), "v1", Agreed("v1"), "同意する"),
        (Consent(version="v1"), "no:v1", Agreed("v1"), "同意しない"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Question) else None,
)
def test_an_answer_is_loaded_and_read_out(question: Question[Any], raw: Any, loaded: Any, shown: str) -> None:
    key = {"OneOf": "way", "ManyOf": "tools", "YesNo": "hidden"}.get(type(question).__name__, "title")
    assert named(question, key).answer({key: raw}) == loaded
    said = question.show(raw, scene())
    assert said.replace("way ", "").replace("tools ", "") == shown


@each("raw", [None, 5.5, "x" * 9, [], ["x"], [1], [{}], {}, {"ref": ""}, -1, True], ids=repr)
@each(
    "question",
    [OneOf(Way), ManyOf(Tool), Slot(of="hours"), Day(), Clock(), Moment(), File(), Consent(version="v")],
    ids=lambda question: type(question).__name__,
)
def test_stored_rubbish_counts_as_unanswered(question: Question[Any], raw: Any) -> None:
    assert named(question, "way").raw({"way": raw}) is None
    assert question.answer({"way": raw}) is None


def test_only_an_optional_question_can_be_passed_over() -> None:
    for optional in (True, False):
        question = named(Number(optional=optional), "count")
        assert question.passed(dict(SKIPPED)) is optional
        assert (question.raw({"count": dict(SKIPPED)}) is not None) is optional
        assert question.answer({"count": dict(SKIPPED)}) is None


@pytest.mark.parametrize(
    ("thing", "kept"),
    [
        (Showed(Thing.PICTURE, "7"), {"ref": "7", "name": "", "kind": "picture"}),
        (Showed(Thing.FILE, "8", "会則.pdf"), {"ref": "8", "name": "会則.pdf", "kind": "file"}),
        (Showed(Thing.PICTURE), None),
        (Showed(Thing.STICKER, "9"), None),
        (Showed(Thing.VOICE, "9"), None),
    ],
    ids=lambda value: value.thing.value if isinstance(value, Showed) else None,
)
def test_a_file_is_a_picture_or_a_document(thing: Showed, kept: Any) -> None:
    assert File().showed(thing) == kept
    assert Text().showed(thing) is None


@each(
    ("question", "raw", "over"),
    [
        (Day(future=True), "2026-11-23", True),
        (Day(future=True), "2026-11-24", False),
        (Day(), "2020-01-01", False),
        (Moment(), "2026-11-24T09:59", True),
        (Moment(), "2026-11-24T10:01", False),
        (Slot(of="hours"), ["2026-11-24T09:00"], True),
        (Slot(of="hours"), ["2026-11-24T09:00", "2026-11-25T09:00"], False),
        (Slot(of="hours", optional=True), dict(SKIPPED), False),
        (Day(future=True, optional=True), dict(SKIPPED), False),
        (Text(), "2020-01-01", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Question) else repr(value),
)
def test_an_answer_about_a_time_that_has_passed_is_over(question: Question[Any], raw: Any, over: bool) -> None:
    assert question.over(raw, NOW) is over


@pytest.mark.parametrize(
    ("option", "before", "after"),
    [
        ("bag", (), ("bag",)),
        ("bag", ("broom",), ("broom", "bag")),
        ("bag", ("bag", "broom"), ("broom",)),
        ("nothing", ("bag", "broom"), ("nothing",)),
        ("bag", ("nothing",), ("bag",)),
    ],
)
def test_a_tick_comes_and_goes_and_nothing_stands_alone(
    option: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert ALONE.toggled(before, option) == after


def test_an_empty_shelf_takes_a_wish_in_words() -> None:
    slot = named(Slot(of="hours"), "slot")
    assert slot.options(scene(free=())) == ()
    assert slot.read("明日の午後2時", scene(free=())) == ["2026-11-25T14:00"]
    assert slot.read("今日の午前9時", scene(free=())) == Problem("too_early")


def test_words_around_an_option_are_not_read_in_a_million_ways() -> None:
    way = named(OneOf(Way), "way")
    assert quickest(lambda: way.read("でいい" * 26 + "y", scene())) < 0.05


def test_a_part_of_a_label_is_enough_where_only_one_has_it() -> None:
    book = scene().words
    here = Scene(book, NOW, "consultation")
    from dialogs.flows.consultation import Consultation

    trouble, standing = Consultation.trouble, Consultation.standing
    assert standing.read("サークル", here) == "voluntary"
    assert trouble.read("助成", here) == ["money"]
    assert trouble.read("助成、広報、区との協働・提案", here) == ["money", "publicity", "ward"]
    assert trouble.read("お金・助成 会計・税", here) == ["money", "accounts"]
    assert trouble.read("お金がありません", here) is None
    assert trouble.read("税", here) is None  # one sign alone could be a slip


@pytest.mark.parametrize(
    ("condition", "answers", "holds", "said"),
    [
        (way().is_(Way.DESK), {"way": "desk"}, True, "way = desk"),
        (way().is_(Way.DESK, Way.PHONE), {"way": "letter"}, False, "way = desk or phone"),
        (way().is_(Way.DESK), {}, False, "way = desk"),
        (way().is_(Way.DESK) & way().is_(Way.PHONE), {"way": "desk"}, False, "way = desk and way = phone"),
    ],
    ids=str,
)
def test_conditions_look_back_at_answers(condition: Condition, answers: Any, holds: bool, said: str) -> None:
    assert condition.holds(answers) is holds
    assert str(condition) == said


def test_yes_no_and_ticks_can_be_looked_back_at() -> None:
    more, tools = YesNo(), ManyOf(Tool)
    more.__set_name__(Everything, "more")
    tools.__set_name__(Everything, "tools")
    assert more.is_(True).holds({"more": True})
    assert not more.is_(True).holds({})
    assert more.is_(False).holds({"more": False})
    assert tools.has(Tool.BAG).holds({"tools": ["broom", "bag"]})
    assert not tools.has(Tool.BAG).holds({"tools": dict(SKIPPED)})
    assert not tools.has(Tool.BAG).holds({})
