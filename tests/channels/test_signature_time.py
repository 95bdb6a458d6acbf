"""How long a false signature takes to be refused tells nothing of how much of it was right."""

from __future__ import annotations

import time

import pytest

from bot.channels.line_read import signed
from tests.channels.samples import LINE_SECRET, line_body, line_event, line_signature


@pytest.mark.long
def test_W05_a_hundred_thousand_tries_tell_nothing_of_how_much_was_right() -> None:
    body = line_body(line_event())
    right = line_signature(body)
    wrong = [right[:kept] + "".join("A" if sign != "A" else "B" for sign in right[kept:]) for kept in range(32)]
    took: list[list[int]] = [[] for _ in wrong]
    for _ in range(100_000 // len(wrong)):
        for kept, signature in enumerate(wrong):
            begun = time.perf_counter_ns()
            signed(LINE_SECRET, body, signature)
            took[kept].append(time.perf_counter_ns() - begun)
    usual = [sorted(times)[len(times) // 2] for times in took]
    assert max(usual) - min(usual) < min(usual) * 0.05
