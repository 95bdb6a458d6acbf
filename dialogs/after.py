"""After a case: did it help, how is it two weeks and three months later, may others hear of it; one tap each."""

from __future__ import annotations

from dialogs.asking import way
from dialogs.deeds import Outcome
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Weight
from dialogs.tap import LATER, OutcomeTap, Stage
from dialogs.words import Words

ANSWERS = {Stage.CLOSE: "yn", Stage.WEEKS: "ypn", Stage.MONTHS: "ypn", Stage.PUBLIC: "yn"}


def question(words: Words, stage: Stage, ref: str) -> Message:
    """What is asked about the case of this reference. Nobody has to answer; after weeks a person is one tap away."""
    kind = "later" if stage in LATER else stage.value
    answers = [
        Button(words.say(f"after.{kind}_{one}"), str(OutcomeTap(stage, ref, one)), Weight.OPTION)
        for one in ANSWERS[stage]
    ]
    person = [way(words, "person")] if stage in LATER else []
    return Message(words.say(f"after.{stage.value}", ref=ref), (*answers, *person))


def answered(draft: Draft, tap: OutcomeTap) -> None:
    """Thanks; where it did not help, a person. What was being asked is asked again.

    A button that outlived its question promises nothing: whoever is still in trouble has a person one tap away.
    """
    words = draft.words
    person = way(words, "person")
    ways = () if draft.place else (way(words, "menu"),)
    if draft.around.stale:
        draft.say("after.over", person, *ways)
    else:
        draft.do(Outcome(tap.stage, tap.ref, tap.answer))
        _thank(draft, tap, person, ways)
    if draft.place:
        draft.ask()


def _thank(draft: Draft, tap: OutcomeTap, person: Button, ways: tuple[Button, ...]) -> None:
    match tap.stage, tap.answer:
        case Stage.PUBLIC, _:
            draft.say("after.noted", *ways)
        case Stage.CLOSE, "n":
            draft.say("after.sorry", person, *ways)
        case ((Stage.WEEKS | Stage.MONTHS), "n"):
            draft.say("after.again", ref=tap.ref)
        case ((Stage.WEEKS | Stage.MONTHS), "p"):
            draft.say("after.going", person, *ways)
        case _:
            draft.say("after.thanks", *ways)
    if draft.house.tells and (tap.stage, tap.answer) == (Stage.MONTHS, "y"):
        draft.messages.append(question(draft.words, Stage.PUBLIC, tap.ref))
