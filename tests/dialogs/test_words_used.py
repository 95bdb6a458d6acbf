"""Every phrase the code asks for exists and is filled, and no phrase is left that nobody says."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from dialogs.flows import ALL
from dialogs.heard import Thing
from dialogs.words import library

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("dialogs/*.py"), *ROOT.glob("bot/*.py")])

# Sections whose last part is chosen at run time, and what it is chosen from.
BY_RULE = {
    "after": r"words\.say\(f\"after\.\{", "danger": r"danger\.\{", "channel": r"f\"channel\.\{",
    "command": r"words?\.say\(f\"command\.\{", "common": r"f\"common\.\{", "decline": r"f\"decline\.\{",
    "meeting": r"f\"meeting\.\{", "shelf": r"f\"shelf\.no_\{", "thing": r"f\"thing\.\{",
    "thing_name": r"f\"thing_name\.\{", "when": r"f\"when\.",
    "wish": r"f'wish\.ask_\{", "wish_topic": r"f\"wish_\{kind\}", "wish_area": r"f\"wish_\{kind\}",
    "wish_role": r"f\"wish_\{kind\}", "wish_often": r"f\"wish_often\.\{", "wish_quiet": r"f\"wish_quiet\.\{",
    "wish_page": r"f\"wish_page\.\{", "wish_day": r"f\"wish_day\.\{", "wish_time": r"f\"wish_time\.\{",
    "steps": r"f\"steps\.(?:ask|read)_\{", "steps_who": r"f\"steps_\{of\}",
    "steps_what": r"f\"steps_\{of\}", "steps_when": r"f\"steps_\{of\}",
    "events": r"f\"events\.\{", "grants": r"f\"grants\.\{",
}  # fmt: skip


def calls(name: str) -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of a function or method of that name whose first argument is written out: file, call, argument."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called == name and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield file.name, node, first.value


def test_every_phrase_said_exists_and_is_filled() -> None:
    phrases = library()["ja"].phrases
    said = list(calls("say"))
    assert len(said) > 50, "the search for what is said no longer works"
    for file, call, key in said:
        assert key in phrases, f"{file} says {key}; add it to dialogs/words"
        given = {keyword.arg for keyword in call.keywords}
        assert phrases[key].holes <= given, f"{file} says {key} without {phrases[key].holes - given}"


def test_every_problem_has_words_and_their_values() -> None:
    phrases = library()["ja"].phrases
    problems = list(calls("Problem"))
    assert len(problems) > 30, "the search for problems no longer works"
    for file, call, code in problems:
        assert f"problem.{code}" in phrases, f"{file}: add problem.{code} to dialogs/words"
        if len(call.args) > 1 and not isinstance(call.args[1], ast.Dict):
            continue
        names = call.args[1].keys if len(call.args) > 1 and isinstance(call.args[1], ast.Dict) else []
        given = {name.value for name in names if isinstance(name, ast.Constant)}
        assert phrases[f"problem.{code}"].holes <= given, f"{file}: problem.{code}"


def test_no_phrase_is_left_that_nobody_says() -> None:
    code = "\n".join(file.read_text("utf-8") for file in FILES)
    written = {node.value for file in FILES for node in ast.walk(ast.parse(file.read_text("utf-8")))
               if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    for key in library()["ja"].phrases:
        section, last = key.split(".")[0], key.split(".")[-1]
        if section in ALL:
            continue
        used = key in written or (section == "problem" and last in written)
        used = used or (section in BY_RULE and re.search(BY_RULE[section], code) is not None)
        assert used, f"{key} is in dialogs/words, and nobody says it; remove it"


def test_no_flow_has_words_without_a_question() -> None:
    for key in library()["ja"].phrases:
        section, *rest = key.split(".")
        if section in ALL and len(rest) == 2:
            question = ALL[section].find(rest[0])
            assert question is not None, f"{key}: {section} does not ask {rest[0]}"
            assert rest[1] in (*question.word_keys(), "hint", "yes", "no"), f"{key} is not shown"


def test_every_flow_that_stops_says_so() -> None:
    stops = re.findall(r'return "(\w+)" if', (ROOT / "dialogs/flows/consultation.py").read_text("utf-8"))
    assert stops == ["no_consent"]
    assert library()["ja"].has("consultation.stop_no_consent")


def test_every_kind_of_thing_gets_a_kind_answer() -> None:
    words = library()["ja"]
    assert set(words.keys("thing")) == {thing.value for thing in Thing}


def test_every_reason_to_decline_has_its_words() -> None:
    groups = tomllib.loads((ROOT / "knowledge" / "safety.toml").read_text("utf-8"))
    reasons = {name for name, group in groups.items() if isinstance(group, dict) and group.get("care") == "decline"}
    assert {*reasons, "other"} == set(library()["ja"].keys("decline"))
