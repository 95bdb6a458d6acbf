"""What in a group is a call for us, and what is not, down to the unit."""

from __future__ import annotations

from typing import Any

from bot.channels.line_read import Post, read
from dialogs.heard import Heard, Typed
from tests.channels.samples import HANAKO, NOW, line_body, line_event
from tests.each import each


def called(text: str, *spans: tuple[Any, Any], me: Any = True, **fields: Any) -> dict[str, Any]:
    """Words in a group with places where somebody is mentioned."""
    named = [{"index": at, "length": length, "type": "user", "isSelf": me} for at, length in spans]
    source = {"type": "group", "groupId": "Ca56f94637c", "userId": HANAKO}
    return line_event(
        source=source,
        message={"type": "text", "id": "1", "text": text, "mention": {"mentionees": named}, **fields},
    )


CALLS: list[tuple[str, dict[str, Any], Heard | None]] = [
    ("our name", called("@なこうど 会議室は", (0, 5)), Typed("会議室は")),
    ("our name behind", called("会議室は @なこうど", (5, 5)), Typed("会議室は")),
    ("behind a sign of two units", called("🍎@なこうど 会議室は", (2, 5)), Typed("🍎 会議室は")),
    ("our name alone", called("@なこうど", (0, 5)), Typed("")),
    ("somebody else", called("@花子 会議室は", (0, 3), me=False), None),
    ("somebody else who claims it oddly", called("@花子 会議室は", (0, 3), me="true"), None),
    ("a place that is none", called("会議室は", (None, "x"), (-1, 3)), None),
    ("a place beyond the words", called("会議室は", (90, 5)), Typed("会議室は")),
    ("no list of names", called("会議室は", mention={"mentionees": 7}), None),
    ("prefix", called("なこうど、会議室は"), Typed("会議室は")),
    ("prefix in the middle", called("会議室は、なこうど"), None),
    ("a picture", called("", type="image"), None),
]


@each(("event", "heard"), [e[1:] for e in CALLS], ids=[e[0] for e in CALLS])
def test_W23_in_a_group_our_name_and_the_prefix_call_us(event: dict[str, Any], heard: Heard | None) -> None:
    post = read(line_body(event), NOW, "なこうど")
    assert isinstance(post, Post)
    assert [one.heard for one in post.arrived] == [heard]


def test_a_prefix_is_known_in_any_width_and_case() -> None:
    post = read(line_body(called("ＮＡＫＯＤＯ: 会議室は"), called("nakodon't")), NOW, "Nakodo:")
    assert isinstance(post, Post)
    assert [one.heard for one in post.arrived] == [Typed("会議室は"), None]
