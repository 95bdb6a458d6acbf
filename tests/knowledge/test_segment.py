"""B-01: a segment is read strictly, said in one sentence, and refused by name where it must not be sent to."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.console.segment_form import labels
from dialogs.words import library
from knowledge import interests
from knowledge.segment import (
    ALLOWED,
    LONGEST,
    All,
    And,
    Asked,
    Did,
    Has,
    Not,
    Or,
    Refusal,
    Segment,
    Took,
    from_json,
    mark,
    parts_of,
    refused,
    sentence,
    to_json,
    wrong,
)
from tests.each import each

TITLES = {12: "防災カフェ"}
EVENTS, ASAKUSA = Has(Asked.TOPIC, ("events",)), Has(Asked.AREA, ("asakusa", "unset"))
DEEP: Segment = EVENTS
for _ in range(9):
    DEEP = Not(DEEP)


def nested(times: int) -> Segment:
    """So many refusals of a refusal around one filter."""
    means: Segment = EVENTS
    for _ in range(times):
        means = Not(means)
    return means


ATOMS = st.one_of(
    st.just(All()),
    st.builds(Took, st.sampled_from(Did), st.sampled_from(["any", "event", "course", "12"]), st.integers(1, 730)),
    st.sampled_from(sorted(ALLOWED)).flatmap(
        lambda asked: st.builds(
            Has,
            st.just(asked),
            st.lists(st.sampled_from(sorted(ALLOWED[asked])), min_size=1, max_size=3, unique=True).map(tuple),
        )
    ),
)
SEGMENTS: st.SearchStrategy[Segment] = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.builds(And, st.lists(part, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(part, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, part),
    ),
    max_leaves=6,
)


@each(
    ("raw", "why"),
    [
        ("null", Refusal.SHAPE),
        ("", Refusal.SHAPE),
        ("[]", Refusal.SHAPE),
        ('{"kind":"everybody"}', Refusal.SHAPE),
        ('{"kind":"has","asked":"weight","codes":["x"]}', Refusal.SHAPE),
        ('{"kind":"has","asked":"topic","codes":null}', Refusal.SHAPE),
        ('{"kind":"has","asked":"topic","codes":[null]}', Refusal.SHAPE),
        ('{"kind":"has","asked":"topic"}', Refusal.SHAPE),
        ('{"kind":"has","asked":"topic","codes":["events"],"or":1}', Refusal.SHAPE),
        ('{"kind":"not","part":null}', Refusal.SHAPE),
        ('{"kind":"and","parts":[null]}', Refusal.SHAPE),
        ('{"kind":"has","asked":"topic","codes":["gold"]}', Refusal.UNKNOWN),
        ('{"kind":"has","asked":"channel","codes":["unset"]}', Refusal.UNKNOWN),
        ('{"kind":"has","asked":"field","codes":["npo"]}', Refusal.UNKNOWN),
        ('{"kind":"took","did":"heard","of":"any","days":30}', Refusal.SHAPE),
        ('{"kind":"took","did":"came","of":"any","days":"30"}', Refusal.SHAPE),
        ('{"kind":"took","did":"came","of":"any"}', Refusal.SHAPE),
        ('{"kind":"took","did":"came","of":"any","days":0}', Refusal.UNKNOWN),
        ('{"kind":"took","did":"came","of":"any","days":731}', Refusal.UNKNOWN),
        ('{"kind":"took","did":"came","of":"party","days":30}', Refusal.UNKNOWN),
        ('{"kind":"took","did":"came","of":"","days":30}', Refusal.UNKNOWN),
        ('{"kind":"took","did":"came","of":"9999999999999999999","days":30}', Refusal.UNKNOWN),
        ('{"kind":"has","asked":"topic","codes":[]}', Refusal.EMPTY),
        ('{"kind":"and","parts":[]}', Refusal.EMPTY),
        ('{"kind":"not","part":{"kind":"or","parts":[]}}', Refusal.EMPTY),
        (to_json(DEEP), Refusal.LARGE),
        (to_json(Or((EVENTS,) * 60)), Refusal.LARGE),
        ('{"kind":"not","part":' * 5000 + "1" + "}" * 5000, Refusal.SHAPE),
    ],
)
def test_B01_what_is_no_segment_is_refused_by_name(raw: str, why: Refusal) -> None:
    assert from_json(raw) is why


@each(
    ("means", "fits", "everybody", "typed", "why"),
    [
        (All(), 300, 300, None, Refusal.EVERYONE),
        (All(), 300, 300, 299, Refusal.EVERYONE),
        (All(), 300, 300, 300, None),
        (Not(EVENTS), 300, 300, None, Refusal.EVERYONE),
        (EVENTS, 299, 300, None, None),
        (EVENTS, 0, 300, 0, Refusal.EMPTY),
        (All(), 0, 0, 0, Refusal.EMPTY),
        (Has(Asked.TOPIC, ()), 5, 300, None, Refusal.EMPTY),
        (Has(Asked.TOPIC, ("gold",)), 5, 300, None, Refusal.UNKNOWN),
    ],
)
def test_B01_nobody_is_refused_and_everybody_needs_their_number(
    means: Segment, fits: int, everybody: int, typed: int | None, why: Refusal | None
) -> None:
    assert refused(means, fits, everybody, typed) is why


@settings(max_examples=60, deadline=None)
@given(SEGMENTS)
def test_a_segment_survives_json_and_its_mark_is_its_own(means: Segment) -> None:
    back = from_json(to_json(means))
    assert isinstance(back, Refusal) or (back == means and mark(back) == mark(means))
    assert mark(Not(means)) != mark(means)
    assert sentence(means, labels(library(), TITLES))


@each(
    ("means", "said"),
    [
        (All(), "お知らせを受け取っている全員"),
        (EVENTS, "「催し」のお知らせを選んだ人"),
        (
            And((EVENTS, ASAKUSA, Not(Has(Asked.CHANNEL, ("web",))))),
            "「催し」のお知らせを選んだ人で、しかも(地域が「浅草」の人、または地域を選んでいない人)。"
            "ただし、「ウェブ」で受け取る人は除く",
        ),
        (Or((EVENTS, Has(Asked.ROLE, ("group",)))), "「催し」のお知らせを選んだ人、または「団体の人」の人"),
        (Has(Asked.FORM, ("npo",)), "団体の種類が「NPO法人」の人"),
        (
            And((Took(Did.CAME, "12", 30), Not(Took(Did.SIGNED, "course", 90)))),
            "この30日のうちに「No.12 防災カフェ」に来た人。"
            "ただし、この90日のうちに「講座のどれか」に申し込んだ人は除く",
        ),
        (Took(Did.SIGNED, "404", 7), "この7日のうちに「No.404」に申し込んだ人"),
        (And((Not(EVENTS),)), "お知らせを受け取っている全員。ただし、「催し」のお知らせを選んだ人は除く"),
    ],
)
def test_a_segment_is_said_in_plain_japanese(means: Segment, said: str) -> None:
    assert sentence(means, labels(library(), TITLES)) == said


def test_every_code_has_its_words_and_every_word_its_number() -> None:
    book = library()["ja"]
    words = {kind: set(book.keys(f"wish_{kind}")) for kind in interests.KINDS}
    asked = {"form": "form", "base": "area", "field": "fields"}
    named = labels(library(), {})
    for kind, question in asked.items():
        words[kind] = set(named[kind]) - {"unset"}
        assert words[kind] == set(book.keys(f"grant_group.{question}")) - {"ask", "label"}
    assert words == {kind: set(bits) for kind, bits in interests.codes().items()}


def test_the_numbers_of_codes_never_change() -> None:
    """A mask in the database means these for ever; a new code is a new line here."""
    kept: Mapping[str, list[str]] = {
        "topic": ["events", "courses", "volunteer", "groups", "grants", "rooms", "centre"],
        "area": ["ueno", "yanaka", "negishi", "asakusa", "kuramae", "ryusen", "online"],
        "role": ["resident", "group", "starting", "parent", "student", "senior", "foreign", "business"],
        "form": ["voluntary", "neighbourhood", "npo", "association", "welfare", "school", "company", "other"],
        "base": ["part", "ward", "tokyo", "country"],
        "field": [
            "welfare", "learning", "town", "culture", "nature", "safety", "rights", "world", "children", "work",
            "support", "other",
        ],
    }  # fmt: skip
    assert {kind: sorted(bits, key=bits.__getitem__) for kind, bits in interests.codes().items()} == kept
    for kinds in (*((kind,) for kind in interests.KINDS), interests.GROUP):  # a group's three are one mask
        bits = [bit for kind in kinds for bit in interests.codes()[kind].values()]
        assert bits == [*range(len(bits))]
    for kind, codes in kept.items():
        assert interests.chosen(kind, interests.mask(kind, [*codes, "gone"])) == set(codes)
        assert [interests.chosen(kind, interests.mask(kind, [code])) for code in codes] == [{code} for code in codes]


@each(
    ("means", "why"),
    [
        (Took(Did.SIGNED, "any", 1), None),
        (Took(Did.SIGNED, "any", LONGEST), None),
        (Took(Did.SIGNED, "any", 0), Refusal.UNKNOWN),
        (Took(Did.SIGNED, "any", LONGEST + 1), Refusal.UNKNOWN),
        (Took(Did.SIGNED, "9" * 18, 1), None),
        (Took(Did.SIGNED, "9" * 19, 1), Refusal.UNKNOWN),
        (Took(Did.SIGNED, "12a", 1), Refusal.UNKNOWN),
        (Has(Asked.TOPIC, tuple(sorted(ALLOWED[Asked.TOPIC]))), None),
        (nested(7), None),
        (nested(8), Refusal.LARGE),
        (And((EVENTS,) * 59), None),
        (And((EVENTS,) * 60), Refusal.LARGE),
        (And((And((EVENTS,) * 29), Or((EVENTS,) * 28))), None),
        (And((And((EVENTS,) * 29), Or((EVENTS,) * 29))), Refusal.LARGE),
    ],
)
def test_B01_the_edge_of_what_is_read_is_where_it_is_said_to_be(means: Segment, why: Refusal | None) -> None:
    assert wrong(means) is why


def test_the_parts_of_a_segment_are_all_of_them() -> None:
    inner = Or((EVENTS, Not(ASAKUSA)))
    assert parts_of(And((inner, All()))) == [And((inner, All())), inner, EVENTS, Not(ASAKUSA), ASAKUSA, All()]
