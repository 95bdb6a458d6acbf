"""Questions that people confirmed an answer for; of their words a blind index is kept, enough to know them again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, case, func, insert, select

from storage.crypt import Vault
from storage.tables import learned

FEWEST = 2  # people more than said no: one alone could teach it nonsense
_WHERE = "learned.asked_index"
_KEEP = insert(learned)
_TAKE_BACK = learned.delete().where(
    learned.c.person_id == bindparam("whose"),
    learned.c.asked_index == bindparam("asked"),
    learned.c.article == bindparam("of"),
)
_BALANCE = func.sum(case((learned.c.helped, 1), else_=-1))
_OF = (
    select(learned.c.article, _BALANCE)
    .where(learned.c.asked_index == bindparam("asked"))
    .group_by(learned.c.article)
    .having(_BALANCE >= FEWEST)
    .order_by(_BALANCE.desc())
    .limit(2)
)
_ALL = select(learned.c.article).group_by(learned.c.article, learned.c.asked_index).having(_BALANCE >= FEWEST)
_COUNT = select(func.count()).select_from(learned)


@dataclass(frozen=True)
class Verdict:
    """What a person said of an article as the answer to a question; `asked` is the even form of its words."""

    person_id: int
    asked: str
    article: str
    helped: bool


def keep(conn: Connection, vault: Vault, said: Verdict) -> None:
    """Keep what a person said; of the same question and article their last word counts, and once."""
    asked = vault.index(_WHERE, said.asked)
    conn.execute(_TAKE_BACK, {"whose": said.person_id, "asked": asked, "of": said.article})
    row = {"person_id": said.person_id, "asked_index": asked, "article": said.article}
    conn.execute(_KEEP, row | {"helped": said.helped})


def article_of(conn: Connection, vault: Vault, asked: str) -> str | None:
    """The article that enough people confirmed for a question in this even form; None where two stand level."""
    found = conn.execute(_OF, {"asked": vault.index(_WHERE, asked)}).all()
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    article: str = found[0][0]
    return article


def confirmed(conn: Connection) -> list[str]:
    """The articles of all questions that enough people confirmed, one entry for each question."""
    return list(conn.execute(_ALL).scalars())


def forget_all(conn: Connection) -> int:
    """Unlearn everything; how many verdicts that were."""
    number: int = conn.execute(_COUNT).scalar_one()
    conn.execute(learned.delete())
    return number
