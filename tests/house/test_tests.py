"""Every test can fail: none without a check, none switched off, none that waits by the clock."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.floor import ending, parsed, text

CHECKS = ("check", "assert", "expect", "raises", "warns", "fail")
PAGES = [path for path in ending(".py", under=("tests",)) if path.name.startswith("test_")]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _called(node: ast.AST) -> set[str]:
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            match call.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    names.add(name)
    return names


def _checks(function: Function, trusted: set[str]) -> bool:
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    return any(name.lstrip("_").startswith(CHECKS) or name in trusted for name in _called(function))


def _all_checking() -> set[str]:
    """Names of functions anywhere under tests/ that check something, so that a test may hand the checking to them."""
    functions = [
        node
        for path in ending(".py", under=("tests",))
        for node in ast.walk(parsed(path))
        if isinstance(node, Function) and not node.name.startswith("test_")
    ]
    return {function.name for function in functions if _checks(function, set())}


def test_every_test_checks_something() -> None:
    trusted = _all_checking()
    bare = [
        f"{path}::{node.name}"
        for path in PAGES
        for node in ast.walk(parsed(path))
        if isinstance(node, Function) and node.name.startswith("test_") and not _checks(node, trusted)
    ]
    assert bare == []


def test_no_page_of_tests_is_empty() -> None:
    assert [str(path) for path in PAGES if "def test_" not in text(path)] == []


def test_no_check_is_a_constant() -> None:
    empty = [
        f"{path}:{node.lineno}"
        for path in PAGES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant | ast.Tuple)
    ]
    assert empty == []


def test_no_test_is_switched_off() -> None:
    off = {"skip", "skipif", "importorskip", "xfail"}
    found = [
        f"{path}:{node.lineno}"
        for path in ending(".py", under=("tests",))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in off
    ]
    assert found == [], "a test that does not run keeps no promise"


def test_no_test_sleeps_longer_than_a_blink() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in ending(".py", under=("tests",))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and _seconds_slept(node) > 0.05
    ]
    assert found == []


def _seconds_slept(call: ast.Call) -> float:
    match call:
        case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=int() | float() as seconds)]):
            return float(seconds)
        case _:
            return 0.0


def test_tests_use_real_parts() -> None:
    here = Path("tests/house/test_tests.py")
    assert [str(p) for p in ending(".py", under=("tests",)) if "unittest.mock" in text(p) and p != here] == []
