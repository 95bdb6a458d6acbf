"""What the topic of a case should show: read from the database, with words in it only where the case is open."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.web.console.bubbles import Beside, Bubble, bubbles
from storage import cases, quotes, standings, talk, topics, worklist
from storage.casefile import CaseHead, Mode
from storage.crypt import Vault
from storage.talk import Author
from storage.topics import Post, Shown

LINES = 2000
_BAD = frozenset({"gave_up", "unknown"})


@dataclass(frozen=True)
class Truth:
    """`said` are the words of both sides, without the bot's; `unsent` counts replies that did not surely arrive.

    `apart`: somebody sits in the group who must not know what the case is about. Telegram shows a topic to all or to
    none, so it is drawn as a private one.
    """

    head: CaseHead
    channel: str | None
    said: tuple[Bubble, ...]
    unsent: int
    posts: tuple[Post, ...]
    apart: bool = False

    @property
    def forgotten(self) -> bool:
        """Whether the person is known to nobody any more."""
        return self.head.person_id is None

    @property
    def typed_here(self) -> frozenset[int]:
        """Lines that a coordinator wrote in the topic itself."""
        return frozenset(line for post in self.posts if post.mark is None for line, _ in post.pieces)

    @property
    def standing(self) -> dict[int, int]:
        """The message of the topic that stands for each line."""
        return {line: post.message_id for post in reversed(self.posts) for line, _ in reversed(post.pieces)}


def read(conn: Connection, vault: Vault, shown: Shown) -> Truth | None:
    """The case of a topic as it is now; None when there is none of that number."""
    head = cases.head_of(conn, shown.case_id)
    if head is None:
        return None
    if apart := standings.apart_in_group(conn, head):
        head = replace(head, mode=Mode.PRIVATE)
    lines = [] if head.person_id is None else talk.of_case(conn, vault, head.id, at_most=LINES)
    words = lines if head.mode is Mode.OPEN else []
    quoted = quotes.of_case(conn, vault, head.id) if words else {}
    return Truth(
        head=head,
        channel=worklist.way_of(conn, head.contact_id),
        said=tuple(one for one in bubbles(words, Beside({}, {}, quoted, head)) if one.who != "bot"),
        unsent=sum(line.author is Author.STAFF and line.delivery in _BAD for line in lines),
        posts=tuple(topics.posts(conn, head.id)),
        apart=apart,
    )
