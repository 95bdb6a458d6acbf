"""The commands an operator or a curious person types, as they type them."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from storage import Store, audit, open_store, people, staff
from storage.audit import Entry, What
from tests.conftest import SECRET
from tests.storage.house import a_case, do, member, someone

KEY = "the-master-key-" + "k" * 32
SETTING = "NAKODO_"


def typed(*words: str, given: str | None = None, settings: Mapping[str, str] | None = None) -> Result:
    """`nakodo …` with these settings and none of the surroundings'."""
    clear = {name: None for name in os.environ if name.startswith(SETTING)}
    told = {SETTING + name: value for name, value in (settings or {}).items()}
    return CliRunner().invoke(cli, list(words), input=given, env={**clear, **told})


def lines(result: Result) -> list[Any]:
    """What was printed, a JSON object a line."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


# -- retention -------------------------------------------------------------------------------------------------------


def test_retention_says_what_would_go_and_takes_nothing_until_it_is_meant(store: Store, database_url: str) -> None:
    now = datetime.now(UTC)
    someone(store, now - timedelta(days=500))
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET}
    rehearsed = typed("retention", "--dry-run", settings=settings)
    assert (rehearsed.exit_code, "次の夜に消すもの: 1件" in rehearsed.stdout) == (0, True), rehearsed.output
    assert "何も消していません" in rehearsed.stdout
    assert "1件を消しました" in typed("retention", settings=settings).stdout
    assert "0件を消しました" in typed("retention", settings=settings).stdout, "once a night"


# -- doctor ----------------------------------------------------------------------------------------------------------


def test_doctor_says_in_plain_words_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = typed("doctor")
    assert result.exit_code == 1
    for said in (
        "SECRET_KEY がありません",
        "LINEはまだ使えません",
        "https ではありません",
        "見本のまま",
        "電話(phone)、住所(address)、メール(mail)が",
        "必要なこと:3件",
    ):
        assert said in result.stdout
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []  # looking changes nothing


def test_S15_doctor_names_the_release_of_sqlite_and_what_follows_from_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    told = typed("doctor", settings={"DATABASE_URL": sqlite_url, "SECRET_KEY": KEY}).stdout
    assert "この版では書く人を1つに限って使います" in told.replace("\n", "")
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    told = typed("doctor", settings={"DATABASE_URL": sqlite_url, "SECRET_KEY": KEY}).stdout
    assert "書く人を1つに" not in told


COMPLETE = {
    "SECRET_KEY": KEY,
    "PUBLIC_URL": "https://nakodo.example",
    "LINE_CHANNEL_SECRET": "canary-line-secret",
    "LINE_ACCESS_TOKEN": "canary-line-token",
    "TELEGRAM_TOKEN": "1:canary-telegram-token",
    "TELEGRAM_WEBHOOK_SECRET": "canary-hook-secret",
}


def test_doctor_finds_nothing_wrong_with_a_complete_house_but_the_sample_hours(database_url: str) -> None:
    open_store(database_url, KEY).close()
    result = typed("doctor", settings={**COMPLETE, "DATABASE_URL": database_url})
    grave = [line for line in result.stdout.splitlines() if line.startswith("✘")]
    assert [line for line in grave if "見本" not in line] == []
    assert "データベースが開けて、鍵も合っています" in result.stdout
    assert "nakodo.example" in result.stdout
    assert "canary" not in result.output
    assert KEY not in result.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SECRET_KEY": "x" * 40}, "このデータベースのものと違います"),
        ({"DATABASE_URL": "postgresql://me:canary@127.0.0.1:9/x"}, "データベースが開けません"),
        ({"DATABASE_URL": "sqlite:////nowhere/all.db"}, "データベースが開けません"),
        ({"TELEGRAM_WEBHOOK_SECRET": ""}, "Telegramの合言葉"),
        ({"LINE_ACCESS_TOKEN": ""}, "LINEはまだ使えません"),
    ],
    ids=["wrong key", "no server", "no folder", "no telegram secret", "half of LINE"],
)
def test_doctor_names_what_is_wrong(sqlite_url: str, settings: Mapping[str, str], said: str) -> None:
    open_store(sqlite_url, KEY).close()
    result = typed("doctor", settings={**COMPLETE, "DATABASE_URL": sqlite_url, **settings})
    assert said in result.stdout.replace("\n", "")
    assert "canary" not in result.output


# -- ask, talk, show -------------------------------------------------------------------------------------------------

QUESTIONS = [
    {"q": "会議室の予約はどうやってするのですか", "lang": "ja"},
    {"q": "もう死にたいです", "lang": "ja"},
    {"q": "今日の天気は", "lang": "ja"},
    {"q": "", "lang": "ja"},
    {"q": "{{7*7}} %s <b>\u202e", "lang": "en"},
    {"q": "お金がない", "lang": "tlh"},
    {"q": "NPOを作りたい"},
]


def test_ask_answers_a_json_line_for_each_question() -> None:
    given = "\n".join(json.dumps(one, ensure_ascii=False) for one in QUESTIONS) + "\n\n"
    answers = lines(typed("ask", "--jsonl", given=given))
    assert len(answers) == len(QUESTIONS)
    for answer in answers:
        assert {"decision", "article", "topics", "text"} <= answer.keys()
        assert answer["decision"] in ("answer", "choose", "person", "urgent", "decline")
        assert (answer["article"] is not None) == (answer["decision"] == "answer")
    assert (answers[1]["decision"], "119" in answers[1]["text"]) == ("urgent", True)
    assert answers[2]["decision"] == "decline"


@pytest.mark.parametrize("bad", ["{", "[]", "{}", '"words"', '{"q": '], ids=repr)
def test_ask_says_which_line_it_cannot_read(bad: str) -> None:
    result = typed("ask", "--jsonl", given=json.dumps(QUESTIONS[0]) + "\n" + bad + "\n")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.startswith("line 2: ")


def test_ask_answers_one_question_in_words() -> None:
    result = typed("ask", "もう死にたいです")
    assert result.exit_code == 0
    assert "119" in result.stdout


@pytest.mark.parametrize(("asked", "told"), [("休みはいつ", "祝日"), ("電話番号は", "センターの人がお答えします")])
def test_ask_answers_about_the_centre_itself(asked: str, told: str) -> None:
    assert told in typed("ask", asked).stdout


def test_talk_plays_a_script_and_prints_an_object_for_each_message(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("# somebody who asks\n>> 同意する\n>> 相談を申し込む\n>> 個人\n> もどる\n人と話したい\n", "utf-8")
    said = lines(typed("talk", "--script", str(script), "--json"))
    assert all({"text", "buttons", "flow", "question", "language"} <= one.keys() for one in said)
    assert {"consultation"} <= {one["flow"] for one in said}
    asked = [one["question"] for one in said if one["flow"]]
    assert (asked[0], asked[-1]) == ("standing", "standing")  # there and back
    assert "trouble" in asked
    assert any("受付番号" in one["text"] for one in said)
    assert {one["language"] for one in said} == {"ja"}


def test_talk_begins_with_a_flow_in_a_language(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("back\n", "utf-8")
    said = lines(typed("talk", "consultation", "--script", str(script), "--json", "--lang", "en"))
    assert (said[-1]["flow"], said[-1]["language"]) == ("consultation", "en")


def test_talk_in_a_terminal_goes_on_until_the_input_ends() -> None:
    result = typed("talk", given="1\nメニュー\n")
    assert result.exit_code == 0
    assert "なこうど" in result.stdout


def test_talk_says_farewell_to_who_wants_to_be_forgotten_and_greets_them_anew(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text(">> 同意する\n消して\n>> すべて消す\nこんにちは\n", "utf-8")
    said = [one["text"] for one in lines(typed("talk", "--script", str(script), "--json"))]
    farewell = said.index("消しました。いままでの記録はもうありません。")
    assert "なこうど" in said[farewell + 1]


def test_show_draws_a_flow_as_text_and_as_mermaid_and_names_what_there_is() -> None:
    assert "standing" in typed("show", "consultation").stdout
    assert typed("show", "consultation", "--mermaid", "--lang", "en").stdout.startswith("flowchart")
    wrong = typed("show", "nothing")
    assert (wrong.exit_code, "consultation" in wrong.stderr) == (1, True)


# -- migrate, user ---------------------------------------------------------------------------------------------------


def test_migrate_brings_an_empty_database_to_shape_and_again_changes_nothing(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}", "SECRET_KEY": KEY}
    for _ in range(2):
        result = typed("migrate", settings=settings)
        assert (result.exit_code, "この版の形にしました" in result.stdout) == (0, True)
    assert typed("user", "add", "sato", "--name", "佐藤", settings=settings).exit_code == 0


def test_a_coordinator_is_added_let_in_once_and_shut_out(sqlite_url: str) -> None:
    settings = {"DATABASE_URL": sqlite_url, "SECRET_KEY": KEY, "PUBLIC_URL": "https://nakodo.example/"}
    added = typed("user", "add", "sato", "--name", "佐藤", settings=settings)
    assert added.exit_code == 0
    assert "https://nakodo.example/login/once?t=" in added.stdout
    assert typed("user", "add", "sato", settings=settings).exit_code == 1
    again = typed("user", "link", "sato", settings=settings)
    assert again.stdout.splitlines()[-1] != added.stdout.splitlines()[-1]
    assert typed("user", "link", "nobody", settings=settings).exit_code == 1
    store = open_store(sqlite_url, KEY)
    member = store.read(lambda conn: staff.by_login(conn, "sato"))
    store.close()
    assert member is not None
    assert member.name == "佐藤"
    assert re.search(
        r"^/staff [0-9A-Z]{5}-[0-9A-Z]{5}$", typed("user", "telegram", "sato", settings=settings).stdout, re.MULTILINE
    )
    assert typed("user", "telegram", "nobody", settings=settings).exit_code == 1
    assert typed("user", "remove", "sato", settings=settings).exit_code == 0
    assert typed("user", "remove", "sato", settings=settings).exit_code in (0, 1)


# -- audit -----------------------------------------------------------------------------------------------------------


def test_P19_P25_the_audit_answers_who_saw_a_case_and_who_was_affected_between_two_moments(
    store: Store, database_url: str, now: datetime
) -> None:
    one, other, gone = (someone(store, now, address) for address in ("U1", "U2", "U3"))
    first, second, third = (a_case(store, now, who) for who in (one, other, gone))
    sato = member(store, now)

    def live(conn: Connection) -> None:
        early, late = now - timedelta(hours=2), now + timedelta(minutes=30)
        audit.add(conn, store.vault, [Entry(sato, What.OPENED, (first.id,))], early)
        audit.add(conn, store.vault, [Entry(sato, What.LISTED, (second.id, third.id))], now)
        audit.add(conn, store.vault, [Entry(sato, What.REPLY, (second.id,))], late)
        people.forget(conn, gone.id, late)

    do(store, live)
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET}
    told = typed("audit", "case", second.ref.lower(), settings=settings)
    assert told.exit_code == 0, told.output
    assert [line.split("  ") for line in told.stdout.splitlines()][:2] == [
        ["2026-11-22 18:30:15", "Sato(sato)", "一覧で見た"],
        ["2026-11-22 19:00:15", "Sato(sato)", "返事を書いた"],
    ]
    told = typed("audit", "between", "2026-11-22 18:30", "2026-11-22 19:10", settings=settings)
    assert told.stdout.splitlines() == [
        "影響を受けた人:1人、相談:2件",
        f"人 {other.id}",
        f"  相談 {second.ref}",
        "    2026-11-22 18:30:15  Sato(sato)  一覧で見た",
        "    2026-11-22 19:00:15  Sato(sato)  返事を書いた",
        "すでに消した人",
        f"  相談 {third.ref}",
        "    2026-11-22 18:30:15  Sato(sato)  一覧で見た",
    ]
    assert "記録を調べた" in typed("audit", "case", second.ref, settings=settings).stdout  # looking is seen, too
    assert typed("audit", "case", "AAA-AAAA", settings=settings).exit_code == 1
    assert typed("audit", "between", "yesterday", "today", settings=settings).exit_code == 1


def test_P18_the_audit_check_says_whether_the_record_was_changed(sqlite_url: str) -> None:
    settings = {"DATABASE_URL": sqlite_url, "SECRET_KEY": KEY, "PUBLIC_URL": "https://nakodo.example.jp"}
    assert typed("user", "add", "hanako", settings=settings).exit_code == 0
    assert typed("user", "remove", "hanako", settings=settings).exit_code == 0
    well = typed("audit", "check", settings=settings)
    assert (well.exit_code, well.stdout[:20]) == (0, "記録は、書かれたままです(2行、しるし "[:20])
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as owner:
        owner.executescript("DROP TRIGGER audit_no_change; UPDATE audit SET about = 9 WHERE id = 1")
    changed = typed("audit", "check", settings=settings)
    assert (changed.exit_code, "row 1" in changed.stderr) == (1, True)
