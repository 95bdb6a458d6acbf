"""Words are found again in sealed columns: by whoever may see them, as they stand now, and by nobody once erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from dialogs.fold import fold, run_on
from storage import cases, corrections, indexing, notes, people, searching, talk, tombstones
from storage.engine import Store
from storage.postings import SPAN, in_all, packed, unpacked
from storage.queue_tables import search_block, search_gone
from storage.searching import USUAL, Answer, Limits
from storage.sight import EVERYTHING, Sight
from storage.talk import Author, Line, Way
from tests.storage.house import a_case, do, member, someone


def says(store: Store, now: datetime, who: people.Person, case_id: int, *texts: str) -> None:
    """What somebody writes, a second apart; `said_id` is the text."""
    lines = [
        Line(
            who.id, who.key, now + timedelta(seconds=n), Way.IN, Author.PERSON, {"kind": "typed", "text": text},
            case_id, who.contacts[0].id, channel="line", said_id=text,
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    do(store, lambda conn: talk.write(conn, store.vault, lines))


def index(store: Store) -> None:
    """Everything swept and taken in, whatever is few."""
    while do(store, lambda conn: indexing.sweep(conn, store.vault, 7)):
        pass
    while do(store, lambda conn: indexing.take_in(conn, store.vault, 1, 3)):
        pass


def ask(store: Store, asked: str, sight: Sight = EVERYTHING, limits: Limits = USUAL) -> Answer:
    return store.read(lambda conn: searching.search(conn, store.vault, sight, asked, limits))


def found(store: Store, asked: str, sight: Sight = EVERYTHING) -> list[tuple[int, str]]:
    """(case, the words that hold it), as both the waiting lines and the index tell it."""
    return [(one.words.case_id, one.words.text) for one in ask(store, asked, sight).hits]


def blocks(store: Store) -> dict[tuple[int, int], set[int]]:
    """What every block of the index holds."""

    def look(conn: Connection) -> dict[tuple[int, int], set[int]]:
        rows = conn.execute(select(search_block.c.segment, search_block.c.pair, search_block.c.lines)).all()
        return {
            (segment, pair): unpacked(store.vault.unseal(store.vault.house, indexing.column(segment, pair), lines))
            for segment, pair, lines in rows
        }

    return store.read(look)


@given(st.lists(st.sets(st.integers(0, SPAN - 1)), min_size=1, max_size=4), st.booleans())
def test_blocks_give_back_what_was_put_in_and_what_all_hold(lists: list[set[int]], crowded: bool) -> None:
    full = set(range(0, SPAN, 3)) if crowded else set()
    holding = [one | full for one in lists]
    assert [unpacked(packed(one)) for one in holding] == holding
    assert in_all([packed(one) for one in holding]) == sorted(set.intersection(*holding), reverse=True)


@given(st.text(max_size=40))
def test_run_on_text_knows_where_each_sign_began(text: str) -> None:
    even, places = run_on(text)
    assert len(even) == len(places)
    assert places == sorted(places)
    assert " " not in even
    if text.isascii():
        assert even == fold(text).replace(" ", "")


SPELT = [
    ("助成金の申請書を見てください", "申請書"),
    ("ﾎﾞﾗﾝﾃｨｱをさがしています", "ぼらんてぃあ"),
    ("ボランティアをさがしています", "ﾎﾞﾗﾝﾃｨｱ"),
    ("ＮＰＯ法人のことで", "npo"),
    ("山田　太郎と申します", "山田太郎"),
    ("山田太郎と申します", "太郎 山田"),
    ("ガイドを読みました", "か\u3099いと\u3099"),
    ("葛\U000e0100飾区です", "葛飾区"),
    ("Where is the meeting room?", "MEETING where"),
    ("주민 모임", "모임"),
]


def test_words_are_found_whatever_their_width_kana_case_or_spaces(store: Store, now: datetime) -> None:
    who = someone(store, now)
    case_id = a_case(store, now, who).id
    says(store, now, who, case_id, *dict(SPELT), "ほかのこと")
    for _ in range(2):
        for said, asked in SPELT:
            [hit] = ask(store, asked).hits
            assert hit.words.case_id == case_id, said
            spans = {run_on(hit.words.text[start:end])[0] for start, end in hit.places}
            assert spans == set(searching.terms_of(asked))
        index(store)


def test_answers_notes_replies_and_references_are_found_and_the_bots_words_are_not(store: Store, now: datetime) -> None:
    who, aoki = someone(store, now), member(store, now)
    head = a_case(store, now, who)
    reply = Line(
        who.id, who.key, now, Way.OUT, Author.STAFF, {"text": "窓口へどうぞ"}, head.id, who.contacts[0].id, aoki
    )
    bot = replace(reply, author=Author.BOT, staff_id=None, body={"text": "こんばんは、窓口です"})
    do(store, lambda conn: talk.write(conn, store.vault, [reply, bot]))
    do(store, lambda conn: notes.add(conn, store.vault, notes.NewNote(head.id, aoki, "来週また電話"), now))
    for _ in range(2):
        assert found(store, "窓口") == [(head.id, "窓口へどうぞ")]
        assert [one.words.who for one in ask(store, "電話").hits] == ["note"]
        assert [one.words.who for one in ask(store, "𠮷さん").hits] == ["answers"]
        assert found(store, "こんばんは") == []
        for asked in (head.ref, head.ref.lower(), head.ref.replace("-", " "), "Ｋ" + head.ref):
            named = ask(store, asked).by_ref
            assert (named.id if named else None) == (None if asked[0] == "Ｋ" else head.id)
        index(store)


def test_what_is_erased_unsaid_or_said_anew_leaves_the_index_and_is_not_found(store: Store, now: datetime) -> None:
    who, other, aoki = someone(store, now), someone(store, now, "U2"), member(store, now)
    case_id, beside = a_case(store, now, who).id, a_case(store, now, other).id
    says(store, now, who, case_id, "ひみつの話", "まちがえた話", "のこる話")
    says(store, now, other, beside, "べつの人の話")
    do(store, lambda conn: notes.add(conn, store.vault, notes.NewNote(case_id, aoki, "メモの話"), now))
    index(store)
    assert len(found(store, "の話")) == 2
    new = corrections.Correction(who.id, "line", "まちがえた話", {"kind": "corrected", "text": "なおした話"})
    do(store, lambda conn: tombstones.withdraw(conn, store.vault, "line", "ひみつの話", now))
    assert do(store, lambda conn: corrections.correct(conn, store.vault, new, now))
    for _ in range(2):
        assert found(store, "ひみつ") == found(store, "まちがえた") == []
        assert found(store, "なおした話") == [(case_id, "なおした話")]
        index(store)
    before = blocks(store)
    do(store, lambda conn: people.forget(conn, who.id, now))
    assert found(store, "の話") == [(beside, "べつの人の話")]
    index(store)
    left = blocks(store)
    gone = {key: places - left.get(key, set()) for key, places in before.items()}
    assert {key[0] >> 32 for key, places in gone.items() if places} == {1, 2, 3}
    assert len({place for key, places in left.items() if key[0] >> 32 == 1 for place in places}) == 1
    assert store.read(lambda conn: conn.execute(select(search_gone)).all()) == []
    assert found(store, "べつの人") == [(beside, "べつの人の話")]


def test_C15_nothing_out_of_sight_is_found_opened_or_counted(store: Store, now: datetime) -> None:
    few = Limits(cases=1)
    hidden, seen = someone(store, now, "U1"), someone(store, now, "U2")
    secret, plain = a_case(store, now, hidden), a_case(store, now, seen)
    says(store, now, seen, plain.id, *(f"相談 {n}" for n in range(5)))
    apart = Sight(7, apart=frozenset({secret.id}), people=frozenset({hidden.id}))
    own = Sight(7, own=True, asked=frozenset({plain.id}))
    before = [ask(store, "相談", sight, few) for sight in (apart, own)]
    says(store, now, hidden, secret.id, *(f"相談 しない {n}" for n in range(30)))
    for _ in range(2):
        assert [ask(store, "相談", sight, few) for sight in (apart, own)] == before
        assert not before[0].cut
        assert ask(store, "相談", limits=few).cut, "whoever sees them is told that not all was looked at"
        assert found(store, "しない", apart) == found(store, "しない", own) == []
        assert ask(store, secret.ref, apart).by_ref is ask(store, secret.ref, own).by_ref is None
        index(store)


def test_many_cases_are_cut_newest_first_and_said_so(store: Store, now: datetime) -> None:
    made = []
    for n in range(5):
        who = someone(store, now, f"U{n}")
        made.append(a_case(store, now, who).id)
        says(store, now + timedelta(minutes=n), who, made[-1], "おなじ話")
    for _ in range(2):
        answer = ask(store, "おなじ話", limits=Limits(cases=3))
        assert ([one.words.case_id for one in answer.hits], answer.cut) == (made[:1:-1], True)
        index(store)
    assert not ask(store, "ちがう話").cut


def test_few_lines_wait_so_that_blocks_do_not_tell_whose_pairs_they_got(store: Store, now: datetime) -> None:
    who = someone(store, now)
    says(store, now, who, a_case(store, now, who).id, "ひとつだけ")
    assert do(store, lambda conn: indexing.take_in(conn, store.vault)) == 0
    assert blocks(store) == {}
    assert len(found(store, "ひとつ")) == 1


def test_nothing_strange_that_is_asked_breaks_it(store: Store, now: datetime) -> None:
    who = someone(store, now)
    says(store, now, who, a_case(store, now, who).id, "あいうえお")
    index(store)
    strange = ("", " ", "あ", "あ い", "\u200b", "゛", "a" * 10_000, "%_", "🙂🙂", "\ud800\ud800")
    assert {asked: found(store, asked) for asked in strange} == {asked: [] for asked in strange}


def test_a_case_that_takes_in_another_form_is_found_by_its_new_answers(store: Store, now: datetime) -> None:
    who = someone(store, now)
    head = a_case(store, now, who)
    index(store)
    new = cases.Opening(
        who.id, who.key, who.contacts[0].id, "consultation", 1, "T01", "week", cases.Mode.PRIVATE, "flow", "ja",
        rows=[["words", "ことば", "あたらしい答え"]],
    )  # fmt: skip
    do(store, lambda conn: cases.file_into(conn, store.vault, head.id, new, now))
    for _ in range(2):
        assert [case_id for case_id, _ in found(store, "あたらしい答え")] == [head.id]
        index(store)


def test_after_a_restore_without_blocks_everything_waits_to_be_indexed_anew(store: Store, now: datetime) -> None:
    who = someone(store, now)
    says(store, now, who, a_case(store, now, who).id, "もどした話")
    index(store)
    do(store, indexing.begin)
    assert blocks(store) != {}
    do(store, lambda conn: conn.execute(search_block.delete()))
    assert found(store, "もどした") == []
    do(store, indexing.begin)
    for _ in range(2):
        assert len(found(store, "もどした")) == 1
        index(store)
