"""A message that was taken back: it goes from the talk, the inbox, and from every answer that was made of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.visit import Visit
from dialogs.flow import Flow
from dialogs.question import Scene
from dialogs.session import Answers
from storage import calls, cases, inbox, talk
from storage.cases import Case
from storage.crypt import Vault


def withdraw(conn: Connection, vault: Vault, visit: Visit, now: datetime) -> None:
    """What these people took back in this round; an answer of the running form is asked again."""
    for waiting, said_id in visit.withdrawn:
        said = talk.of_platform_id(conn, vault, waiting.channel, said_id)
        if said and isinstance(text := said[1].get("text"), str):
            _from_session(visit, text, said[0])
            for case in cases.of_person(conn, vault, visit.person.id):
                if (left := _left_of(visit, case, text, said[0])) is not None:
                    calls.rewrite(conn, vault, case.head, left, now)
        inbox.withdraw(conn, vault, waiting.channel, said_id, now)


def _from_session(visit: Visit, text: str, at: datetime) -> None:
    session = visit.session.without(text)
    flow = visit.mind.house.flows.get(session.flow or "")
    if flow:
        gone = _made_of(visit, flow, session.answers, (text, at))
        session = session.kept(answers={key: raw for key, raw in session.answers.items() if key not in gone})
    visit.session = session


def _left_of(visit: Visit, case: Case, text: str, at: datetime) -> calls.Content | None:
    """What a case holds without these words; None when it holds nothing of them."""
    flow, rows, record = visit.mind.house.flows.get(case.head.flow), case.rows or [], case.record or {}
    gone = _made_of(visit, flow, record, (text, at)) if flow else frozenset()
    last = {row[0]: place for place, row in enumerate(rows)}  # a form before this one had answers of the same names
    told = {
        place for place, row in enumerate(rows) if row[2] == text.strip() or (row[0] in gone and last[row[0]] == place)
    }
    if not told:
        return None
    nothing = visit.mind.house.library[visit.session.language].say("common.withdrawn")
    return calls.Content(
        key=visit.person.key,
        rows=[[*row[:2], nothing] if place in told else row for place, row in enumerate(rows)],
        record=None if case.record is None else {key: raw for key, raw in record.items() if key not in gone},
    )


def _made_of(visit: Visit, flow: type[Flow], answers: Answers, said: tuple[str, datetime]) -> frozenset[str]:
    """The names of the answers that these words are read as, at the time they were said.

    A yes or a no is left alone: it cannot be told which one it was.
    """
    mind, walk = visit.mind, flow.walk(answers)
    words = mind.house.library[visit.session.language]
    scene = Scene(words, mind.local(said[1]), flow.name, mind.shelves(said[1]))
    found = [
        question
        for question in walk.questions
        if question.key in walk.answers
        and not question.takes
        and question.read(said[0], scene) == walk.answers[question.key]
    ]
    return frozenset(name for question in found for name in question.names)
