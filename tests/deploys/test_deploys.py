"""Talks that an older release left open go on in this one; one set of files per release is kept.

A set is written once, with `python -m tests.deploys.scenes r2` when release 2 goes out, and never again: it is what
lies in the database. It may be deleted when no talk can be that old any more, which is after the time of keeping.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.deeds import Consented, Filed, PersonWanted
from dialogs.heard import Came, Heard, Tapped, Typed
from dialogs.session import Session
from dialogs.turn import turn
from tests.deploys.scenes import FOLDER, SCENES, around
from tests.dialogs.everything import house_with
from tests.each import each

RELEASES = sorted({file.stem.split("_")[0] for file in FOLDER.glob("r*_*.json")})
WORDS = house_with().library["ja"]


def session_of(release: str, scene: str) -> Session:
    """What that release left behind."""
    return Session.from_json(json.loads((FOLDER / f"{release}_{scene}.json").read_text("utf-8")))


def say(key: str) -> str:
    """A phrase of today."""
    return WORDS.say(key)


# Where each talk stands: what the person does next, and how the last thing said to them begins.
GOES_ON: Mapping[str, tuple[Heard, str]] = {
    "greeted": (Typed("はい"), say("menu.ask")),
    "waiting_for_consent": (Tapped("m:consent"), say("consultation.standing.ask")),
    "halfway": (Tapped("o:1"), say("consultation.slot.ask")),
    "many_ticked": (Tapped("d:1:trouble"), say("consultation.urgency.ask")),
    "aside": (Tapped("u:1:story"), say("consultation.calling.ask")),
    "cancel_asked": (Typed("はい"), say("cancel.done")),
    "check": (Tapped("o:1"), say("check.ask")),
    "reopened": (Tapped("w:1:urgency"), say("check.ask")),
    "sent": (Tapped("a:1:standing:school"), say("menu.ask")),
    "second_form": (Tapped("o:2"), say("consultation.trouble.ask")),
}


@each("scene", SCENES)
@each("release", RELEASES)
def test_D18_an_open_talk_goes_on_where_it_stood(release: str, scene: str) -> None:
    heard, said = GOES_ON[scene]
    made = turn(house_with(), session_of(release, scene), heard, around())
    assert made.messages[-1].text.startswith(said)
    assert Session.from_json(json.loads(json.dumps(made.session.to_json()))) == made.session


@each("scene", SCENES)
@each("release", RELEASES)
@each("heard", [Came(), Typed("おはようございます"), Tapped("m:menu")], ids=["comes", "greets", "menu"])
def test_after_a_month_nobody_is_left_without_words(release: str, scene: str, heard: Heard) -> None:
    later = replace(around(), now=around().now + timedelta(days=31))
    made = turn(house_with(), session_of(release, scene), heard, later)
    assert made.messages
    person = turn(house_with(), made.session, Tapped("m:person"), later)
    consented = made.session.consented is not None
    assert any(isinstance(deed, PersonWanted) for deed in person.deeds) == consented
    assert person.messages


@pytest.mark.parametrize("release", RELEASES)
def test_what_was_checked_is_filed_whole(release: str) -> None:
    made = turn(house_with(), session_of(release, "check"), Tapped("s:1"), around())
    (filed,) = [deed for deed in made.deeds if isinstance(deed, Filed)]
    assert isinstance(filed, Filed)
    assert filed.record == {
        "standing": "npo",
        "trouble": ["place"],
        "urgency": "month",
        "way": "phone",
        "slot": ["2026-12-01T14:00"],
        "more": False,
        "share": ["nobody"],
        "story": "花の本を読む集まりに、部屋をさがしています。",
        "phone": "03-1234-5678",
        "consent": "2026-11",
    }


@pytest.mark.parametrize("release", RELEASES)
def test_a_refusal_is_remembered(release: str) -> None:
    session = session_of(release, "waiting_for_consent")
    assert session.refused
    made = turn(house_with(), session, Tapped("m:consent"), around())
    assert made.deeds == (Consented("2026-11"),)
    assert not made.session.refused


def test_every_release_left_every_scene() -> None:
    assert RELEASES
    for release in RELEASES:
        assert {file.stem for file in FOLDER.glob(f"{release}_*.json")} == {f"{release}_{scene}" for scene in SCENES}
