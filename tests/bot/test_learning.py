"""What helped two residents is the answer for the third; what belongs to a person can never be taught away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.__main__ import cli
from dialogs.heard import Tapped
from storage import Store, learned
from tests.bot.centre import Centre

ASKED = "決まりごとのお手本ありますか"  # a choice, as long as nobody has said which of the three it was
ARTICLE = "group-rules"
YES, NO = "v:group-rules:1:y", "v:group-rules:1:n"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def judge(centre: Centre, who: str, asked: str = ASKED, verdict: str = YES) -> None:
    """Somebody asks in their own words, taps the article that was meant, and says whether it helped."""
    centre.begin(who)
    centre.say(who, asked)
    centre.say(who, Tapped(f"q:{ARTICLE}"))
    centre.say(who, Tapped(verdict))


def answered(centre: Centre, who: str, asked: str = ASKED) -> bool:
    """Whether these words get the article at once, and not a choice."""
    centre.begin(who)
    said = centre.say(who, asked)
    return any(button.tap.startswith(f"v:{ARTICLE}:") for message in said for button in message.buttons)


def rows(centre: Centre) -> int:
    return centre.store.read(lambda conn: len(conn.execute(text("SELECT id FROM learned")).all()))


def test_what_helped_two_is_the_answer_for_the_third(centre: Centre) -> None:
    judge(centre, "U1")
    assert not answered(centre, "U3")
    judge(centre, "U2")
    assert answered(centre, "U4", " 決まりごとの お手本、ありますか?")
    assert not answered(centre, "U5", "決まりごとのお手本ないですか")


def test_one_prankster_teaches_nothing(centre: Centre) -> None:
    for _ in range(5):
        judge(centre, "U1")
    assert rows(centre) == 1
    assert not answered(centre, "U2")


def test_a_no_weighs_against_it(centre: Centre) -> None:
    for who, verdict in (("U1", YES), ("U2", YES), ("U3", NO)):
        judge(centre, who, verdict=verdict)
    assert not answered(centre, "U4")


@pytest.mark.parametrize(
    "asked",
    [
        "会長に怒鳴られました、どうすれば",
        "会計の人がお金を使い込んでいるようです",
        "もう死にたいです",
        "費用はいくらですか",
        "会則",
    ],
    ids=["dispute", "money", "danger", "hanging", "vague"],
)
def test_what_belongs_to_a_person_or_names_nothing_is_never_learnt(centre: Centre, asked: str) -> None:
    for who in ("U1", "U2", "U3"):
        judge(centre, who, asked)
    assert rows(centre) == 0
    assert not answered(centre, "U4", asked)


def test_a_forged_row_makes_no_sensitive_question_answerable(centre: Centre, store: Store, now: datetime) -> None:
    asked = "会計の人がお金を使い込んでいるようです"
    for who in ("U1", "U2"):
        centre.begin(who)
        verdict = learned.Verdict(centre.person_of(who), asked, ARTICLE, True)
        store.writer.submit(lambda conn, one=verdict: learned.keep(conn, store.vault, one)).result()  # type: ignore[misc]
    assert not answered(centre, "U3", asked)


def test_an_article_that_the_words_did_not_lead_to_is_not_learnt(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", ASKED)
    centre.say("U1", Tapped("q:npo-tax"))
    centre.say("U1", Tapped("v:npo-tax:1:y"))
    centre.say("U1", Tapped(YES))  # never shown to this person
    assert rows(centre) == 0


def test_P02_nothing_is_learnt_from_whoever_did_not_agree(centre: Centre) -> None:
    for who in ("U1", "U2"):
        centre.say(who, "こんにちは")
        centre.say(who, Tapped("m:refuse"))
        centre.say(who, ASKED)
        centre.say(who, Tapped(f"q:{ARTICLE}"))
        centre.say(who, Tapped(YES))
    assert rows(centre) == 0


def test_switched_off_nothing_is_learnt_and_nothing_learnt_is_used(centre: Centre) -> None:
    judge(centre, "U1")
    judge(centre, "U2")
    centre.mind = replace(centre.mind, learns=False)
    assert not answered(centre, "U3")
    judge(centre, "U4")
    assert rows(centre) == 2


def test_N11_an_expired_article_is_not_stated_because_it_once_helped(centre: Centre) -> None:
    judge(centre, "U1")
    judge(centre, "U2")
    centre.now += timedelta(days=800)
    assert not answered(centre, "U3")


def test_a_verdict_tapped_before_the_answer_was_written_down_counts(centre: Centre) -> None:
    centre.begin("U1")
    taps = (Tapped(f"q:{ARTICLE}"), Tapped(YES))
    centre.say("U1", ASKED)
    centre.receive(*(centre.event("U1", tap) for tap in taps))
    centre.hear()
    assert rows(centre) == 1


def test_the_command_tells_what_was_learnt_and_unlearns_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAKODO_DATABASE_URL", f"sqlite:///{tmp_path / 'learn.db'}")
    monkeypatch.setenv("NAKODO_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("NAKODO_LEARN", "false")
    told = CliRunner().invoke(cli, ["learn"])
    assert (told.exit_code, told.stdout) == (0, "確かめられた質問:0件(いまは使っていません)\n")
    gone = CliRunner().invoke(cli, ["learn", "--forget"])
    assert (gone.exit_code, gone.stdout) == (0, "学んだことを、すべて消しました。(0件)\n")
