"""Which answers were shown and whether they helped, and the questions nobody could answer yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import tally
from storage.crypt import Key, Vault
from storage.tables import answer_shown, person, unanswered

_BODY, _VERDICT, _MENDED = "unanswered.body", "verdict:", "mended:"
_SHOWN = insert(answer_shown).returning(answer_shown.c.id, sort_by_parameter_order=True)
_FEEDBACK = (
    update(answer_shown)
    .where(answer_shown.c.id == bindparam("of"), answer_shown.c.person_id == bindparam("whose"))
    .values(feedback=bindparam("said"))
)
_LATEST = (
    select(answer_shown.c.id)
    .where(answer_shown.c.person_id == bindparam("whose"), answer_shown.c.article == bindparam("of"))
    .order_by(answer_shown.c.id.desc())
    .limit(1)
)
_OPEN = insert(unanswered)
_LIST = (
    select(unanswered.c.id, unanswered.c.at, unanswered.c.person_id, unanswered.c.language, unanswered.c.body)
    .add_columns(person.c.wrapped_key)
    .select_from(unanswered.join(person, person.c.id == unanswered.c.person_id))
    .where(unanswered.c.id < bindparam("before"))
    .order_by(unanswered.c.id.desc())
    .limit(bindparam("at_most"))
)
_SETTLED = unanswered.delete().where(unanswered.c.id == bindparam("of"))


@dataclass(frozen=True)
class Shown:
    """An answer that a person saw: which article, in which of its versions."""

    at: datetime
    person_id: int | None
    article: str
    version: int
    language: str


@dataclass(frozen=True)
class Question:
    """A question without an answer, to be written down; `key` is the person's."""

    at: datetime
    person_id: int
    key: Key
    language: str
    text: str


@dataclass(frozen=True)
class Unanswered:
    """A question that waits for an article."""

    id: int
    at: datetime
    person_id: int
    language: str
    text: str


def shown(conn: Connection, rows: Sequence[Shown]) -> list[int]:
    """Note answers that were shown; their numbers in the same order."""
    if not rows:
        return []
    return list(conn.execute(_SHOWN, [vars(row) for row in rows]).scalars())


def latest(conn: Connection, person_id: int, article: str) -> int | None:
    """The number of the last time this person saw this article."""
    found: int | None = conn.execute(_LATEST, {"whose": person_id, "of": article}).scalar()
    return found


def feedback(conn: Connection, shown_id: int, person_id: int, said: str) -> bool:
    """Note what the person said about an answer, as a key ("yes", "no"); False when it was not shown to them."""
    return conn.execute(_FEEDBACK, {"of": shown_id, "whose": person_id, "said": said}).rowcount == 1


def count(conn: Connection, article: str, helped: bool) -> None:
    """One more verdict on an article; the figures stay when the person is forgotten."""
    tally.add(conn, {f"{_VERDICT}{'yes' if helped else 'no'}:{article}": 1})


def verdicts(conn: Connection) -> dict[str, tuple[int, int]]:
    """By article how often it helped and how often not, since it was last mended."""
    found: dict[str, tuple[int, int]] = {}
    before = tally.under(conn, _MENDED)
    for key, n in tally.under(conn, _VERDICT).items():
        said, _, article = key.partition(":")
        yes, no = found.get(article, (0, 0))
        since = n - before.get(key, 0)
        found[article] = (yes + since, no) if said == "yes" else (yes, no + since)
    return found


def mended(conn: Connection, article: str) -> None:
    """The article was written anew: what was said of it before is not about it any more."""
    yes, no = verdicts(conn).get(article, (0, 0))
    tally.add(conn, {f"{_MENDED}yes:{article}": yes, f"{_MENDED}no:{article}": no})


def unknown(conn: Connection, vault: Vault, questions: Sequence[Question]) -> None:
    """Keep questions nobody could answer, for whoever writes articles."""
    rows = [
        {
            "at": question.at,
            "person_id": question.person_id,
            "language": question.language,
            "body": vault.seal(question.key, _BODY, question.text),
        }
        for question in questions
    ]
    if rows:
        conn.execute(_OPEN, rows)


def open_questions(conn: Connection, vault: Vault, before: int = 2**62, at_most: int = 100) -> list[Unanswered]:
    """The questions that wait, newest first."""
    return [
        Unanswered(id_, at, person_id, language, vault.unseal_text(vault.unwrap(wrapped), _BODY, body))
        for id_, at, person_id, language, body, wrapped in conn.execute(_LIST, {"before": before, "at_most": at_most})
    ]


def settle(conn: Connection, question_id: int) -> None:
    """The question has its article, or needs none."""
    conn.execute(_SETTLED, {"of": question_id})
