"""A flow can be drawn for people: every question, kind, condition, option and private mark is in the drawing."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from dialogs import show
from dialogs.flow import Flow
from dialogs.flows import ALL
from dialogs.flows.consultation import Consultation
from dialogs.questions import Consent, ManyOf, OneOf, Phone, Slot, Text, YesNo
from dialogs.session import Answers
from dialogs.words import LANGUAGES, Phrase, Words, library


class Way(StrEnum):
    """How to meet."""

    DESK = "desk"
    PHONE = "phone"


class Visit(Flow):
    """A small flow with one of everything that is drawn in a way of its own."""

    name = "visit"
    revision = 4

    way = OneOf(Way, was=("how",))
    slot = Slot(of="hours", when=way.is_(Way.DESK))
    phone = Phone(personal=True, when=way.is_(Way.PHONE))
    story = Text(at_most=9, private=True, optional=True)
    consent = Consent(version="1")

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """Without consent nothing is filed."""
        return "no_consent" if cls.consent.given(answers) is False else None


def words() -> Words:
    """The Japanese words with those of the small flow."""
    own = {"visit.title": 'A "visit"', "visit.stop_no_consent": "Nothing is sent."}
    own |= {f"visit.{q.key}.{part}": f"{q.key} {part}" for q in Visit.questions for part in q.word_keys()}
    return Words("en", {**library()["en"].phrases, **{key: Phrase.of(said) for key, said in own.items()}})


DRAWN = """\
A "visit" (visit, revision 4)

 1  way ask
    way: OneOf
    earlier called how
    [way desk]  [way phone]

 2  slot ask
    slot: Slot
    only if way = desk
    [… hours …]

 3  phone ask
    phone: Phone
    only if way = phone
    on the centre's own page always

 4  story ask
    story: Text, may be passed over
    on the centre's own page when the talk is private

 5  consent ask
    consent: Consent
    [I agree]  [I do not agree]
    [I do not agree] ends it: Nothing is sent."""


def test_a_flow_as_text() -> None:
    assert show.text(Visit, words()) == DRAWN


def test_a_flow_as_a_chart_parts_where_the_path_parts() -> None:
    lines = [line.strip() for line in show.mermaid(Visit, words()).splitlines()]
    assert lines[0] == "flowchart TD"
    assert 'start(["A #quot;visit#quot;"])' in lines
    for arrow in (
        "start --> way_",
        "way_ --> if1",
        "if1 -- yes --> slot_",
        "if1 -- no --> if2",
        "slot_ --> if2",
        "if2 -- yes --> phone_",
        "if2 -- no --> story_",
        "phone_ --> story_",
        'consent_ -- "I do not agree" --> stop_no_consent([nothing is kept])',
        "consent_ --> check_",
        "check_ --> sent_([sent])",
    ):
        assert arrow in lines
    assert 'phone_[["phone label<br>phone: Phone"]]' in lines
    assert 'way_["way label<br>way: OneOf"]' in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_every_flow_is_drawn_in_every_language(language: str) -> None:
    for flow in ALL.values():
        text, chart = show.text(flow, library()[language]), show.mermaid(flow, library()[language])
        assert not re.search("[\ufff9-\ufffb{}]", text)
        for question in flow.questions:
            assert f"{question.key}: {type(question).__name__}" in text
            assert f"{question.key}: {type(question).__name__}" in chart
            assert str(question.when or "") in text


def test_every_arrow_of_a_chart_leads_from_and_to_a_drawn_thing() -> None:
    lines = [line.strip() for line in show.mermaid(Consultation, library()["ja"]).splitlines()[1:]]
    drawn = {found[1] for line in lines for found in re.finditer(r"(\w+)[\[({]", line)}
    for line in lines:
        if "-->" in line:
            assert line.split()[0] in drawn
            assert re.split(r"[\[({]", line.split("--> ")[1])[0] in drawn


@pytest.mark.parametrize(("mark", "shown"), [([], "trouble: ManyOf"), (["--mermaid"], "flowchart TD")])
def test_the_command_prints_the_drawing(mark: list[str], shown: str) -> None:
    said = CliRunner().invoke(cli, ["show", "consultation", *mark])
    assert said.exit_code == 0
    assert shown in said.output


def test_the_command_names_the_flows_there_are() -> None:
    said = CliRunner().invoke(cli, ["show", "nothing"])
    assert said.exit_code == 1
    assert "flows: consultation" in said.output


def test_a_tick_may_be_looked_back_at() -> None:
    more, ticks = YesNo(), ManyOf(Way)
    ticks.key, more.key = "ticks", "more"
    assert str(ticks.has(Way.DESK, Way.PHONE) & more.is_(False)) == "ticks has desk or phone and more = no"
